"""The changes inside one table; those of its comment, its options and generated names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ...schema import ColumnDef, Constraint, FrozenMapping, Index, TableSchema
from ...schema.base import EMPTY, frozen_mapping
from ...schema.tables import PREFIXES
from .base import (
    Addition,
    Change,
    Line,
    OfItem,
    Removal,
    TableChange,
    TableKey,
    Tables,
    arrow,
    called,
)
from .columns import AlterColumn, RenameColumn

if TYPE_CHECKING:
    from ...schema.item_text import ItemText

C = TypeVar("C", bound=Change)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlterTable(Change):
    """The changes inside a table that both sides have, in the order in which they are carried out.

    Each name is the one that is valid at its place in that order.

    >>> AlterTable("users", None, (RenameColumn("mail", "email"),)).renamed_columns
    {'mail': 'email'}
    """

    name: str
    schema: str | None
    changes: tuple[Change, ...]
    method: ClassVar[str] = "moltres_alter_table"

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", tuple(self.changes))

    @property
    def key(self) -> TableKey:
        """The schema and name of the table."""
        return self.schema, self.name

    @property
    def of_table(self) -> str:
        return called(self.key)

    @property
    def added_columns(self) -> tuple[ColumnDef, ...]:
        """The columns that are added."""
        return self._items(Addition, ColumnDef)

    @property
    def dropped_columns(self) -> tuple[ColumnDef, ...]:
        """The columns that are dropped."""
        return self._items(Removal, ColumnDef)

    @property
    def altered_columns(self) -> tuple[AlterColumn, ...]:
        """The changes of existing columns."""
        return self._all(AlterColumn)

    @property
    def renamed_columns(self) -> dict[str, str]:
        """The new names of columns by the old ones."""
        return {each.current: each.desired for each in self._all(RenameColumn)}

    @property
    def added_constraints(self) -> tuple[Constraint, ...]:
        """The constraints that are added."""
        return self._items(Addition, Constraint)

    @property
    def dropped_constraints(self) -> tuple[Constraint, ...]:
        """The constraints that are dropped, without those in a column's definition."""
        return self._items(Removal, Constraint)

    def with_names_after_renames(self, names: Iterable[Change]) -> AlterTable:
        """Return the block with new names after its last rename of a column.

        >>> from .columns import RenameColumn
        >>> block = AlterTable("t", None, (RenameColumn("a", "b"), SetComment(None, "c")))
        >>> names = RenameGeneratedNames({"t_a_key": "t_b_key"})
        >>> [type(each).__name__ for each in block.with_names_after_renames([names]).changes]
        ['RenameColumn', 'RenameGeneratedNames', 'SetComment']
        """
        last = max(at for at, each in enumerate(self.changes) if isinstance(each, RenameColumn))
        before, after = self.changes[: last + 1], self.changes[last + 1 :]
        return replace(self, changes=(*before, *names, *after))

    @property
    def created_indexes(self) -> tuple[Index, ...]:
        """The indexes that are created."""
        return self._items(Addition, Index)

    @property
    def dropped_indexes(self) -> tuple[Index, ...]:
        """The indexes that are dropped."""
        return self._items(Removal, Index)

    def arguments(self) -> tuple[Any, ...]:
        return (str(self.name),)

    def keywords(self) -> Mapping[str, Any]:
        return EMPTY if self.schema is None else {"schema": str(self.schema)}

    def messages(self) -> list[str]:
        return list(filter(None, (each.message(self.of_table) for each in self.changes)))

    def lines(self, texts: ItemText) -> Iterator[Line]:
        for each in self.changes:
            yield from each.lines(texts)

    def losses(self, table: str = "") -> Iterator[str]:
        for each in self.changes:
            yield from each.losses(self.of_table)

    def reverse(self) -> AlterTable:
        changes = tuple(change.reverse() for change in reversed(self.changes))
        return AlterTable(self.name, self.schema, changes)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        for change in self.changes:
            tables = change.apply(tables, self.key)
        return tables

    def _items(self, kind: type[OfItem], item: Any) -> tuple[Any, ...]:
        items = [each.item for each in self.changes if isinstance(each, kind)]
        return tuple([each for each in items if isinstance(each, item)])

    def _all(self, kind: type[C]) -> tuple[C, ...]:
        return tuple([change for change in self.changes if isinstance(change, kind)])


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SetComment(TableChange):
    """The table's comment, `None` for none."""

    current: str | None
    desired: str | None
    method: ClassVar[str] = "set_comment"

    def arguments(self) -> tuple[Any, ...]:
        return self.desired, self.current

    def message(self, table: str = "") -> str:
        return f"changed comment of table {table!r}"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        yield Line("alter", "comment", "", arrow(self.current, self.desired, texts))

    def reverse(self) -> SetComment:
        return SetComment(self.desired, self.current)

    def applied(self, table: TableSchema) -> TableSchema:
        return replace(table, comment=self.desired)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SetOptions(TableChange):
    """The differing dialect options of a table; an absent one has the database's default.

    An option that stays is there where the statement has to name it.
    The prefixes of CREATE TABLE, such as UNLOGGED, are the option "prefixes".
    """

    current: Mapping[str, Any]
    desired: Mapping[str, Any]
    method: ClassVar[str] = "set_options"

    def __post_init__(self) -> None:
        for name in ("current", "desired"):
            object.__setattr__(self, name, frozen_mapping(getattr(self, name), "table options"))

    def arguments(self) -> tuple[Any, ...]:
        return self.desired, self.current

    def message(self, table: str = "") -> str:
        options = (name for name, _, _ in self._options())
        return f"changed options of table {table!r}: {', '.join(options)}"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        for name, before, after in self._options():
            yield Line("alter", "option", name, arrow(before, after, texts))

    def _options(self) -> Iterator[tuple[str, Any, Any]]:
        for name in sorted({*self.current, *self.desired}):
            before, after = self.current.get(name), self.desired.get(name)
            if before != after:
                yield name, before, after

    def reverse(self) -> SetOptions:
        return SetOptions(self.desired, self.current)

    def applied(self, table: TableSchema) -> TableSchema:
        kept = {
            key: value for key, value in table.dialect_options.items() if key not in self.current
        }
        options = {**kept, **self.desired}
        prefixes = options.pop(PREFIXES, table.prefixes)
        return replace(table, dialect_options=FrozenMapping(options), prefixes=prefixes)


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
