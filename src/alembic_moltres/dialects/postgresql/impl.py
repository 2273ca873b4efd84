"""`PostgreSQLImpl`: PostgreSQL, and what extends it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ...sqla_compat import ESCAPES_BACKSLASHES
from ...sqltext import POSTGRESQL
from ..base.features import Features
from ..base.impl import DialectImpl, NamedType
from ..base.statement import Statement

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection
    from sqlalchemy.schema import DropSequence

    from ...diff import AlterEnum, AlterSequence, AlterTable, Change
    from ...schema import ColumnDef, Constraint, Default, TableSchema
    from ..base.execution import Execution
    from ..base.signatures import ReflectedTable


class PostgreSQLImpl(DialectImpl):
    """PostgreSQL: read from its catalogue, probed, altered in one statement."""

    names = ("postgresql",)
    syntax = POSTGRESQL
    features = Features(
        reads=True,
        index_names_in_schema=True,
        keys_are_indexes=True,
        named_types=True,
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

    def alter_table(self, execution: Execution, change: AlterTable) -> None:
        from .alter_table import alter_table

        alter_table(execution, change)

    def with_dependents(
        self, changes: Sequence[Change], current: Sequence[TableSchema]
    ) -> Sequence[Change]:
        """Drop and add again computed columns over changed ones."""
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

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        from ..base.alter_sequence import alter_sequence

        return alter_sequence(self, change)

    def default_constraint_name(
        self, table: str, kind: type[Constraint], columns: Sequence[str]
    ) -> str | None:
        from .constraint_names import default_constraint_name

        return default_constraint_name(table, kind, columns)

    def names_of_rename(self, current: str, desired: str) -> Sequence[str]:
        return (current, desired)

    def server(self) -> str | None:
        version = getattr(self.dialect, "server_version_info", None)
        return f"postgresql {version[0]}.{version[1]}" if version else None

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        version = (server or "postgresql 15").partition(" ")[2]
        return {
            "show standard_conforming_strings": "on",
            "select pg_catalog.version()": f"PostgreSQL {version}",
            "select current_schema()": "public",
        }

    def generated_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        from .constraint_names import generated_name

        return generated_name(table, constraint, taken)

    def serial_fields(self, table: TableSchema, column: ColumnDef) -> dict[str, object]:
        from .identity import serial_fields

        return serial_fields(table, column)

    def serial_type(self, text: str) -> str | None:
        from .type_aliases import SERIALS

        return SERIALS.get(text.lower())

    def type_of_ddl(self, text: str, named: NamedType) -> str:
        from .type_aliases import type_of_ddl

        return type_of_ddl(text, named)

    def information_schema_type(self, text: str) -> tuple[str, str]:
        from .type_aliases import information_schema_type

        return information_schema_type(text)

    def information_schema_default(self, default: Default, type_: str) -> str | None:
        from .type_aliases import information_schema_default

        return information_schema_default(default, type_)
