"""What all changes have in common, and the set of tables that they are applied to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
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
"""All tables of a database. It is never altered: applying a change makes another one."""

FILTER_KINDS: dict[type, str] = {
    TableSchema: "table",
    ColumnDef: "column",
    Index: "index",
    UniqueConstraint: "unique_constraint",
    ForeignKeyConstraint: "foreign_key_constraint",
    CheckConstraint: "check_constraint",
}
"""What `include_object` and `include_name` call the items that they are asked about."""


class Change(Value):
    """The base of all changes: what has to happen to tables, or inside one.

    A change inside a table does not name it; what encloses it does.

    Attributes:
        method: how a script calls it: a method of `op`, or of the block of one table.
    """

    __slots__ = ()
    method: ClassVar[str]

    @property
    def filter_kind(self) -> str:
        """Alembic's word for what is changed, as filters are asked; empty if they are not."""
        return next((FILTER_KINDS[type(i)] for i in self.sides() if type(i) in FILTER_KINDS), "")

    def arguments(self) -> tuple[Any, ...]:
        """Return what the method takes by position."""
        raise NotImplementedError

    def keywords(self) -> Mapping[str, Any]:
        """Return what the method takes by keyword, defaults left out."""
        return EMPTY

    def sides(self) -> tuple[Any, Any]:
        """Return the item before and afterwards, for the filters; `None` where there is none."""
        return None, None

    def message(self, table: str = "") -> str:
        """Return the log message for it; empty if another change implies it.

        Args:
            table: the name of the table that it happens in, with its schema.
        """
        return ""

    def reverse(self) -> Change:
        """Return the change that undoes this one."""
        raise NotImplementedError

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        """Return the tables as they are after the change.

        Args:
            tables: all of them, as they are before it.
            table: the one that it happens in, for a change inside a table.

        Raises:
            SchemaError: it does not fit: what it changes is not there, what it makes is.
        """
        raise NotImplementedError

    def call(self) -> Call:
        args, kwargs = [], []
        for field in fields(cast(Any, self)):
            content = getattr(self, field.name)
            if field.default is MISSING:
                args.append(content)
            elif content != field.default:
                kwargs.append((field.name, content))
        return Call(type(self).__name__, tuple(args), tuple(kwargs))


class TableChange(Change):
    """A change inside one table."""

    __slots__ = ()

    def applied(self, table: TableSchema) -> TableSchema:
        """Return the table as it is after the change."""
        raise NotImplementedError

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        key = found(tables, table, self.method)
        return {**tables, key: self.applied(tables[key])}


def by_key(tables: Iterable[TableSchema]) -> Tables:
    """Return tables by their schemas and names, in their order."""
    return {key_of(table): table for table in tables}


def key_of(table: TableSchema) -> TableKey:
    """Return a table's schema and name."""
    return table.schema, table.name


def found(tables: Tables, key: TableKey | None, method: str) -> TableKey:
    """Return the key of a table that must be there.

    Raises:
        SchemaError: it is not.
    """
    if key is None:
        raise SchemaError(f"{method} happens inside a table; apply the AlterTable around it", key)
    if key not in tables:
        name = called(key)
        hint = did_you_mean(name, map(called, tables)) or "; create it before"
        raise SchemaError(f"there is no table {name!r} (at {method}){hint}", key)
    return key


def check_free(tables: Tables, key: TableKey, method: str) -> None:
    """Check that there is no table of that name yet.

    Raises:
        SchemaError: there is one.
    """
    if key in tables:
        raise SchemaError(
            f"there is a table {called(key)!r} already (at {method}); drop or rename it before", key
        )


def called(key: TableKey) -> str:
    """Return how a table is called in messages.

    >>> called((None, "users")), called(("shop", "users"))
    ('users', 'shop.users')
    """
    schema, name = key
    return f"{schema}.{name}" if schema else str(name)
