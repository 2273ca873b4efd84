"""The values of rows."""

from __future__ import annotations

from collections.abc import Mapping

from ...schema import (
    SQL,
    CheckConstraint,
    ColumnDef,
    Computed,
    Constraint,
    Default,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    sql,
)
from ...sqltext import POSTGRESQL, literal_value
from ..postgresql.text import bare
from .rows import CheckRow, ColumnRow, ConstraintRow, ForeignKeyRow, IndexRow, KeyRow
from .type_spellings import enum_name, type_name


def column_value(
    row: ColumnRow, enums: Mapping[tuple[str, ...], list[str]], *, in_key: bool
) -> ColumnDef:
    """Return the value of a column.

    Args:
        row: of the column.
        enums: the names of its enum types, by their labels.
        in_key: whether it is in the primary key; no column autoincrements on DuckDB.
    """
    generated = row.generated
    return ColumnDef(
        row.name,
        str(enum_name(row.type, enums) or type_name(row.type, row.collation)),
        row.nullable,
        None if row.default is None else default_value(row.default),
        computed=None if generated is None else Computed(sql(bare(generated))),
        autoincrement=False if in_key and "INT" in row.type else "auto",
        comment=row.comment,
    )


def default_value(text: str) -> Default:
    """Return the value of a DEFAULT from DuckDB's text.

    >>> default_value("'it''s'"), default_value("-5"), default_value("(1 + 1)")
    ("it's", -5, sql('1 + 1'))
    """
    literal = literal_value(text, POSTGRESQL)
    return sql(bare(text)) if literal is None else literal


def constraint_value(row: ConstraintRow, schema: str | None) -> Constraint:
    """Return the value of a constraint; it has no name."""
    match row:
        case CheckRow():
            return CheckConstraint(sql(bare(row.text)))
        case ForeignKeyRow():
            return ForeignKeyConstraint(
                row.columns, row.table, row.references, references_schema=schema
            )
        case KeyRow(kind="PRIMARY KEY"):
            return PrimaryKeyConstraint(row.columns)
        case KeyRow():
            return UniqueConstraint(row.columns)


def index_value(row: IndexRow, columns: frozenset[str]) -> Index:
    """Return the value of an index.

    Args:
        row: of the index.
        columns: the names of the table's columns; any other part is an expression.
    """
    elements: list[str | SQL] = [
        part if part in columns else sql(f"({bare(part)})") for part in row.parts
    ]
    return Index(row.name, tuple(elements), row.unique)
