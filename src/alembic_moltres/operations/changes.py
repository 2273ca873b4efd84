"""The operations for the changes that `diff` has found: one table, from class to operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..diff import changes as found
from .alter import (
    MoltresAddColumnOp,
    MoltresAddConstraintOp,
    MoltresAlterColumnOp,
    MoltresAlterEnumOp,
    MoltresAlterSequenceOp,
    MoltresAlterTableOp,
    MoltresCreateIndexOp,
    MoltresDropColumnOp,
    MoltresDropConstraintOp,
    MoltresDropIndexOp,
    MoltresRenameColumnOp,
    MoltresRenameTableOp,
    MoltresSetCommentOp,
    MoltresSetOptionsOp,
)
from .foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
from .ops import MoltresCreateTableOp, MoltresDropTableOp

if TYPE_CHECKING:
    from alembic.operations.ops import MigrateOperation
    from sqlalchemy.engine import Dialect

INSIDE: dict[type[found.Change], Callable[[Any, str, str | None, Sequence[Dialect]], Any]] = {
    found.AddColumn: lambda c, table, schema, dialects: MoltresAddColumnOp(
        table, c.column, schema=schema, dialects=dialects
    ),
    found.DropColumn: lambda c, table, schema, dialects: MoltresDropColumnOp.from_value(
        table, c.column, schema=schema, dialects=dialects
    ),
    found.AlterColumn: lambda c, table, schema, dialects: MoltresAlterColumnOp(
        table, c.current, c.desired, fill_null=True, schema=schema, dialects=dialects
    ),
    found.RenameColumn: lambda c, table, schema, _: MoltresRenameColumnOp(
        table, c.current, c.desired, schema=schema
    ),
    found.AddConstraint: lambda c, table, schema, _: MoltresAddConstraintOp(
        table, c.constraint, schema=schema
    ),
    found.DropConstraint: lambda c, table, schema, _: MoltresDropConstraintOp.from_value(
        table, c.constraint, schema=schema
    ),
    found.CreateIndex: lambda c, table, schema, dialects: MoltresCreateIndexOp(
        table, c.index, schema=schema, dialects=dialects
    ),
    found.DropIndex: lambda c, table, schema, dialects: MoltresDropIndexOp.from_value(
        table, c.index, schema=schema, dialects=dialects
    ),
    found.SetComment: lambda c, table, schema, _: MoltresSetCommentOp(
        table, c.desired, existing_comment=c.current, schema=schema
    ),
    found.SetOptions: lambda c, table, schema, _: MoltresSetOptionsOp(
        table, c.current, c.desired, schema=schema
    ),
}
"""The changes inside a table; NULLs are filled wherever there is a default to fill them with."""

OUTSIDE: dict[type[found.Change], Callable[[Any, Sequence[Dialect]], Any]] = {
    found.CreateTable: lambda c, dialects: MoltresCreateTableOp.from_schema(
        c.table, dialects=dialects
    ),
    found.DropTable: lambda c, dialects: MoltresDropTableOp.from_schema(c.table, dialects=dialects),
    found.AddForeignKeys: lambda c, dialects: MoltresAddForeignKeysOp.from_schema(
        c.table, dialects=dialects
    ),
    found.DropForeignKeys: lambda c, dialects: MoltresDropForeignKeysOp.from_schema(
        c.table, dialects=dialects
    ),
    found.AlterTable: lambda c, dialects: MoltresAlterTableOp(
        c.name, _inside(c, dialects), schema=c.schema
    ),
    found.RenameTable: lambda c, _: MoltresRenameTableOp(c.current, c.desired, schema=c.schema),
    found.AlterEnum: lambda c, _: MoltresAlterEnumOp(c.current, c.desired),
    found.AlterSequence: lambda c, _: MoltresAlterSequenceOp(c.current, c.desired),
}
"""The changes of a whole database."""


def operation_of(change: found.Change, dialects: Sequence[Dialect] = ()) -> MigrateOperation:
    """Return the operation that carries out a change.

    Args:
        change: what `diff` has found.
        dialects: for the SQL of what a rewriter adds to it; the connected one first.

    >>> from alembic_moltres.diff import AddColumn, AlterTable
    >>> from alembic_moltres.schema import column
    >>> change = AlterTable("users", None, (AddColumn(column("age", "INTEGER")),))
    >>> operation_of(change).ops[0].definition
    column('age', 'INTEGER')
    """
    return OUTSIDE[type(change)](change, dialects)  # type: ignore[no-any-return]


def _inside(table: found.AlterTable, dialects: Sequence[Dialect]) -> list[MigrateOperation]:
    return [
        INSIDE[type(change)](change, table.name, table.schema, dialects) for change in table.changes
    ]
