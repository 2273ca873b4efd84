"""Foreign keys that are dropped first or added last, and tables with them.

A foreign key can be added only after its target exists, and the target can be dropped only after
the key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from ..schema import (
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from .changes.alter_table import AlterTable
from .changes.base import TableKey, table_key
from .changes.constraints import AddConstraint, DropConstraint
from .changes.indexes import DropIndex
from .order import added_later, first_keys


@dataclass(frozen=True, slots=True)
class Referable:
    """Columns and keys that a change adds or drops, possible targets of other tables' keys.

    Attributes:
        columns: the added, dropped, renamed or retyped columns.
        keys: the columns of added or dropped primary keys, UNIQUE constraints and unique indexes.
    """

    columns: frozenset[str]
    keys: frozenset[frozenset[str]]

    @classmethod
    def made(cls, change: AlterTable) -> Referable:
        """Return the targets that exist only after a change."""
        names = {*(column.name for column in change.added_columns), *_retyped(change)}
        keys = (*change.added_constraints, *change.created_indexes)
        return cls(frozenset({*names, *change.renamed_columns.values()}), unique_columns(keys, {}))

    @classmethod
    def unmade(cls, change: AlterTable) -> Referable:
        """Return the targets that exist only before a change, by the columns' names after it."""
        names = {*(column.name for column in change.dropped_columns), *_retyped(change)}
        keys = (*change.dropped_constraints, *change.dropped_indexes)
        return cls(frozenset(names), unique_columns(keys, change.renamed_columns))

    def concerns(self, key: ForeignKeyConstraint) -> bool:
        """Tell whether a foreign key refers to any of these."""
        referred = frozenset(key.references_columns)
        return bool(referred & self.columns) or referred in self.keys


@dataclass(frozen=True, slots=True)
class Entangled:
    """Tables that cannot be created before others are altered, or dropped after that.

    Attributes:
        tables: the tables that must wait themselves.
        keys: the tables whose keys with `use_alter` must wait.
    """

    tables: frozenset[TableKey]
    keys: frozenset[TableKey]

    @classmethod
    def of(cls, tables: Iterable[TableSchema], altered: Mapping[TableKey, Referable]) -> Entangled:
        """Return the tables that refer to altered items, or to such tables.

        Args:
            tables: the created or dropped tables, referred ones first.
            altered: the added and dropped targets of keys, by table.
        """
        tables, entangled = list(tables), set[TableKey]()

        def waits(key: ForeignKeyConstraint) -> bool:
            target = target_of(key)
            return target in entangled or (target in altered and altered[target].concerns(key))

        for table in tables:
            if any(map(waits, first_keys(table))):
                entangled.add(table_key(table))
        keys = {table_key(table) for table in tables if any(map(waits, added_later(table)))}
        return cls(frozenset(entangled), frozenset(entangled | keys))


def with_keys_first(
    changes: Iterable[AlterTable], places: Mapping[TableKey, int]
) -> tuple[list[AlterTable], list[AlterTable]]:
    """Return the drops of foreign keys that precede all changes, and the other changes.

    An index with a key's name is dropped with it, because MySQL and MariaDB created it for the key.
    A table without other changes keeps its place, if that is before the targets of its keys.

    Args:
        changes: the changes inside tables, in order.
        places: the tables whose keys are dropped first, with their places in that order.
    """
    first, then = [], []
    for at, change in enumerate(changes):
        keys = {
            each: each.name
            for each in change.dropped_constraints
            if isinstance(each, ForeignKeyConstraint)
            and target_of(each) != change.key
            and target_of(each) in places
        }
        early = tuple(
            each
            for each in change.changes
            if (isinstance(each, DropConstraint) and each.constraint in keys)
            or (isinstance(each, DropIndex) and each.index.name in keys.values())
        )
        rest = tuple(each for each in change.changes if each not in early)
        if not rest and all(places[target_of(each)] > at for each in keys):
            then.append(change)
            continue
        first += [replace(change, changes=early)] if early else []
        then += [replace(change, changes=rest)] if rest else []
    return first, then


def with_keys_last(
    changes: Iterable[AlterTable], late: Collection[TableKey]
) -> tuple[list[AlterTable], list[AlterTable]]:
    """Return the changes, and the foreign keys to add after all of them.

    Args:
        changes: the changes inside tables, in order.
        late: the tables that are created afterwards.
    """
    changes = list(changes)
    last, now = [], []
    pending = {change.key: Referable.made(change) for change in changes}
    for change in changes:
        del pending[change.key]
        adds = tuple(
            each
            for each in change.changes
            if isinstance(each, AddConstraint)
            and isinstance(key := each.constraint, ForeignKeyConstraint)
            and (
                target_of(key) in late
                or (target_of(key) in pending and pending[target_of(key)].concerns(key))
            )
        )
        rest = tuple(each for each in change.changes if each not in adds)
        last += [replace(change, changes=adds)] if adds else []
        now += [replace(change, changes=rest)] if rest else []
    return now, last


def target_of(key: ForeignKeyConstraint) -> TableKey:
    """Return the table that a key refers to."""
    return key.references_schema, key.references_table


def _retyped(change: AlterTable) -> set[str]:
    return {each.desired.name for each in change.altered_columns if each.retypes}


def unique_columns(items: Iterable[object], names: Mapping[str, str]) -> frozenset[frozenset[str]]:
    """Return the columns of the primary keys, UNIQUE constraints and unique indexes among `items`.

    Args:
        items: constraints and indexes.
        names: the new names of renamed columns.
    """
    return frozenset(
        frozenset(names.get(name, name) for name in item.columns)
        for item in items
        if isinstance(item, PrimaryKeyConstraint | UniqueConstraint)
        or (isinstance(item, Index) and item.unique)
    )
