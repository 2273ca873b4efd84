"""The changes of a block with the names that the columns have in the database at present.

Each line of a block has the names of its place: before a rename the old name, after it the new one.
Where an earlier run was interrupted, a line may be compared with a table of another place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from ...diff import AlterTable, Change, RenameColumn
from ...diff.changes.base import OfItem
from ...diff.changes.columns import ColumnChange
from ...diff.renames import afterwards_named, inverted, renamed_column, renamed_index
from ...errors import OperationError
from ...schema import Constraint, Index, TableSchema
from ...sqltext import GENERIC, Syntax


def with_present_names(
    block: AlterTable, renamed: Sequence[RenameColumn], syntax: Syntax = GENERIC
) -> AlterTable:
    """Return a block whose changes name the columns as the database does.

    Args:
        block: of the script.
        renamed: its renames that are done already.
        syntax: of the database.

    >>> from ...diff import DropIndex
    >>> from ...schema import index
    >>> block = AlterTable("t", None, (RenameColumn("a", "b"), DropIndex(index("ix", "b"))))
    >>> with_present_names(block, ()).changes[1], with_present_names(block, block.changes) == block
    (DropIndex(index('ix', 'a')), True)
    """
    renames = [each for each in block.changes if isinstance(each, RenameColumn)]
    changes: list[Change] = []
    before = 0
    for change in block.changes:
        if isinstance(change, RenameColumn):
            before += 1
            changes.append(change)
            continue
        undone = _composed(each for each in renames[:before] if each not in renamed)
        done = _composed(each for each in renames[before:] if each in renamed)
        names = {**inverted(undone), **done}
        changes.append(_renamed(change, block, names, syntax) if names else change)
    return replace(block, changes=tuple(changes))


def _composed(renames: Iterable[RenameColumn]) -> dict[str, str]:
    """Return the last names by the first ones."""
    names: dict[str, str] = {}
    for each in renames:
        first = inverted(names).get(each.current, each.current)
        names[first] = each.desired
    return names


def _renamed(change: Change, block: AlterTable, names: Mapping[str, str], syntax: Syntax) -> Change:
    if isinstance(change, ColumnChange):
        return change.mapped(lambda column: renamed_column(column, names, syntax))
    item = change.item if isinstance(change, OfItem) else None
    if isinstance(item, Index):
        renamed: Index | Constraint = renamed_index(item, names, syntax)
    elif isinstance(item, Constraint):
        renamed = afterwards_named(item, names, {block.key: names}, syntax)
    else:
        return change
    with_item: Change = cast(Any, type(change))(renamed)
    return with_item


def renamed_columns(table: TableSchema, block: AlterTable) -> tuple[RenameColumn, ...]:
    """Return the renames of a block that are done already in a table of the database.

    Raises:
        OperationError: columns exchange names, so the names before and after are the same.

    >>> from ...schema import column
    >>> chain = (RenameColumn("b", "c"), RenameColumn("a", "b"))
    >>> table = TableSchema("t", [column("a", "INTEGER"), column("c", "INTEGER")])
    >>> renamed_columns(table, AlterTable("t", None, chain)) == chain[:1]
    True
    """
    renames = [each for each in block.changes if isinstance(each, RenameColumn)]
    there = {str(column.name) for column in table.columns}
    taken = {str(each.current) for each in renames}
    if not taken & {str(each.desired) for each in renames}:
        return tuple(each for each in renames if str(each.current) not in there)
    states = [_names_before(renames)]
    for each in renames:
        states.append(states[-1] - {str(each.current)} | {str(each.desired)})
    involved = set().union(*states)
    counts = [count for count, names in enumerate(states) if names == there & involved]
    if len(counts) != 1:
        raise OperationError(
            f"it is unknown which columns of {table.key!r} are renamed already "
            f"(at {block.method}); rename them by hand as they were before the revision",
            block,
        )
    return tuple(renames[: counts[0]])


def _names_before(renames: Sequence[RenameColumn]) -> set[str]:
    before: set[str] = set()
    desired: set[str] = set()
    for each in renames:
        if str(each.current) not in desired:
            before.add(str(each.current))
        desired.add(str(each.desired))
    return before
