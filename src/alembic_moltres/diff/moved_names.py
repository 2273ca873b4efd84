"""Drops an index or a key before another table gets one of its name.

Where the names of indexes are those of a schema, the block of the table that gets the name may come
first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..schema import (
    ExcludeConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from .changes.alter_table import AlterTable
from .changes.base import Change
from .changes.tables import CreateTable, DropForeignKeys, DropTable

Name = tuple[str | None, str]
KEYS = (PrimaryKeyConstraint, UniqueConstraint, ExcludeConstraint)


def with_moved_names(changes: Iterable[Change], *, keys: bool) -> tuple[Change, ...]:
    """Return the changes; what is dropped of a name that is created before is dropped first.

    Args:
        changes: the result of `diff`.
        keys: whether the keys have the names of indexes, too.

    >>> from alembic_moltres.schema import TableSchema, column, index
    >>> from .changes.indexes import CreateIndex, DropIndex
    >>> same = index("ix", "n")
    >>> made = AlterTable("a", None, (CreateIndex(same),))
    >>> dropped = AlterTable("b", None, (DropIndex(same),))
    >>> [each.name for each in with_moved_names([made, dropped], keys=False)]
    ['b', 'a']
    """
    changes = tuple(changes)
    kinds = (Index, *KEYS) if keys else (Index,)
    created: dict[Name, int] = {}
    for number, change in enumerate(changes):
        for made in _created(change, kinds):
            created.setdefault(made, number)
    before: dict[int, list[Change]] = {}
    kept: list[Change | None] = list(changes)
    for number, change in enumerate(changes):
        if isinstance(change, DropTable):
            names = _of(change.table, kinds)
            first_use = min((created.get(each, number) for each in names), default=number)
            if first_use < number and not _is_referred_to(change.table, changes[first_use:number]):
                before.setdefault(first_use, []).append(change)
                kept[number] = None
        if not isinstance(change, AlterTable):
            continue
        moved = {
            id(each): created[name]
            for each in change.changes
            if (name := _name(change, each.sides()[0], kinds)) is not None
            and each.sides()[1] is None
            and created.get(name, number) < number
        }
        if moved:
            first = tuple(each for each in change.changes if id(each) in moved)
            others = tuple(each for each in change.changes if id(each) not in moved)
            before.setdefault(min(moved.values()), []).append(replace(change, changes=first))
            kept[number] = replace(change, changes=others) if others else None
    return tuple(
        each
        for number, change in enumerate(kept)
        for each in (*before.get(number, ()), change)
        if each is not None
    )


def _created(change: Change, kinds: tuple[type, ...]) -> Iterator[Name]:
    match change:
        case AlterTable():
            for each in change.changes:
                current, desired = each.sides()
                name = _name(change, desired, kinds) if current is None else None
                if name is not None:
                    yield name
        case CreateTable(table=table):
            yield from _of(table, kinds)


def _of(table: TableSchema, kinds: tuple[type, ...]) -> Iterator[Name]:
    """Yield the names of a table's indexes and keys."""
    for item in (*table.indexes, *table.constraints):
        if isinstance(item, kinds) and item.name is not None:
            yield table.schema, str(item.name)


def _is_referred_to(table: TableSchema, changes: Iterable[Change]) -> bool:
    """Tell whether one of these changes drops a foreign key to a table."""
    return any(
        isinstance(key, ForeignKeyConstraint)
        and (key.references_schema, key.references_table) == (table.schema, table.name)
        for change in changes
        for key in _dropped(change)
    )


def _dropped(change: Change) -> Iterator[object]:
    """Yield what a change drops inside tables."""
    if isinstance(change, DropTable):
        yield from change.table.constraints
    elif isinstance(change, AlterTable | DropForeignKeys):
        block = change if isinstance(change, AlterTable) else change.block
        yield from (each.sides()[0] for each in block.changes)


def _name(change: AlterTable, item: object, kinds: tuple[type, ...]) -> Name | None:
    """Return the name of an index or a key, if it is one and has a name."""
    if not isinstance(item, kinds):
        return None
    name = getattr(item, "name", None)
    return None if name is None else (change.schema, str(name))
