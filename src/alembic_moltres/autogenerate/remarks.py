"""What to know before running a change: what it loses, and on which rows it fails.

A script has it in a comment of its upgrade. The rows themselves are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..datatypes import DataType
from ..diff import AlterColumn, AlterEnum, AlterTable, Change, CreateTable, DropColumn, DropTable
from ..diff.failures import (
    Failure,
    LabelledRows,
    NullRows,
    OrphanRows,
    RepeatedRows,
    TooLargeRows,
    UnconvertibleRows,
    ViolatingRows,
    failures_inside,
    removed_labels,
)
from ..diff.losses import lost_by_conversion
from ..diff.rename_candidates import fits
from ..schema import ColumnDef, Index, TableSchema
from .rename_hints import RENAMED_FROM


def remarks(change: Change, others: Iterable[Change] = ()) -> list[str]:
    """Return the remarks on a change of a whole database.

    Args:
        change: an `AlterTable` has no remarks itself; see `remarks_inside`.
        others: all changes of the revision, for tables that may have been renamed.
    """
    match change:
        case DropTable(table=table):
            lost = f"the rows of {table.key} are lost"
            added = [each.table for each in others if isinstance(each, CreateTable)]
            alike = next((each for each in added if _are_alike(each, table)), None)
            if alike is None:
                return [lost]
            named = f'"{RENAMED_FROM}": {str(table.name)!r}'
            return [f"{lost}; if it became {alike.key}, give that model info={{{named}}}"]
        case AlterEnum():
            return _of_labels(change)
        case _:
            return []


def remarks_inside(change: Change, table: AlterTable) -> list[str]:
    """Return the remarks on a change inside a table.

    Args:
        change: one of the table's.
        table: all its changes.

    >>> from alembic_moltres.diff import diff
    >>> from alembic_moltres.schema import column
    >>> before, after = (TableSchema("users", [column(n, "TEXT")]) for n in ("mail", "email"))
    >>> (block,) = diff([before], [after])
    >>> (text,) = remarks_inside(block.changes[0], block)
    >>> print(text)
    the values of mail are lost; if it became email, give that column info={"renamed_from": 'mail'}
    """
    match change:
        case DropColumn(column=column):
            return [_of_drop(column, table)] if column.computed is None else []
        case _:
            fails = [text for each in failures_inside(change, table) if (text := _fails(each))]
            return [*_of_conversion(change), *fails]


def _of_conversion(change: Change) -> list[str]:
    """Return the remark on what a column keeps, or its values lose in its new type."""
    if not isinstance(change, AlterColumn):
        return []
    if change.current == change.desired:
        return [f"{change.desired.name} keeps its character set"]
    if not change.retypes:
        return []
    lost = lost_by_conversion(change.current, change.desired)
    verb = "are" if lost.endswith("s") else "is"
    return [f"{lost} of {change.desired.name} {verb} lost"] if lost else []


def _fails(failure: Failure) -> str:
    """Return the remark on the rows that make a change fail; empty if the call itself shows it."""
    match failure:
        case NullRows(column=column):
            return f"fails if rows have NULL in {column}; correct them before"
        case TooLargeRows(desired=desired):
            type_ = DataType.parse(desired.type_name)
            return f"fails if a value of {desired.name} does not fit into {type_}"
        case UnconvertibleRows(desired=desired):
            return f"fails if the database cannot convert a value of {desired.name}"
        case LabelledRows(labels=labels):
            return f"fails if rows have {', '.join(map(repr, labels))}"
        case RepeatedRows(item=Index()):
            return "fails if rows repeat a value of this unique index"
        case RepeatedRows(item=item) | ViolatingRows(constraint=item) | OrphanRows(key=item):
            return f"fails if rows violate this {item.function.replace('_', ' ')}"
        case _:
            return ""


def _of_drop(column: ColumnDef, table: AlterTable) -> str:
    lost = f"the values of {column.name} are lost"
    fitting = [
        each
        for each in table.added_columns
        if fits(column, each) and _type(each) in {_type(column), *_unmatched(table)}
    ]
    if not fitting:
        return lost
    named = f'"{RENAMED_FROM}": {str(column.name)!r}'
    return f"{lost}; if it became {fitting[0].name}, give that column info={{{named}}}"


def _of_labels(change: AlterEnum) -> list[str]:
    before, after = change.types()
    removed = removed_labels(change)
    new = [label for label in after.args if label not in before.args]
    if not removed:
        return []
    text = f"fails if rows have {', '.join(map(repr, removed))}"
    return [
        f"{text}; if {removed[0]!r} became {new[0]!r}, add " + _renamed(removed, new)
        if new
        else text
    ]


def _renamed(removed: Sequence[Any], new: Sequence[Any]) -> str:
    return f"renamed={{{removed[0]!r}: {new[0]!r}}}"


def _type(column: ColumnDef) -> object:
    return column.type_name, column.type_variants


def _unmatched(table: AlterTable) -> set[object]:
    """Return the types of added columns that no dropped column has."""
    return {*map(_type, table.added_columns)}.difference(map(_type, table.dropped_columns))


def _are_alike(one: TableSchema, other: TableSchema) -> bool:
    """Tell whether two tables have most of their columns in common."""
    ours, theirs = ({str(column.name) for column in table.columns} for table in (one, other))
    return 2 * len(ours & theirs) > max(len(ours), len(theirs))
