"""`PackageImpl`: a database that is read and altered by the modules of its package."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from sqlalchemy.engine import Connection

from ...schema import TableSchema
from .default_impl import DefaultDialectImpl

if TYPE_CHECKING:
    from ...diff import AlterTable
    from .execution import Execution
    from .rejections import Rejection
    from .signatures import ReflectedTable
    from .stored_objects import StoredObject


class Reflection(Protocol):
    """The module `reflection` of a package."""

    def table_names(self, connection: Connection, schema: str | None, /) -> list[str]:
        """See `DialectImpl`."""

    def read(
        self, connection: Connection, schema: str | None, names: Collection[str], /
    ) -> list[ReflectedTable]:
        """See `DialectImpl`."""


class Expected(Protocol):
    """The module `expected` of a package."""

    def reflect_expected(
        self, connection: Connection, tables: Sequence[TableSchema], /
    ) -> list[ReflectedTable]:
        """See `DialectImpl`."""


class Alteration(Protocol):
    """The module `alter_table` of a package."""

    def alter_table(self, execution: Execution, change: AlterTable, /) -> None:
        """See `DialectImpl`."""


class Errors(Protocol):
    """The module `errors` of a package."""

    def rejection(self, code: str | None, message: str, /) -> Rejection | None:
        """See `DialectImpl`."""


class StoredObjects(Protocol):
    """The module `stored_objects` of a package."""

    def stored_objects(self, connection: Connection, /) -> list[StoredObject]:
        """See `DialectImpl`."""


class PackageImpl(DefaultDialectImpl):
    """A database with a package of its own, whose modules are imported on first use.

    Attributes:
        package: has the modules `reflection`, `expected`, `alter_table`, `errors` and
            `stored_objects`.
    """

    package: ClassVar[str]

    def table_names(self, connection: Connection, schema: str | None) -> list[str]:
        return cast(Reflection, self._module("reflection")).table_names(connection, schema)

    def read(
        self, connection: Connection, schema: str | None, names: Collection[str]
    ) -> list[ReflectedTable]:
        return cast(Reflection, self._module("reflection")).read(connection, schema, names)

    def reflect_expected(
        self, connection: Connection, tables: Sequence[TableSchema]
    ) -> list[ReflectedTable]:
        return cast(Expected, self._module("expected")).reflect_expected(connection, tables)

    def stored_objects(self, connection: Connection) -> list[StoredObject]:
        return cast(StoredObjects, self._module("stored_objects")).stored_objects(connection)

    def alter_table(self, execution: Execution, change: AlterTable) -> None:
        cast(Alteration, self._module("alter_table")).alter_table(execution, change)

    def rejection(self, code: str | None, message: str) -> Rejection | None:
        return cast(Errors, self._module("errors")).rejection(code, message)

    def _module(self, name: str) -> object:
        return _imported(f"{self.package}.{name}")


_imported = cache(import_module)
