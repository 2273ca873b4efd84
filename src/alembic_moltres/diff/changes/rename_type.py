"""Renames an enum type or a domain, which is an object outside the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ...schema.base import EMPTY
from .base import Change, Line, TableKey, Tables, by_key, called

if TYPE_CHECKING:
    from ...schema.item_text import ItemText


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RenameType(Change):
    """Renames an enum type or a domain, whose columns keep their data; it keeps its schema.

    >>> RenameType("mood", "feeling").message()
    "type 'mood' renamed to 'feeling'"
    """

    current: str
    desired: str
    schema: str | None = None
    method: ClassVar[str] = "moltres_rename_type"

    def arguments(self) -> tuple[Any, ...]:
        return str(self.current), str(self.desired)

    def keywords(self) -> Mapping[str, Any]:
        return EMPTY if self.schema is None else {"schema": str(self.schema)}

    def message(self, table: str = "") -> str:
        return f"type {self.current!r} renamed to {self.desired!r}"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        current, desired = (called((self.schema, name)) for name in (self.current, self.desired))
        yield Line("rename", "type", current, desired)

    def reverse(self) -> RenameType:
        return RenameType(self.desired, self.current, self.schema)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        from ..renames import TypeRename, as_renamed

        rename = TypeRename(self.current, self.desired, self.schema)
        return by_key(as_renamed(tables.values(), [rename]))
