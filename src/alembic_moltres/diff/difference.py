"""The difference of two sets of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..schema import Sequence, TableSchema
from .changes.alter_table import AlterTable
from .changes.base import Change, by_key, table_key
from .changes.enums_and_sequences import AlterSequence
from .changes.rename_type import RenameType
from .changes.tables import AddForeignKeys, CreateTable, DropForeignKeys, DropTable, RenameTable
from .enums import enum_changes
from .foreign_keys import Entangled, Referable, with_keys_first, with_keys_last
from .order import added_later, creation_order
from .renames import (
    AnyRename,
    ColumnRename,
    TableRename,
    as_renamed,
    formerly_referring,
    in_sequence,
    new_names,
)
from .tables import diff_tables


def diff(
    current: Iterable[TableSchema],
    desired: Iterable[TableSchema],
    renames: Iterable[AnyRename] = (),
) -> tuple[Change, ...]:
    """Return the changes from the `current` to the `desired` tables, in an order that works.

    Args:
        current: the tables in the database.
        desired: the tables of the models.
        renames: of tables, columns and types, which keep their data; see `TableRename`,
            `ColumnRename` and `TypeRename`.

    >>> from dataclasses import replace
    >>> from alembic_moltres.schema import TableSchema, column
    >>> before = TableSchema("users", [column("id", "INTEGER")])
    >>> after = replace(before, comment="who logs in")
    >>> diff([before], [after])
    (AlterTable('users', None, [SetComment(None, 'who logs in')]),)
    >>> diff([after], [after])
    ()
    """
    renames = tuple(renames)
    return diff_renamed(as_renamed(current, renames), desired, renames)


def diff_renamed(
    current: Iterable[TableSchema],
    desired: Iterable[TableSchema],
    renames: Iterable[AnyRename] = (),
) -> tuple[Change, ...]:
    """Do what `diff` does, for `current` tables that already have their new names.

    The order is: rename tables and types, change labels of enum types and sequences, create tables,
    their foreign keys of cycles, alter tables, drop foreign keys of cycles, drop tables, remove
    labels that these used. A table that refers to an altered item is created after that, or dropped
    before it.
    """
    renames = tuple(renames)
    names = new_names(renames)
    existing, wanted = by_key(current), by_key(desired)
    added = creation_order(wanted[key] for key in wanted.keys() - existing.keys())
    removed = creation_order(existing[key] for key in existing.keys() - wanted.keys())
    both = [key for key in map(table_key, creation_order(wanted.values())) if key in existing]
    pairs = ((existing[key], wanted[key]) for key in both)
    altered = [change for pair in pairs if (change := diff_tables(*pair, names))]
    enums = enum_changes(existing.values(), wanted.values(), altered, added, removed)
    altered = enums.altered(altered)
    entangled = Entangled.of(removed, {each.key: Referable.unmade(each) for each in altered})
    former = [enums.meanwhile(formerly_referring(table, names)) for table in removed]
    before, altered = _dropped_before(former, entangled, altered)
    return (
        *_renamed(renames),
        *enums.before,
        *_sequences(altered),
        *before,
        *_created([enums.meanwhile(table) for table in added], altered),
        *_dropped_after([enums.meanwhile(table) for table in removed], entangled),
        *enums.after,
    )


def _renamed(renames: Iterable[AnyRename]) -> Iterator[Change]:
    """Yield the renames of tables and types, schema by schema, in an order that works."""
    names: dict[tuple[Any, str | None], dict[str, str]] = {}
    for rename in renames:
        if not isinstance(rename, ColumnRename):
            change = RenameTable if isinstance(rename, TableRename) else RenameType
            names.setdefault((change, rename.schema), {})[rename.current] = rename.desired
    for (change, schema), inside in names.items():
        yield from (change(old, new, schema) for old, new in in_sequence(inside))


def _created(added: list[TableSchema], altered: list[AlterTable]) -> Iterator[Change]:
    """Yield the changes that create and alter tables; a foreign key follows its target."""
    late = Entangled.of(added, {each.key: Referable.made(each) for each in altered})
    first, altered = with_keys_first(altered, {each.key: at for at, each in enumerate(altered)})
    altered, last = with_keys_last(altered, late.tables)
    yield from (CreateTable(each) for each in added if table_key(each) not in late.tables)
    with_later_keys = [table for table in added if added_later(table)]
    yield from (AddForeignKeys(t) for t in with_later_keys if table_key(t) not in late.keys)
    yield from (*first, *altered)
    yield from (CreateTable(each) for each in added if table_key(each) in late.tables)
    yield from (AddForeignKeys(t) for t in with_later_keys if table_key(t) in late.keys)
    yield from last


def _dropped_before(
    removed: list[TableSchema], entangled: Entangled, altered: list[AlterTable]
) -> tuple[list[Change], list[AlterTable]]:
    """Return the drops that precede the alterations, and the remaining alterations."""
    first, altered = with_keys_first(altered, dict.fromkeys(entangled.tables, -1))
    going = [table for table in reversed(removed) if table_key(table) in entangled.keys]
    return [
        *first,
        *(DropForeignKeys(table) for table in going if added_later(table)),
        *(DropTable(table) for table in going if table_key(table) in entangled.tables),
    ], altered


def _dropped_after(removed: list[TableSchema], entangled: Entangled) -> Iterator[Change]:
    for table in reversed(removed):
        if added_later(table) and table_key(table) not in entangled.keys:
            yield DropForeignKeys(table)
    yield from (
        DropTable(table) for table in reversed(removed) if table_key(table) not in entangled.tables
    )


def _sequences(tables: Iterable[AlterTable]) -> list[AlterSequence]:
    """Return the changes of sequences that columns keep using, each once."""
    altered = [
        (change.current.sequence, change.desired.sequence)
        for table in tables
        for change in table.altered_columns
    ]
    changes = [
        AlterSequence(current, desired)
        for current, desired in altered
        if current and desired and current != desired and _same(current, desired)
    ]
    return list(dict.fromkeys(changes))


def _same(current: Sequence, desired: Sequence) -> bool:
    return (current.schema, current.name) == (desired.schema, desired.name)
