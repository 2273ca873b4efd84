"""The effect of a script's ALTER TABLE ... CHARACTER SET on a table, in a replay.

A text type gets larger where its characters get wider (MySQL manual, ALTER TABLE, "Changing the
Character Set"), and a column without a character set of its own has the table's.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from ...datatypes import DataType
from ...schema import ColumnDef, FrozenMapping, TableSchema
from .options import canonical_options

WIDTHS = {"ascii": 1, "binary": 1, "latin1": 1, "ucs2": 2, "utf8": 3, "utf8mb3": 3, "utf8mb4": 4}
"""The most bytes of a character."""

LARGER = {
    "TINYTEXT": "mysql.TEXT",
    "TEXT": "mysql.MEDIUMTEXT",
    "NTEXT": "mysql.MEDIUMTEXT",
    "MEDIUMTEXT": "mysql.LONGTEXT",
}
_WITH_CHARACTERS = re.compile(r"CHAR|TEXT|ENUM|SET|UUID|JSON|CUSTOM|CLOB")
_STATED = frozenset({"charset", "collation"})
_HALF_STATED = frozenset({"ascii", "binary", "national", "unicode"})


def converted(
    table: TableSchema, lineage: Collection[str], charset: str, collation: str | None
) -> TableSchema | None:
    """Return a table after CONVERT TO CHARACTER SET; `None` if the result is unknown.

    >>> from ...schema import column
    >>> table = TableSchema(
    ...     "t", [column("a", "TEXT")], dialect_options={"mysql_DEFAULT CHARSET": "utf8"}
    ... )
    >>> converted(table, ("mysql",), "utf8mb4", None).columns
    (column('a', 'mysql.MEDIUMTEXT'),)
    """
    former = _charset_of_table(table, lineage)
    columns = [_column(each, lineage, former, charset) for each in table.columns]
    known = [each for each in columns if each is not None]
    if len(known) < len(columns):
        return None
    return _with_options(replace(table, columns=tuple(known)), lineage, charset, collation)


def with_default_charset(
    table: TableSchema, lineage: Collection[str], charset: str | None, collation: str | None
) -> TableSchema | None:
    """Return a table after CHARACTER SET, which leaves columns; `None` if the result is unknown."""
    stated = _options(table, lineage)
    same = (stated.get("charset"), stated.get("collate")) == (charset, collation)
    types = (each for column in table.columns for each in _texts(column, lineage))
    if not same and any(map(_WITH_CHARACTERS.search, types)):
        return None
    return _with_options(table, lineage, charset, collation)


def _options(table: TableSchema, lineage: Collection[str]) -> dict[str, str]:
    charset: dict[str, str] = {}
    for name in lineage:
        options = canonical_options(table.dialect_options, name)
        charset = {key: str(options.get(f"{name}_{key}", charset.get(key, ""))) for key in KEYS}
    return {key: text.lower() for key, text in charset.items() if text}


KEYS = ("charset", "collate")


def _charset_of_table(table: TableSchema, lineage: Collection[str]) -> str | None:
    stated = _options(table, lineage)
    return stated.get("charset") or stated.get("collate", "").partition("_")[0] or None


def _texts(column: ColumnDef, lineage: Collection[str]) -> list[str]:
    return [column.type_name, *(t for name, t in column.type_variants.items() if name in lineage)]


def _column(
    column: ColumnDef, lineage: Collection[str], former: str | None, charset: str
) -> ColumnDef | None:
    made = {text: _type(text, former, charset) for text in _texts(column, lineage)}
    if None in made.values():
        return None
    variants = {
        name: made.get(text) or text if name in lineage else text
        for name, text in column.type_variants.items()
    }
    type_name = made[column.type_name] or column.type_name
    return replace(column, type_name=type_name, type_variants=FrozenMapping(variants))


def _type(text: str, former: str | None, charset: str) -> str | None:
    """Return a type after the conversion; `None` if it is unknown."""
    type_ = DataType.parse(text)
    base = type_.name.rpartition(".")[2]
    if base == "JSON" or not _HALF_STATED.isdisjoint(type_.kwargs):
        return None
    own = str(type_.kwargs.get("charset") or type_.kwargs.get("collation", "")).partition("_")[0]
    kept = {name: each for name, each in type_.kwargs.items() if name not in _STATED}
    plain = str(DataType(type_.name, type_.args, kept))
    if base not in LARGER:
        return plain
    before, after = WIDTHS.get(own or former or ""), WIDTHS.get(charset)
    if before is None or after is None or type_.args:
        return None
    return LARGER[base] if after > before else plain


def _with_options(
    table: TableSchema, lineage: Collection[str], charset: str | None, collation: str | None
) -> TableSchema:
    first = next(iter(lineage))
    names = {f"{name}_{key}" for name in lineage for key in KEYS}
    kept = {
        key: value
        for key, value in table.dialect_options.items()
        if names.isdisjoint(canonical_options({key: value}, key.partition("_")[0]))
    }
    stated = {"charset": charset, "collate": collation}
    kept |= {f"{first}_{key}": text for key, text in stated.items() if text is not None}
    return replace(table, dialect_options=FrozenMapping(kept))
