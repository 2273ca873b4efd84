"""A block of changes as one ALTER TABLE, or as few as the server takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateSequence

from ...convert.names import kept_name
from ...diff.autoincrement import added_autoincrement_columns
from ...schema import CheckConstraint, ForeignKeyConstraint
from ..base.alter_table import AlterTableBuilder, TableAlteration
from ..base.constraint_names import named
from ..base.ddl import DDLWriter
from ..base.execution import run
from ..base.sequences import create_sequences, drop_sequences
from .alter_columns import AlteredColumn
from .options import option_actions
from .pending_columns import PendingColumns

if TYPE_CHECKING:
    from alembic.operations import Operations

    from ...diff import AlterColumn, AlterTable, SetOptions
    from ...schema import ColumnDef, Constraint, Index

APART = ("FULLTEXT", "SPATIAL")
"""Kinds of indexes of which InnoDB makes only one in a statement."""


def alter_table(operations: Operations, change: AlterTable) -> None:
    """Alter a table; everything is compiled before the first statement runs."""
    alteration = MySQLAlteration(operations, change)
    alteration.carry_out_all(change)
    alteration.flush()
    run(operations, alteration.builder.statements)


class MySQLAlteration(TableAlteration):
    """Turns the changes of a table into statements, one after the other."""

    def __init__(self, operations: Operations, change: AlterTable) -> None:
        super().__init__(DDLWriter(operations.impl.dialect, change.name, change.schema))
        self.operations = operations
        self.builder = AlterTableBuilder(self.ddl)
        self.columns = PendingColumns(self.ddl)
        self._added: set[str] = set()
        self._defined = False  # something in the statement names columns as they are by then
        self._computed = False  # a computed column does: no rename may follow
        self._foreign_keys: set[str] = set()
        self._autoincrement = added_autoincrement_columns(change)

    def flush(self) -> None:
        """End the statement that is being gathered."""
        self.builder.add(*self.columns.actions())
        self.columns.clear()
        self._added.clear()
        self._foreign_keys.clear()
        self._defined = self._computed = False
        self.builder.flush()

    def add_column(self, column: ColumnDef) -> None:
        for sequence in create_sequences(_table(self.ddl, column), self.ddl.dialect):
            self._apart(sequence)
        text = self.ddl.column(column, counting=column.name in self._autoincrement)
        self.columns_end_if_touched(column.name)
        self.builder.add(f"ADD COLUMN {text}")
        self._added.add(column.name)
        self._computed |= column.computed is not None

    def drop_column(self, column: ColumnDef) -> None:
        self.columns_end_if_touched(column.name)
        self.builder.add(f"DROP COLUMN {self.ddl.quoted(column.name)}")
        for sequence in drop_sequences(_table(self.ddl, column), self.ddl.dialect):
            self.builder.after(sequence, f"the sequence {sequence.element.name!r}")

    def alter_column(self, change: AlterColumn) -> None:
        if change.desired.name in self._added or self._defined:
            self.flush()
        AlteredColumn(self, change).alter()
        self._computed |= change.desired.computed is not None

    def rename_column(self, current: str, desired: str) -> None:
        if current in self._added or self._defined or self._computed:
            self.flush()
        self.columns.rename(current, desired)

    def add_constraint(self, constraint: Constraint) -> None:
        said = self.ddl.added(constraint)
        if said is None:
            return
        if isinstance(constraint, ForeignKeyConstraint) and constraint.name in self._foreign_keys:
            self.flush()  # InnoDB has the old one until the statement ends
        self.builder.add(f"ADD {said}")
        self._defined = True

    def drop_constraint(self, constraint: Constraint) -> None:
        ddl = self.ddl
        found = named(self.operations, ddl.name, ddl.schema, constraint)
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

    def create_index(self, index: Index) -> None:
        made = self.ddl.index(index)
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

    def drop_index(self, index: Index) -> None:
        made = self.ddl.index(index)
        if made is None:
            return
        if self._defined:
            self.flush()
        self.builder.add(f"DROP INDEX {self.ddl.preparer.format_index(made)}")

    def set_comment(self, comment: str | None) -> None:
        self.builder.add(f"COMMENT={self.ddl.literal(comment or '')}")

    def set_options(self, change: SetOptions) -> None:
        options = option_actions(self.ddl, change.current, change.desired)
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
