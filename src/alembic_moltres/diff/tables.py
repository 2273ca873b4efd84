"""The difference of two tables of the same name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from operator import is_
from types import MappingProxyType
from typing import TypeVar

from ..schema import ColumnDef, TableSchema
from ..schema.tables import PREFIXES
from .autoincrement import autoincrement_column, with_autoincrement, with_explicit_autoincrement
from .changes.alter_table import AlterTable, SetComment, SetOptions
from .changes.base import Change, table_key
from .changes.columns import AddColumn, AlterColumn, DropColumn, RenameColumn, can_fill_null
from .changes.constraints import AddConstraint, DropConstraint, immediate
from .changes.indexes import CreateIndex, DropIndex
from .renames import NewNames, formerly_named, in_sequence, renamed_index

T = TypeVar("T")
OF_TEXT = ("_charset", "_collate")
"""The ends of the names of options that one statement sets."""


def diff_tables(
    current: TableSchema, desired: TableSchema, renamed: NewNames = MappingProxyType({})
) -> AlterTable | None:
    """Return the change from `current` to `desired`, `None` if they do not differ.

    The order is: drop indexes and constraints, rename, drop, alter and add columns, comment and
    options, add constraints, create indexes. DDL attached by events, the order of columns and
    `use_alter` of a key are not compared.

    Args:
        current: the table in the database, with the new names of table and columns.
        desired: the table of the models.
        renamed: the new names of columns, by the old ones, of all tables.
    """
    names = renamed.get(table_key(desired), {})
    if current is desired and not names:
        return None
    back = {new: old for old, new in names.items()}
    dropped, added = unmatched(current.constraints, desired.constraints, key=immediate)
    dropped_indexes, added_indexes = unmatched(current.indexes, desired.indexes)
    changes: list[Change] = [
        *(DropIndex(renamed_index(index, back)) for index in dropped_indexes),
        *(DropConstraint(formerly_named(each, names, renamed)) for each in reversed(dropped)),
        *(RenameColumn(old, new) for old, new in in_sequence(names)),
        *_columns(current, desired),
        *_table(current, desired),
        *(AddConstraint(constraint) for constraint in added),
        *(CreateIndex(index) for index in added_indexes),
    ]
    return AlterTable(desired.name, desired.schema, tuple(changes)) if changes else None


def unmatched(
    current: Iterable[T], desired: Iterable[T], *, key: Callable[[T], object] = lambda item: item
) -> tuple[list[T], list[T]]:
    """Return the items that only the first has and those that only the second has, in order.

    Args:
        current: the items before.
        desired: the items afterwards.
        key: returns the compared part of an item.

    >>> unmatched("aab", "abc")
    (['a'], ['c'])
    """
    current, desired = list(current), list(desired)
    if len(current) == len(desired) and all(map(is_, current, desired)):
        return [], []  # the same objects, as after `align`: nothing has to be hashed
    surplus, missing = Counter(map(key, current)), Counter(map(key, desired))
    surplus, missing = surplus - missing, missing - surplus
    return _take(current, surplus, key), _take(desired, missing, key)


def _take(items: list[T], counts: Counter[object], key: Callable[[T], object]) -> list[T]:
    taken = []
    for item in items:
        if counts[key(item)]:
            counts[key(item)] -= 1
            taken.append(item)
    return taken


def _columns(current: TableSchema, desired: TableSchema) -> list[Change]:
    existing = {column.name: column for column in current.columns}
    wanted = {column.name for column in desired.columns}
    dropped_columns = [column for column in current.columns if column.name not in wanted]
    dropped_columns.sort(
        key=lambda column: column.computed is None
    )  # a computed one before the columns that it uses
    dropped = [DropColumn(column) for column in dropped_columns]
    before, after = autoincrement_column(current), autoincrement_column(desired)
    pairs = [
        with_explicit_autoincrement(existing[new.name], new, before == new.name, after == new.name)
        for new in desired.columns
        if new.name in existing
        and (existing[new.name] != new or (before == new.name) != (after == new.name))
    ]
    altered = [
        _altered(old, new)
        for old, new in pairs
        if with_autoincrement(old, autoincrements=False)
        != with_autoincrement(new, autoincrements=False)
    ]
    added = [AddColumn(column) for column in desired.columns if column.name not in existing]
    freed = [each for each in altered if each.current.computed and not each.desired.computed]
    return [*freed, *dropped, *(each for each in altered if each not in freed), *added]


def _altered(current: ColumnDef, desired: ColumnDef) -> AlterColumn:
    """Return the change, which fills NULLs if there is a default."""
    fill_null = can_fill_null(current, desired) or can_fill_null(desired, current)
    return AlterColumn(current, desired, fill_null=fill_null)


def _table(current: TableSchema, desired: TableSchema) -> list[Change]:
    changes: list[Change] = []
    if current.comment != desired.comment:
        changes.append(SetComment(current.comment, desired.comment))
    before, after = dict(current.dialect_options), dict(desired.dialect_options)
    if current.prefixes != desired.prefixes:
        before[PREFIXES], after[PREFIXES] = current.prefixes, desired.prefixes
    differing = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    if differing:
        on_one_side = differing - (before.keys() & after.keys())
        stated = sorted(differing | _set_together(on_one_side, after))
        current_options, wanted = (
            {key: options[key] for key in stated if key in options} for options in (before, after)
        )
        changes.append(SetOptions(current_options, wanted))
    return changes


def _set_together(on_one_side: Collection[str], options: Collection[str]) -> set[str]:
    """Return the options that stay, but that a statement has to name beside a missing one.

    Without its character set, a table that loses its collation would get the database's.
    """
    dialects = {key.partition("_")[0] for key in on_one_side if key.endswith(OF_TEXT)}
    return {key for key in options if key.endswith(OF_TEXT) and key.partition("_")[0] in dialects}
