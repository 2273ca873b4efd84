"""What a change makes of tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .. import diff as changes
from ..diff.renames import ColumnRename, TableRename, as_renamed
from ..errors import OperationError
from ..schema import FrozenMapping, TableSchema
from .names import key_of

Tables = Mapping[str, TableSchema]


def apply(change: changes.Change, tables: Tables) -> dict[str, TableSchema]:
    """Return the tables after a change."""
    match change:
        case changes.CreateTable(table=table):
            return {**tables, table.key: table}
        case changes.DropTable(table=table):
            return {key: each for key, each in tables.items() if key != table.key}
        case changes.RenameTable():
            rename = TableRename(change.current, change.desired, change.schema)
            renamed = as_renamed(tables.values(), [rename])
            return {table.key: table for table in renamed}
        case changes.AlterTable():
            for each in change.changes:
                tables = _inside(each, change.name, change.schema, tables)
            return dict(tables)
        case changes.AddForeignKeys() | changes.DropForeignKeys() | changes.AlterSequence():
            return dict(tables)
        case _:
            raise OperationError(f"{change!r} is no change of tables", change)


def _inside(
    change: changes.Change, name: str, schema: str | None, tables: Tables
) -> dict[str, TableSchema]:
    key = key_of(name, schema)
    if isinstance(change, changes.RenameColumn):
        rename = ColumnRename(name, change.current, change.desired, schema)
        return {t.key: t for t in as_renamed(tables.values(), [rename])}
    if key not in tables:
        raise OperationError(f"there is no table {key!r}", change)
    return {**tables, key: INSIDE[type(change)](tables[key], change)}


def _drop_constraint(table: TableSchema, change: changes.DropConstraint) -> TableSchema:
    kept = tuple(each for each in table.constraints if each != change.constraint)
    return replace(table, constraints=kept)


def _drop_index(table: TableSchema, change: changes.DropIndex) -> TableSchema:
    return replace(table, indexes=tuple(e for e in table.indexes if e.name != change.index.name))


def _alter_column(table: TableSchema, change: changes.AlterColumn) -> TableSchema:
    columns = tuple(
        change.desired if each.name == change.current.name else each for each in table.columns
    )
    return replace(table, columns=columns)


def _set_options(table: TableSchema, change: changes.SetOptions) -> TableSchema:
    kept = {k: v for k, v in table.dialect_options.items() if k not in change.current}
    return replace(table, dialect_options=FrozenMapping({**kept, **change.desired}))


INSIDE: dict[type[changes.Change], Callable[[TableSchema, Any], TableSchema]] = {
    changes.AddColumn: lambda table, c: replace(table, columns=(*table.columns, c.column)),
    changes.DropColumn: lambda table, c: replace(
        table, columns=tuple(each for each in table.columns if each.name != c.column.name)
    ),
    changes.AlterColumn: _alter_column,
    changes.AddConstraint: lambda table, c: replace(
        table, constraints=(*table.constraints, c.constraint)
    ),
    changes.DropConstraint: _drop_constraint,
    changes.CreateIndex: lambda table, c: replace(table, indexes=(*table.indexes, c.index)),
    changes.DropIndex: _drop_index,
    changes.SetComment: lambda table, c: replace(table, comment=c.desired),
    changes.SetOptions: _set_options,
}
