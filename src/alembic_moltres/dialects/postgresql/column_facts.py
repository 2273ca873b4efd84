"""The kinds of change, as `change_kinds` lists them, of a column that is added or altered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.engine import Dialect

from ...datatypes import DataType
from ...diff import AlterColumn, TableKey, Tables
from ...schema import (
    SQL,
    CheckConstraint,
    ColumnDef,
    Default,
    ExcludeConstraint,
    ForeignKeyConstraint,
    Identity,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ...schema.base import distinct
from ...sqltext import POSTGRESQL, mentioned
from ..base.ddl import DDLWriter
from .change_kinds import ChangeKind
from .identity import IDENTITY, SERIAL, source
from .type_facts import Conversion, conversion_of, has_value_for_each_row, is_checked_domain

VIRTUAL = (18,)
"""The first version with computed columns that are not stored."""


def added(
    column: ColumnDef, fill: Default | None, *, counts: bool, dialect: Dialect
) -> Iterator[ChangeKind]:
    """Yield the kinds of a column that is added.

    Args:
        column: the column.
        fill: its value in existing rows.
        counts: whether it autoincrements as a SERIAL.
        dialect: with the version of the server.
    """
    yield ChangeKind.ADD_COLUMN
    if column.constraints:
        yield ChangeKind.ADD_COLUMN_WITH_CHECK
    if column.computed is not None:
        if column.computed.persisted is not False or not _has_virtual(dialect):
            yield ChangeKind.ADD_COLUMN_WITH_VALUES
        return
    for_each = has_value_for_each_row(column.default) or is_checked_domain(column)
    if counts or column.identity is not None or for_each or source(column) == SERIAL:
        yield ChangeKind.ADD_COLUMN_WITH_VALUES
    elif isinstance(fill, SQL):
        yield ChangeKind.ADD_COLUMN_FILLED
    elif not column.nullable and column.default is None and fill is None:
        yield ChangeKind.ADD_COLUMN_NOT_NULL


def _has_virtual(dialect: Dialect) -> bool:
    return (getattr(dialect, "server_version_info", None) or (0,)) >= VIRTUAL


def altered(change: AlterColumn, table: TableSchema | None, ddl: DDLWriter) -> Iterator[ChangeKind]:
    """Yield the kinds of a column that is altered in a table."""
    current, desired = change.current, change.desired
    if desired.computed is not None and desired.computed != current.computed:
        yield ChangeKind.COMPUTED
    elif current.computed is not None and desired.computed is None:
        yield ChangeKind.NO_LONGER_COMPUTED
    if distinct(current.default) != distinct(desired.default):
        yield ChangeKind.DEFAULT
    if current.nullable and not desired.nullable:
        if change.fills_null:
            yield ChangeKind.SET_NOT_NULL_FILLED
        yield ChangeKind.SET_NOT_NULL
    elif desired.nullable and not current.nullable:
        yield ChangeKind.DROP_NOT_NULL
    yield from _numbered(current, desired, table)
    if current.comment != desired.comment:
        yield ChangeKind.COMMENT
    if len(current.constraints) != len(desired.constraints):
        yield (
            ChangeKind.ADD_CHECK
            if len(desired.constraints) > len(current.constraints)
            else ChangeKind.DROP_CONSTRAINT
        )
    yield from _retyped(_conversion(change, ddl), change, table)


def _numbered(
    current: ColumnDef, desired: ColumnDef, table: TableSchema | None
) -> Iterator[ChangeKind]:
    before, after = source(current), source(desired)
    if before == after and not _turns(current.identity, desired.identity):
        if before == IDENTITY and current.identity != desired.identity:
            yield ChangeKind.NUMBERS
    elif after is None or _is_indexed(desired.name, table):
        yield ChangeKind.NUMBERS
    else:
        yield ChangeKind.NUMBERS_FROM_GREATEST


def _turns(current: Identity | None, desired: Identity | None) -> bool:
    """Tell whether an identity counts in the other direction: it restarts beyond its rows."""
    return (
        current is not None
        and desired is not None
        and ((current.increment or 1) > 0) != ((desired.increment or 1) > 0)
    )


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
) -> Iterator[ChangeKind]:
    match conversion:
        case Conversion.REWRITTEN:
            yield ChangeKind.REWRITTEN_TYPE
        case Conversion.ZONE:
            yield ChangeKind.TIME_ZONE
        case Conversion.SAME | Conversion.COLLATED:
            yield ChangeKind.SAME_BYTES
            collated = conversion is Conversion.COLLATED
            yield from _beside(change.current.name, table, collated=collated)


def _beside(name: str, table: TableSchema | None, *, collated: bool) -> Iterator[ChangeKind]:
    """Yield the kinds for the checks and indexes over a column whose stored values stay valid."""
    if table is None:
        return
    for constraint in table.constraints:
        match constraint:
            case CheckConstraint() if _mentions(constraint.expression, name):
                yield ChangeKind.SAME_BYTES_IN_CHECK
            case ExcludeConstraint():
                yield ChangeKind.SAME_BYTES_IN_INDEX
            case PrimaryKeyConstraint() | UniqueConstraint():
                if collated and name in constraint.columns:
                    yield ChangeKind.SAME_BYTES_IN_INDEX
    for index in table.indexes:
        expressions = [each for each in index.elements if isinstance(each, SQL)]
        predicate = index.dialect_options.get("postgresql_where")
        expressions += [predicate] if isinstance(predicate, SQL) else []
        if any(_mentions(each, name) for each in expressions) or (
            name in index.columns and (collated or expressions)
        ):
            yield ChangeKind.SAME_BYTES_IN_INDEX


def _mentions(expression: SQL, name: str) -> bool:
    text = expression.for_dialect(("postgresql",))
    return text is not None and str(name) in mentioned(text, POSTGRESQL)


def keys_between(
    change: AlterColumn, key: TableKey, tables: Tables, ddl: DDLWriter
) -> Iterator[tuple[ChangeKind, TableKey]]:
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
                yield ChangeKind.TYPE_OF_FOREIGN_KEY, referred
            elif referred == key and name in each.references_columns:
                yield (ChangeKind.DEFAULT if kept else ChangeKind.TYPE_OF_REFERRED_COLUMN), other
