"""A block of changes as PostgreSQL's statements: mostly one ALTER TABLE.

Not in it, because PostgreSQL has them apart: renames, indexes, comments, enum types, sequences.
"""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TYPE_CHECKING, Any

from sqlalchemy.schema import CreateIndex, DropIndex, SetConstraintComment

from ...errors import OperationError
from ...operations.alter import (
    MoltresAddColumnOp,
    MoltresAddConstraintOp,
    MoltresAlterColumnOp,
    MoltresAlterTableOp,
    MoltresCreateIndexOp,
    MoltresDropColumnOp,
    MoltresDropConstraintOp,
    MoltresDropIndexOp,
    MoltresRenameColumnOp,
    MoltresSetCommentOp,
    MoltresSetOptionsOp,
)
from ...operations.alter.constraints import made_constraint
from ..base.alter_table import AlterTableBuilder
from ..base.autoincrement import autoincrement_columns
from ..base.constraint_names import named
from ..base.ddl import DDLWriter
from ..base.execution import run
from .alter_columns import AlteredColumn
from .column_types import create_owned, drop_owned
from .options import option_actions
from .rename_constraints import renamed_constraints

if TYPE_CHECKING:
    from alembic.operations import Operations

    from ...schema import Constraint


def alter_table(operations: Operations, block: MoltresAlterTableOp) -> None:
    """Carry out a block; everything is compiled before the first statement runs."""
    altered = Alteration(operations, block)
    for operation in block.ops:
        altered.by(operation)
    altered.builder.flush()
    run(operations, altered.builder.statements)


class Alteration:
    """Turns the operations of a block into statements, one after the other."""

    def __init__(self, operations: Operations, block: MoltresAlterTableOp) -> None:
        self.operations = operations
        self.ddl = DDLWriter(operations.impl.dialect, block.table_name, block.schema)
        self.builder = AlterTableBuilder(self.ddl)
        self._counting = autoincrement_columns(block)
        self._renamed = renamed_constraints(block)

    @singledispatchmethod
    def by(self, operation: Any) -> None:
        """Add what an operation does."""
        raise OperationError(
            f"{type(operation).__name__} is no operation of ours (at {self.ddl.of_table}); "
            "put it outside the block",
            operation,
        )

    @by.register
    def _(self, operation: MoltresAddColumnOp) -> None:
        column = operation.definition
        create_owned(self.builder, column)
        text = self.ddl.column(column, counting=column.name in self._counting)
        self.builder.add(f"ADD COLUMN {text}", touching=("added", column.name))
        self._comment(column.name, None, column.comment)

    @by.register
    def _(self, operation: MoltresDropColumnOp) -> None:
        column = operation.definition
        name = self.ddl.quoted(column.name)
        self.builder.add(f"DROP COLUMN {name}", touching=("column", column.name))
        drop_owned(self.builder, column)

    @by.register
    def _(self, operation: MoltresAlterColumnOp) -> None:
        current, desired = operation.current, operation.desired
        altered = AlteredColumn(self.builder, current, desired, fill_null=operation.fill_null)
        altered.alter()
        for check in altered.checks_dropped:
            self._drop(check)
        for check in altered.checks_added:
            self._add(check)
        remade = None if altered.recreated else current.comment
        self._comment(desired.name, remade, desired.comment)

    @by.register
    def _(self, operation: MoltresRenameColumnOp) -> None:
        old, new = self.ddl.quoted(operation.old_name), self.ddl.quoted(operation.new_name)
        subject = f"the rename of the column {operation.old_name!r} of {self.ddl.of_table}"
        self.builder.separate(f"ALTER TABLE {self.ddl.table} RENAME COLUMN {old} TO {new}", subject)

    @by.register
    def _(self, operation: MoltresAddConstraintOp) -> None:
        former = self._renamed.get(operation.constraint)
        if former is None:
            self._add(operation.constraint)
        else:
            self._rename(former, operation.constraint)

    @by.register
    def _(self, operation: MoltresDropConstraintOp) -> None:
        if operation.constraint not in self._renamed.values():
            self._drop(operation.constraint)

    @by.register
    def _(self, operation: MoltresCreateIndexOp) -> None:
        made = self.ddl.index(operation.index)
        if made is not None:
            self.builder.separate(
                CreateIndex(made), f"the index {made.name!r} of {self.ddl.of_table}"
            )

    @by.register
    def _(self, operation: MoltresDropIndexOp) -> None:
        made = self.ddl.index(operation.index)
        if made is not None:
            self.builder.separate(
                DropIndex(made), f"the index {made.name!r} of {self.ddl.of_table}"
            )

    @by.register
    def _(self, operation: MoltresSetCommentOp) -> None:
        said = self._said(operation.comment)
        self.builder.after(
            f"COMMENT ON TABLE {self.ddl.table} IS {said}",
            f"the comment of {self.ddl.of_table}",
        )

    @by.register
    def _(self, operation: MoltresSetOptionsOp) -> None:
        for action in option_actions(self.ddl, operation.current, operation.desired):
            self.builder.add(action)

    def _add(self, constraint: Constraint) -> None:
        said = self.ddl.added(constraint)
        if said is None:
            return
        self.builder.add(f"ADD {said}", touching=("constraint", constraint.name or constraint))
        if constraint.comment is not None:
            made = made_constraint(self.ddl.name, self.ddl.schema, constraint)
            subject = f"the comment of the constraint {constraint.name!r} of {self.ddl.of_table}"
            self.builder.after(SetConstraintComment(made), subject)

    def _rename(self, current: Constraint, desired: Constraint) -> None:
        found = named(self.operations, self.ddl.name, self.ddl.schema, current)
        if self.ddl.dropped(found) is None:
            return
        old, new = (self.ddl.constraint_name(each) for each in (found, desired))
        subject = f"the rename of the constraint {found.name!r} of {self.ddl.of_table}"
        text = f"ALTER TABLE {self.ddl.table} RENAME CONSTRAINT {old} TO {new}"
        self.builder.separate(text, subject)

    def _drop(self, constraint: Constraint) -> None:
        found = named(self.operations, self.ddl.name, self.ddl.schema, constraint)
        said = self.ddl.dropped(found)
        if said is not None:
            self.builder.add(f"DROP {said}", touching=("dropped", found.name))

    def _comment(self, column: str, current: str | None, desired: str | None) -> None:
        if current != desired:
            name = self.ddl.quoted(column)
            self.builder.after(
                f"COMMENT ON COLUMN {self.ddl.table}.{name} IS {self._said(desired)}",
                f"the comment of the column {column!r} of {self.ddl.of_table}",
            )

    def _said(self, comment: str | None) -> str:
        return "NULL" if comment is None else self.ddl.literal(comment)
