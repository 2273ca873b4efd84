"""The differences as values: what has to happen to tables, and inside one.

Each knows its `reverse()`. Not here: how a change is found, or carried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ..schema import ColumnDef, Constraint, FrozenMapping, Index, Sequence, TableSchema
from ..schema.base import EMPTY, Call, Value, frozen_mapping


class Change(Value):
    """The base of all changes."""

    __slots__ = ()

    def reverse(self) -> Change:
        """Return the change that undoes this one."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AddColumn(Change):
    """A column that the database does not have."""

    column: ColumnDef
    _function: ClassVar[str] = "AddColumn"
    _positional: ClassVar[tuple[str, ...]] = ("column",)

    def reverse(self) -> DropColumn:
        return DropColumn(self.column)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropColumn(Change):
    """A column that the models do not have."""

    column: ColumnDef
    _function: ClassVar[str] = "DropColumn"
    _positional: ClassVar[tuple[str, ...]] = ("column",)

    def reverse(self) -> AddColumn:
        return AddColumn(self.column)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlterColumn(Change):
    """A column that both have, and that differs; both values bear the same name."""

    current: ColumnDef
    desired: ColumnDef
    _function: ClassVar[str] = "AlterColumn"
    _positional: ClassVar[tuple[str, ...]] = ("current", "desired")

    def reverse(self) -> AlterColumn:
        return AlterColumn(self.desired, self.current)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RenameColumn(Change):
    """A column that keeps its rows under a new name."""

    current: str
    desired: str
    _function: ClassVar[str] = "RenameColumn"
    _positional: ClassVar[tuple[str, ...]] = ("current", "desired")

    def reverse(self) -> RenameColumn:
        return RenameColumn(self.desired, self.current)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AddConstraint(Change):
    """A constraint that the database does not have."""

    constraint: Constraint
    _function: ClassVar[str] = "AddConstraint"
    _positional: ClassVar[tuple[str, ...]] = ("constraint",)

    def reverse(self) -> DropConstraint:
        return DropConstraint(self.constraint)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropConstraint(Change):
    """A constraint that the models do not have."""

    constraint: Constraint
    _function: ClassVar[str] = "DropConstraint"
    _positional: ClassVar[tuple[str, ...]] = ("constraint",)

    def reverse(self) -> AddConstraint:
        return AddConstraint(self.constraint)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CreateIndex(Change):
    """An index that the database does not have."""

    index: Index
    _function: ClassVar[str] = "CreateIndex"
    _positional: ClassVar[tuple[str, ...]] = ("index",)

    def reverse(self) -> DropIndex:
        return DropIndex(self.index)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropIndex(Change):
    """An index that the models do not have."""

    index: Index
    _function: ClassVar[str] = "DropIndex"
    _positional: ClassVar[tuple[str, ...]] = ("index",)

    def reverse(self) -> CreateIndex:
        return CreateIndex(self.index)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SetComment(Change):
    """The table's comment, `None` for none."""

    current: str | None
    desired: str | None
    _function: ClassVar[str] = "SetComment"
    _positional: ClassVar[tuple[str, ...]] = ("current", "desired")

    def reverse(self) -> SetComment:
        return SetComment(self.desired, self.current)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class SetOptions(Change):
    """The table's dialect options, those that differ."""

    current: Mapping[str, Any] = EMPTY
    desired: Mapping[str, Any] = EMPTY
    _function: ClassVar[str] = "SetOptions"
    _positional: ClassVar[tuple[str, ...]] = ("current", "desired")

    def __post_init__(self) -> None:
        for name in ("current", "desired"):
            object.__setattr__(self, name, frozen_mapping(getattr(self, name), "table options"))

    def reverse(self) -> SetOptions:
        return SetOptions(FrozenMapping(self.desired), FrozenMapping(self.current))


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class CreateTable(Change):
    """A table that the database does not have."""

    table: TableSchema
    _function: ClassVar[str] = "CreateTable"
    _positional: ClassVar[tuple[str, ...]] = ("table",)

    def reverse(self) -> DropTable:
        return DropTable(self.table)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropTable(Change):
    """A table that the models do not have."""

    table: TableSchema
    _function: ClassVar[str] = "DropTable"
    _positional: ClassVar[tuple[str, ...]] = ("table",)

    def reverse(self) -> CreateTable:
        return CreateTable(self.table)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AddForeignKeys(Change):
    """The foreign keys of a cycle, which stand in the table's value with `use_alter`."""

    table: TableSchema
    _function: ClassVar[str] = "AddForeignKeys"
    _positional: ClassVar[tuple[str, ...]] = ("table",)

    def reverse(self) -> DropForeignKeys:
        return DropForeignKeys(self.table)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropForeignKeys(Change):
    """The reverse of `AddForeignKeys`."""

    table: TableSchema
    _function: ClassVar[str] = "DropForeignKeys"
    _positional: ClassVar[tuple[str, ...]] = ("table",)

    def reverse(self) -> AddForeignKeys:
        return AddForeignKeys(self.table)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RenameTable(Change):
    """A table that keeps its rows under a new name, in the same schema."""

    current: str
    desired: str
    schema: str | None = None
    _function: ClassVar[str] = "RenameTable"
    _positional: ClassVar[tuple[str, ...]] = ("current", "desired")

    def reverse(self) -> RenameTable:
        return RenameTable(self.desired, self.current, self.schema)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlterTable(Change):
    """What differs inside a table that both have, in the order in which it is carried out.

    Every name is the one that is valid at that place of the order.
    """

    name: str
    schema: str | None
    changes: tuple[Change, ...]
    _function: ClassVar[str] = "AlterTable"
    _positional: ClassVar[tuple[str, ...]] = ("name", "schema", "changes")

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", tuple(self.changes))

    def call(self) -> Call:
        return Call(self._function, (self.name, self.schema, self.changes))

    def reverse(self) -> AlterTable:
        changes = tuple(change.reverse() for change in reversed(self.changes))
        return AlterTable(self.name, self.schema, changes)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlterEnum(Change):
    """The labels of a named enum type, both as canonical type names."""

    current: str
    desired: str
    _function: ClassVar[str] = "AlterEnum"
    _positional: ClassVar[tuple[str, ...]] = ("current", "desired")

    def reverse(self) -> AlterEnum:
        return AlterEnum(self.desired, self.current)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlterSequence(Change):
    """The options of a sequence."""

    current: Sequence
    desired: Sequence
    _function: ClassVar[str] = "AlterSequence"
    _positional: ClassVar[tuple[str, ...]] = ("current", "desired")

    def reverse(self) -> AlterSequence:
        return AlterSequence(self.desired, self.current)
