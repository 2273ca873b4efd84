"""`MySQLImpl`: MySQL, MariaDB, and what extends them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...sqltext import MYSQL
from ..base.features import Features
from ..base.impl import DialectImpl, NamedType

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection, Dialect
    from sqlalchemy.schema import DropSequence

    from ...diff import AlterEnum, AlterSequence, AlterTable, Change
    from ...schema import ColumnDef, Constraint, Default, TableSchema
    from ..base.execution import Execution
    from ..base.signatures import ReflectedTable
    from ..base.statement import Statement

OF_BOTH = Features(
    reads=True,
    caseless_columns=True,
    keys_bring_indexes=True,
    unique_is_index=True,
    primary_key_has_name=False,
    create_sequence_if_not_exists=True,
    drop_sequence_if_exists=True,
    sequence_words={"NO CYCLE": "NOCYCLE", "CACHE 1": "CACHE 1000"},
)
"""MySQL's and MariaDB's manuals; only MariaDB has sequences."""

OF_MYSQL = replace(OF_BOTH, create_index_if_not_exists=False)
OF_MARIADB = replace(OF_BOTH, when_connected={"supports_sequences": True})


class MySQLImpl(DialectImpl):
    """MySQL: read from `information_schema`, probed, altered in one statement."""

    names = ("mysql",)
    usual_server = "mysql 8.0"
    syntax = MYSQL

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect)
        self.features = OF_MARIADB if getattr(dialect, "is_mariadb", False) else OF_MYSQL

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

    def with_dependents(
        self, changes: Sequence[Change], current: Sequence[TableSchema]
    ) -> Sequence[Change]:
        """Drop and add again foreign keys and computed columns that block changed columns."""
        from ...diff import with_computed_rebuilt, with_keys_rebuilt

        rebuilt = with_computed_rebuilt(changes, current, altered_in_place=True)
        return with_keys_rebuilt(rebuilt, current)

    def create_types(self, table: sa.Table) -> Sequence[Statement]:
        return ()

    def drop_types(self, table: sa.Table) -> Sequence[Statement]:
        return ()

    def drop_sequence(self, sequence: sa.Sequence) -> DropSequence:
        from sqlalchemy.schema import DropSequence

        return DropSequence(sequence, if_exists=self.features.drop_sequence_if_exists)

    def alter_enum(self, change: AlterEnum) -> Iterable[Statement]:
        return ()

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        from ..base.alter_sequence import alter_sequence

        return alter_sequence(self, change)

    def default_constraint_name(
        self, table: str, kind: type[Constraint], columns: Sequence[str]
    ) -> str | None:
        return None

    def names_of_rename(self, current: str, desired: str) -> Sequence[str]:
        return (current, desired)

    def server(self) -> str | None:
        version = getattr(self.dialect, "server_version_info", None)
        name = "mariadb" if getattr(self.dialect, "is_mariadb", False) else "mysql"
        return f"{name} {version[0]}.{version[1]}" if version else None

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        name, _, version = (server or self.usual_server).partition(" ")
        return {
            "select version()": f"{version}.0-MariaDB" if name == "mariadb" else f"{version}.0",
            "select database()": "main",
            "select @@lower_case_table_names": 0,
            "select @@sql_mode": "STRICT_TRANS_TABLES",
        }

    def generated_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        from .default_names import generated_name

        mariadb = bool(getattr(self.dialect, "is_mariadb", False))
        return generated_name(table, constraint, taken, mariadb=mariadb)

    def serial_fields(self, table: TableSchema, column: ColumnDef) -> dict[str, object]:
        return {}

    def serial_type(self, text: str) -> str | None:
        return None

    def type_of_ddl(self, text: str, named: NamedType) -> str:
        from .type_aliases import type_of_ddl

        return type_of_ddl(text)

    def information_schema_type(self, text: str) -> tuple[str, str]:
        from .type_aliases import information_schema_type

        return information_schema_type(text)

    def information_schema_default(self, default: Default, type_: str) -> str | None:
        return None
