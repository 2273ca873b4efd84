"""The kinds of change, as `facts` lists them, of a column that is added or altered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ...datatypes import DataType
from ...diff import AlterColumn, TableKey, Tables
from ...schema import (
    SQL,
    CheckConstraint,
    ColumnDef,
    Default,
    ExcludeConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ...schema.base import distinct
from ...sqltext import POSTGRESQL, mentioned
from ..base.ddl import DDLWriter
from .identity import IDENTITY, SERIAL, source
from .type_facts import Conversion, conversion_of, has_value_for_each_row, is_checked_domain

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

VIRTUAL = (18,)
"""The first version with computed columns that are not stored."""


def added(
    column: ColumnDef, fill: Default | None, *, counts: bool, dialect: Dialect
) -> Iterator[str]:
    """Yield the kinds of a column that is added.

    Args:
        column: the column.
        fill: its value in existing rows.
        counts: whether it autoincrements as a SERIAL.
        dialect: with the version of the server.
    """
    yield "add column"
    if column.constraints:
        yield "add column, with a check"
    if column.computed is not None:
        if column.computed.persisted is not False or not _has_virtual(dialect):
            yield "add column, a value for each row"
        return
    for_each = has_value_for_each_row(column.default) or is_checked_domain(column)
    if counts or column.identity is not None or for_each or source(column) == SERIAL:
        yield "add column, a value for each row"
    elif isinstance(fill, SQL):
        yield "add column, filled"
    elif not column.nullable and column.default is None and fill is None:
        yield "add column, NOT NULL without a default"


def _has_virtual(dialect: Dialect) -> bool:
    return (getattr(dialect, "server_version_info", None) or (0,)) >= VIRTUAL


def altered(change: AlterColumn, table: TableSchema | None, ddl: DDLWriter) -> Iterator[str]:
    """Yield the kinds of a column that is altered in a table."""
    current, desired = change.current, change.desired
    if desired.computed is not None and desired.computed != current.computed:
        yield "computed"
    elif current.computed is not None and desired.computed is None:
        yield "no longer computed"
    if distinct(current.default) != distinct(desired.default):
        yield "default"
    if current.nullable and not desired.nullable:
        if change.fills_null:
            yield "set NOT NULL, filled"
        yield "set NOT NULL"
    elif desired.nullable and not current.nullable:
        yield "drop NOT NULL"
    yield from _numbered(current, desired, table)
    if current.comment != desired.comment:
        yield "comment"
    if len(current.constraints) != len(desired.constraints):
        yield (
            "add check"
            if len(desired.constraints) > len(current.constraints)
            else "drop constraint"
        )
    yield from _retyped(_conversion(change, ddl), change, table)


def _numbered(current: ColumnDef, desired: ColumnDef, table: TableSchema | None) -> Iterator[str]:
    before, after = source(current), source(desired)
    if before == after:
        if before == IDENTITY and current.identity != desired.identity:
            yield "numbers"
    elif after is None or _is_indexed(desired.name, table):
        yield "numbers"
    else:
        yield "numbers, from the greatest"


def _is_indexed(name: str, table: TableSchema | None) -> bool:
    """Tell whether an index begins with a column."""
    if table is None:
        return False
    keys = [
        each.columns
        for each in table.constraints
        if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)
    ]
    keys += [each.columns for each in table.indexes]
    return any(columns[:1] == (name,) for columns in keys)


def _conversion(change: AlterColumn, ddl: DDLWriter) -> Conversion:
    if not change.retypes:
        return Conversion.NONE
    if is_checked_domain(change.desired):
        return Conversion.REWRITTEN
    current = _base_of_domain(change.current)
    conversion = conversion_of(ddl.column(current).type, ddl.column(change.desired).type)
    if conversion is Conversion.NONE and current is not change.current:
        return Conversion.SAME
    return conversion


def _base_of_domain(column: ColumnDef) -> ColumnDef:
    """Return a column with the base type of its domain."""
    type_ = DataType.parse(column.type_variants.get("postgresql", column.type_name))
    base = type_.args[0] if type_.args else None
    if not type_.name.endswith("DOMAIN") or not isinstance(base, DataType):
        return column
    return replace(column, type_name=str(base), type_variants={})


def _retyped(
    conversion: Conversion, change: AlterColumn, table: TableSchema | None
) -> Iterator[str]:
    match conversion:
        case Conversion.REWRITTEN:
            yield "type, rewritten"
        case Conversion.ZONE:
            yield "type, time zone"
        case Conversion.SAME | Conversion.COLLATED:
            yield "type, the same bytes"
            collated = conversion is Conversion.COLLATED
            yield from _beside(change.current.name, table, collated=collated)


def _beside(name: str, table: TableSchema | None, *, collated: bool) -> Iterator[str]:
    """Yield the kinds for the checks and indexes over a column whose stored values stay valid."""
    if table is None:
        return
    for constraint in table.constraints:
        match constraint:
            case CheckConstraint() if _mentions(constraint.expression, name):
                yield "type, the same bytes, a check"
            case ExcludeConstraint():
                yield "type, the same bytes, an index"
            case PrimaryKeyConstraint() | UniqueConstraint():
                if collated and name in constraint.columns:
                    yield "type, the same bytes, an index"
    for index in table.indexes:
        expressions = [each for each in index.elements if isinstance(each, SQL)]
        predicate = index.dialect_options.get("postgresql_where")
        expressions += [predicate] if isinstance(predicate, SQL) else []
        if any(_mentions(each, name) for each in expressions) or (
            name in index.columns and (collated or expressions)
        ):
            yield "type, the same bytes, an index"


def _mentions(expression: SQL, name: str) -> bool:
    text = expression.for_dialect(("postgresql",))
    return text is not None and str(name) in mentioned(text, POSTGRESQL)


def keys_between(
    change: AlterColumn, key: TableKey, tables: Tables, ddl: DDLWriter
) -> Iterator[tuple[str, TableKey]]:
    """Yield the kinds for the other tables of the foreign keys over a column with a new type.

    Args:
        change: of the column.
        key: the column's table.
        tables: all of them.
        ddl: compiles types.
    """
    conversion, name = _conversion(change, ddl), change.current.name
    if conversion is Conversion.NONE:
        return
    kept = conversion is Conversion.SAME
    for other, table in tables.items():
        for each in table.constraints:
            if not isinstance(each, ForeignKeyConstraint):
                continue
            referred = (each.references_schema, each.references_table)
            if other == key and name in each.columns:
                yield "type of a foreign key", referred
            elif referred == key and name in each.references_columns:
                yield ("default" if kept else "type of a column that is referred to"), other
