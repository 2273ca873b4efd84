"""Adds and removes changes of indexes so that each foreign key that stays has one.

A script drops or creates an index that InnoDB creates for a key only if the key stays. If it is
dropped with the key, or created with it, the index needs no statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ...diff import (
    AddConstraint,
    AlterTable,
    Change,
    CreateIndex,
    DropConstraint,
    DropIndex,
    RenameColumn,
)
from ...diff.changes.base import Removal, TableKey
from ...diff.renames import renamed_constraint, renamed_index
from ...schema import Constraint, ForeignKeyConstraint, Index, TableSchema, UniqueConstraint
from ...sqltext import MYSQL
from .foreign_key_indexes import columns_of, implicit_indexes, may_be_implicit, supports, types_of


def with_required_indexes(
    changes: Iterable[Change], tables: Mapping[TableKey, TableSchema], dialect: str
) -> tuple[Change, ...]:
    """Return the changes such that every remaining foreign key has an index.

    An index that is created or dropped with its key is left out. An index stays if a filter has
    kept a key that needs it.

    Args:
        changes: of the whole database.
        tables: the current tables by schema and name.
        dialect: the dialect's name.
    """
    now = dict(tables)
    altered: list[Change] = []
    for each in changes:
        if not isinstance(each, AlterTable) or each.key not in now:
            altered.append(each)
            continue
        block = _with_indexes(each, now[each.key], dialect)
        altered += [block] if block.changes else []
        now[each.key] = _without_keys(now[each.key], each.dropped_constraints)
    return tuple(altered)


def _without_keys(table: TableSchema, dropped: Collection[Constraint]) -> TableSchema:
    """Return a table without the foreign keys that a preceding block drops.

    Their columns may have other names there; the database has a name for each key.
    """
    names = {each.name for each in dropped if isinstance(each, ForeignKeyConstraint)}
    kept = tuple(
        each
        for each in table.constraints
        if not isinstance(each, ForeignKeyConstraint)
        or (each not in dropped and (each.name is None or each.name not in names))
    )
    return replace(table, constraints=kept)


def _with_indexes(change: AlterTable, table: TableSchema, dialect: str) -> AlterTable:
    changes = [each for each in change.changes if not _is_implied_by_key(each, change)]
    dropped = {
        (type(each.item), str(each.item.name))
        for each in changes
        if isinstance(each, DropConstraint | DropIndex)
    }
    if not dropped:
        return replace(change, changes=tuple(changes))
    kept_items = [
        *(each for each in table.constraints if (type(each), str(each.name)) not in dropped),
        *(each for each in table.indexes if (Index, str(each.name)) not in dropped),
    ]
    types = types_of(table, dialect)
    added = [each.item for each in changes if isinstance(each, AddConstraint | CreateIndex)]
    keys = _keys_that_lose_an_index(change, table, kept_items, dialect)
    supporting = columns_of([*kept_items, *added], types, dialect)
    names = {str(each.name) for each in kept_items}
    for made in implicit_indexes(table.name, keys, supporting, names):
        changes = _with_index(changes, made, table)
    return replace(change, changes=tuple(_after_renames(changes, keys, types, dialect)))


def _with_index(changes: list[Change], made: Index, table: TableSchema) -> list[Change]:
    """Return the changes without the drop of an index that supports a key; else with a new one."""
    supporting = {
        index.name
        for index in table.indexes
        if index.columns == made.columns and may_be_implicit(index, table)
    }
    kept = [
        each
        for each in changes
        if not (isinstance(each, DropIndex) and each.index.name in supporting)
    ]
    return kept if len(kept) < len(changes) else [*changes, CreateIndex(made)]


def _keys_that_lose_an_index(
    change: AlterTable, table: TableSchema, kept_items: Sequence[Constraint | Index], dialect: str
) -> list[ForeignKeyConstraint]:
    dropped_items = (
        each for each in (*table.constraints, *table.indexes) if each not in kept_items
    )
    lost = columns_of(dropped_items, types_of(table, dialect), dialect)
    dropped = {str(column.name) for column in change.dropped_columns}
    return [
        each
        for each in kept_items
        if isinstance(each, ForeignKeyConstraint)
        and any(supports(columns, each) for columns in lost)
        and dropped.isdisjoint(each.columns)
    ]


def _after_renames(
    changes: list[Change],
    keys: Collection[ForeignKeyConstraint],
    types: Mapping[str, str],
    dialect: str,
) -> list[Change]:
    """Return the changes with dropped indexes of keys after the renames of their columns.

    Within one statement InnoDB does not find the new index of a renamed column.
    """
    names = {each.current: each.desired for each in changes if isinstance(each, RenameColumn)}
    types = {names.get(name, name): type_ for name, type_ in types.items()}
    keyed = {name for key in keys for name in key.columns}
    if keyed.isdisjoint(names.values()):
        return changes
    moved: dict[int, Change] = {}
    for at, each in enumerate(changes):
        match each:
            case DropIndex(index=index):
                renamed: Removal = DropIndex(renamed_index(index, names, MYSQL))
            case DropConstraint(constraint=UniqueConstraint() as unique):
                renamed = DropConstraint(renamed_constraint(unique, names, MYSQL))
            case _:
                continue
        index_columns = columns_of([renamed.item], types, dialect)
        if any(supports(columns, key) for columns in index_columns for key in keys):
            moved[at] = renamed
    last = max(at for at, each in enumerate(changes) if isinstance(each, RenameColumn))
    return [
        *(each for at, each in enumerate(changes[: last + 1]) if at not in moved),
        *moved.values(),
        *(each for at, each in enumerate(changes) if at > last and at not in moved),
    ]


def _is_implied_by_key(change: Change, block: AlterTable) -> bool:
    """Tell whether an index is created or dropped with a foreign key of its name."""
    match change:
        case CreateIndex(index=index):
            keys = block.added_constraints
        case DropIndex(index=index):
            keys = block.dropped_constraints
        case _:
            return False
    return not index.unique and any(
        isinstance(key, ForeignKeyConstraint)
        and (key.name, key.columns) == (index.name, index.columns)
        for key in keys
    )
