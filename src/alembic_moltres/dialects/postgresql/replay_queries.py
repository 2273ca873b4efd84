"""A script's queries of `pg_catalog`, in a replay; casts to regclass, SELECT without columns."""

from __future__ import annotations

from ...sqltext import Syntax, tokens
from ..base import replay_queries
from ..base.replay_queries import CatalogueQuery
from .replayed_pg_catalog import OID

NAMES = frozenset(
    """pg_catalog pg_class pg_attribute pg_constraint pg_index pg_indexes pg_tables pg_type pg_enum
    pg_namespace pg_depend pg_proc pg_trigger pg_views pg_sequences pg_attrdef to_regclass
    regclass""".split()  # noqa: SIM905
)

ENUM_RANGE = ["SELECT", "UNNEST", "(", "ENUM_RANGE", "(", "NULL", "::"]


def catalogue_query(sql: str, syntax: Syntax) -> CatalogueQuery | None:
    """Return a query of the catalogue; `None` for any other.

    >>> from alembic_moltres.sqltext import POSTGRESQL
    >>> query = "SELECT EXISTS (SELECT FROM pg_class WHERE oid = 'a'::regclass)"
    >>> catalogue_query(query, POSTGRESQL).sql
    "SELECT EXISTS (SELECT 1 FROM pg_class WHERE oid = moltres_oid('a'))"
    """
    labels = _labels_query(sql, syntax)
    if labels is not None:
        return CatalogueQuery(labels)
    found = replay_queries.catalogue_query(sql, syntax, NAMES)
    if found is None or found.sql is None:
        return found
    return CatalogueQuery(_rewritten(sql, syntax))


def _labels_query(sql: str, syntax: Syntax) -> str | None:
    """Return the query of a type's labels for `SELECT unnest(enum_range(NULL::mood))`."""
    stream = tokens(sql, syntax)
    head = [each.upper for each in stream[: len(ENUM_RANGE)]]
    rest = stream[len(ENUM_RANGE) :]
    closing = next((n for n, each in enumerate(rest) if each.text == ")"), 0)
    written = rest[:closing]
    behind = [each.upper for each in rest[closing : closing + 5]]
    is_name = [each.text if n % 2 else each.is_name for n, each in enumerate(written)]
    if head != ENUM_RANGE or is_name not in ([True], [True, ".", True]):
        return None
    if behind not in ([")", ")"], [")", ")", "::", "TEXT"]):
        return None
    names = [
        syntax.literal(each.value.lower() if each.kind == "word" else each.value)
        for each in written[::2]
    ]
    schema = f" AND nspname = {names[-2]}" if names[1:] else ""
    return (
        "SELECT enumlabel AS unnest FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid "
        f"JOIN pg_namespace ON pg_namespace.oid = typnamespace WHERE typname = {names[-1]}"
        f"{schema} ORDER BY enumsortorder"
    )


def _rewritten(sql: str, syntax: Syntax) -> str:
    """Return the query for SQLite, which has neither regclass nor a SELECT without columns."""
    stream = tokens(sql, syntax)
    words = [each.upper for each in stream]
    parts, position = list[str](), 0
    for at, token in enumerate(stream):
        behind = words[at + 1 : at + 3]
        if words[at] == "SELECT" and behind[:1] == ["FROM"]:
            parts += [sql[position : token.end], " 1"]
            position = token.end
        elif token.is_string and behind == ["::", "REGCLASS"]:
            parts += [sql[position : token.start], f"{OID}({token.text})"]
            position = stream[at + 2].end
        elif words[at] == "TO_REGCLASS" and "FROM" in words:
            parts += [sql[position : token.start], OID]
            position = token.end
    return "".join([*parts, sql[position:]])
