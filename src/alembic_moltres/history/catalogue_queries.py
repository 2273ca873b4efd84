"""Queries of the tables in which a database describes itself."""

from __future__ import annotations

from .tokens import tokenize

SCHEMAS = frozenset({"information_schema", "pg_catalog"})
TABLES = frozenset(
    """pg_class pg_attribute pg_constraint pg_index pg_indexes pg_tables pg_type pg_enum
    pg_namespace pg_depend pg_proc pg_trigger pg_views pg_sequences pg_attrdef sqlite_master
    sqlite_schema sqlite_sequence""".split()  # noqa: SIM905
)


def asks_catalogue(sql: str) -> bool:
    """Tell whether a query reads tables in which a database describes itself.

    >>> asks_catalogue("SELECT 1 FROM pg_type WHERE typname = 'mood'")
    True
    >>> asks_catalogue("SELECT name FROM users WHERE name = 'pg_type'")
    False
    """
    names = {token.text.strip('"`').lower() for token in tokenize(sql) if token.is_name}
    return not names.isdisjoint(SCHEMAS | TABLES)
