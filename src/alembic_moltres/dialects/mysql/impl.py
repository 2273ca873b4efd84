"""`MySQLImpl`: MySQL, MariaDB, and what extends them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from ..base.impl import DialectImpl

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ...diff import AlterEnum, AlterTable
    from ...schema import TableSchema
    from ..base.execution import Execution
    from ..base.signatures import ReflectedTable
    from ..base.statements import Statement


class MySQLImpl(DialectImpl):
    """MySQL: read from `information_schema`, probed for its spelling, altered in one statement."""

    names = ("mysql",)

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

    def alter_table(self, execution: Execution, change: AlterTable) -> None:
        from .alter_table import alter_table

        alter_table(execution, change)

    def alter_enum(self, change: AlterEnum) -> list[Statement]:
        return []
