"""`DuckDBImpl`: DuckDB, whose dialect class extends PostgreSQL's and which is none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.schema import DropSequence

from ...errors import OperationError
from ...sqla_compat import ESCAPES_BACKSLASHES
from ...sqltext import POSTGRESQL
from ..base.features import Features
from ..base.impl import DialectImpl, NamedType
from ..base.statement import Statement

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import Connection

    from ...diff import AlterEnum, AlterSequence, AlterTable, Change
    from ...schema import ColumnDef, Constraint, Default, TableSchema
    from ..base.execution import Execution
    from ..base.signatures import ReflectedTable


class DuckDBImpl(DialectImpl):
    """DuckDB: read from `duckdb_tables()` and its like, probed, altered one action a statement."""

    names = ("duckdb",)
    syntax = replace(POSTGRESQL, name="duckdb", folding="caseless")
    features = Features(
        reads=True,
        caseless_tables=True,
        caseless_columns=True,
        index_names_in_schema=True,
        create_sequence_if_not_exists=True,
        drop_sequence_if_exists=True,
        when_connected={ESCAPES_BACKSLASHES: False},
    )

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

    def with_dependents(
        self, changes: Sequence[Change], current: Sequence[TableSchema]
    ) -> Sequence[Change]:
        """Leave the changes as they are: what is in the way cannot be taken out of it."""
        return changes

    def create_types(self, table: sa.Table) -> Sequence[Statement]:
        from .enum_types import create_types

        made = create_types(table, self.dialect)
        return [Statement(each, f"the type {each.name!r}") for each in made]

    def drop_types(self, table: sa.Table) -> Sequence[Statement]:
        from .enum_types import drop_types

        dropped = drop_types(table, self.dialect)
        return [Statement(each, f"the type {each.name!r}") for each in dropped]

    def drop_sequence(self, sequence: sa.Sequence) -> DropSequence:
        return DropSequence(sequence, if_exists=True)

    def alter_table(self, execution: Execution, change: AlterTable) -> None:
        from .alter_table import alter_table

        alter_table(execution, change)

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

    def default_constraint_name(
        self, table: str, kind: type[Constraint], columns: Sequence[str]
    ) -> None:
        """No constraint has a name here."""

    def names_of_rename(self, current: str, desired: str) -> Sequence[str]:
        return (current, desired)

    def server(self) -> str | None:
        return None

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        """Return nothing: its dialect asks nothing that a script could notice."""
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
        from .type_spellings import type_name

        return str(named(None, text) or type_name(" ".join(text.upper().split())))

    def information_schema_type(self, text: str) -> tuple[str, str]:
        return text.upper(), ""

    def information_schema_default(self, default: Default, type_: str) -> str | None:
        return None
