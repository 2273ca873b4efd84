"""`MySQLImpl`: MySQL, MariaDB, and what extends them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from ..base.impl import DialectImpl

if TYPE_CHECKING:
    from alembic.operations import Operations
    from sqlalchemy.engine import Connection

    from ...diff import AlterEnum, AlterTable
    from ...schema import Constraint, TableSchema
    from ..base.create_table import Statement
    from ..base.signatures import ReflectedTable


class MySQLImpl(DialectImpl):
    """MySQL: read from `information_schema`, probed for its spelling, altered in one statement."""

    names = ("mysql",)
    unique_is_index = True
    usual_server = "mysql 8.0"

    def table_names(self, connection: Connection, schema: str | None) -> list[str]:
        from .reflection import table_names

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
        return []

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        name, _, version = (server or self.usual_server).partition(" ")
        return {
            "select version()": f"{version}.0-MariaDB" if name == "mariadb" else f"{version}.0",
            "select database()": "main",
            "select @@lower_case_table_names": 0,
            "select @@sql_mode": "STRICT_TRANS_TABLES",
        }

    def made_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        from .server_names import made_name

        mariadb = bool(getattr(self.dialect, "is_mariadb", False))
        return made_name(table, constraint, taken, mariadb=mariadb)

    def described_type(self, text: str) -> tuple[str, str]:
        from .server_names import described_type

        return described_type(text)

    def type_of_text(self, text: str) -> str:
        from .server_names import type_of_text

        return type_of_text(text)
