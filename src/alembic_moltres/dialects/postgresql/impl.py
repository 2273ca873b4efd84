"""`PostgreSQLImpl`: PostgreSQL, and what extends it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ...sqla_compat import ESCAPES_BACKSLASHES
from ...sqltext import POSTGRESQL
from ..base.features import Features
from ..base.impl import DialectImpl
from ..base.statement import Statement

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.operations import Operations
    from sqlalchemy.engine import Connection
    from sqlalchemy.schema import DropSequence

    from ...diff import AlterEnum, AlterSequence, AlterTable, Change
    from ...schema import ColumnDef, Constraint, Default, TableSchema
    from ..base.signatures import ReflectedTable


class PostgreSQLImpl(DialectImpl):
    """PostgreSQL: read from its catalogue, probed for its spelling, altered in one statement."""

    names = ("postgresql",)
    has_named_types = True
    lowers_names = True
    syntax = POSTGRESQL
    features = Features(
        reads=True,
        index_names_in_schema=True,
        keys_are_indexes=True,
        create_sequence_if_not_exists=True,
        drop_sequence_if_exists=True,
        alter_sequence_type=True,
        when_connected={ESCAPES_BACKSLASHES: False},
        enum_package="alembic_postgresql_enum",
    )

    def table_names(self, connection: Connection, schema: str | None) -> list[str]:
        from .catalogue import table_names

        return table_names(connection, schema)

    def read(
        self, connection: Connection, schema: str | None, names: Collection[str]
    ) -> list[ReflectedTable]:
        from .reflection import read

        return read(connection, schema, names)

    def expected_tables(
        self, connection: Connection, tables: Sequence[TableSchema]
    ) -> list[ReflectedTable]:
        from .expected import expected_tables

        return expected_tables(connection, tables)

    def alter_table(self, operations: Operations, change: AlterTable) -> None:
        from .alter_table import alter_table

        alter_table(operations, change)

    def with_dependents(
        self, changes: Sequence[Change], current: Sequence[TableSchema]
    ) -> Sequence[Change]:
        """Take computed columns over changed ones out of the way."""
        from ...diff import with_computed_rebuilt

        return with_computed_rebuilt(changes, current)

    def create_types(self, table: sa.Table) -> Sequence[Statement]:
        from .create_types import create_types

        made = create_types(table, self.dialect)
        return [Statement(each, f"the type {each.name!r}") for each in made]

    def drop_types(self, table: sa.Table) -> Sequence[Statement]:
        from .create_types import drop_types

        dropped = drop_types(table, self.dialect)
        return [Statement(each, f"the type {each.name!r}") for each in dropped]

    def drop_sequence(self, sequence: sa.Sequence) -> DropSequence:
        from .create_types import DropUnusedSequence

        return DropUnusedSequence(sequence, if_exists=True)

    def alter_enum(self, change: AlterEnum) -> Iterable[Statement]:
        from .alter_enum import alter_enum

        return [alter_enum(change)]

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        version = (server or "postgresql 15").partition(" ")[2]
        return {
            "show standard_conforming_strings": "on",
            "select pg_catalog.version()": f"PostgreSQL {version}",
            "select current_schema()": "public",
        }

    def made_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        from .server_names import made_name

        return made_name(table, constraint, taken)

    def counting_by_itself(self, table: TableSchema, column: ColumnDef) -> dict[str, object]:
        from .server_names import serial

        return serial(table, column)

    def described_type(self, text: str) -> tuple[str, str]:
        from .server_names import described_type

        return described_type(text)

    def described_default(self, default: Default, type_: str) -> str | None:
        from .server_names import described_default

        return described_default(default, type_)

    def type_of_text(self, text: str) -> str:
        from .server_names import type_of_text

        return type_of_text(text)

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        from ..base.alter_sequence import alter_sequence

        return alter_sequence(self, change)

    def default_constraint_name(
        self, table: str, kind: type[Constraint], columns: Sequence[str]
    ) -> str | None:
        from .default_names import default_constraint_name

        return default_constraint_name(table, kind, columns)

    def names_of_rename(self, current: str, desired: str) -> Sequence[str]:
        return (current, desired)
