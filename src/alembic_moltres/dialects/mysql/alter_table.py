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
from ..base.alter_table import GatheredActions
from ..base.autoincrement import counting_columns
from ..base.constraint_names import named
from ..base.ddl import Words
from ..base.execution import run
from ..base.sequences import create_sequences, drop_sequences
from .alter_columns import AlteredColumn
from .options import option_actions
from .pending_columns import ColumnFates

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
    run(operations, altered.gathered.statements)


class Alteration:
    """Turns the operations of a block into statements, one after the other."""

    def __init__(self, operations: Operations, block: MoltresAlterTableOp) -> None:
        self.operations = operations
        self.words = Words(operations.impl.dialect, block.table_name, block.schema)
        self.gathered = GatheredActions(self.words)
        self.columns = ColumnFates(self.words)
        self._added: set[str] = set()
        self._defined = False  # something in the statement names columns as they are by then
        self._computed = False  # a computed column does: no rename may follow
        self._foreign_keys: set[str] = set()
        self._counting = counting_columns(block)

    def flush(self) -> None:
        """End the statement that is being gathered."""
        self.gathered.act(*self.columns.actions())
        self.columns.clear()
        self._added.clear()
        self._foreign_keys.clear()
        self._defined = self._computed = False
        self.gathered.flush()

    @singledispatchmethod
    def by(self, operation: Any) -> None:
        """Add what an operation does."""
        raise OperationError(
            f"{type(operation).__name__} is no operation of ours (at {self.words.of_table}); "
            "put it outside the block",
            operation,
        )

    @by.register
    def _(self, operation: MoltresAddColumnOp) -> None:
        column = operation.definition
        for sequence in create_sequences(_table(self.words, column), self.words.dialect):
            self._apart(sequence)
        text = self.words.column(column, counting=column.name in self._counting)
        self.columns_end_if_touched(column.name)
        self.gathered.act(f"ADD COLUMN {text}")
        self._added.add(column.name)
        self._computed |= column.computed is not None

    @by.register
    def _(self, operation: MoltresDropColumnOp) -> None:
        column = operation.definition
        self.columns_end_if_touched(column.name)
        self.gathered.act(f"DROP COLUMN {self.words.quoted(column.name)}")
        for sequence in drop_sequences(_table(self.words, column), self.words.dialect):
            self.gathered.afterwards(sequence, f"the sequence {sequence.element.name!r}")

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
        said = self.words.added(constraint)
        if said is None:
            return
        if isinstance(constraint, ForeignKeyConstraint) and constraint.name in self._foreign_keys:
            self.flush()  # InnoDB has the old one until the statement ends
        self.gathered.act(f"ADD {said}")
        self._defined = True

    @by.register
    def _(self, operation: MoltresDropConstraintOp) -> None:
        words = self.words
        found = named(self.operations, words.name, words.schema, operation.constraint)
        said = words.dropped(found)
        if said is None:
            return
        if self._defined:
            self.flush()
        if isinstance(found, CheckConstraint):  # a URL does not tell MariaDB, which has this word
            said = said.replace("CHECK ", "CONSTRAINT ", 1)
        self.gathered.act(f"DROP {said}")
        if isinstance(found, ForeignKeyConstraint) and found.name is not None:
            self._foreign_keys.add(found.name)
            self._drop_index_of(kept_name(found.name, words.dialect))

    @by.register
    def _(self, operation: MoltresCreateIndexOp) -> None:
        made = self.words.index(operation.index)
        if made is None:
            return
        text = self.words.write(CreateIndex(made))
        head, _, rest = text.partition(f" ON {self.words.table} ")
        kind = head.removeprefix("CREATE ")
        if kind.startswith(APART):
            self.flush()
        self.gathered.act(f"ADD {kind} {rest}")
        self._defined = True
        if kind.startswith(APART):
            self.flush()

    @by.register
    def _(self, operation: MoltresDropIndexOp) -> None:
        made = self.words.index(operation.index)
        if made is None:
            return
        if self._defined:
            self.flush()
        self.gathered.act(f"DROP INDEX {self.words.preparer.format_index(made)}")

    @by.register
    def _(self, operation: MoltresSetCommentOp) -> None:
        self.gathered.act(f"COMMENT={self.words.literal(operation.comment or '')}")

    @by.register
    def _(self, operation: MoltresSetOptionsOp) -> None:
        options = option_actions(self.words, operation.current, operation.desired)
        self.gathered.act(*options)

    def columns_end_if_touched(self, name: str) -> None:
        """End the statement if it does something to the column already."""
        if name in self.columns or name in self._added:
            self.flush()

    def _apart(self, sequence: CreateSequence) -> None:
        self.flush()
        self.gathered.apart(sequence, f"the sequence {sequence.element.name!r}")

    def _drop_index_of(self, key: str) -> None:
        """Drop the index that a foreign key has brought with it; it bears the key's name.

        MySQL must be asked whether it is there: offline it stays.
        """
        words, impl = self.words, self.operations.migration_context.impl
        if _is_mariadb(words):
            self.gathered.act(f"DROP INDEX IF EXISTS {words.quoted(key)}")
        elif not impl.as_sql:
            inspector = sa.inspect(self.operations.get_bind())
            found = inspector.get_indexes(words.name, words.schema)
            if any(item["name"] == key for item in found):
                self.gathered.act(f"DROP INDEX {words.quoted(key)}")


def _table(words: Words, column: Any) -> Any:
    return words.thawed(column).table


def _is_mariadb(words: Words) -> bool:
    return bool(getattr(words.dialect, "is_mariadb", False))
