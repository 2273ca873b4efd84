"""Tells which statements change nothing, because the tables in them have no rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from ...history.insertions import ROWLESS
from ...history.stand_in.functions import AGGREGATES
from ...history.text.cursor import Cursor
from ...sqltext import Syntax, Token, tokens

TOTALS = frozenset({("BY", "(", ")"), (",", "(", ")")})
"""Tokens of GROUP BY for a group of all rows, which exists without rows."""

COMBINING = frozenset({"RIGHT", "FULL", "UNION", "EXCEPT", "INTERSECT", "VALUES", "INTO", "WITH"})
"""Keywords of queries that may return rows though the first table has none."""

GROUPING = frozenset({"ROLLUP", "CUBE", "GROUPING"})
"""Keywords of groups that exist without rows."""

OTHER_EFFECTS = frozenset(
    """INSERT EXECUTE PERFORM CALL RAISE CREATE ALTER DROP TRUNCATE COPY MERGE GRANT REVOKE NOTIFY
    COMMIT ROLLBACK LOCK COMMENT ASSERT WITH REFRESH REINDEX CLUSTER ANALYZE REASSIGN
    IMPORT""".split()  # noqa: SIM905
)
"""Words of a block that may do more than to change rows that exist."""

IsEmpty = Callable[[str], bool]


def changes_nothing(sql: str, syntax: Syntax, is_empty: IsEmpty) -> bool:
    """Tell whether a statement changes and returns nothing, or a count of 0.

    Args:
        sql: the statement.
        syntax: of the database.
        is_empty: tells of a table, or of the table of an index, that it has no rows.

    Raises:
        UnreadableError: it is not read.

    >>> from alembic_moltres.sqltext import POSTGRESQL
    >>> sql = "WITH a AS (SELECT x, max(y) FROM t GROUP BY x) UPDATE t SET y = 1 FROM a"
    >>> changes_nothing(sql, POSTGRESQL, {"t"}.__contains__)
    True
    """
    cursor = Cursor(sql, syntax)
    reader = _READERS.get(cursor.peek())
    return reader is not None and reader(cursor, is_empty)


def _changed_rows(cursor: Cursor, is_empty: IsEmpty) -> bool:
    keywords = {token.upper for token in cursor.tokens}
    if cursor.next().upper == "DELETE" and not cursor.accept("FROM"):
        return False
    cursor.accept("ONLY")
    return is_empty(cursor.qualified()[1]) and keywords.isdisjoint({"RIGHT", "FULL", "WITH"})


def _insert(cursor: Cursor, is_empty: IsEmpty) -> bool:
    cursor.skip("SELECT")
    return not _counts(cursor) and _query(cursor, is_empty)


def _query(cursor: Cursor, is_empty: IsEmpty) -> bool:
    """Tell whether a query returns no row, or a count of 0, if its first table is empty."""
    stream, grouped = cursor.tokens[cursor.at :], _is_grouped(cursor)
    if not cursor.accept("SELECT"):
        return False
    cursor.skip("FROM")
    known = ROWLESS | AGGREGATES if grouped else ROWLESS
    if not grouped and "HAVING" in _outside_brackets(cursor):
        return False
    if not (_called(stream) <= known and COMBINING.isdisjoint(each.upper for each in stream)):
        return False
    return cursor.accept("FROM") and is_empty(cursor.qualified()[1])


def _with(cursor: Cursor, is_empty: IsEmpty) -> bool:
    """Check WITH: each named query, or named change of rows, and the statement after them."""
    cursor.next()
    named: set[str] = set()

    def is_known(name: str) -> bool:
        return name in named or is_empty(name)

    while True:
        name = cursor.name()
        if cursor.peek() == "(":
            cursor.brackets()
        cursor.need("AS")
        cursor.accept("NOT")
        cursor.accept("MATERIALIZED")
        text = cursor.brackets()
        if _counts(Cursor(text, cursor.syntax)) or not changes_nothing(
            text, cursor.syntax, is_known
        ):
            return False
        named.add(name)
        if not cursor.accept(","):
            return changes_nothing(cursor.rest(), cursor.syntax, is_known)


def _lock(cursor: Cursor, is_empty: IsEmpty) -> bool:
    """Check LOCK: the script that creates a table has locked it already."""
    cursor.next()
    cursor.accept("TABLE")
    while True:
        cursor.accept("ONLY")
        if not is_empty(cursor.qualified()[1]):
            return False
        if not cursor.accept(","):
            return True


def _reindex(cursor: Cursor, is_empty: IsEmpty) -> bool:
    cursor.next()
    if cursor.next().upper not in {"INDEX", "TABLE"}:
        return False
    cursor.accept("CONCURRENTLY")
    return is_empty(cursor.qualified()[1])


def _block(cursor: Cursor, is_empty: IsEmpty) -> bool:
    """Check a block: it may only update and delete rows."""
    bodies = [tokens(each.value, cursor.syntax) for each in cursor.tokens if each.is_string]
    return bool(bodies) and all(_body(each, cursor.syntax, is_empty) for each in bodies)


def _body(stream: Sequence[Token], syntax: Syntax, is_empty: IsEmpty) -> bool:
    if not OTHER_EFFECTS.isdisjoint(each.upper for each in stream):
        return False
    if not _called(stream) <= ROWLESS | AGGREGATES:
        return False
    text = " ".join(each.text for each in stream)
    cursor = Cursor(text, syntax)
    while not cursor.done:
        before = cursor.next().upper
        changes = cursor.peek() in {"UPDATE", "DELETE"} and before != "FOR"
        if changes and not _changed_rows(cursor, is_empty):
            return False
    return True


def _counts(cursor: Cursor) -> bool:
    """Tell whether the query at the cursor returns a row that may have a count."""
    begin = cursor.at
    cursor.skip("FROM")
    selected = {token.upper for token in cursor.tokens[begin : cursor.at]}
    cursor.at = begin
    return "COUNT" in selected and not _is_grouped(cursor)


def _is_grouped(cursor: Cursor) -> bool:
    """Tell whether the query at the cursor returns a row for each group of rows."""
    keywords = _outside_brackets(cursor)
    total = any(
        (one.upper, two.upper, three.upper) in TOTALS
        for one, two, three in zip(
            *(cursor.tokens[cursor.at + n :] for n in range(3)), strict=False
        )
    )
    return "GROUP" in keywords and GROUPING.isdisjoint(keywords) and not total


def _outside_brackets(cursor: Cursor) -> set[str]:
    depth, keywords = 0, set()
    for token in cursor.tokens[cursor.at :]:
        depth += (token.upper == "(") - (token.upper == ")")
        if depth == 0:
            keywords.add(token.upper)
    return keywords


def _called(stream: Sequence[Token]) -> set[str]:
    """Return the words before brackets."""
    pairs = pairwise(stream)
    return {one.value.lower() for one, other in pairs if other.upper == "(" and one.is_name}


_READERS: dict[str, Callable[[Cursor, IsEmpty], bool]] = {
    "UPDATE": _changed_rows,
    "DELETE": _changed_rows,
    "INSERT": _insert,
    "SELECT": _query,
    "WITH": _with,
    "LOCK": _lock,
    "DO": _block,
    "REINDEX": _reindex,
}
