"""`DuckDBImpl`: DuckDB, another database whose dialect class extends PostgreSQL's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...diff import AlterEnum, AlterSequence, RenameType
from ...errors import OperationError
from ...schema import TableSchema
from ...sqla_compat import ESCAPES_BACKSLASHES
from ...sqltext import POSTGRESQL
from ..base.features import Features
from ..base.hooks.replay import NamedType
from ..base.package_impl import PackageImpl
from ..base.statement import Statement
from .alembic_impl import MORE_RESERVED

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ..base.replay_queries import CatalogueQuery


class DuckDBImpl(PackageImpl):
    """DuckDB: read from `duckdb_tables()` and similar functions, probed, altered action by action.

    It cannot drop the dependents that block a change, so a block refuses it; see `obstacles`.
    """

    names = ("duckdb",)
    package = __package__
    syntax = replace(
        POSTGRESQL,
        name="duckdb",
        folding="caseless",
        reserved=POSTGRESQL.reserved | {word.upper() for word in MORE_RESERVED},
    )
    features = Features(
        reads=True,
        caseless_tables=True,
        caseless_columns=True,
        index_names_in_schema=True,
        errors_end_transactions=True,
        create_sequence_if_not_exists=True,
        drop_sequence_if_exists=True,
        when_connected={ESCAPES_BACKSLASHES: False},
    )

    @classmethod
    def load_alembic_impl(cls) -> None:
        from . import alembic_impl  # noqa: F401 - Alembic registers the class when it is made

    def creatable(self, table: TableSchema) -> TableSchema:
        from .create_table import without_autoincrement

        return without_autoincrement(table)

    def check(self, statement: Statement, text: str) -> None:
        from .create_table import check

        check(statement)

    def create_types(self, table: sa.Table) -> Sequence[Statement]:
        from .enum_types import create_types, type_statements

        return type_statements(create_types(table, self.dialect))

    def drop_types(self, table: sa.Table) -> Sequence[Statement]:
        from .enum_types import drop_types, type_statements

        return type_statements(drop_types(table, self.dialect))

    def alter_enum(self, change: AlterEnum) -> list[Statement]:
        """Refuse: a column keeps the labels that its type had, so each column is altered."""
        raise OperationError(
            f"duckdb cannot alter an enum type (at {change.current}); alter each column that has "
            "it in op.moltres_alter_table, which replaces the type",
            change,
        )

    def rename_type(self, change: RenameType) -> list[Statement]:
        """Refuse: DuckDB has no ALTER TYPE."""
        raise OperationError(
            f"duckdb cannot rename a type (at {change.current!r}); alter each column that has it "
            "in op.moltres_alter_table, which replaces the type",
            change,
        )

    def alter_sequence(self, change: AlterSequence) -> list[Statement]:
        """Refuse: ALTER SEQUENCE has OWNED BY only."""
        raise OperationError(
            f"duckdb cannot alter a sequence (at {change.desired.name!r}); create another one and "
            "let the columns use it",
            change,
        )

    def catalogue_query(self, sql: str) -> CatalogueQuery | None:
        """Read SQLite's own catalogue, which DuckDB has, too (its manual, "Pragmas")."""
        from ..sqlite.replay_queries import catalogue_query

        return catalogue_query(sql, self.syntax)

    def type_of_ddl(self, text: str, named: NamedType) -> str:
        from .type_spellings import type_name

        return str(named(None, text) or type_name(" ".join(text.upper().split())))

    def information_schema_type(self, text: str) -> tuple[str, str]:
        return text.upper(), ""
