"""CHECKs in the definition of a column, where the database keeps them apart from the table's.

MariaDB has such a CHECK without a name: no DROP CONSTRAINT reaches it, and altering the column
drops it unless the new definition states it. So it is part of the column's value on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from ...schema import CheckConstraint, Constraint
from ...sqltext import GENERIC, mentioned
from .signatures import ItemSignature, ReflectedColumn, ReflectedItem, ReflectedTable, matches

Item: TypeAlias = ReflectedItem[Constraint]


def with_column_checks(
    current: ReflectedTable, desired: ReflectedTable
) -> tuple[ReflectedTable, ReflectedTable]:
    """Return both tables with these CHECKs in their columns.

    One that the models have too is spelled as they spell it; one that replaces it takes its place.

    Args:
        current: the table of the database, under its new names.
        desired: the table of the models.
    """
    own = [each for each in current.constraints if each.in_column is not None]
    if not own:
        return current, desired
    same = _pairs(own, desired.constraints, _is_same)
    rest = _without(desired.constraints, same.values())
    replaced = _pairs([each for each in own if id(each) not in same], rest, _replaces)
    names = {each.column.name for each in desired.columns}
    dropped = {id(each) for each in own if each.in_column not in names}
    stays = {key: each for key, each in (same | replaced).items() if key not in dropped}
    ours = [
        replace(each, item=stays[id(each)].item) if id(each) in same and id(each) in stays else each
        for each in own
    ]
    theirs = [
        replace(
            stays[id(each)],
            signature=each.signature if id(each) in same else stays[id(each)].signature,
            in_column=each.in_column,
        )
        for each in own
        if id(each) in stays
    ]
    return _moved(current, ours, own), _moved(desired, theirs, stays.values())


def with_own_checks(table: ReflectedTable) -> ReflectedTable:
    """Return a table of the database with these CHECKs in its columns."""
    return with_column_checks(table, table)[0]


def _pairs(
    own: Iterable[Item], desired: Sequence[Item], fits: Callable[[Item, ItemSignature], bool]
) -> dict[int, Item]:
    """Return a CHECK without a name of the models for each of the database, by its identity."""
    pairs: dict[int, Item] = {}
    for each in own:
        for other in _without(desired, pairs.values()):
            wanted = other.signature
            unnamed = isinstance(other.item, CheckConstraint) and wanted and wanted.name is None
            if unnamed and wanted and fits(each, wanted):
                pairs[id(each)] = other
                break
    return pairs


def _is_same(current: Item, desired: ItemSignature) -> bool:
    return current.signature is not None and matches(current.signature.text, desired.text)


def _replaces(current: Item, desired: ItemSignature) -> bool:
    return str(current.in_column).lower() in mentioned(str(desired.text), GENERIC)


def _without(items: Iterable[Item], others: Iterable[Item]) -> list[Item]:
    left_out = {id(each) for each in others}
    return [each for each in items if id(each) not in left_out]


def _moved(
    table: ReflectedTable, checks: Iterable[Item], removed: Iterable[Item]
) -> ReflectedTable:
    """Return a table with CHECKs in columns, and without others in the table."""
    by_column: dict[str, list[Item]] = {}
    for each in checks:
        by_column.setdefault(str(each.in_column), []).append(each)
    return table.with_items(
        columns=(_with(each, by_column.get(each.column.name, ())) for each in table.columns),
        constraints=_without(table.constraints, removed),
    )


def _with(column: ReflectedColumn, checks: Sequence[Item]) -> ReflectedColumn:
    if not checks:
        return column
    items = [each.item for each in checks if isinstance(each.item, CheckConstraint)]
    texts = tuple(str(each.signature.text) for each in checks if each.signature)
    return replace(
        column,
        column=replace(column.column, constraints=(*column.column.constraints, *items)),
        signature=replace(column.signature, checks=texts),
    )
