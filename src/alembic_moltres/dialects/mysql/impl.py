"""`MySQLImpl`: MySQL, MariaDB, and the dialects that extend them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...messages import get_logger
from ..base.features import Features
from ..base.hooks.replay import Charset, NamedType
from ..base.package_impl import PackageImpl
from .options import NOT_COMPARED

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Dialect

    from ...diff import AlterEnum, Change, TableKey, Tables
    from ...diff.failures import Failure
    from ...schema import Constraint, Default, Index, TableSchema
    from ..base.facts import Facts, Size
    from ..base.locks import Locks
    from ..base.replay_queries import CatalogueQuery
    from ..base.statement import Statement

log = get_logger(__name__)

OF_BOTH = Features(
    nul_in_text=True,
    reads=True,
    server_schemas=frozenset({"mysql", "performance_schema", "sys"}),
    caseless_columns=True,
    keys_create_indexes=True,
    unique_is_index=True,
    implicit_commit=True,
    restates_columns=True,
    index_comments_inside=True,
    primary_key_has_name=False,
    create_sequence_if_not_exists=True,
    drop_sequence_if_exists=True,
    sequence_spellings={"NO CYCLE": "NOCYCLE", "CACHE 1": "CACHE 1000"},
    option_defaults={"engine": "innodb"},
    equal_defaults=dict.fromkeys(
        ("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP()", "LOCALTIMESTAMP", "LOCALTIMESTAMP()"), "now()"
    ),
    uncompared_options=NOT_COMPARED,
    database_options=frozenset({"charset", "collate"}),
    uncompared_item_options=frozenset({"using", "with_parser"}),
    generated_checks=re.compile(r"^CONSTRAINT_\d+$|_chk_\d+$|_ibfk_\d+$"),
)
"""MySQL's and MariaDB's manuals; only MariaDB has sequences."""

OF_MYSQL = replace(OF_BOTH, create_index_if_not_exists=False)
OF_MARIADB = replace(OF_BOTH, when_connected={"supports_sequences": True}, checks_in_columns=True)


class MySQLImpl(PackageImpl):
    """MySQL: read from `information_schema`, probed, altered in one statement."""

    names = ("mysql",)
    package = __package__
    usual_server = "mysql 8.0"

    def __init__(self, dialect: Dialect) -> None:
        from .sql_mode import syntax_of

        super().__init__(dialect)
        self.syntax = syntax_of(dialect)
        self.features = OF_MARIADB if self._is_mariadb else OF_MYSQL

    @property
    def _is_mariadb(self) -> bool:
        """Whether the server is MariaDB, whatever the dialect's name is."""
        return bool(getattr(self.dialect, "is_mariadb", False))

    def facts(self, change: Change, tables: Tables, statements: Sequence[str] = ()) -> Facts | None:
        """Return MariaDB's facts; there are none for MySQL."""
        if not self._is_mariadb:
            return None
        from .facts import facts_of

        return facts_of(change, tables, self.dialect)

    def fails_on(self, failure: Failure) -> bool:
        from ...diff.failures import RowsWithoutValue

        return not isinstance(failure, RowsWithoutValue)

    def table_sizes(self, connection: Connection) -> Mapping[TableKey, Size]:
        from .facts import table_sizes

        return table_sizes(connection)

    def cause(self, connection: Connection, code: str | None) -> str | None:
        from .errors import cause

        return cause(connection, code)

    def begin_reading(self, seconds: float) -> Sequence[str]:
        if self._is_mariadb:
            limit = f"max_statement_time = {seconds:g}"
        else:
            limit = f"max_execution_time = {seconds * 1000:.0f}"
        return f"SET SESSION {limit}", "START TRANSACTION READ ONLY"

    def leading_columns(self, index: Index, table: TableSchema) -> tuple[str, ...]:
        from .foreign_key_indexes import leading_columns

        return leading_columns(index, table, self.dialect.name)

    def locks(self) -> Locks:
        from .locks import MySQLLocks

        return MySQLLocks(self.dialect)

    def contents(self, connection: Connection) -> list[str]:
        from .scratch import contents

        return contents(connection)

    def clear(self, connection: Connection) -> None:
        from .scratch import clear

        clear(connection)

    def find_constraint_names(
        self, connection: Connection, table: str, schema: str | None, constraint: Constraint
    ) -> Collection[str]:
        if not self.reads:
            return super().find_constraint_names(connection, table, schema, constraint)
        from ..base.probed_names import probed_names

        return probed_names(connection, table, schema, constraint)

    def with_dependents(
        self, changes: Sequence[Change], current: Sequence[TableSchema]
    ) -> Sequence[Change]:
        """Drop and add again the constraints, indexes and computed columns that block changes."""
        from ...diff import with_computed_rebuilt, with_keys_rebuilt, with_recreated_rebuilt
        from ...diff.changes.base import by_key
        from .alter_columns import is_recreated
        from .identity import with_auto_increment
        from .own_charsets import with_own_charsets
        from .required_indexes import with_required_indexes

        rebuilt = with_computed_rebuilt(changes, current, altered_in_place=True)
        rebuilt = with_recreated_rebuilt(rebuilt, current, is_recreated)
        tables = by_key(current)
        rebuilt = with_auto_increment(rebuilt, tables)
        rebuilt = with_own_charsets(rebuilt, tables, self.dialect)
        rebuilt = with_required_indexes(rebuilt, tables, self.dialect.name)
        return with_keys_rebuilt(  # AlterColumn(c, c) states a column again, see `own_charsets`
            rebuilt, current, blocks=lambda each: each.retypes or each.current == each.desired
        )

    def alter_enum(self, change: AlterEnum) -> Sequence[Statement]:
        """Log that nothing is done, since each column has the labels in its own type."""
        current, desired = change.types()
        log.warning(
            "op.moltres_alter_enum changes nothing on %s, where each column has its labels: from "
            "%s to %s; alter the columns with op.moltres_alter_table, or let the next revision "
            "find them",
            self.dialect.name,
            current,
            desired,
        )
        return ()

    def server(self) -> str | None:
        version = getattr(self.dialect, "server_version_info", None)
        name = "mariadb" if self._is_mariadb else "mysql"
        return f"{name} {version[0]}.{version[1]}" if version else None

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        name, _, version = (server or self.usual_server).partition(" ")
        return {
            "select version()": f"{version}.0-MariaDB" if name == "mariadb" else f"{version}.0",
            "select database()": "main",
            "select @@lower_case_table_names": 0,
            "select @@sql_mode": "STRICT_TRANS_TABLES",
        }

    def executed_text(self, sql: str, server: str | None) -> tuple[str, Sequence[str]]:
        from .executable_comments import executed_text

        exact = server is not None
        return executed_text(sql, self.syntax, server or self.usual_server, exact=exact)

    def generated_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        from .default_names import generated_name

        return generated_name(table, constraint, taken, mariadb=self._is_mariadb)

    def implicit_indexes(self, table: TableSchema) -> Sequence[Index]:
        from .foreign_key_indexes import implicit_indexes_of

        return implicit_indexes_of(table, self.dialect.name)

    def default_of_ddl(self, text: str, type_: str) -> Default:
        from .values import default_value

        return default_value({"true": "1", "false": "0"}.get(text.lower(), text))

    def reflected_autoincrement(self, type_name: str, *, counts: bool, alone: bool) -> bool | str:
        return counts if counts or "INT" in type_name else "auto"

    def catalogue_query(self, sql: str) -> CatalogueQuery | None:
        from .replay_queries import catalogue_query

        return catalogue_query(sql, self.syntax)

    def type_of_ddl(self, text: str, named: NamedType) -> str:
        from .type_aliases import type_of_ddl

        return type_of_ddl(text)

    def with_charset(self, table: TableSchema, charset: Charset) -> TableSchema | None:
        from .replayed_charset import converted, with_default_charset

        name, collation, converts = charset
        lineage = tuple(dict.fromkeys((self.dialect.name, "mysql")))
        if converts and name is not None:
            return converted(table, lineage, name, collation)
        return with_default_charset(table, lineage, name, collation)

    def information_schema_type(self, text: str) -> tuple[str, str]:
        from .type_aliases import information_schema_type

        return information_schema_type(text)
