"""Converts SQLite's parsed text to values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from ...schema import (
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
from ...sqltext import SQLITE, literal_value
from .parse import CheckText, ColumnText, ConstraintText, IndexText, KeyText
from .type_spellings import type_name

_TRUTH = {"TRUE": True, "FALSE": False}

PrimaryKeyOf = Callable[[str], tuple[str, ...]]
"""Returns the columns of a table's primary key, for REFERENCES without columns."""


@lru_cache(maxsize=16384)
def column_value(column: ColumnText) -> ColumnDef:
    """Return the value of a column's definition; its constraints are the table's.

    >>> from alembic_moltres.dialects.sqlite.parse import parse_table
    >>> column_value(parse_table("CREATE TABLE t (a INTEGER NOT NULL DEFAULT -1)").columns[0])
    column('a', 'INTEGER', nullable=False, default=-1)
    """
    generated = column.generated
    options = {"sqlite_on_conflict_not_null": column.conflict} if column.conflict else {}
    return ColumnDef(
        column.name,
        type_name(column.type, column.collate),
        column.nullable,
        None if column.default is None else default_value(column.default),
        computed=None if generated is None else Computed(sql(generated), column.stored),
        dialect_options=options,
    )


def default_value(text: str) -> Default:
    """Return the value of a DEFAULT's text.

    >>> default_value("'it''s'"), default_value("(CURRENT_TIMESTAMP)"), default_value("1.50")
    ("it's", sql.now(), sql('1.50'))
    """
    literal = literal_value(text, SQLITE)
    if literal is not None:
        return literal
    if text.upper() in _TRUTH:
        return _TRUTH[text.upper()]
    if text.upper().strip("( )") == "CURRENT_TIMESTAMP":
        return sql.now()
    return sql(text)


def constraint_value(
    constraint: ConstraintText, schema: str | None, primary_key_of: PrimaryKeyOf
) -> Constraint:
    """Return the value of a constraint of a table in `schema`."""
    conflict = getattr(constraint, "conflict", None)
    options = {"sqlite_on_conflict": conflict} if conflict else {}
    match constraint:
        case KeyText():
            columns = tuple(part.column or part.text for part in constraint.parts)
            if constraint.kind == "unique":
                return UniqueConstraint(columns, constraint.name, dialect_options=options)
            return PrimaryKeyConstraint(columns, constraint.name, dialect_options=options)
        case CheckText():
            return CheckConstraint(sql(constraint.text), constraint.name, dialect_options=options)
    referred = constraint.references or primary_key_of(constraint.table)
    if len(referred) != len(constraint.columns):
        referred = constraint.columns  # a mismatch that SQLite itself refuses to enforce
    return ForeignKeyConstraint(
        constraint.columns,
        constraint.table,
        referred,
        constraint.name,
        on_delete=constraint.on_delete,
        on_update=constraint.on_update,
        references_schema=schema,
        deferrable=constraint.deferrable,
        initially=constraint.initially,
        match=constraint.match,
    )


def index_value(index: IndexText, columns: Iterable[str]) -> Index:
    """Return the value of an index on a table with these columns."""
    names = {name.lower(): name for name in columns}
    elements: list[Any] = []
    for part in index.parts:
        column = names.get((part.column or "").lower())
        if column is not None and part.collate is None and part.order != "DESC":
            elements.append(column)
            continue
        collate = "" if part.collate is None else f' COLLATE "{part.collate}"'
        order = " DESC" if part.order == "DESC" else ""
        elements.append(sql(f"{part.text}{collate}{order}"))
    options = {} if index.where is None else {"sqlite_where": sql(index.where)}
    return Index(index.name, tuple(elements), index.unique, dialect_options=options)
