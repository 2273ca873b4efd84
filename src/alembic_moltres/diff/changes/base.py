"""The base of all changes, and the set of tables that they are applied to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, ClassVar, TypeAlias, cast

from ...errors import SchemaError, did_you_mean
from ...schema import (
    CheckConstraint,
    ColumnDef,
    ForeignKeyConstraint,
    Index,
    TableSchema,
    UniqueConstraint,
)
from ...schema.base import EMPTY, Call, Value

TableKey: TypeAlias = tuple[str | None, str]
"""A table's schema and name."""

Tables: TypeAlias = Mapping[TableKey, TableSchema]
"""All tables of a database. It is never altered: applying a change returns a new one."""

FILTER_KINDS: dict[type, str] = {
    TableSchema: "table",
    ColumnDef: "column",
    Index: "index",
    UniqueConstraint: "unique_constraint",
    ForeignKeyConstraint: "foreign_key_constraint",
    CheckConstraint: "check_constraint",
}
"""The names that `include_object` and `include_name` get for kinds of items."""


class Change(Value):
    """The base of all changes: of the set of tables, or inside one table.

    A change inside a table does not name it; the enclosing `AlterTable` does.

    Attributes:
        method: its method in a script, of `op` or of the block of one table.
    """

    __slots__ = ()
    method: ClassVar[str]

    @property
    def filter_kind(self) -> str:
        """The kind that filters get for what is changed; empty if they are not called."""
        return next((FILTER_KINDS[type(i)] for i in self.sides() if type(i) in FILTER_KINDS), "")

    def arguments(self) -> tuple[Any, ...]:
        """Return the method's positional arguments: the fields without a default."""
        return self.call().args

    def keywords(self) -> Mapping[str, Any]:
        """Return the method's keyword arguments, defaults left out."""
        return EMPTY

    def sides(self) -> tuple[Any, Any]:
        """Return the item before and after, for the filters; `None` if there is none."""
        return None, None

    def message(self, table: str = "") -> str:
        """Return the log message for it; empty if another change implies it.

        Args:
            table: the name of the changed table, with its schema.
        """
        return ""

    def reverse(self) -> Change:
        """Return the change that undoes this one."""
        raise NotImplementedError

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        """Return the tables as they are after the change.

        Args:
            tables: all of them, as they are before it.
            table: the changed one, for a change inside a table.

        Raises:
            SchemaError: it does not fit: what it changes is missing, or what it creates exists.
        """
        raise NotImplementedError

    def call(self) -> Call:
        args, kwargs = [], []
        for name, default in _fields(cast(Any, type(self))):
            content = getattr(self, name)
            if default is MISSING:
                args.append(content)
            elif content != default:
                kwargs.append((name, content))
        return Call(type(self).__name__, tuple(args), tuple(kwargs))


@cache
def _fields(kind: type[Change]) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in fields(cast(Any, kind)))


class OfItem(Change):
    """A change of one item, its first field."""

    __slots__ = ()

    @property
    def item(self) -> Any:
        """A table, a column, a constraint or an index."""
        return getattr(self, _fields(cast(Any, type(self)))[0][0])

    def arguments(self) -> tuple[Any, ...]:
        return (self.item,)


class Addition(OfItem):
    """A change that adds an item."""

    __slots__ = ()

    def sides(self) -> tuple[Any, Any]:
        return None, self.item


class Removal(OfItem):
    """A change that removes an item."""

    __slots__ = ()

    def sides(self) -> tuple[Any, Any]:
        return self.item, None


class TableChange(Change):
    """A change inside one table."""

    __slots__ = ()

    def applied(self, table: TableSchema) -> TableSchema:
        """Return the table as it is after the change."""
        raise NotImplementedError

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        key = existing_key(tables, table, self.method)
        return {**tables, key: self.applied(tables[key])}


def by_key(tables: Iterable[TableSchema]) -> Tables:
    """Return tables by their schemas and names, in their order."""
    return {key_of(table): table for table in tables}


def key_of(table: TableSchema) -> TableKey:
    """Return a table's schema and name."""
    return table.schema, table.name


def existing_key(tables: Tables, key: TableKey | None, method: str) -> TableKey:
    """Return the key of a table, which must exist.

    Raises:
        SchemaError: it does not.
    """
    if key is None:
        raise SchemaError(f"{method} is a change inside a table; apply its AlterTable", key)
    if key not in tables:
        name = called(key)
        hint = did_you_mean(name, map(called, tables)) or "; create it first"
        raise SchemaError(f"there is no table {name!r} (at {method}){hint}", key)
    return key


def check_free(tables: Tables, key: TableKey, method: str) -> None:
    """Check that there is no table of that name yet.

    Raises:
        SchemaError: there is one.
    """
    if key in tables:
        raise SchemaError(
            f"there is a table {called(key)!r} already (at {method}); drop or rename it first", key
        )


def called(key: TableKey) -> str:
    """Return a table's name for messages.

    >>> called((None, "users")), called(("shop", "users"))
    ('users', 'shop.users')
    """
    schema, name = key
    return f"{schema}.{name}" if schema else str(name)
