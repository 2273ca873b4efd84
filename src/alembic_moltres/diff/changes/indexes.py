"""Creates or drops an index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from ...errors import SchemaError
from ...messages import did_you_mean
from ...schema import Index, TableSchema
from .base import Addition, Removal, TableChange


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CreateIndex(Addition, TableChange):
    """Creates an index that the database does not have."""

    index: Index
    method: ClassVar[str] = "create_index"

    def message(self, table: str = "") -> str:
        return f"added index {self.index.name!r} on table {table!r}"

    def reverse(self) -> DropIndex:
        return DropIndex(self.index)

    def applied(self, table: TableSchema) -> TableSchema:
        return replace(table, indexes=(*table.indexes, self.index))


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropIndex(Removal, TableChange):
    """Drops an index that the models do not have."""

    index: Index
    method: ClassVar[str] = "drop_index"

    def message(self, table: str = "") -> str:
        return f"removed index {self.index.name!r} on table {table!r}"

    def reverse(self) -> CreateIndex:
        return CreateIndex(self.index)

    def applied(self, table: TableSchema) -> TableSchema:
        """Return the table without the index: an equal one, else the one with its name."""
        named = [each for each in table.indexes if each.name == self.index.name]
        if not named:
            hint = did_you_mean(self.index.name, [each.name for each in table.indexes])
            raise SchemaError(
                f"there is no index {self.index.name!r} in the table {table.key!r} "
                f"(at {self.method}){hint or '; correct the name'}",
                self,
            )
        dropped = next((each for each in named if each == self.index), named[0])
        return replace(table, indexes=tuple(each for each in table.indexes if each is not dropped))
