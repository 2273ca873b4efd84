"""`SQLiteImpl`: SQLite, and what extends it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ...sqltext import SQLITE
from ..base.features import Features
from ..base.impl import DialectImpl, NamedType

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection

    from ...diff import AlterEnum, AlterSequence, AlterTable, Change
    from ...schema import ColumnDef, Constraint, Default, TableSchema
    from ..base.execution import Execution
    from ..base.signatures import ReflectedTable
    from ..base.statement import Statement


class SQLiteImpl(DialectImpl):
    """SQLite: its stored text is compared; a table is copied where ALTER TABLE does not suffice."""

    names = ("sqlite",)
    syntax = SQLITE
    features = Features(
        reads=True,
        caseless_tables=True,
        caseless_columns=True,
        index_names_in_schema=True,
        keys_across_schemas=False,
        savepoint_per_operation=True,
        begins_late=True,
    )

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
        """Return the changes unchanged: a table is copied if a dependent blocks a change."""
        return changes

    def create_types(self, table: sa.Table) -> Sequence[Statement]:
        return ()

    def drop_types(self, table: sa.Table) -> Sequence[Statement]:
        return ()

    def alter_enum(self, change: AlterEnum) -> Iterable[Statement]:
        return ()

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        return ()

    def default_constraint_name(
        self, table: str, kind: type[Constraint], columns: Sequence[str]
    ) -> str | None:
        return None

    def names_of_rename(self, current: str, desired: str) -> Sequence[str]:
        """Names that differ in case are the same to SQLite, so a third one is used in between."""
        if current.lower() == desired.lower():
            return (current, f"{current}_renamed", desired)
        return (current, desired)

    def server(self) -> str | None:
        version = getattr(self.dialect, "server_version_info", None)
        return f"sqlite {version[0]}.{version[1]}" if version else None

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        return {"select sqlite_version()": (server or "sqlite 3.40").partition(" ")[2]}

    def generated_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        return None

    def serial_fields(self, table: TableSchema, column: ColumnDef) -> dict[str, object]:
        return {}

    def serial_type(self, text: str) -> str | None:
        return None

    def type_of_ddl(self, text: str, named: NamedType) -> str:
        from .type_spellings import type_name

        return type_name(" ".join(text.upper().split()))

    def information_schema_type(self, text: str) -> tuple[str, str]:
        return text, text

    def information_schema_default(self, default: Default, type_: str) -> str | None:
        return None
