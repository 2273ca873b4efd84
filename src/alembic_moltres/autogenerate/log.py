"""The lines of the log that tell of each difference, as Alembic's comparators do."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from ..diff import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterEnum,
    AlterSequence,
    AlterTable,
    Change,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    RenameColumn,
    RenameTable,
    SetComment,
    SetOptions,
)
from ..schema.constraints import named

if TYPE_CHECKING:
    import logging

    from ..schema import Constraint

PARTS = {
    "type_name": "type",
    "type_variants": "type",
    "nullable": "nullability",
    "default": "server default",
    "computed": "computed expression",
    "identity": "identity",
    "sequence": "sequence",
    "autoincrement": "autoincrement",
    "comment": "comment",
    "dialect_options": "options",
}


def log_change(log: logging.Logger, change: Change) -> None:
    """Write one line for each difference in `change`."""
    inside = change.changes if isinstance(change, AlterTable) else (change,)
    table = ""
    if isinstance(change, AlterTable):
        table = f"{change.schema}.{change.name}" if change.schema else str(change.name)
    for each in inside:
        found = said(each, table)
        if found:
            log.info("Detected %s", found)


@singledispatch
def said(change: Change, table: str) -> str:
    """Return what is said of a change; nothing of one that another brings along."""
    return ""


@said.register
def _(change: CreateTable, table: str) -> str:
    return f"added table {change.table.key!r}"


@said.register
def _(change: DropTable, table: str) -> str:
    return f"removed table {change.table.key!r}"


@said.register
def _(change: RenameTable, table: str) -> str:
    return f"table {change.current!r} renamed to {change.desired!r}"


@said.register
def _(change: AlterEnum, table: str) -> str:
    return f"changed labels of an enum type: {change.current} becomes {change.desired}"


@said.register
def _(change: AlterSequence, table: str) -> str:
    return f"changed sequence {change.desired.name!r}"


@said.register
def _(change: AddColumn, table: str) -> str:
    return f"added column '{table}.{change.column.name}'"


@said.register
def _(change: DropColumn, table: str) -> str:
    return f"removed column '{table}.{change.column.name}'"


@said.register
def _(change: RenameColumn, table: str) -> str:
    return f"column '{table}.{change.current}' renamed to {change.desired!r}"


@said.register
def _(change: AlterColumn, table: str) -> str:
    parts = [
        PARTS[name]
        for name in PARTS
        if getattr(change.current, name) != getattr(change.desired, name)
    ]
    return f"{', '.join(dict.fromkeys(parts))} changed on column '{table}.{change.desired.name}'"


@said.register
def _(change: AddConstraint, table: str) -> str:
    return f"added {_called(change.constraint)} on table {table!r}"


@said.register
def _(change: DropConstraint, table: str) -> str:
    return f"removed {_called(change.constraint)} on table {table!r}"


@said.register
def _(change: CreateIndex, table: str) -> str:
    return f"added index {change.index.name!r} on table {table!r}"


@said.register
def _(change: DropIndex, table: str) -> str:
    return f"removed index {change.index.name!r} on table {table!r}"


@said.register
def _(change: SetComment, table: str) -> str:
    return f"changed comment of table {table!r}"


@said.register
def _(change: SetOptions, table: str) -> str:
    options = sorted({*change.current, *change.desired})
    return f"changed options of table {table!r}: {', '.join(options)}"


def _called(constraint: Constraint) -> str:
    kind = constraint.function.replace("_", " ")
    columns: tuple[object, ...] = getattr(constraint, "columns", ())
    return named(f"{kind} constraint", constraint.name, columns)
