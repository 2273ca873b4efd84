"""The changes of a block as PostgreSQL's statements: mostly one ALTER TABLE.

Renames, indexes, comments, enum types and sequences need separate statements.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy.schema import CreateIndex, DropIndex, SetConstraintComment

from ...diff import AlterColumn
from ...diff.autoincrement import added_autoincrement_columns
from ...schema import SQL
from ..base.alter_table import AlterTableBuilder, TableAlteration
from ..base.constraint_names import with_generated_name
from ..base.create_table import SetIndexComment
from ..base.ddl import DDLWriter
from .column_types import create_types_and_sequences, drop_types_and_sequences
from .constraint_names import renamed_constraints
from .kept_properties import kept_column, kept_indexes, stores_otherwise
from .not_null_names import of_renamed_column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...diff import AlterTable, RenameGeneratedNames, SetOptions
    from ...schema import ColumnDef, Constraint, Default, Index
    from ..base.execution import Execution
    from .alter_columns import AlteredColumn
    from .kept_properties import KeptColumn


def alter_table(execution: Execution, change: AlterTable) -> None:
    """Alter a table; everything is compiled before the first statement runs."""
    run_alteration(PostgreSQLAlteration(execution, change), change)


def run_alteration(alteration: PostgreSQLAlteration, change: AlterTable) -> None:
    """Carry out a change by the methods of `alteration`."""
    alteration.carry_out_all(change)
    alteration.builder.flush()
    alteration.execution.run(alteration.builder.statements)


class PostgreSQLAlteration(TableAlteration):
    """Turns the changes of a table into statements, one after the other."""

    def __init__(self, execution: Execution, change: AlterTable) -> None:
        super().__init__(DDLWriter(execution.dialect, change.name, change.schema))
        self.execution = execution
        self.builder = AlterTableBuilder(self.ddl)
        self._change = change
        self._dropped: set[str] = set()
        self._kept = 0

    @cached_property
    def _autoincrement(self) -> frozenset[str]:
        return added_autoincrement_columns(self._change)

    @cached_property
    def _renamed(self) -> dict[Constraint, Constraint]:
        return renamed_constraints(self._change)

    @cached_property
    def _kept_indexes(self) -> Mapping[str, tuple[str, ...]]:
        """What names an index that is dropped and created again; `--sql` reads no database."""
        dropped = (*self._change.dropped_constraints, *self._change.dropped_indexes)
        if self.execution.as_sql or not dropped:
            return {}
        return kept_indexes(self.execution.connection, self.ddl)

    @cached_property
    def _stores_otherwise(self) -> bool:
        return not self.execution.as_sql and stores_otherwise(self.execution.connection, self.ddl)

    def _kept_column(self, altered: AlteredColumn) -> KeptColumn | None:
        """Return what keeps the properties that the change of a column would lose."""
        if not altered.blocks:
            return None
        if not altered.recreated and not (altered.retyped and self._stores_otherwise):
            return None
        self._kept += 1
        name = altered.desired.name
        return kept_column(self.ddl, name, self._kept, recreated=altered.recreated)

    def add_column(self, column: ColumnDef) -> None:
        made = self.ddl.column(column, autoincrement=column.name in self._autoincrement)
        create_types_and_sequences(self.builder, made)
        self.builder.add(f"ADD COLUMN {made.definition}", touching=("added", column.name))
        self._comment(column.name, None, column.comment)

    def add_filled(self, column: ColumnDef, fill: Default) -> None:
        """Add it with a constant as default, which rewrites no row, or fill it with an UPDATE."""
        if isinstance(fill, SQL):
            super().add_filled(column, fill)
            return
        filled = replace(column, default=fill)
        self.add_column(filled)
        self.builder.flush()  # the same statement would look for the column before it is there
        self.alter_column(AlterColumn(filled, column))

    def update(self, column: ColumnDef, text: str) -> None:
        name = self.ddl.quoted(column.name)
        subject = f"the rows of the column {column.name!r} of {self.ddl.of_table}"
        self.builder.separate(f"UPDATE {self.ddl.table} SET {name} = {text}", subject)

    def drop_column(self, column: ColumnDef) -> None:
        made = self.ddl.column(column)
        self.builder.add(f"DROP COLUMN {made.name}", touching=("column", column.name))
        drop_types_and_sequences(self.builder, made)

    def alter_column(self, change: AlterColumn) -> None:
        current, desired = change.current, change.desired
        altered = self.altered_column(change)
        kept = self._kept_column(altered)
        if kept is not None:
            self.builder.before(kept.save)
        altered.alter()
        if kept is not None:
            self.builder.after(kept.restore)
        for check in altered.checks_dropped:
            self._drop(check)
        for check in altered.checks_added:
            self._add(check)
        remade = None if altered.recreated else current.comment
        self._comment(desired.name, remade, desired.comment)

    def altered_column(self, change: AlterColumn) -> AlteredColumn:
        """Return what alters one column."""
        from .alter_columns import AlteredColumn

        return AlteredColumn(
            self.builder, change.current, change.desired, fill_null=change.fills_null
        )

    def rename_column(self, current: str, desired: str) -> None:
        old, new = self.ddl.quoted(current), self.ddl.quoted(desired)
        subject = f"the rename of the column {current!r} of {self.ddl.of_table}"
        self.builder.separate(f"ALTER TABLE {self.ddl.table} RENAME COLUMN {old} TO {new}", subject)
        for statement in of_renamed_column(self.ddl, current, desired):
            self.builder.separate(statement.ddl, statement.subject)

    def rename_generated_names(self, change: RenameGeneratedNames) -> None:
        ddl = self.ddl
        for old, new in change.constraints.items():
            names = f"{ddl.quoted(old)} TO {ddl.quoted(new)}"
            self.builder.separate(
                f"ALTER TABLE {ddl.table} RENAME CONSTRAINT {names}",
                f"the rename of the constraint {old!r} of {ddl.of_table}",
            )
        for old, new in change.sequences.items():
            self.builder.separate(
                f"ALTER SEQUENCE {ddl.qualified(old)} RENAME TO {ddl.quoted(new)}",
                f"the rename of the sequence {old!r} of {ddl.of_table}",
            )

    def add_constraint(self, constraint: Constraint) -> None:
        former = self._renamed.get(constraint)
        if former is None:
            self._add(constraint)
        else:
            self._rename(former, constraint)

    def drop_constraint(self, constraint: Constraint) -> None:
        if constraint not in self._renamed.values():
            self._drop(constraint)

    def create_index(self, index: Index) -> None:
        made = self.ddl.index(index)
        if made is not None:
            subject = f"the index {made.name!r} of {self.ddl.of_table}"
            self.builder.separate(CreateIndex(made), subject)
            for action in self._kept_indexes.get(str(made.name), ()):
                self.builder.separate(f"ALTER TABLE {self.ddl.table} {action}", subject)
            if index.comment is not None:
                comment = SetIndexComment(made, index.comment)
                self.builder.separate(comment, f"the comment of {subject}")

    def drop_index(self, index: Index) -> None:
        made = self.ddl.index(index)
        if made is not None:
            self.builder.separate(
                DropIndex(made), f"the index {made.name!r} of {self.ddl.of_table}"
            )

    def set_comment(self, comment: str | None) -> None:
        self.builder.after(
            f"COMMENT ON TABLE {self.ddl.table} IS {self._literal(comment)}",
            f"the comment of {self.ddl.of_table}",
        )

    def set_options(self, change: SetOptions) -> None:
        from .options import option_actions

        for action in option_actions(self.ddl, change.current, change.desired):
            self.builder.add(action)

    def _add(self, constraint: Constraint) -> None:
        text, made = self.ddl.constraint(constraint), self.ddl.thawed_constraint(constraint)
        if text is None or made is None:
            return
        self.builder.add(f"ADD {text}", touching=("constraint", constraint.name or constraint))
        for action in self._kept_indexes.get(str(made.name), ()):
            self.builder.after(f"ALTER TABLE {self.ddl.table} {action}")
        if constraint.comment is not None:
            subject = f"the comment of the constraint {constraint.name!r} of {self.ddl.of_table}"
            self.builder.after(SetConstraintComment(made), subject)

    def _rename(self, current: Constraint, desired: Constraint) -> None:
        named_constraint = with_generated_name(
            self.execution, self.ddl.name, self.ddl.schema, current
        )
        made = [self.ddl.thawed_constraint(each) for each in (named_constraint, desired)]
        if None in made:
            return
        old, new = (self.ddl.constraint_name(each) for each in made)
        subject = f"the rename of the constraint {named_constraint.name!r} of {self.ddl.of_table}"
        text = f"ALTER TABLE {self.ddl.table} RENAME CONSTRAINT {old} TO {new}"
        self.builder.separate(text, subject)

    def _drop(self, constraint: Constraint) -> None:
        ddl = self.ddl
        named_constraint = with_generated_name(
            self.execution, ddl.name, ddl.schema, constraint, self._dropped
        )
        text = ddl.dropped(named_constraint)
        if text is not None:
            self._dropped.add(str(named_constraint.name))
            self.builder.add(f"DROP {text}", touching=("dropped", named_constraint.name))

    def _comment(self, column: str, current: str | None, desired: str | None) -> None:
        if current != desired:
            name = self.ddl.quoted(column)
            self.builder.after(
                f"COMMENT ON COLUMN {self.ddl.table}.{name} IS {self._literal(desired)}",
                f"the comment of the column {column!r} of {self.ddl.of_table}",
            )

    def _literal(self, comment: str | None) -> str:
        return "NULL" if comment is None else self.ddl.literal(comment)
