"""The difference of two sets of tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..schema import ForeignKeyConstraint, Sequence, TableSchema
from .changes import (
    AddForeignKeys,
    AlterSequence,
    AlterTable,
    Change,
    CreateTable,
    DropConstraint,
    DropForeignKeys,
    DropIndex,
    DropTable,
    RenameTable,
)
from .enums import enum_changes
from .order import added_later, creation_order
from .renames import ColumnRename, Rename, TableRename, as_renamed
from .tables import diff_tables


def diff(
    current: Iterable[TableSchema],
    desired: Iterable[TableSchema],
    renames: Iterable[Rename] = (),
) -> tuple[Change, ...]:
    """Return what makes the `desired` tables out of the `current` ones, in a working order.

    Args:
        current: the tables in the database.
        desired: the tables of the models.
        renames: what keeps its rows under a new name; see `TableRename` and `ColumnRename`.

    >>> from alembic_moltres.schema import TableSchema, column
    >>> before = TableSchema("users", [column("id", "INTEGER")])
    >>> after = TableSchema("users", [column("id", "INTEGER"), column("age", "INTEGER")])
    >>> diff([before], [after])
    (AlterTable('users', None, [AddColumn(column('age', 'INTEGER'))]),)
    >>> diff([after], [after])
    ()
    """
    renames = tuple(renames)
    return diff_renamed(as_renamed(current, renames), desired, renames)


def diff_renamed(
    current: Iterable[TableSchema], desired: Iterable[TableSchema], renames: Iterable[Rename] = ()
) -> tuple[Change, ...]:
    """Do what `diff` does for `current` tables that are named already as they will be.

    The order is: rename tables, change labels of enum types and sequences, create tables, their
    foreign keys of cycles, alter tables, drop what cycles need, drop tables.
    """
    renames = tuple(renames)
    existing = {table.key: table for table in current}
    wanted = {table.key: table for table in desired}
    added = creation_order(wanted[key] for key in wanted.keys() - existing.keys())
    removed = creation_order(existing[key] for key in existing.keys() - wanted.keys())
    both = [table.key for table in creation_order(wanted.values()) if table.key in existing]
    altered = [
        change
        for key in both
        if (change := diff_tables(existing[key], wanted[key], _columns(renames, wanted[key])))
    ]
    enums = enum_changes(altered)
    altered = enums.altered(altered)
    added, removed = [*map(enums.created, added)], [*map(enums.dropped, removed)]
    return (
        *(
            RenameTable(r.current, r.desired, r.schema)
            for r in renames
            if isinstance(r, TableRename)
        ),
        *enums.before,
        *_sequences(altered),
        *(CreateTable(table) for table in added),
        *(AddForeignKeys(table) for table in added if added_later(table)),
        *_foreign_keys_first(altered),
        *enums.after,
        *(DropForeignKeys(table) for table in reversed(removed) if added_later(table)),
        *(DropTable(table) for table in reversed(removed)),
    )


def _columns(renames: Iterable[Rename], table: TableSchema) -> dict[str, str]:
    return {
        rename.current: rename.desired
        for rename in renames
        if isinstance(rename, ColumnRename)
        and (rename.schema, rename.table) == (table.schema, table.name)
    }


def _sequences(tables: Iterable[AlterTable]) -> list[AlterSequence]:
    """Return the changes of sequences that columns keep, each once."""
    altered = [
        (change.current.sequence, change.desired.sequence)
        for table in tables
        for change in table.altered_columns
    ]
    found = [
        AlterSequence(current, desired)
        for current, desired in altered
        if current and desired and current != desired and _same(current, desired)
    ]
    return list(dict.fromkeys(found))


def _same(current: Sequence, desired: Sequence) -> bool:
    return (current.schema, current.name) == (desired.schema, desired.name)


def _foreign_keys_first(tables: list[AlterTable]) -> list[AlterTable]:
    """Drop the foreign keys to tables that change before anything else changes.

    What they refer to could not be dropped or altered otherwise. An index of a key's name goes with
    it: MySQL and MariaDB made it for the key.
    """
    changing = {(table.schema, table.name) for table in tables}
    first, then = [], []
    for table in tables:
        keys = {
            change: change.constraint.name
            for change in table.changes
            if isinstance(change, DropConstraint)
            and isinstance(key := change.constraint, ForeignKeyConstraint)
            and (key.references_schema, key.references_table) in changing
            and (key.references_schema, key.references_table) != (table.schema, table.name)
        }
        early = [
            change
            for change in table.changes
            if change in keys
            or (isinstance(change, DropIndex) and change.index.name in keys.values())
        ]
        rest = [change for change in table.changes if change not in early]
        if early and rest:
            first.append(replace(table, changes=tuple(early)))
            then.append(replace(table, changes=tuple(rest)))
        else:
            then.append(table)
    return first + then
