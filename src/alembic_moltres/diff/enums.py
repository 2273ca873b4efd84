"""Named enum types: their labels change once, though many columns may have the type.

Only PostgreSQL's enum types have a name of their own. Reflection calls them `postgresql.ENUM`,
which is how they are told from the `ENUM` of other databases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ..datatypes import Argument, DataType
from ..schema import ColumnDef, FrozenMapping, TableSchema
from .changes import AlterColumn, AlterEnum, AlterTable, Change
from .changes.columns import ColumnChange
from .changes.enums_and_sequences import (
    NATIVE,
    PORTABLE,
    enum_identity,
    named_enum,
    on_postgresql,
    relabelled,
    relabelled_table,
)


@dataclass(slots=True)
class EnumChanges:
    """The changes of enum types, and what their labels are meanwhile.

    Attributes:
        before: what comes before everything.
        after: what comes after the tables are altered.
        meanwhile: the types as they are between the two.
        finally_: the types as they are after both.
    """

    before: list[Change] = field(default_factory=list)
    after: list[Change] = field(default_factory=list)
    meanwhile: list[DataType] = field(default_factory=list)
    finally_: list[DataType] = field(default_factory=list)

    def created(self, table: TableSchema) -> TableSchema:
        """Return a new table with the labels that types have when it is created."""
        for enum in self.meanwhile:
            table = relabelled_table(table, enum)
        return table

    def dropped(self, table: TableSchema) -> TableSchema:
        """Return a table with the labels that types have when it is dropped."""
        for enum in self.finally_:
            table = relabelled_table(table, enum)
        return table

    def altered(self, tables: Iterable[AlterTable]) -> list[AlterTable]:
        """Return the changes inside tables without those of labels; the others have these."""
        changes = [
            (table, tuple(each for each in map(self._meanwhile, table.changes) if each is not None))
            for table in tables
        ]
        return [replace(table, changes=inside) for table, inside in changes if inside]

    def _meanwhile(self, change: Change) -> Change | None:
        if isinstance(change, ColumnChange):
            change = change.mapped(self._column)
        if not isinstance(change, AlterColumn):
            return change
        rest = _as_desired_is_spelt(change)
        return rest if rest.current != rest.desired else None

    def _column(self, column: ColumnDef) -> ColumnDef:
        for enum in self.meanwhile:
            column = relabelled(column, enum)
        return column


def enum_changes(tables: Iterable[AlterTable]) -> EnumChanges:
    """Return the label changes of the enum types that altered columns have.

    Labels change before the tables; where a default changes with them, new labels come before it
    and old ones go after it.
    """
    found: dict[str, AlterEnum] = {}
    with_defaults: set[str] = set()
    for change in (each for table in tables for each in table.altered_columns):
        enum = _relabelling(change)
        if enum is not None:
            found[enum.current] = enum
            if change.current.default != change.desired.default:
                with_defaults.add(enum.current)
    made = EnumChanges()
    for key in sorted(found):
        _put(made, found[key], with_default=key in with_defaults)
    return made


def _put(made: EnumChanges, change: AlterEnum, *, with_default: bool) -> None:
    current, desired = change.types()
    removed = [label for label in current.args if label not in desired.args]
    added = [label for label in desired.args if label not in current.args]
    made.finally_.append(desired)
    if not with_default or not removed:
        made.before.append(change)
        made.meanwhile.append(desired)
    elif not added:
        made.after.append(change)
        made.meanwhile.append(current)
    else:
        both = _with_labels(desired, (*desired.args, *removed))
        made.before.append(AlterEnum(change.current, str(both)))
        made.after.append(AlterEnum(str(both), change.desired))
        made.meanwhile.append(both)


def _relabelling(change: AlterColumn) -> AlterEnum | None:
    current, desired = named_enum(change.current), named_enum(change.desired)
    if current is None or desired is None or current.name != NATIVE:
        return None
    if enum_identity(current) != enum_identity(desired) or current.args == desired.args:
        return None
    return AlterEnum(str(current), str(_with_labels(current, desired.args)))


def _with_labels(enum: DataType, labels: tuple[Argument, ...]) -> DataType:
    return DataType(enum.name, labels, enum.kwargs)


def _as_desired_is_spelt(change: AlterColumn) -> AlterColumn:
    """Return the change with the type spelt as desired where both are one type on PostgreSQL."""
    current, desired = change.current, change.desired
    if named_enum(current) is None or _spelt(current) != _spelt(desired):
        return change
    ours, theirs = (_elsewhere(each) for each in (current, desired))
    if ours and ours != theirs:
        return change
    current = replace(
        current,
        type_name=desired.type_name,
        type_variants=FrozenMapping(desired.type_variants),
    )
    return replace(change, current=current)


def _spelt(column: ColumnDef) -> str:
    return on_postgresql(column).replace(NATIVE, PORTABLE)


def _elsewhere(column: ColumnDef) -> dict[str, str]:
    """Return the types that a column has on other databases, where they are named."""
    return {key: text for key, text in column.type_variants.items() if key != "postgresql"}
