"""Carries out a block in one ALTER TABLE, or in as few as the server accepts."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ...convert.names import kept_name
from ...diff import AddConstraint, AlterColumn, CreateIndex, RenameColumn, SetOptions
from ...diff.autoincrement import added_autoincrement_columns
from ...diff.changes.columns import ColumnChange
from ...schema import (
    CheckConstraint,
    ColumnDef,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ..base.alter_table import AlterTableBuilder, TableAlteration
from ..base.constraint_names import with_generated_name
from ..base.ddl import DDLWriter
from ..base.sequences import create_sequences, drop_sequences
from .alter_columns import EVERY_ROW, AlteredColumn
from .catalogue import current_foreign_keys, current_indexes, ignored_indexes
from .collected_columns import CollectedColumns
from .current_columns import CurrentColumns
from .foreign_key_index_sql import drop_foreign_key_index
from .foreign_key_indexes import columns_of, implicit_indexes
from .options import conversion_action, option_actions

if TYPE_CHECKING:
    from sqlalchemy.schema import ExecutableDDLElement

    from ...diff import AlterTable, Change
    from ...schema import Constraint, Index
    from ..base.execution import Execution
    from .rows import IndexRow

SEPARATE = ("FULLTEXT", "SPATIAL")
"""Kinds of indexes of which InnoDB creates only one in a statement."""


DROPS = {
    ForeignKeyConstraint: "FOREIGN KEY {}",
    PrimaryKeyConstraint: "PRIMARY KEY ",
    UniqueConstraint: "INDEX {}",
    CheckConstraint: "CONSTRAINT {}",
}
"""The text after DROP, by the kind of constraint (MySQL's manual, ALTER TABLE).

CONSTRAINT and not CHECK, which MariaDB does not accept: a URL may not say which server it is.
"""


class MySQLWriter(DDLWriter):
    """Compiles the items of one table."""

    def dropped(self, constraint: Constraint) -> str | None:
        made = self.thawed_constraint(constraint)
        if made is None:
            return None
        drop = DROPS[type(constraint)]
        return drop.format(self.constraint_name(made)) if "{}" in drop else drop


def alter_table(execution: Execution, change: AlterTable) -> None:
    """Alter a table; everything is compiled before the first statement runs."""
    alteration = MySQLAlteration(execution, change)
    alteration.carry_out_all(change)
    alteration.flush()
    execution.run(alteration.builder.statements)


class MySQLAlteration(TableAlteration):
    """Turns the changes of a table into statements, one after the other."""

    def __init__(self, execution: Execution, change: AlterTable) -> None:
        super().__init__(MySQLWriter(execution.dialect, change.name, change.schema))
        self.execution = execution
        self.builder = AlterTableBuilder(self.ddl)
        self.columns = CollectedColumns(self.ddl)
        self.current_columns = CurrentColumns(execution, self.ddl)
        self._added: set[str] = set()
        self._adds_items = False  # which refer to columns by their present names
        self._blocks_rename = False  # such a definition of a column, or what may copy the table
        self._foreign_keys: set[str] = set()
        self._dropped: set[str] = set()
        self._dropped_indexes: set[str] = set()
        self._unread: dict[str, tuple[str, ...]] = {}  # columns of dropped keys by their index
        self._stated = _stated_indexes(change)
        self._options = [each for each in change.changes if isinstance(each, SetOptions)]
        self._converted: list[SetOptions] = []
        self._columns_change = any(map(_states_column, change.changes))
        self._created = [
            each.item for each in change.changes if isinstance(each, AddConstraint | CreateIndex)
        ]
        self._foreign_keys_to_drop = [
            each for each in change.dropped_constraints if isinstance(each, ForeignKeyConstraint)
        ]
        self._autoincrement = added_autoincrement_columns(change)

    def carry_out(self, change: Change) -> None:
        if isinstance(change, AddConstraint | ColumnChange | RenameColumn):
            self._drop_unread_indexes()
        if _states_column(change):
            for each in self._options:
                self._convert(each)
        super().carry_out(change)

    def carry_out_all(self, change: AlterTable) -> None:
        super().carry_out_all(change)
        self._drop_unread_indexes()

    def _drop_unread_indexes(self) -> None:
        """Drop the indexes of dropped foreign keys that `--sql` has not read."""
        for index, columns in self._unread.items():
            subject = f"the index {index!r} of {self.ddl.of_table}"
            for statement in drop_foreign_key_index(self.ddl, index, columns):
                self._separate(statement, subject)
        self._unread.clear()

    def flush(self) -> None:
        """Complete the ALTER TABLE that is being collected."""
        self.builder.add(*self.columns.actions())
        self.columns.clear()
        self._added.clear()
        self._foreign_keys.clear()
        self._adds_items = self._blocks_rename = False
        self.builder.flush()

    def flush_renames(self) -> None:
        """Complete a statement that renames columns, before an action that may copy the table.

        MariaDB 10.11 refuses both together (error 1846) if the column is in a foreign key, or if
        another table refers to it.
        """
        if self.columns.renames:
            self.flush()

    def add_column(self, column: ColumnDef) -> None:
        made = self.ddl.column(column, autoincrement=column.name in self._autoincrement)
        for sequence in create_sequences(made.thawed.table, self.ddl.dialect):
            self._separate(sequence, f"the sequence {sequence.element.name!r}")
        self.flush_renames()
        self.flush_if_changed(column.name)
        self.builder.add(f"ADD COLUMN {made.definition}")
        self._added.add(column.name)
        self.current_columns.replaced(column.name)
        self._blocks_rename |= column.computed is not None or bool(column.constraints)

    def update(self, column: ColumnDef, text: str) -> None:
        self.flush()
        name = self.ddl.quoted(column.name)
        subject = f"the rows of the column {column.name!r} of {self.ddl.of_table}"
        self.builder.separate(f"UPDATE {self.ddl.table} SET {name} = {text} {EVERY_ROW}", subject)

    def drop_column(self, column: ColumnDef) -> None:
        self.flush_if_changed(column.name)
        self.builder.add(f"DROP COLUMN {self.ddl.quoted(column.name)}")
        self._blocks_rename |= column.computed is not None
        for sequence in drop_sequences(self.ddl.column(column).thawed.table, self.ddl.dialect):
            self.builder.after(sequence, f"the sequence {sequence.element.name!r}")

    def alter_column(self, change: AlterColumn) -> None:
        self.flush_renames()
        if change.desired.name in self._added or self._adds_items:
            self.flush()
        altered = AlteredColumn(self, change)
        altered.alter()
        self._blocks_rename |= change.desired.computed is not None or altered.has_check

    def rename_column(self, current: str, desired: str) -> None:
        if self._added or self._adds_items or self._blocks_rename or self.columns.defines:
            self.flush()
        self.columns.rename(current, desired)
        self.current_columns.rename(current, desired)

    def add_constraint(self, constraint: Constraint) -> None:
        text = self.ddl.constraint(constraint)
        if text is None:
            return
        self.flush_renames()
        if isinstance(constraint, ForeignKeyConstraint) and constraint.name in self._foreign_keys:
            self.flush()  # InnoDB has the old one until the statement ends
        self.builder.add(f"ADD {text}{self._index_options(constraint)}")
        self._adds_items = True

    def drop_constraint(self, constraint: Constraint) -> None:
        ddl = self.ddl
        if isinstance(constraint, CheckConstraint):
            own = self.current_columns.drop_check(constraint)
            if own is not None:
                self.flush_renames()
                self.flush_if_changed(own[0])
                self.columns.restate(*own)
                self._blocks_rename = True
                return
        with_name = with_generated_name(
            self.execution, ddl.name, ddl.schema, constraint, self._dropped
        )
        text = ddl.dropped(with_name)
        if text is None:
            return
        if self._adds_items or self.columns.renames:
            self.flush()
        self.builder.add(f"DROP {text}")
        self._blocks_rename |= isinstance(constraint, PrimaryKeyConstraint)
        self._dropped.add(str(with_name.name))
        if isinstance(with_name, UniqueConstraint):
            self._dropped_indexes.add(str(with_name.name))
        if isinstance(with_name, ForeignKeyConstraint) and with_name.name is not None:
            self._foreign_keys.add(with_name.name)
            self._drop_index_of(kept_name(with_name.name, ddl.dialect), with_name.columns)

    def create_index(self, index: Index) -> None:
        made = self.ddl.index(index)
        if made is None:
            return
        kind, rest = self.ddl.index_pieces(made)
        if kind.startswith(SEPARATE):
            self.flush()
        self.builder.add(f"ADD {kind} {rest}{self._index_options(index)}")
        self._adds_items = True
        if kind.startswith(SEPARATE):
            self.flush()

    def drop_index(self, index: Index) -> None:
        made = self.ddl.index(index)
        if made is None:
            return
        if self._adds_items or self.columns.renames:
            self.flush()
        self.builder.add(f"DROP INDEX {self.ddl.preparer.format_index(made)}")
        self._dropped_indexes.add(str(index.name))

    def set_comment(self, comment: str | None) -> None:
        self.builder.add(f"COMMENT={self.ddl.literal(comment or '')}")

    def set_options(self, change: SetOptions) -> None:
        self.flush_renames()
        self._convert(change)
        options = option_actions(self.ddl, change.current, change.desired)
        self.builder.add(*options)

    def _convert(self, change: SetOptions) -> None:
        """Convert a table to another character set, before its columns get their own ones.

        In one statement the conversion would change these, too.
        """
        action = conversion_action(self.ddl, change.current, change.desired)
        if action is None or change in self._converted:
            return
        self._converted.append(change)
        if self._columns_change or self.columns.renames:
            self.flush()
        self.builder.add(action)
        if self._columns_change:
            self.flush()

    def _index_options(self, item: Constraint | Index) -> str:
        """Return the comment of an index, also of one that a constraint has, and what it keeps."""
        if isinstance(item, CheckConstraint | ForeignKeyConstraint):
            return ""
        comment = "" if item.comment is None else f" COMMENT {self.ddl.literal(item.comment)}"
        if str(item.name) in self._dropped_indexes and str(item.name) in self._ignored:
            return f"{comment} {self._ignored[str(item.name)]}"
        return comment

    @cached_property
    def _ignored(self) -> dict[str, str]:
        """The indexes that the optimizer does not use; with `--sql` none is known."""
        execution, ddl = self.execution, self.ddl
        if execution.as_sql:
            return {}
        return ignored_indexes(execution.connection, ddl.schema, ddl.name)

    def flush_if_changed(self, name: str) -> None:
        """Complete the statement if it changes the column already."""
        if name in self.columns or name in self._added:
            self.flush()

    def _separate(self, ddl: ExecutableDDLElement, subject: str) -> None:
        self.flush()
        self.builder.separate(ddl, subject)

    def _drop_index_of(self, key: str, columns: tuple[str, ...]) -> None:
        """Drop the index that the server created for a foreign key, under the key's name."""
        if key in self._stated:
            return
        ddl = self.ddl
        if self.execution.as_sql:
            self._unread[key] = columns
            return
        indexes = current_indexes(self.execution.connection, ddl.schema, ddl.name)
        for index in indexes:
            parts = tuple(part.column for part in index.parts)
            if index.name == key and not index.unique and parts == columns:
                self._add_indexes_of_other_keys([each for each in indexes if each is not index])
                self.builder.add(f"DROP INDEX {ddl.quoted(key)}")

    def _add_indexes_of_other_keys(self, indexes: list[IndexRow]) -> None:
        """Add indexes for the foreign keys that none of these indexes supports."""
        ddl = self.ddl
        keys = [
            ForeignKeyConstraint(each.columns, each.table, each.references, name=each.name)
            for each in current_foreign_keys(self.execution.connection, ddl.schema, ddl.name)
        ]
        keys = [each for each in keys if not self._is_dropped(each)]
        names = {*(str(each.name) for each in indexes), *(str(each.name) for each in keys)}
        supporting = [
            *(each.leading_columns for each in indexes),
            *columns_of(self._created, {}, ddl.dialect.name),
        ]
        for made in implicit_indexes(ddl.name, keys, supporting, names):
            columns = ", ".join(map(ddl.quoted, made.columns))
            self.builder.add(f"ADD INDEX {ddl.quoted(made.name)} ({columns})")

    def _is_dropped(self, key: ForeignKeyConstraint) -> bool:
        """Tell whether the block drops a foreign key, before or after this change."""
        return key.name in self._dropped or any(
            each.name == key.name or (each.name is None and _refers_alike(each, key))
            for each in self._foreign_keys_to_drop
        )


def _stated_indexes(change: AlterTable) -> set[str]:
    """Return the names of the indexes and UNIQUEs that a block creates or drops itself."""
    names = set()
    for each in change.changes:
        item = getattr(each, "index", None) or getattr(each, "constraint", None)
        if item is not None and not isinstance(item, ForeignKeyConstraint | CheckConstraint):
            names.add(str(item.name))
    return names


def _refers_alike(key: ForeignKeyConstraint, other: ForeignKeyConstraint) -> bool:
    return (key.columns, key.references_table, key.references_columns) == (
        other.columns,
        other.references_table,
        other.references_columns,
    )


def _states_column(change: Change) -> bool:
    """Tell whether a change states how a column is defined."""
    return isinstance(change.sides()[1], ColumnDef)
