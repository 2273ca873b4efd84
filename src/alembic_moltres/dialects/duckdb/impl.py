"""`DuckDBImpl`: DuckDB, whose dialect class extends PostgreSQL's and which is none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from ...errors import OperationError
from ..base.impl import DialectImpl

if TYPE_CHECKING:
    from alembic.operations import Operations
    from sqlalchemy.engine import Connection

    from ...diff import AlterEnum, AlterSequence, AlterTable
    from ...schema import TableSchema
    from ..base.create_table import Statement
    from ..base.signatures import ReflectedTable


class DuckDBImpl(DialectImpl):
    """DuckDB: read from `duckdb_tables()` and its like, probed, altered one action a statement."""

    names = ("duckdb",)

    @classmethod
    def load_alembic_impl(cls) -> None:
        from . import alembic_impl  # noqa: F401 - Alembic registers the class when it is made

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

    def creatable(self, table: TableSchema) -> TableSchema:
        from .create_table import without_counting

        return without_counting(table)

    def check(self, statement: Statement) -> None:
        from .create_table import check

        check(statement)

    def alter_table(self, operations: Operations, change: AlterTable) -> None:
        from .alter_table import alter_table

        alter_table(operations, change)

    def alter_enum(self, change: AlterEnum) -> list[Statement]:
        """Refuse: a column keeps the labels that its type had, so each column is altered."""
        raise OperationError(
            f"duckdb cannot alter an enum type (at {change.current}); alter each column that has "
            "it in op.moltres_alter_table, which replaces the type",
            change,
        )

    def alter_sequence(self, change: AlterSequence) -> list[Statement]:
        """Refuse: ALTER SEQUENCE has OWNED BY only."""
        raise OperationError(
            f"duckdb cannot alter a sequence (at {change.desired.name!r}); create another one and "
            "let the columns use it",
            change,
        )
