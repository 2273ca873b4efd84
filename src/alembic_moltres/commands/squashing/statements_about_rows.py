"""Statements about rows that have no effect, because no table that they read or change has rows.

Only what is certain counts: a table that the range itself creates, and into which nothing that
ran before may have inserted a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from ...history.catalogue.database import Catalogue
from ...history.kept_objects import object_of
from ...history.text.cursor import Cursor, UnreadableError, statements
from ...sqltext import Syntax
from ..scripts.effects import Effect, EffectKind, Effects, staying

QUIET = frozenset(
    """SET RESET SHOW PRAGMA LOCK UNLOCK ANALYZE ANALYSE VACUUM REINDEX CLUSTER REFRESH BEGIN START
    COMMIT ROLLBACK SAVEPOINT RELEASE UPDATE DELETE TRUNCATE""".split()  # noqa: SIM905
)
"""The first words of statements that insert no rows, but for triggers."""

ROWLESS = frozenset(
    """coalesce nullif lower upper trim ltrim rtrim concat concat_ws replace substring substr left
    right length char_length now current_timestamp gen_random_uuid uuid_generate_v4 uuid md5 cast
    date_trunc to_char to_timestamp greatest least count exists in and or not as on using values
    case when then else end from join where""".split()  # noqa: SIM905
)
"""Words before brackets in a query that returns no row, or a count of 0, from an empty table."""

COMBINING = frozenset({"RIGHT", "FULL", "UNION", "EXCEPT", "INTERSECT", "VALUES", "INTO", "WITH"})
"""Keywords of queries that may return rows though the first table has none."""

HARMLESS = ROWLESS | {"setval", "nextval", "currval", "max", "min", "sum", "avg", "set_config"}
"""Words before brackets in a query that inserts no rows."""

ACTIVE = frozenset({"TRIGGER", "RULE", "EVENT"})
"""Objects that may insert rows when others are changed."""


class EmptyTables:
    """The tables that have no rows, while the statements of a range are read in order.

    Args:
        before: the tables before the range, which may have rows.
        effects: of the scripts of the range.
        syntax: of the database.
    """

    def __init__(self, before: Catalogue, effects: Sequence[Effects], syntax: Syntax) -> None:
        self._syntax = syntax
        self._same: dict[str, set[str]] = {}
        renamed = (item for each in effects for item in each.renamed if not item.is_column)
        for item in renamed:
            names = self._names(item.table[1]) | self._names(item.desired)
            self._same |= dict.fromkeys(names, names)
        self._filled: set[str] = set()
        self._known: dict[int, set[str]] = {}
        self._is_unknown = False
        self._has_triggers = False
        for each in staying(before).values():
            self._fill(str(each.name))
        self._filled_before = bool(self._filled)
        self._every = set().union(*(each.names for each in effects))

    def without_effect(self, effects: Iterable[Effects]) -> set[int]:
        """Return the identities of effects of `upgrade()` that change nothing."""
        idle: set[int] = set()
        for each in (effect for one in effects for effect in one.upgrade):
            if self._is_idle(each):
                idle.add(id(each))
            else:
                self._carry_out(each)
        return idle

    def on_dropped_tables(self, effects: Iterable[Effects]) -> set[int]:
        """Return the identities of effects of `downgrade()` on rows of tables that it drops."""
        if self._filled_before or self._has_triggers:
            return set()
        every = (effect for one in effects for effect in one.downgrade)
        return {id(each) for each in every if each.kind is EffectKind.ROWS and self._is_lost(each)}

    def _is_lost(self, effect: Effect) -> bool:
        """Tell whether an effect only changes rows of tables that the range knows."""
        cursors = [Cursor(each, self._syntax) for each in statements(effect.text, self._syntax)]
        try:
            return bool(cursors) and all(_changed_table(each) in self._every for each in cursors)
        except UnreadableError:
            return False

    def _names(self, name: str) -> set[str]:
        """Return the names that a table had at any time."""
        return self._same.get(name, {name})

    def _fill(self, name: str) -> None:
        self._filled |= self._names(name)

    def _is_empty(self, name: str, effect: Effect) -> bool:
        if id(effect.tables) not in self._known:
            inside = staying(effect.tables).values()
            self._known[id(effect.tables)] = {str(each.name) for each in inside}
        tables = self._known[id(effect.tables)]
        return name in tables and self._names(name).isdisjoint(self._filled)

    def _is_idle(self, effect: Effect) -> bool:
        if effect.kind is not EffectKind.ROWS or effect.tables is None or self._is_unknown:
            return False
        texts = list(statements(effect.text, self._syntax))
        try:
            return bool(texts) and all(self._has_no_rows(each, effect) for each in texts)
        except UnreadableError:
            return False

    def _has_no_rows(self, sql: str, effect: Effect) -> bool:
        cursor = Cursor(sql, self._syntax)
        keywords = {token.upper for token in cursor.tokens}
        match cursor.peek():
            case "UPDATE" | "DELETE":
                is_update = cursor.next().upper == "UPDATE"
                if not is_update and not cursor.accept("FROM"):
                    return False
                cursor.accept("ONLY")
                empty = self._is_empty(cursor.qualified()[1], effect)
                return empty and keywords.isdisjoint({"RIGHT", "FULL", "WITH"})
            case "INSERT":
                cursor.skip("SELECT")
                return "COUNT" not in keywords and self._is_empty_query(cursor, effect)
            case "SELECT":
                return self._is_empty_query(cursor, effect)
        return False

    def _is_empty_query(self, cursor: Cursor, effect: Effect) -> bool:
        """Tell whether a query returns no row, or a count of 0, if its first table is empty."""
        begin = cursor.at
        if not cursor.accept("SELECT"):
            return False
        cursor.skip("FROM")
        keywords = [token.upper for token in cursor.tokens[begin:]]
        called = [one for one, following in pairwise(keywords) if following == "("]
        known = all(not one.isidentifier() or one.lower() in ROWLESS for one in called)
        if not known or not COMBINING.isdisjoint(keywords) or not cursor.accept("FROM"):
            return False
        return self._is_empty(cursor.qualified()[1], effect)

    def _carry_out(self, effect: Effect) -> None:
        """Note which tables may have rows now."""
        if effect.kind is EffectKind.TEXT:
            self._has_triggers |= object_of(effect.text, self._syntax).kind in ACTIVE
        for sql in statements(effect.text, self._syntax) if effect.kind is EffectKind.ROWS else ():
            self._execute(Cursor(sql, self._syntax))
        if effect.kind is EffectKind.TABLES:
            keywords = effect.text.upper().split()
            self._is_unknown |= keywords[:1] == ["CREATE"] and "SELECT" in keywords

    def _execute(self, cursor: Cursor) -> None:
        word = cursor.peek()
        try:
            if word in {"INSERT", "REPLACE"}:
                cursor.skip("INTO")
                cursor.next()
                self._fill(cursor.qualified()[1])
            elif word == "SELECT":
                keywords = [token.upper for token in cursor.tokens]
                called = {a.lower() for a, b in pairwise(keywords) if b == "("}
                self._is_unknown |= not {one for one in called if one.isidentifier()} <= HARMLESS
            elif word not in QUIET:
                self._is_unknown = True
        except UnreadableError:
            self._is_unknown = True
        if self._has_triggers and word in {"INSERT", "REPLACE", "UPDATE", "DELETE"}:
            self._is_unknown = True


def _changed_table(cursor: Cursor) -> str:
    """Return the table whose rows a statement changes; empty if it may change others."""
    keywords = {token.upper for token in cursor.tokens}
    if "WITH" in keywords or cursor.next().upper not in {"UPDATE", "DELETE", "INSERT"}:
        return ""
    for word in ("INTO", "FROM", "ONLY"):
        cursor.accept(word)
    return cursor.qualified()[1]
