"""The base of all changes, and the set of tables that they are applied to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeAlias, cast

from ...errors import SchemaError
from ...messages import did_you_mean
from ...schema import ColumnDef, Index, TableSchema
from ...schema.base import EMPTY, Call, Value
from ...schema.names import qualified_name

if TYPE_CHECKING:
    from ...schema.item_text import ItemText

TableKey: TypeAlias = tuple[str | None, str]
"""A table's schema and name."""

Tables: TypeAlias = Mapping[TableKey, TableSchema]
"""All tables of a database; applying a change returns a new mapping."""


class Line(NamedTuple):
    """One line of a summary.

    Attributes:
        action: "add", "drop", "alter" or "rename".
        kind: of the item: "table", "column", "unique index", "check", "enum type", ...
        name: of the item, the old one of a rename; may be empty.
        text: the item; for an altered one its differences, for a renamed one its new name.
    """

    action: str
    kind: str
    name: str
    text: str


class Change(Value):
    """The base of all changes: of the set of tables, or inside one table.

    A change inside a table does not name it; the enclosing `AlterTable` does.

    Attributes:
        method: the method that a script calls, of `op` or of a table's block.
    """

    __slots__ = ()
    method: ClassVar[str]

    @property
    def of_table(self) -> str:
        """The name of the changed table, with its schema; empty for a change outside tables."""
        return ""

    @property
    def needs_fill(self) -> bool:
        """Whether existing rows need a value in a column that has neither a default nor a fill."""
        return False

    def arguments(self) -> tuple[Any, ...]:
        """Return the method's positional arguments: the fields without a default."""
        return self.call().args

    def keywords(self) -> Mapping[str, Any]:
        """Return the method's keyword arguments, defaults left out."""
        return EMPTY

    def sides(self) -> tuple[Any, Any]:
        """Return the item before and after; `None` if there is none."""
        return None, None

    def message(self, table: str = "") -> str:
        """Return the log message for it; empty if another change implies it.

        Args:
            table: the name of the changed table, with its schema.
        """
        return ""

    def messages(self) -> list[str]:
        """Return the log messages for all that it changes."""
        return list(filter(None, [self.message()]))

    @property
    def text(self) -> str:
        """Its log messages in one; its method if another change implies it."""
        return "; ".join(self.messages()) or self.method

    def lines(self, texts: ItemText) -> Iterator[Line]:
        """Yield the lines of a summary; none if another change implies it."""
        raise NotImplementedError

    def losses(self, table: str = "") -> Iterator[str]:
        """Yield the data that is lost; what a database would refuse is not lost.

        Args:
            table: the name of the changed table, with its schema.
        """
        yield from ()

    def reverse(self) -> Change:
        """Return the change that undoes this one."""
        raise NotImplementedError

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        """Return the tables as they are after the change.

        Args:
            tables: all tables before the change.
            table: the changed table, for a change inside a table.

        Raises:
            SchemaError: the item that it changes is missing, or the one that it creates exists.
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

    def lines(self, texts: ItemText) -> Iterator[Line]:
        yield line_of("add", self.item, texts)


class Removal(OfItem):
    """A change that removes an item."""

    __slots__ = ()

    def sides(self) -> tuple[Any, Any]:
        return self.item, None

    def lines(self, texts: ItemText) -> Iterator[Line]:
        yield line_of("drop", self.item, texts)


class TableChange(Change):
    """A change inside one table."""

    __slots__ = ()

    def applied(self, table: TableSchema) -> TableSchema:
        """Return the table as it is after the change."""
        raise NotImplementedError

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        key = existing_key(tables, table, self.method)
        return {**tables, key: self.applied(tables[key])}


def line_of(action: str, item: Any, texts: ItemText) -> Line:
    """Return the line of an added or dropped table, column, index or constraint."""
    match item:
        case TableSchema():
            return Line(action, "table", item.key, texts.table(item))
        case ColumnDef():
            return Line(action, "column", str(item.name), texts.column(item))
        case Index():
            kind = "unique index" if item.unique else "index"
            return Line(action, kind, str(item.name), texts.index(item))
        case _:
            kind = item.function.replace("_", " ")
            return Line(action, kind, str(item.name or ""), texts.constraint(item))


def arrow(before: object, after: object, texts: ItemText) -> str:
    """Return `before -> after` for a summary; only `after` if there was no value before."""
    shown = texts.value(after)
    return shown if before is None else f"{texts.value(before)} -> {shown}"


def by_key(tables: Iterable[TableSchema]) -> Tables:
    """Return tables by their schemas and names, in their order."""
    return {table_key(table): table for table in tables}


def table_key(table: TableSchema) -> TableKey:
    """Return a table's schema and name."""
    return table.schema, table.name


def existing_key(tables: Tables, key: TableKey | None, method: str) -> TableKey:
    """Return the key of a table, which must exist.

    Raises:
        SchemaError: it does not exist.
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
            f"the table {called(key)!r} already exists (at {method}); drop or rename it first", key
        )


def called(key: TableKey) -> str:
    """Return a table's name for messages.

    >>> called((None, "users")), called(("shop", "users"))
    ('users', 'shop.users')
    """
    schema, name = key
    return qualified_name(name, schema)


def apply(changes: Iterable[Change], tables: Iterable[TableSchema]) -> tuple[TableSchema, ...]:
    """Return the tables as they are after the changes, in their order.

    Raises:
        SchemaError: an item that a change alters is missing, or one that it creates exists.

    >>> from alembic_moltres.diff import AlterTable, RenameColumn
    >>> from alembic_moltres.schema import column
    >>> users = TableSchema("users", [column("mail", "TEXT")])
    >>> apply([AlterTable("users", None, (RenameColumn("mail", "email"),))], [users])
    (TableSchema('users', [column('email', 'TEXT')]),)
    """
    now = by_key(tables)
    for change in changes:
        now = change.apply(now)
    return tuple(now.values())
