"""Rows: the description of a table on DuckDB, in one form.

From its catalogue, from scratch tables, and from the models' tables.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column; `default` and `generated` are DuckDB's normalised text."""

    name: str
    type: str
    collation: str | None = None
    nullable: bool = True
    default: str | None = None
    generated: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A primary key or a UNIQUE; DuckDB keeps no names of constraints."""

    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A CHECK."""

    text: str


@dataclass(frozen=True, slots=True)
class ForeignKeyRow:
    """A foreign key; it refers to a table of the same schema."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


ConstraintRow = KeyRow | CheckRow | ForeignKeyRow


@dataclass(frozen=True, slots=True)
class IndexRow:
    """An index; each part is the name of a column, or an expression as DuckDB normalises it."""

    name: str
    unique: bool
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table with everything in it."""

    name: str
    comment: str | None
    columns: tuple[ColumnRow, ...]
    constraints: tuple[ConstraintRow, ...]
    indexes: tuple[IndexRow, ...]
