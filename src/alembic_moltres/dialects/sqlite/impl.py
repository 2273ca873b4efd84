"""`SQLiteImpl`: SQLite, and the dialects that extend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeEngine

from ...schema import Default, Index, TableSchema
from ...sqltext import SQLITE
from ..base.features import Features
from ..base.hooks.replay import NamedType
from ..base.package_impl import PackageImpl

if TYPE_CHECKING:
    from ...diff import Change, TableKey, Tables
    from ...diff.failures import Failure
    from ..base.facts import Facts, Size
    from ..base.locks import Locks
    from ..base.replay_queries import CatalogueQuery

OLDEST = "sqlite 3.40"
"""The version that a replay has by default."""


class SQLiteImpl(PackageImpl):
    """SQLite: its stored text is compared; a table is copied if ALTER TABLE does not suffice.

    So dependents do not block a change.
    """

    names = ("sqlite",)
    package = __package__
    syntax = SQLITE
    features = Features(
        alters_columns=False,
        lists_keys_in_order=True,
        null_in_primary_keys=True,
        reads=True,
        caseless_tables=True,
        caseless_columns=True,
        index_names_in_schema=True,
        keys_across_schemas=False,
        savepoint_per_operation=True,
        begins_late=True,
        error_name="sqlite_errorname",
        option_defaults={"with_rowid": "true", "strict": "false", "autoincrement": "false"},
    )

    def begin(self, connection: Connection, *, owned: bool) -> None:
        from .transaction import begin

        begin(connection, owned=owned)

    def facts(self, change: Change, tables: Tables, statements: Sequence[str] = ()) -> Facts | None:
        from .facts import facts_of

        return facts_of(change, tables, statements)

    def fails_on(self, failure: Failure) -> bool:
        from ...diff.failures import TooLargeRows, UnconvertibleRows

        return not isinstance(failure, TooLargeRows | UnconvertibleRows)

    def table_sizes(self, connection: Connection) -> Mapping[TableKey, Size]:
        from .facts import table_sizes

        return table_sizes(connection)

    def begin_reading(self, seconds: float) -> Sequence[str]:
        return "PRAGMA query_only = ON", "BEGIN"

    def locks(self) -> Locks:
        from .locks import SQLiteLocks

        return SQLiteLocks(self.dialect)

    def contents(self, connection: Connection) -> list[str]:
        from .scratch import contents

        return contents(connection)

    def clear(self, connection: Connection) -> None:
        from .scratch import clear

        clear(connection)

    def rehearse(
        self, connection: Connection, work: Callable[[Connection], None]
    ) -> list[str] | None:
        from .rehearse import rehearse

        return rehearse(connection, work)

    def rehearse_on(
        self, tables: Iterable[TableSchema], work: Callable[[Connection], None]
    ) -> list[str] | None:
        from .rehearse import rehearse_on

        return rehearse_on(tables, work)

    def names_of_rename(self, current: str, desired: str) -> Sequence[str]:
        """Use a third name in between if the names differ only in case, which SQLite ignores."""
        if current.lower() == desired.lower():
            return (current, f"{current}_renamed", desired)
        return (current, desired)

    def inspected_index(self, index: Index) -> Index | None:
        from .inspected import inspected_index

        return inspected_index(index)

    def inspected_type(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        from .inspected import inspected_type

        return inspected_type(type_, self.dialect)

    def inspected_column(
        self, attributes: Mapping[str, Any], table: TableSchema, sequence: str | None
    ) -> dict[str, Any]:
        from .inspected import inspected_column

        return inspected_column(attributes, table)

    def inspected_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        from .inspected import inspected_options

        return inspected_options(options)

    def server(self) -> str | None:
        version = getattr(self.dialect, "server_version_info", None)
        return f"sqlite {version[0]}.{version[1]}" if version else None

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        return {"select sqlite_version()": (server or OLDEST).partition(" ")[2]}

    def server_version(self, server: str | None) -> tuple[int, ...] | None:
        """Return it; the driver has it, not the dialect."""
        return tuple(int(each) for each in re.findall(r"\d+", server or OLDEST))

    def catalogue_query(self, sql: str) -> CatalogueQuery | None:
        from .replay_queries import catalogue_query

        return catalogue_query(sql, self.syntax)

    def type_of_ddl(self, text: str, named: NamedType) -> str:
        from .type_spellings import type_name

        return type_name(" ".join(text.upper().split()))

    def default_of_ddl(self, text: str, type_: str) -> Default:
        from .values import default_value

        return default_value(text)
