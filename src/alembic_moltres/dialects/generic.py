"""`GenericImpl`: any other database, altered with Alembic's DDL, a statement for each change.

All statements are written into a buffer first, so DDL that the dialect lacks is detected early.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..convert.names import thaw_name, thaw_optional
from ..convert.single_items import thaw_single_constraint
from ..diff import AlterColumn, AlterTable
from ..diff.tables import unmatched
from ..schema import ColumnDef, Constraint, Index
from ..schema.base import distinct
from .base.alter_table import TableAlteration
from .base.constraint_names import with_generated_name
from .base.ddl import DDLWriter
from .base.default_impl import DefaultDialectImpl
from .base.features import Features
from .base.statement import RawDDL
from .base.statement_errors import compile_errors

if TYPE_CHECKING:
    from alembic.ddl.impl import DefaultImpl

    from .base.execution import Execution


class GenericImpl(DefaultDialectImpl):
    """Any other database: altered with Alembic's DDL, not read.

    `names` are dialects that extend another database's class and are a different database.
    """

    def alter_table(self, execution: Execution, change: AlterTable) -> None:
        alter_table(execution, change, self.features)


class Step(NamedTuple):
    """A call of Alembic's impl, with its subject for errors."""

    subject: str
    call: Callable[[DefaultImpl], object]


def alter_table(execution: Execution, change: AlterTable, features: Features) -> None:
    """Alter a table; everything is compiled before the first statement runs.

    Raises:
        OperationError: the dialect has no DDL for something, or the database rejects it.
    """
    impl: Any = execution.alembic_impl
    alteration = GenericAlteration(execution, change, features)
    alteration.carry_out_all(change)
    dry = type(impl)(
        impl.dialect,
        None,
        as_sql=True,
        transactional_ddl=False,
        output_buffer=io.StringIO(),
        context_opts={},
    )
    for step in alteration.steps:
        with compile_errors(impl.dialect, step.subject):
            step.call(dry)
    for step in alteration.steps:
        with execution.errors(step.subject):
            step.call(impl)


class GenericAlteration(TableAlteration):
    """Turns the changes of a table into calls of Alembic's impl; a table's options are refused.

    Attributes:
        steps: the calls so far.
    """

    def __init__(self, execution: Execution, change: AlterTable, features: Features) -> None:
        super().__init__(DDLWriter(execution.dialect, change.name, change.schema))
        self.execution, self.features = execution, features
        self.steps: list[Step] = []
        self._table = thaw_name(change.name)
        self._schema = thaw_optional(change.schema)

    def add_column(self, column: ColumnDef) -> None:
        made = self.ddl.column(column).thawed
        self._step(
            self._column(column.name),
            lambda impl: impl.add_column(self._table, made, schema=self._schema),
        )

    def update(self, column: ColumnDef, text: str) -> None:
        statement = RawDDL(f"UPDATE {self.ddl.table} SET {self.ddl.quoted(column.name)} = {text}")
        self._step(self._column(column.name), lambda impl: impl.execute(statement))

    def drop_column(self, column: ColumnDef) -> None:
        stated: Any = self.features.drop_column_options
        made = self.ddl.column(column).thawed
        self._step(
            self._column(column.name),
            lambda impl: impl.drop_column(self._table, made, schema=self._schema, **stated),
        )

    def alter_column(self, change: AlterColumn) -> None:
        dropped, added = unmatched(change.current.constraints, change.desired.constraints)
        for check in dropped:
            self.drop_constraint(check)
        self._alter_column(change)
        for check in added:
            self.add_constraint(check)

    def _alter_column(self, change: AlterColumn) -> None:
        current, desired = change.current, change.desired
        before, after = (self.ddl.column(each).thawed for each in (current, desired))
        existing: dict[str, Any] = {
            "schema": self._schema,
            "existing_type": before.type,
            "existing_nullable": before.nullable,
            "existing_server_default": before.server_default,
            "existing_comment": before.comment,
        }
        stated: dict[str, Any] = {}
        if (current.type_name, current.type_variants) != (desired.type_name, desired.type_variants):
            stated["type_"] = after.type
        if _default(current) != _default(desired):
            stated["server_default"] = after.server_default
        if current.comment != desired.comment:
            stated["comment"] = desired.comment
        if current.nullable != desired.nullable and not change.fills_null:
            stated["nullable"] = desired.nullable
        table, column, subject = self._table, thaw_name(current.name), self._column(current.name)
        if stated:
            self._step(subject, lambda impl: impl.alter_column(table, column, **stated, **existing))
        if change.fills_null:
            quoted = self.ddl.quoted(desired.name)
            text = f"UPDATE {self.ddl.table} SET {quoted} = DEFAULT WHERE {quoted} IS NULL"
            self._step(subject, lambda impl: impl.execute(RawDDL(text)))
            by_now = {"existing_type": after.type, "existing_server_default": after.server_default}
            existing = existing | by_now
            self._step(
                subject, lambda impl: impl.alter_column(table, column, nullable=False, **existing)
            )

    def rename_column(self, current: str, desired: str) -> None:
        self._step(
            f"the rename of {self._column(current)}",
            lambda impl: impl.alter_column(
                self._table, thaw_name(current), name=thaw_name(desired), schema=self._schema
            ),
        )

    def add_constraint(self, constraint: Constraint) -> None:
        if self.ddl.thawed_constraint(constraint) is not None:
            # a new object for each call: AddConstraint marks one as not to be added again
            self._step(
                f"the constraint {constraint!r} of {self.ddl.of_table}",
                lambda impl: impl.add_constraint(
                    thaw_single_constraint(self.ddl.name, self.ddl.schema, constraint)
                ),
            )

    def drop_constraint(self, constraint: Constraint) -> None:
        named_constraint = with_generated_name(
            self.execution, self.ddl.name, self.ddl.schema, constraint
        )
        made = self.ddl.thawed_constraint(named_constraint)
        if made is not None:
            subject = f"the constraint {named_constraint.name!r} of {self.ddl.of_table}"
            self._step(subject, lambda impl: impl.drop_constraint(made))

    def create_index(self, index: Index) -> None:
        made = self.ddl.index(index)
        if made is not None:
            self._step(self._index(index), lambda impl: impl.create_index(made))

    def drop_index(self, index: Index) -> None:
        made = self.ddl.index(index)
        if made is not None:
            self._step(self._index(index), lambda impl: impl.drop_index(made))

    def set_comment(self, comment: str | None) -> None:
        table, subject = self.ddl.empty(), f"the comment of {self.ddl.of_table}"
        table.comment = comment
        if comment is None:
            self._step(subject, lambda impl: impl.drop_table_comment(table))
        else:
            self._step(subject, lambda impl: impl.create_table_comment(table))

    def _step(self, subject: str, call: Callable[[DefaultImpl], object]) -> None:
        self.steps.append(Step(subject, call))

    def _column(self, name: str) -> str:
        return self.ddl.of_column(name)

    def _index(self, index: Index) -> str:
        return f"the index {index.name!r} of {self.ddl.of_table}"


def _default(column: ColumnDef) -> object:
    """Return everything that Alembic treats as a column's server default."""
    return distinct(column.default), column.computed, column.identity


IMPL = GenericImpl
