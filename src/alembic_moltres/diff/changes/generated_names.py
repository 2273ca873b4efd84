"""Renames generated names, which a database keeps when a table or a column is renamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from ...schema import FrozenMapping, TableSchema
from ...schema.base import EMPTY
from .base import Line, TableChange

if TYPE_CHECKING:
    from ...schema.item_text import ItemText


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RenameGeneratedNames(TableChange):
    """Renames constraints, and sequences of columns, with names that PostgreSQL generated.

    It has no effect on other databases, which use other names or rename them automatically.

    Attributes:
        constraints: the new names by the old ones.
        sequences: the same for sequences.

    >>> change = RenameGeneratedNames({"person_pkey": "people_pkey"})
    >>> change.reverse()
    RenameGeneratedNames({'people_pkey': 'person_pkey'})
    """

    constraints: Mapping[str, str]
    sequences: Mapping[str, str] = EMPTY
    method: ClassVar[str] = "rename_generated_names"

    def __post_init__(self) -> None:
        for name in ("constraints", "sequences"):
            object.__setattr__(self, name, FrozenMapping(getattr(self, name)))

    def arguments(self) -> tuple[Any, ...]:
        return (self.constraints,)

    def keywords(self) -> Mapping[str, Any]:
        return {"sequences": self.sequences} if self.sequences else EMPTY

    def lines(self, texts: ItemText) -> Iterator[Line]:
        for kind, names in (("constraint", self.constraints), ("sequence", self.sequences)):
            for current, desired in names.items():
                yield Line("rename", kind, str(current), texts.name(desired))

    def reverse(self) -> RenameGeneratedNames:
        from ..renames import inverted

        return RenameGeneratedNames(inverted(self.constraints), inverted(self.sequences))

    def applied(self, table: TableSchema) -> TableSchema:
        constraints = tuple(
            replace(each, name=self.constraints.get(str(each.name), each.name))
            for each in table.constraints
        )
        return replace(table, constraints=constraints)
