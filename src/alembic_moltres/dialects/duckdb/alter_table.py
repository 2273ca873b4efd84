"""Carries out a block on DuckDB: one action a statement, all checked before the first one runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, DropIndex

from ...diff import AlterColumn, AlterTable
from ...diff.tables import unmatched
from ...errors import OperationError
from ...schema import ColumnDef, Constraint, Default, Index, PrimaryKeyConstraint, UniqueConstraint
from ...schema.base import distinct
from ..base.alter_table import AlterTableBuilder, TableAlteration
from ..base.ddl import DDLWriter
from ..base.sequences import create_sequences, drop_sequences
from .catalogue import referring_tables
from .compiled_columns import CompiledColumns
from .create_table import check_index
from .enum_types import create_types, drop_types
from .obstacles import NEW_TABLE, Obstacles
from .reflection import read

if TYPE_CHECKING:
    from ..base.execution import Execution


def alter_table(execution: Execution, change: AlterTable) -> None:
    """Alter a table; everything is compiled and checked before the first statement runs."""
    alteration = DuckDBAlteration(execution, change)
    alteration.carry_out_all(change)
    execution.run(alteration.builder.statements)


class DuckDBAlteration(TableAlteration):
    """Turns the changes of a table into statements, one after the other."""

    def __init__(self, execution: Execution, change: AlterTable) -> None:
        super().__init__(DDLWriter(execution.dialect, change.name, change.schema))
        self.builder = AlterTableBuilder(self.ddl)
        self.compiled = CompiledColumns(execution.dialect)
        self.obstacles = obstacles(execution, change, self.ddl.of_table)

    def add_column(self, column: ColumnDef) -> None:
        if column.computed is not None or column.constraints:
            what = "a computed column" if column.computed else "a column with a CHECK"
            self._refuse("add_column", f"DuckDB does not add {what} to a table", NEW_TABLE)
        if not column.nullable:
            self.obstacles.rewrite(f"add the column {column.name!r}, which is NOT NULL,")
        self._create_types(column)
        self._act(f"ADD COLUMN {self.ddl.column(column).definition}")
        self._comment(column, None)

    def add_filled(self, column: ColumnDef, fill: Default) -> None:
        """Add it with a default: after an UPDATE in the same transaction, SET NOT NULL fails."""
        filled = replace(column, default=fill)
        self.add_column(filled)
        self.alter_column(AlterColumn(filled, column))

    def drop_column(self, column: ColumnDef) -> None:
        self.obstacles.drop(column.name)
        self._act(f"DROP COLUMN {self.ddl.quoted(column.name)}")
        self._drop_types(column)

    def rename_column(self, current: str, desired: str) -> None:
        self.obstacles.rename(current)
        self.obstacles.renamed(current, desired)
        names = f"{self.ddl.quoted(current)} TO {self.ddl.quoted(desired)}"
        self._act(f"RENAME COLUMN {names}")

    def alter_column(self, change: AlterColumn) -> None:
        current, desired = change.current, change.desired
        if current.computed != desired.computed:
            self._refuse("alter_column", "DuckDB does not change what computes a column", NEW_TABLE)
        if any(unmatched(current.constraints, desired.constraints)):
            self._refuse("alter_column", "DuckDB adds and drops no CHECK", NEW_TABLE)
        name = self.ddl.quoted(desired.name)
        actions = [*self._type(change), *self._default(change)]
        if current.nullable != desired.nullable:
            self.obstacles.rewrite(f"change the NULLs of the column {desired.name!r}")
            actions.append("DROP NOT NULL" if desired.nullable else "SET NOT NULL")
        for action in actions:
            self._act(f"ALTER COLUMN {name} {action}")
        if self._enums(current) or self._enums(desired):
            self._drop_types(current, kept=None if self._relabelled(change) else desired)
            self._create_types(desired)
        self._comment(desired, current.comment)

    def add_constraint(self, constraint: Constraint) -> None:
        text = self.ddl.constraint(constraint)
        if text is None:
            return
        if not isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
            self._refuse(
                "add_constraint",
                f"DuckDB adds no {constraint.function.replace('_', ' ')} to a table",
                NEW_TABLE,
            )
        self.obstacles.rewrite(f"add {constraint!r}")
        self._act(f"ADD {text}")

    def drop_constraint(self, constraint: Constraint) -> None:
        if self.ddl.dropped(replace(constraint, name=constraint.name or "moltres")) is not None:
            self._refuse(
                "drop_constraint", f"DuckDB drops no constraint ({constraint!r})", NEW_TABLE
            )

    def create_index(self, index: Index) -> None:
        made = self.ddl.index(index)
        if made is not None:
            check_index(made, f"the index {index.name!r} of {self.ddl.of_table}")
            self.builder.separate(CreateIndex(made), f"the index {index.name!r}")

    def drop_index(self, index: Index) -> None:
        made = self.ddl.index(index)
        if made is not None:
            self.builder.separate(DropIndex(made), f"the index {index.name!r}")

    def set_comment(self, comment: str | None) -> None:
        text = "NULL" if comment is None else self.ddl.literal(comment)
        self.builder.separate(f"COMMENT ON TABLE {self.ddl.table} IS {text}")

    def _act(self, action: str) -> None:
        self.builder.separate(f"ALTER TABLE {self.ddl.table} {action}")

    def _type(self, change: AlterColumn) -> list[str]:
        """Return the action for a new type, or for NULLs that are filled with the default.

        There is no UPDATE, because SET NOT NULL fails after one in the same transaction.
        """
        before, after = self.compiled.type(change.current), self.compiled.type(change.desired)
        name = self.ddl.quoted(change.desired.name)
        if before == after and not change.fills_null:
            return []
        self.obstacles.retype(change.desired.name)
        value = f"CAST({name} AS VARCHAR)" if "ENUM(" in before + after else name
        value = f"CAST({value} AS {after})"
        if change.fills_null:
            value = f"COALESCE({value}, {self.ddl.column(change.desired).default})"
        dropped = [] if change.current.default is None or before == after else ["DROP DEFAULT"]
        return [*dropped, f"TYPE {after} USING {value}"]

    def _default(self, change: AlterColumn) -> list[str]:
        current, desired = change.current, change.desired
        types = {self.compiled.type(current), self.compiled.type(desired)}
        if distinct(current.default) == distinct(desired.default) and len(types) == 1:
            return []
        if desired.default is None:
            return [] if current.default is None or len(types) > 1 else ["DROP DEFAULT"]
        return [f"SET DEFAULT {self.ddl.column(desired).default}"]

    def _comment(self, column: ColumnDef, before: str | None) -> None:
        if (column.comment or None) != (before or None):
            text = self.ddl.literal(column.comment) if column.comment else "NULL"
            place = f"{self.ddl.table}.{self.ddl.quoted(column.name)}"
            self.builder.separate(f"COMMENT ON COLUMN {place} IS {text}")

    def _relabelled(self, change: AlterColumn) -> bool:
        """Tell whether the labels of the enum type change: then it is dropped and created again."""
        return self.compiled.type(change.current) != self.compiled.type(change.desired)

    def _enums(self, column: ColumnDef) -> set[str]:
        return {made.name for made in create_types(self._table(column), self.ddl.dialect)}

    def _create_types(self, column: ColumnDef) -> None:
        table = self._table(column)
        for made in create_types(table, self.ddl.dialect):
            self.builder.separate(made, f"the type {made.name!r} of {self.ddl.of_table}")
        for sequence in create_sequences(table, self.ddl.dialect):
            self.builder.separate(sequence, f"the sequence {sequence.element.name!r}")

    def _drop_types(self, column: ColumnDef, kept: ColumnDef | None = None) -> None:
        table = self._table(column)
        kept_types = set() if kept is None else self._enums(kept)
        for dropped in drop_types(table, self.ddl.dialect):
            if dropped.name not in kept_types:
                self.builder.separate(dropped, f"the type {dropped.name!r} of {self.ddl.of_table}")
        for sequence in drop_sequences(table, self.ddl.dialect):
            if kept is None or kept.sequence != column.sequence:
                self.builder.separate(sequence, f"the sequence {sequence.element.name!r}")

    def _table(self, column: ColumnDef) -> sa.Table:
        return self.ddl.column(column).thawed.table

    def _refuse(self, method: str, reason: str, remedy: str) -> NoReturn:
        raise OperationError(
            f"{method} cannot be carried out (at {self.ddl.of_table}): {reason}; {remedy}", method
        )


def obstacles(execution: Execution, change: AlterTable, of_table: str) -> Obstacles:
    """Return the obstacles to changes of a table; with `--sql` none are known."""
    if execution.as_sql:
        return Obstacles(None, (), of_table)
    bind = execution.connection
    tables = read(bind, change.schema, [change.name])
    referring = referring_tables(bind, change.name, change.schema)
    return Obstacles(tables[0].table if tables else None, referring, of_table)
