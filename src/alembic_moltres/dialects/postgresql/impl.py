"""`PostgreSQLImpl`: PostgreSQL, and the dialects that extend it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import DDL

from ...sqla_compat import ESCAPES_BACKSLASHES
from ...sqltext import POSTGRESQL
from ...types import is_plain
from ..base.dump import Dump
from ..base.features import Features
from ..base.hooks.replay import NamedType
from ..base.package_impl import PackageImpl
from ..base.statement import Statement

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import URL, Connection
    from sqlalchemy.schema import DropSequence, ExecutableDDLElement

    from ...diff import (
        AlterDomain,
        AlterEnum,
        AlterSequence,
        AlterTable,
        Change,
        RenameType,
        TableKey,
        Tables,
    )
    from ...schema import ColumnDef, Constraint, Default, TableSchema
    from ...schema import Sequence as SequenceValue
    from ..base.facts import Facts, Size
    from ..base.locks import Locks
    from ..base.replay_queries import CatalogueQuery, CatalogueTables, ReplayedCatalogue

VIRTUAL = 18
"""The version that has computed columns that are not stored, by default."""

VIRTUAL_COLUMNS = "supports_virtual_generated_columns"
"""SQLAlchemy 2.1's name for it in the dialect."""


class PostgreSQLImpl(PackageImpl):
    """PostgreSQL: read from its catalogue, probed, altered in one statement."""

    names = ("postgresql",)
    package = __package__
    syntax = POSTGRESQL
    features = Features(
        reads=True,
        tables_without_columns=True,
        index_names_in_schema=True,
        keys_are_indexes=True,
        inspects_orders=True,
        index_comments=True,
        errors_end_transactions=True,
        keeps_generated_names=True,
        folds_keys=True,
        named_types=True,
        equal_defaults=dict.fromkeys(("CURRENT_TIMESTAMP", "transaction_timestamp()"), "now()"),
        create_sequence_if_not_exists=True,
        drop_sequence_if_exists=True,
        alter_sequence_type=True,
        when_connected={ESCAPES_BACKSLASHES: False},
        option_defaults={"using": "heap"},
        uncompared_item_options=frozenset({"concurrently", "not_valid"}),
        compared_prefixes=frozenset({"UNLOGGED"}),
        checks_first=True,
        generated_checks=re.compile(r"_check\d*$"),
        enum_package="alembic_postgresql_enum",
    )

    def when_connected(self, server: str | None) -> Mapping[str, bool]:
        """Without a version, a computed column is STORED, which every version takes."""
        version = (server or "").rpartition(" ")[2].partition(".")[0]
        virtual = version.isdecimal() and int(version) >= VIRTUAL
        return {**self.features.when_connected, VIRTUAL_COLUMNS: virtual}

    def begin_reading(self, seconds: float) -> Sequence[str]:
        return "BEGIN READ ONLY", f"SET LOCAL statement_timeout = {seconds * 1000:.0f}"

    def locks(self) -> Locks:
        from .locks import PostgreSQLLocks

        return PostgreSQLLocks(self.dialect)

    def short_ddl(self, ddl: ExecutableDDLElement) -> str | None:
        from .short_ddl import short_ddl

        return short_ddl(ddl, self.dialect)

    def facts(self, change: Change, tables: Tables, statements: Sequence[str] = ()) -> Facts | None:
        from .facts import facts_of

        return facts_of(change, tables, self.dialect, statements)

    def table_sizes(self, connection: Connection) -> Mapping[TableKey, Size]:
        from .facts import table_sizes

        return table_sizes(connection)

    def check(self, statement: Statement, text: str) -> None:
        from .long_names import refuse_long_names

        if text.isascii() and isinstance(statement.ddl, DDL):
            return  # an application's own, which has worked with names that are cut
        refuse_long_names(text, statement.subject)

    def with_dependents(
        self, changes: Sequence[Change], current: Sequence[TableSchema]
    ) -> Sequence[Change]:
        """Drop and add again foreign keys and computed columns that block changes."""
        from ...diff import with_computed_rebuilt, with_keys_rebuilt
        from .dependents import blocks_foreign_keys, replaced_keys

        changes = super().with_dependents(changes, current)
        rebuilt = with_keys_rebuilt(
            changes, current, blocks=blocks_foreign_keys, replaced=replaced_keys
        )
        return with_computed_rebuilt(rebuilt, current)

    def suggest_cast(self, current: ColumnDef, desired: ColumnDef) -> str | None:
        from ...convert.columns import thaw_column
        from .casts import has_no_cast

        before, after = (
            thaw_column(each).type.compile(dialect=self.dialect) for each in (current, desired)
        )
        if not has_no_cast(before, after):
            return None
        name = self.dialect.identifier_preparer.quote(str(current.name))
        return f"{name}::text::{after.lower()}"

    def create_types(self, table: sa.Table) -> Sequence[Statement]:
        if _has_plain_types(table):
            return ()
        from .type_ddl import create_types, type_statements

        return type_statements(create_types(table, self.dialect))

    def drop_types(self, table: sa.Table) -> Sequence[Statement]:
        if _has_plain_types(table):
            return ()
        from .type_ddl import drop_types, type_statements

        return type_statements(drop_types(table, self.dialect))

    def drop_sequence(self, sequence: sa.Sequence) -> DropSequence:
        from .type_ddl import DropUnusedSequence

        return DropUnusedSequence(sequence, if_exists=True)

    def alter_enum(self, change: AlterEnum) -> Iterable[Statement]:
        from .alter_enum import alter_enum

        return [alter_enum(change)]

    def alter_domain(self, change: AlterDomain) -> Iterable[Statement]:
        from .alter_domain import alter_domain

        return list(alter_domain(self.dialect, change))

    def renamed_constraints(self, change: AlterTable) -> Mapping[Constraint, Constraint]:
        from .constraint_names import renamed_constraints

        return renamed_constraints(change)

    def rename_type(self, change: RenameType) -> Iterable[Statement]:
        from .rename_type import rename_type

        return rename_type(self.dialect, change)

    def existing_types(
        self, connection: Connection, types: Sequence[str]
    ) -> Mapping[str, str | None]:
        from .types_and_sequences import existing_types

        return existing_types(connection, types)

    def types_of_columns(self, connection: Connection, types: Sequence[str]) -> Collection[str]:
        from .types_and_sequences import types_of_columns

        return types_of_columns(connection, types)

    def existing_sequences(
        self, connection: Connection, sequences: Sequence[SequenceValue]
    ) -> Mapping[SequenceValue, SequenceValue | None]:
        from .types_and_sequences import existing_sequences

        return existing_sequences(connection, sequences)

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        from .sequence_options import alter_sequence

        return alter_sequence(self.dialect, change)

    def find_constraint_names(
        self, connection: Connection, table: str, schema: str | None, constraint: Constraint
    ) -> Collection[str]:
        """Probe an expression, which the server rewrites; keys are compared by their columns."""
        from ...schema import CheckConstraint, ExcludeConstraint
        from ..base.probed_names import probed_names

        if not self.reads or not isinstance(constraint, CheckConstraint | ExcludeConstraint):
            return super().find_constraint_names(connection, table, schema, constraint)
        return probed_names(connection, table, schema, constraint)

    def renames_after(self, current: str, desired: str, schema: str | None) -> Iterable[Statement]:
        from .not_null_names import of_renamed_table

        return of_renamed_table(self.dialect, current, desired, schema)

    def default_constraint_name(
        self, table: str, kind: type[Constraint], columns: Sequence[str]
    ) -> str | None:
        from .constraint_names import default_constraint_name

        return default_constraint_name(table, kind, columns)

    def server(self) -> str | None:
        version = getattr(self.dialect, "server_version_info", None)
        return f"postgresql {'.'.join(map(str, version[:2]))}" if version else None

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        version = (server or "postgresql 15").partition(" ")[2]
        major = version.partition(".")[0]
        number = 10_000 * int(major) if major.isdigit() else 0
        return {
            "show standard_conforming_strings": "on",
            "select pg_catalog.version()": f"PostgreSQL {version}",
            "select version()": f"PostgreSQL {version}",
            "show server_version": version,
            "show server_version_num": str(number),
            "select current_setting('server_version_num')": str(number),
            "select current_setting('server_version_num')::int": number,
            "select current_schema()": "public",
        }

    def generated_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        from .constraint_names import generated_name

        return generated_name(table, constraint, taken)

    def contents(self, connection: Connection) -> list[str]:
        from .scratch import contents

        return contents(connection)

    def clear(self, connection: Connection) -> None:
        from .scratch import clear

        clear(connection)

    def constant_default(self, text: str) -> str | None:
        from .unconfirmed import constant

        return constant(text)

    def dump(self, url: URL) -> Dump:
        from .dump import dump

        return dump(url)

    def may_generate(self, name: str) -> bool:
        from .constraint_names import GENERATED

        return GENERATED.search(name) is not None

    def sequence_name(self, table: str, column: str) -> str:
        from .constraint_names import default_name

        return default_name(table, column, "seq")

    def serial_fields(self, table: TableSchema, column: ColumnDef) -> dict[str, object]:
        from .identity import serial_fields

        return serial_fields(table, column)

    def serial_type(self, text: str) -> str | None:
        from .type_aliases import SERIALS

        return SERIALS.get(text.lower())

    def inspected_column(
        self, attributes: Mapping[str, Any], table: TableSchema, sequence: str | None
    ) -> dict[str, Any]:
        from .inspected import inspected_column

        return inspected_column(attributes, table, sequence, self.dialect)

    def catalogue_query(self, sql: str) -> CatalogueQuery | None:
        from .replay_queries import catalogue_query

        return catalogue_query(sql, self.syntax)

    def catalogue_tables(self, database: ReplayedCatalogue) -> CatalogueTables:
        from .replayed_pg_catalog import catalogue_tables

        return catalogue_tables(database)

    def type_of_ddl(self, text: str, named: NamedType) -> str:
        from .type_aliases import type_of_ddl

        return type_of_ddl(text, named)

    def default_of_ddl(self, text: str, type_: str) -> Default:
        from .type_aliases import default_of_ddl

        return default_of_ddl(text, type_)

    def reflected_autoincrement(self, type_name: str, *, counts: bool, alone: bool) -> bool | str:
        from .columns import NUMERIC

        if counts:
            return True
        return False if alone and type_name.partition("(")[0] in NUMERIC else "auto"

    def information_schema_type(self, text: str) -> tuple[str, str]:
        from .type_aliases import information_schema_type

        return information_schema_type(text)

    def information_schema_default(self, default: Default, type_: str) -> str | None:
        from .type_aliases import information_schema_default

        return information_schema_default(default, type_)


def _has_plain_types(table: sa.Table) -> bool:
    return all(is_plain(column.type) for column in table.columns)
