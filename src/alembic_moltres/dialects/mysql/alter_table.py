"""A block of changes as one ALTER TABLE, or as few as the server takes."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateSequence

from ...convert.names import kept_name
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
from ...schema import CheckConstraint, ForeignKeyConstraint
from ..base.alter_table import AlterTableBuilder
from ..base.autoincrement import autoincrement_columns
from ..base.constraint_names import named
from ..base.ddl import DDLWriter
from ..base.execution import run
from ..base.sequences import create_sequences, drop_sequences
from .alter_columns import AlteredColumn
from .options import option_actions
from .pending_columns import PendingColumns

if TYPE_CHECKING:
    from alembic.operations import Operations

APART = ("FULLTEXT", "SPATIAL")
"""Kinds of indexes of which InnoDB makes only one in a statement."""


def alter_table(operations: Operations, block: MoltresAlterTableOp) -> None:
    """Carry out a block; everything is compiled before the first statement runs."""
    altered = Alteration(operations, block)
    for operation in block.ops:
        altered.by(operation)
    altered.flush()
    run(operations, altered.builder.statements)


class Alteration:
    """Turns the operations of a block into statements, one after the other."""

    def __init__(self, operations: Operations, block: MoltresAlterTableOp) -> None:
        self.operations = operations
        self.ddl = DDLWriter(operations.impl.dialect, block.table_name, block.schema)
        self.builder = AlterTableBuilder(self.ddl)
        self.columns = PendingColumns(self.ddl)
        self._added: set[str] = set()
        self._defined = False  # something in the statement names columns as they are by then
        self._computed = False  # a computed column does: no rename may follow
        self._foreign_keys: set[str] = set()
        self._counting = autoincrement_columns(block)

    def flush(self) -> None:
        """End the statement that is being gathered."""
        self.builder.add(*self.columns.actions())
        self.columns.clear()
        self._added.clear()
        self._foreign_keys.clear()
        self._defined = self._computed = False
        self.builder.flush()

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
        for sequence in create_sequences(_table(self.ddl, column), self.ddl.dialect):
            self._apart(sequence)
        text = self.ddl.column(column, counting=column.name in self._counting)
        self.columns_end_if_touched(column.name)
        self.builder.add(f"ADD COLUMN {text}")
        self._added.add(column.name)
        self._computed |= column.computed is not None

    @by.register
    def _(self, operation: MoltresDropColumnOp) -> None:
        column = operation.definition
        self.columns_end_if_touched(column.name)
        self.builder.add(f"DROP COLUMN {self.ddl.quoted(column.name)}")
        for sequence in drop_sequences(_table(self.ddl, column), self.ddl.dialect):
            self.builder.after(sequence, f"the sequence {sequence.element.name!r}")

    @by.register
    def _(self, operation: MoltresAlterColumnOp) -> None:
        if operation.desired.name in self._added or self._defined:
            self.flush()
        AlteredColumn(self, operation).alter()
        self._computed |= operation.desired.computed is not None

    @by.register
    def _(self, operation: MoltresRenameColumnOp) -> None:
        if operation.old_name in self._added or self._defined or self._computed:
            self.flush()
        self.columns.rename(operation.old_name, operation.new_name)

    @by.register
    def _(self, operation: MoltresAddConstraintOp) -> None:
        constraint = operation.constraint
        said = self.ddl.added(constraint)
        if said is None:
            return
        if isinstance(constraint, ForeignKeyConstraint) and constraint.name in self._foreign_keys:
            self.flush()  # InnoDB has the old one until the statement ends
        self.builder.add(f"ADD {said}")
        self._defined = True

    @by.register
    def _(self, operation: MoltresDropConstraintOp) -> None:
        ddl = self.ddl
        found = named(self.operations, ddl.name, ddl.schema, operation.constraint)
        said = ddl.dropped(found)
        if said is None:
            return
        if self._defined:
            self.flush()
        if isinstance(found, CheckConstraint):  # a URL does not tell MariaDB, which has this word
            said = said.replace("CHECK ", "CONSTRAINT ", 1)
        self.builder.add(f"DROP {said}")
        if isinstance(found, ForeignKeyConstraint) and found.name is not None:
            self._foreign_keys.add(found.name)
            self._drop_index_of(kept_name(found.name, ddl.dialect))

    @by.register
    def _(self, operation: MoltresCreateIndexOp) -> None:
        made = self.ddl.index(operation.index)
        if made is None:
            return
        text = self.ddl.write(CreateIndex(made))
        head, _, rest = text.partition(f" ON {self.ddl.table} ")
        kind = head.removeprefix("CREATE ")
        if kind.startswith(APART):
            self.flush()
        self.builder.add(f"ADD {kind} {rest}")
        self._defined = True
        if kind.startswith(APART):
            self.flush()

    @by.register
    def _(self, operation: MoltresDropIndexOp) -> None:
        made = self.ddl.index(operation.index)
        if made is None:
            return
        if self._defined:
            self.flush()
        self.builder.add(f"DROP INDEX {self.ddl.preparer.format_index(made)}")

    @by.register
    def _(self, operation: MoltresSetCommentOp) -> None:
        self.builder.add(f"COMMENT={self.ddl.literal(operation.comment or '')}")

    @by.register
    def _(self, operation: MoltresSetOptionsOp) -> None:
        options = option_actions(self.ddl, operation.current, operation.desired)
        self.builder.add(*options)

    def columns_end_if_touched(self, name: str) -> None:
        """End the statement if it does something to the column already."""
        if name in self.columns or name in self._added:
            self.flush()

    def _apart(self, sequence: CreateSequence) -> None:
        self.flush()
        self.builder.separate(sequence, f"the sequence {sequence.element.name!r}")

    def _drop_index_of(self, key: str) -> None:
        """Drop the index that a foreign key has brought with it; it bears the key's name.

        MySQL must be asked whether it is there: offline it stays.
        """
        ddl, impl = self.ddl, self.operations.migration_context.impl
        if _is_mariadb(ddl):
            self.builder.add(f"DROP INDEX IF EXISTS {ddl.quoted(key)}")
        elif not impl.as_sql:
            inspector = sa.inspect(self.operations.get_bind())
            found = inspector.get_indexes(ddl.name, ddl.schema)
            if any(item["name"] == key for item in found):
                self.builder.add(f"DROP INDEX {ddl.quoted(key)}")


def _table(ddl: DDLWriter, column: Any) -> Any:
    return ddl.thawed(column).table


def _is_mariadb(ddl: DDLWriter) -> bool:
    return bool(getattr(ddl.dialect, "is_mariadb", False))
