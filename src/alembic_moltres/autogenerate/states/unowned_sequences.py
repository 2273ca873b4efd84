"""Sequences that no script made: they stay when their last default goes.

A database does not tell who made a sequence that is only read by a default. That of a `Sequence` of
a model is made and dropped with the columns that use it; the scripts have it in a column's value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from ...diff import AlterTable, Change, DropTable
from ...diff.changes.columns import ColumnChange
from ...schema import ColumnDef

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

    from ...dialects.base.reflection import Key
    from ..gather import CurrentTable

SequenceKey: TypeAlias = tuple[str | None, str]


def with_unowned_kept(
    autogen_context: AutogenContext,
    changes: Sequence[Change],
    database: Mapping[Key, CurrentTable],
) -> list[Change]:
    """Return changes that drop only the sequences that a table owns, or that scripts made.

    Args:
        autogen_context: of the comparison.
        changes: its result.
        database: the current tables.
    """
    owned = {
        (key[0], name)
        for key, each in database.items()
        for name in each.reflected.sequences.values()
    }
    dropped = {key for change in changes for key in _dropped(change)} - owned
    foreign = dropped - _made(autogen_context) if dropped else dropped
    return [_without(each, foreign) for each in changes] if foreign else list(changes)


def _dropped(change: Change) -> Iterable[SequenceKey]:
    """Yield the sequences that a change may drop."""
    match change:
        case DropTable(table=table):
            yield from filter(None, map(_key, table.columns))
        case AlterTable():
            for each in change.changes:
                before, after = each.sides() if isinstance(each, ColumnChange) else (None, None)
                key = None if before is None else _key(before)
                if key is not None and (after is None or _key(after) != key):
                    yield key


def _key(column: ColumnDef) -> SequenceKey | None:
    sequence = column.sequence
    return None if sequence is None else (sequence.schema, str(sequence.name))


def _made(autogen_context: AutogenContext) -> set[SequenceKey]:
    """Return the sequences that columns have in the scripts."""
    context = autogen_context.migration_context
    environment: object = getattr(context, "environment_context", None)
    if environment is None:  # without env.py
        return set()
    from ...history.states import state_of_heads

    tables = state_of_heads(context).tables.values()
    return {key for table in tables for key in filter(None, map(_key, table.columns))}


def _without(change: Change, foreign: set[SequenceKey]) -> Change:
    def without(column: ColumnDef) -> ColumnDef:
        return replace(column, sequence=None) if _key(column) in foreign else column

    match change:
        case DropTable(table=table):
            columns = tuple(map(without, table.columns))
            return replace(change, table=replace(table, columns=columns))
        case AlterTable():
            inside = (
                e.mapped(without) if isinstance(e, ColumnChange) else e for e in change.changes
            )
            return replace(change, changes=tuple(inside))
        case _:
            return change
