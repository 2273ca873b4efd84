"""Creates, drops or renames a table; adds foreign keys of cycles once all tables exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from ...schema import TableSchema
from ...schema.base import EMPTY
from ..order import added_later
from .alter_table import AlterTable
from .base import (
    Addition,
    Change,
    Line,
    Removal,
    TableKey,
    Tables,
    by_key,
    called,
    check_free,
    existing_key,
    table_key,
)
from .constraints import AddConstraint, DropConstraint

if TYPE_CHECKING:
    from ...schema.item_text import ItemText


class OfTable(Change):
    """A change of a table as a whole, or of its foreign keys of cycles."""

    __slots__ = ()
    table: TableSchema

    @property
    def of_table(self) -> str:
        return self.table.key


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CreateTable(Addition, OfTable):
    """Creates a table; its foreign keys with `use_alter` are added later."""

    table: TableSchema
    method: ClassVar[str] = "moltres_create_table"

    def message(self, table: str = "") -> str:
        return f"added table {self.table.key!r}"

    def reverse(self) -> DropTable:
        return DropTable(self.table)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        key, later = table_key(self.table), added_later(self.table)
        check_free(tables, key, self.method)
        now = tuple(each for each in self.table.constraints if each not in later)
        return {**tables, key: replace(self.table, constraints=now) if later else self.table}


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropTable(Removal, OfTable):
    """Drops a table that the models do not have."""

    table: TableSchema
    method: ClassVar[str] = "moltres_drop_table"

    def message(self, table: str = "") -> str:
        return f"removed table {self.table.key!r}"

    def losses(self, table: str = "") -> Iterator[str]:
        yield f"the rows of {self.table.key}"

    def reverse(self) -> CreateTable:
        return CreateTable(self.table)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        dropped_key = existing_key(tables, table_key(self.table), self.method)
        return {key: each for key, each in tables.items() if key != dropped_key}


class LaterKeysChange(OfTable):
    """The foreign keys of a cycle: those with `use_alter` in the table's value."""

    __slots__ = ()

    @property
    def block(self) -> AlterTable:
        """The same as changes inside the table."""
        raise NotImplementedError

    def lines(self, texts: ItemText) -> Iterator[Line]:
        yield from self.block.lines(texts)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        existing_key(tables, table_key(self.table), self.method)
        return self.block.apply(tables)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AddForeignKeys(LaterKeysChange):
    """Adds the foreign keys of a cycle, once all tables exist."""

    table: TableSchema
    method: ClassVar[str] = "moltres_add_foreign_keys"

    @property
    def block(self) -> AlterTable:
        added = tuple(map(AddConstraint, added_later(self.table)))
        return AlterTable(self.table.name, self.table.schema, added)

    def reverse(self) -> DropForeignKeys:
        return DropForeignKeys(self.table)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropForeignKeys(LaterKeysChange):
    """The reverse of `AddForeignKeys`."""

    table: TableSchema
    method: ClassVar[str] = "moltres_drop_foreign_keys"

    @property
    def block(self) -> AlterTable:
        dropped = tuple(map(DropConstraint, added_later(self.table)))
        return AlterTable(self.table.name, self.table.schema, dropped)

    def reverse(self) -> AddForeignKeys:
        return AddForeignKeys(self.table)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RenameTable(Change):
    """Renames a table, which keeps its data and its schema.

    >>> RenameTable("person", "people").message()
    "table 'person' renamed to 'people'"
    """

    current: str
    desired: str
    schema: str | None = None
    method: ClassVar[str] = "moltres_rename_table"

    def arguments(self) -> tuple[Any, ...]:
        return str(self.current), str(self.desired)

    def keywords(self) -> Mapping[str, Any]:
        return EMPTY if self.schema is None else {"schema": str(self.schema)}

    @property
    def of_table(self) -> str:
        return called((self.schema, self.desired))

    def lines(self, texts: ItemText) -> Iterator[Line]:
        yield Line("rename", "table", called((self.schema, self.current)), self.of_table)

    def message(self, table: str = "") -> str:
        return f"table {self.current!r} renamed to {self.desired!r}"

    def reverse(self) -> RenameTable:
        return RenameTable(self.desired, self.current, self.schema)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        existing_key(tables, (self.schema, self.current), self.method)
        check_free(tables, (self.schema, self.desired), self.method)
        from ..renames import TableRename, as_renamed

        rename = TableRename(self.current, self.desired, self.schema)
        return by_key(as_renamed(tables.values(), [rename]))
