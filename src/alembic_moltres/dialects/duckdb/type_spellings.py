"""From DuckDB's text of a type to its name in scripts.

A type without a name becomes `CUSTOM('...')` with the database's text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ...datatypes import DataType
from ...sqltext import POSTGRESQL, in_parentheses, tokens

PLAIN = {
    "BIGINT": "BIGINT",
    "BLOB": "BLOB",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "DOUBLE": "DOUBLE",
    "FLOAT": "sql.REAL",
    "INTEGER": "INTEGER",
    "INTERVAL": "INTERVAL",
    "JSON": "JSON",
    "SMALLINT": "SMALLINT",
    "TIME": "TIME",
    "TIME WITH TIME ZONE": "TIME(timezone=True)",
    "TIMESTAMP": "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP(timezone=True)",
    "UUID": "UUID",
    "VARCHAR": "VARCHAR",
}
"""The types that have a portable name."""

OWN = frozenset({"HUGEINT", "TINYINT", "UBIGINT", "UHUGEINT", "UINTEGER", "USMALLINT", "UTINYINT"})
"""The types whose name has the prefix `duckdb.`."""

DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


@lru_cache(maxsize=4096)
def type_name(spelling: str, collation: str | None = None) -> DataType:
    """Return the name of a type other than an enum.

    >>> str(type_name("DECIMAL(10,2)")), str(type_name("INTEGER[][]")), str(type_name("UHUGEINT"))
    ('DECIMAL(10,2)', 'sql.ARRAY(INTEGER,dimensions=2)', 'duckdb.UHUGEINT')
    >>> str(type_name("STRUCT(a INTEGER)")), str(type_name("VARCHAR", "nocase"))
    ("CUSTOM('STRUCT(a INTEGER)')", "VARCHAR(collation='nocase')")
    """
    if collation is not None:
        if spelling == "VARCHAR" and collation.isidentifier():
            return DataType("VARCHAR", (), {"collation": collation})
        return DataType("CUSTOM", (f"{spelling} COLLATE {collation}",))
    if spelling in PLAIN:
        return DataType.parse(PLAIN[spelling])
    if spelling in OWN:
        return DataType(f"duckdb.{spelling}")
    if decimal := DECIMAL.fullmatch(spelling):
        return DataType("DECIMAL", (int(decimal[1]), int(decimal[2])))
    item = spelling
    while item.endswith("[]"):
        item = item.removesuffix("[]")
    dimensions = (len(spelling) - len(item)) // 2
    named = type_name(item) if dimensions else None
    if named is None or named.name == "CUSTOM":
        return DataType("CUSTOM", (spelling,))
    return DataType("sql.ARRAY", (named,), {"dimensions": dimensions} if dimensions > 1 else {})


def enum_name(spelling: str, names: Mapping[tuple[str, ...], list[str]]) -> DataType | None:
    """Return the enum type of a column, of which DuckDB stores only the labels.

    Args:
        spelling: the column's type.
        names: the names of the enum types, by their labels; labels of several types give no name.

    >>> str(enum_name("ENUM('a', 'b')", {("a", "b"): ["mood"]}))
    "ENUM('a','b',name='mood')"
    """
    if not spelling.startswith("ENUM("):
        return None
    inside = in_parentheses(spelling, POSTGRESQL)
    if inside is None or inside[1].strip():
        return None
    labels = tuple(token.value for token in tokens(inside[0], POSTGRESQL) if token.is_string)
    named = names.get(labels, [])
    return DataType("ENUM", labels, {"name": named[0]}) if len(named) == 1 else None
