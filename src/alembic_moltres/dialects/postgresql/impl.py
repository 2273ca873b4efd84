"""`PostgreSQLImpl`: PostgreSQL, and what extends it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from ..base.impl import DialectImpl

if TYPE_CHECKING:
    from alembic.operations import Operations
    from sqlalchemy.engine import Connection

    from ...diff import AlterEnum, AlterTable
    from ...schema import ColumnDef, Constraint, Default, TableSchema
    from ..base.create_table import Statement
    from ..base.signatures import ReflectedTable


class PostgreSQLImpl(DialectImpl):
    """PostgreSQL: read from its catalogue, probed for its spelling, altered in one statement."""

    names = ("postgresql",)
    has_named_types = True
    lowers_names = True

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

    def alter_enum(self, change: AlterEnum) -> list[Statement]:
        from .alter_enum import alter_enum

        if self.dialect.name != "postgresql":
            return []
        return [alter_enum(self.dialect, change)]

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
