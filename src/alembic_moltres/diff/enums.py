"""Named enum types: their labels change once, though many columns may have the type.

Only PostgreSQL's enum types have a name of their own. Reflection calls them `postgresql.ENUM`,
which is how they are told from the `ENUM` of other databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..datatypes import Argument, DataType
from ..schema import FrozenMapping
from .changes import AlterColumn, AlterEnum, AlterTable, Change
from .changes.enums_and_sequences import NATIVE, PORTABLE, enum_identity, named_enum, on_postgresql


def enum_changes(
    tables: Iterable[AlterTable],
) -> tuple[list[Change], list[AlterTable], list[Change]]:
    """Part the label changes of enum types from the columns that have them.

    Returns:
        what comes before the tables, the tables without it, and what comes after them. Labels
        change before the tables; where a default changes with them, new labels come before it
        and old ones go after it.
    """
    found: dict[str, AlterEnum] = {}
    with_defaults: set[str] = set()
    parted = []
    for table in tables:
        changes: list[Change] = []
        for change in table.changes:
            if not isinstance(change, AlterColumn):
                changes.append(change)
                continue
            enums = list(_relabelled(change))
            found.update((enum.current, enum) for enum in enums)
            if enums and change.current.default != change.desired.default:
                with_defaults.update(enum.current for enum in enums)
            rest = _without_labels(change, enums)
            if rest.current != rest.desired:
                changes.append(rest)
        if changes:
            parted.append(replace(table, changes=tuple(changes)))
    before, after = _ordered(found, with_defaults)
    return before, parted, after


def _ordered(
    found: dict[str, AlterEnum], with_defaults: set[str]
) -> tuple[list[Change], list[Change]]:
    before: list[Change] = []
    after: list[Change] = []
    for key in sorted(found):
        change = found[key]
        current, desired = DataType.parse(change.current), DataType.parse(change.desired)
        removed = [label for label in current.args if label not in desired.args]
        added = [label for label in desired.args if label not in current.args]
        if key not in with_defaults or not removed:
            before.append(change)
        elif not added:
            after.append(change)
        else:
            both = str(_with_labels(desired, (*desired.args, *removed)))
            before.append(AlterEnum(change.current, both))
            after.append(AlterEnum(both, change.desired))
    return before, after


def _relabelled(change: AlterColumn) -> Iterator[AlterEnum]:
    current = named_enum(change.current)
    desired = named_enum(change.desired)
    if current is None or desired is None or current.name != NATIVE:
        return
    if enum_identity(current) == enum_identity(desired) and current.args != desired.args:
        yield AlterEnum(str(current), str(_with_labels(current, desired.args)))


def _with_labels(enum: DataType, labels: tuple[Argument, ...]) -> DataType:
    return DataType(enum.name, labels, enum.kwargs)


def _without_labels(change: AlterColumn, enums: list[AlterEnum]) -> AlterColumn:
    """Return the change as it is once the labels are the new ones."""
    if not enums:
        return change
    ours = DataType.parse(enums[0].current)
    new = named_enum(change.desired)
    current = change.current
    for text in (current.type_name, *current.type_variants.values()):
        if str(ours) in text and new is not None:
            relabelled = str(DataType.parse(text.replace(str(ours), str(new))))
            wanted = on_postgresql(change.desired)
            if relabelled.replace(NATIVE, PORTABLE) == wanted.replace(NATIVE, PORTABLE):
                current = replace(
                    current,
                    type_name=change.desired.type_name,
                    type_variants=FrozenMapping(change.desired.type_variants),
                )
    return replace(change, current=current)
