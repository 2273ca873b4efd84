"""How altering runs on any other database: one statement after the other, in Alembic's own words.

Each is written into a buffer first, so what the dialect cannot say is found before anything runs.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc
from sqlalchemy.schema import DropSequence

from ..convert.columns import thaw_column
from ..convert.names import thaw_name, thaw_optional
from ..convert.single_items import made_constraint
from ..datatypes import DataType
from ..diff.tables import unmatched
from ..schema.base import distinct
from .base.alter_sequence import alter_sequence
from .base.alter_table import TableAlteration
from .base.constraint_names import named
from .base.ddl import DDLWriter, RawDDL, compile_errors
from .base.impl import DialectImpl, NamedType

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.ddl.impl import DefaultImpl
    from alembic.operations import Operations

    from ..diff import AlterColumn, AlterEnum, AlterSequence, AlterTable, Change
    from ..schema import ColumnDef, Constraint, Default, Index, TableSchema
    from .base.features import Features
    from .base.statement import Statement


class GenericImpl(DialectImpl):
    """Any other database: written to in Alembic's own DDL, not read.

    The dialects it names are built on another database's class, and are not that database.
    """

    names = ("duckdb",)

    def with_dependents(
        self, changes: Sequence[Change], current: Sequence[TableSchema]
    ) -> Sequence[Change]:
        """Leave the changes as they are: what is in the way is not known."""
        return changes

    def create_types(self, table: sa.Table) -> Sequence[Statement]:
        return ()

    def drop_types(self, table: sa.Table) -> Sequence[Statement]:
        return ()

    def drop_sequence(self, sequence: sa.Sequence) -> DropSequence:
        return DropSequence(sequence, if_exists=self.features.drop_sequence_if_exists)

    def alter_table(self, operations: Operations, change: AlterTable) -> None:
        alter_table(operations, change, self.features)

    def alter_enum(self, change: AlterEnum) -> Iterable[Statement]:
        return ()

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        return alter_sequence(self, change)

    def default_constraint_name(
        self, table: str, kind: type[Constraint], columns: Sequence[str]
    ) -> str | None:
        return None

    def names_of_rename(self, current: str, desired: str) -> Sequence[str]:
        return (current, desired)

    def server(self) -> str | None:
        return None

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        """Return nothing: the dialect stays as it is before it has met a server."""
        return {}

    def generated_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        return None

    def serial_fields(self, table: TableSchema, column: ColumnDef) -> dict[str, object]:
        return {}

    def serial_type(self, text: str) -> str | None:
        return None

    def type_of_ddl(self, text: str, named: NamedType) -> str:
        return str(DataType("CUSTOM", (text,)))

    def information_schema_type(self, text: str) -> tuple[str, str]:
        return text, text

    def information_schema_default(self, default: Default, type_: str) -> str | None:
        return None


Step = Callable[["DefaultImpl"], object]


def alter_table(operations: Operations, change: AlterTable, features: Features) -> None:
    """Alter a table; everything is compiled before the first statement runs.

    Raises:
        OperationError: the dialect cannot say something, or the database refuses it.
    """
    impl: Any = operations.migration_context.impl
    alteration = GenericAlteration(operations, change, features)
    alteration.carry_out_all(change)
    of_table = alteration.ddl.of_table
    dry = type(impl)(
        impl.dialect,
        None,
        as_sql=True,
        transactional_ddl=False,
        output_buffer=io.StringIO(),
        context_opts={},
    )
    for step in alteration.steps:
        with compile_errors(impl.dialect, f"the change of {of_table}"):
            step(dry)
    for step in alteration.steps:
        try:
            step(impl)
        except exc.DBAPIError as err:
            err.add_note(f"at {of_table}")
            raise


class GenericAlteration(TableAlteration):
    """Turns the changes of a table into calls of Alembic's impl; a table's options are refused.

    Attributes:
        steps: the calls so far.
    """

    def __init__(self, operations: Operations, change: AlterTable, features: Features) -> None:
        super().__init__(DDLWriter(operations.impl.dialect, change.name, change.schema))
        self.operations = operations
        self.features = features
        self.steps: list[Step] = []
        self._table = thaw_name(change.name)
        self._schema = thaw_optional(change.schema)

    def add_column(self, column: ColumnDef) -> None:
        self.steps.append(
            lambda impl: impl.add_column(self._table, self.ddl.thawed(column), schema=self._schema)
        )

    def drop_column(self, column: ColumnDef) -> None:
        stated: Any = self.features.drop_column_options
        self.steps.append(
            lambda impl: impl.drop_column(
                self._table, self.ddl.thawed(column), schema=self._schema, **stated
            )
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
        before, after = thaw_column(current), thaw_column(desired)
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
        table, column = self._table, thaw_name(current.name)
        if stated:
            self.steps.append(lambda impl: impl.alter_column(table, column, **stated, **existing))
        if change.fills_null:
            quoted = self.ddl.quoted(desired.name)
            text = f"UPDATE {self.ddl.table} SET {quoted} = DEFAULT WHERE {quoted} IS NULL"
            self.steps.append(lambda impl: impl.execute(RawDDL(text)))
            by_now = {"existing_type": after.type, "existing_server_default": after.server_default}
            self.steps.append(
                lambda impl: impl.alter_column(table, column, nullable=False, **existing | by_now)
            )

    def rename_column(self, current: str, desired: str) -> None:
        self.steps.append(
            lambda impl: impl.alter_column(
                self._table, thaw_name(current), name=thaw_name(desired), schema=self._schema
            )
        )

    def add_constraint(self, constraint: Constraint) -> None:
        if self.ddl.added(constraint) is not None:
            # made anew each time: AddConstraint marks one as not to be added again
            self.steps.append(
                lambda impl: impl.add_constraint(
                    made_constraint(self.ddl.name, self.ddl.schema, constraint)
                )
            )

    def drop_constraint(self, constraint: Constraint) -> None:
        found = named(self.operations, self.ddl.name, self.ddl.schema, constraint)
        if self.ddl.dropped(found) is not None:
            made = made_constraint(self.ddl.name, self.ddl.schema, found)
            self.steps.append(lambda impl: impl.drop_constraint(made))

    def create_index(self, index: Index) -> None:
        made = self.ddl.index(index)
        if made is not None:
            self.steps.append(lambda impl: impl.create_index(made))

    def drop_index(self, index: Index) -> None:
        made = self.ddl.index(index)
        if made is not None:
            self.steps.append(lambda impl: impl.drop_index(made))

    def set_comment(self, comment: str | None) -> None:
        table = self.ddl.empty()
        table.comment = comment
        if comment is None:
            self.steps.append(lambda impl: impl.drop_table_comment(table))
        else:
            self.steps.append(lambda impl: impl.create_table_comment(table))


def _default(column: ColumnDef) -> object:
    """Return all that fills a column and that Alembic takes for its server default."""
    return distinct(column.default), column.computed, column.identity


IMPL = GenericImpl
