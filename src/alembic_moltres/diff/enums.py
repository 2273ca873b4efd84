"""Named enum types: their labels change once, though many columns may have the type.

Only PostgreSQL's enum types have a name of their own. Reflection names them `postgresql.ENUM`,
which distinguishes them from the `ENUM` of other databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ..datatypes import Argument, DataType
from ..schema import ColumnDef, FrozenMapping, TableSchema
from .changes import AlterColumn, AlterEnum, AlterTable, Change
from .changes.columns import ColumnChange
from .changes.enums_and_sequences import (
    NATIVE,
    PORTABLE,
    enum_identity,
    named_enum,
    relabelled,
    relabelled_table,
    type_with_enums,
)


@dataclass(slots=True)
class EnumChanges:
    """The changes of enum types, and their labels in between.

    Attributes:
        before: the changes before all others.
        after: the changes after the tables are altered.
        between: the types as they are between the two.
        changed: the types as they are after both.
    """

    before: list[Change] = field(default_factory=list)
    after: list[Change] = field(default_factory=list)
    between: list[DataType] = field(default_factory=list)
    changed: list[DataType] = field(default_factory=list)

    def meanwhile(self, table: TableSchema) -> TableSchema:
        """Return a table with the labels that types have while tables are altered."""
        for enum in self.between:
            table = relabelled_table(table, enum)
        return table

    def afterwards(self, table: TableSchema) -> TableSchema:
        """Return a table with the labels that types have at the end."""
        for enum in self.changed:
            table = relabelled_table(table, enum)
        return table

    def altered(self, tables: Iterable[AlterTable]) -> list[AlterTable]:
        """Return the changes inside tables without those of labels, which the enum types have."""
        changes = [
            (
                table,
                tuple(
                    each for each in map(self._without_labels, table.changes) if each is not None
                ),
            )
            for table in tables
        ]
        return [replace(table, changes=inside) for table, inside in changes if inside]

    def _without_labels(self, change: Change) -> Change | None:
        if isinstance(change, ColumnChange):
            change = change.mapped(self._column)
        if not isinstance(change, AlterColumn):
            return change
        rest = _with_desired_type_name(change)
        return rest if rest.current != rest.desired else None

    def _column(self, column: ColumnDef) -> ColumnDef:
        for enum in self.between:
            column = relabelled(column, enum)
        return column


def enum_changes(
    current: Iterable[TableSchema], desired: Iterable[TableSchema], altered: Iterable[AlterTable]
) -> EnumChanges:
    """Return the label changes of the enum types that both sides have, in any column.

    Labels change before the tables; where a default changes with them, new labels come before it
    and old ones go after it.

    Args:
        current: the tables in the database.
        desired: the tables of the models.
        altered: the changes inside tables.
    """
    before = _enums(current, native=True)
    after = _enums(desired, unlike=before)
    changes = [
        AlterEnum(str(enum), str(_with_labels(enum, after[key].args)))
        for key, enum in before.items()
        if key in after and enum.args != after[key].args
    ]
    with_default = {
        enum_identity(enum)
        for change in (each for table in altered for each in table.altered_columns)
        if change.current.default != change.desired.default
        and (enum := named_enum(change.current)) is not None
    }
    made = EnumChanges()
    for change in sorted(changes, key=lambda each: each.current):
        _put(made, change, with_default=enum_identity(change.types()[0]) in with_default)
    return made


def _enums(
    tables: Iterable[TableSchema],
    *,
    native: bool = False,
    unlike: Mapping[object, DataType] = MappingProxyType({}),
) -> dict[object, DataType]:
    """Return the enum types by schema and name; with `native`, only reflected ones.

    A type name without "ENUM" in it is not parsed, as most have none. Of two columns with different
    labels for one type, that counts whose labels are not those in `unlike`: the other is left as it
    is in the database, by a filter.
    """
    columns = (column for table in tables for column in table.columns)
    found: dict[object, DataType] = {}
    for enum in (named_enum(each) for each in columns if PORTABLE in type_with_enums(each)):
        if enum is None or (native and enum.name != NATIVE):
            continue
        key = enum_identity(enum)
        if key not in found or key not in unlike or enum.args != unlike[key].args:
            found[key] = enum
    return found


def _put(made: EnumChanges, change: AlterEnum, *, with_default: bool) -> None:
    current, desired = change.types()
    removed = [label for label in current.args if label not in desired.args]
    added = [label for label in desired.args if label not in current.args]
    made.changed.append(desired)
    if not with_default or not removed:
        made.before.append(change)
        made.between.append(desired)
    elif not added:
        made.after.append(change)
        made.between.append(current)
    else:
        both = _with_labels(desired, (*desired.args, *removed))
        made.before.append(AlterEnum(change.current, str(both)))
        made.after.append(AlterEnum(str(both), change.desired))
        made.between.append(both)


def _with_labels(enum: DataType, labels: tuple[Argument, ...]) -> DataType:
    return DataType(enum.name, labels, enum.kwargs)


def _with_desired_type_name(change: AlterColumn) -> AlterColumn:
    """Return the change with the desired type name on both sides if both are one enum type.

    Reflection gives `postgresql.ENUM`, whatever a model's column is on other databases.
    """
    current, desired = change.current, change.desired
    enum = named_enum(current)
    if enum is None:
        return change
    reflected = enum.name == NATIVE and not current.type_variants
    if _portable_type(current) != _portable_type(desired) and not (
        reflected and _portable(current.type_name) == _portable(type_with_enums(desired))
    ):
        return change
    type_name, variants = desired.type_name, FrozenMapping(desired.type_variants)
    return replace(change, current=replace(current, type_name=type_name, type_variants=variants))


def _portable_type(column: ColumnDef) -> tuple[str, dict[str, str]]:
    variants = {dialect: _portable(text) for dialect, text in column.type_variants.items()}
    return _portable(column.type_name), variants


def _portable(type_name: str) -> str:
    return type_name.replace(NATIVE, PORTABLE)
