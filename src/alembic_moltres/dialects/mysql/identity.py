"""Identities: the server has none, and SQLAlchemy writes AUTO_INCREMENT for that of a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ...diff import AlterColumn, AlterTable, Change
from ...diff.changes.base import TableKey
from ...schema import PrimaryKeyConstraint, TableSchema


def with_auto_increment(
    changes: Iterable[Change], tables: Mapping[TableKey, TableSchema]
) -> tuple[Change, ...]:
    """Return the changes in which a column that becomes an identity has AUTO_INCREMENT.

    Only the column that is the whole primary key can have it.

    Args:
        changes: of the whole database.
        tables: the current tables by schema and name.
    """
    return tuple(
        replace(
            each,
            changes=tuple(_altered(inside, each, tables[each.key]) for inside in each.changes),
        )
        if isinstance(each, AlterTable) and each.key in tables
        else each
        for each in changes
    )


def _altered(change: Change, block: AlterTable, table: TableSchema) -> Change:
    if not isinstance(change, AlterColumn) or change.desired.identity is None:
        return change
    added = [each for each in block.added_constraints if isinstance(each, PrimaryKeyConstraint)]
    key = added[0] if added else table.primary_key
    if key is None or key.columns != (change.desired.name,):
        return change
    return replace(change, desired=replace(change.desired, autoincrement=True))
