"""What to know before running a change: what it loses, and on which rows it fails.

A script has it in a comment of its upgrade. The rows themselves are not read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..datatypes import DataType
from ..diff import (
    AddConstraint,
    AlterColumn,
    AlterEnum,
    AlterTable,
    Change,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropTable,
)
from ..diff.changes.enums_and_sequences import PORTABLE, named_enum
from ..diff.rename_candidates import fits
from ..schema import CheckConstraint, ColumnDef, ForeignKeyConstraint, TableSchema
from .rename_hints import RENAMED_FROM

NUMBERS: Final = ("SMALLINT", "INTEGER", "BIGINT")
"""The portable integers, the narrowest first."""
TEXTS: Final = ("CHAR", "NCHAR", "VARCHAR", "NVARCHAR", "TEXT", "NTEXT")
"""Types of text; a text longer than the new length does not fit."""
TEXTS_WITHOUT_END: Final = ("TEXT", "NTEXT")


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
        case AlterColumn(current=current, desired=desired):
            return _of_alter(change, current, desired)
        case AddConstraint(constraint=constraint) if _is_over_rows(constraint, table):
            kind = constraint.function.replace("_", " ")
            return [f"fails if rows violate this {kind}"]
        case CreateIndex(index=index) if index.unique and _is_over_rows(index, table):
            return ["fails if rows repeat a value of this unique index"]
        case _:
            return []


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


def _of_alter(change: AlterColumn, current: ColumnDef, desired: ColumnDef) -> list[str]:
    found = []
    if current.nullable and not desired.nullable and not change.fills_null:
        found.append(f"fails if rows have NULL in {desired.name}; correct them before")
    if change.retypes and not desired.computed:
        before, after = DataType.parse(current.type_name), DataType.parse(desired.type_name)
        if current.type_variants == desired.type_variants and _is_narrower(before, after):
            found.append(f"fails if a value of {desired.name} does not fit into {after}")
        elif not _holds(before, after) and _labels(current) != _labels(desired):
            found.append(f"fails if the database cannot convert a value of {desired.name}")
    return found


def _labels(column: ColumnDef) -> object:
    """Return what distinguishes an enum type from another; for other types, their name."""
    enum = named_enum(column) if PORTABLE in column.type_name else None
    return column.type_name if enum is None else (enum.kwargs.get("name"), enum.args)


def _of_labels(change: AlterEnum) -> list[str]:
    before, after = change.types()
    gone = [label for label in before.args if label not in (*after.args, *change.renamed)]
    new = [label for label in after.args if label not in before.args]
    if not gone:
        return []
    text = f"fails if rows have {', '.join(map(repr, gone))}"
    return [
        f"{text}; if {gone[0]!r} became {new[0]!r}, add " + _renamed(gone, new) if new else text
    ]


def _renamed(gone: list[Any], new: list[Any]) -> str:
    return f"renamed={{{gone[0]!r}: {new[0]!r}}}"


def _is_narrower(before: DataType, after: DataType) -> bool:
    if before.name in NUMBERS and after.name in NUMBERS:
        return NUMBERS.index(after.name) < NUMBERS.index(before.name)
    if before.name in TEXTS and after.name in TEXTS:
        longest, now = _length(before), _length(after)
        return now is not None and (longest is None or now < longest)
    if before.name == after.name == "DECIMAL":
        (whole, fraction), (now, rest) = _digits(before), _digits(after)
        return now < whole or rest < fraction
    return False


def _holds(before: DataType, after: DataType) -> bool:
    """Can the new type hold every value of the old one, given that it is not narrower?"""
    both = (before.name, after.name)
    return any(all(name in kind for name in both) for kind in (NUMBERS, TEXTS, ("DECIMAL",)))


def _length(text: DataType) -> int | None:
    length = text.args[0] if text.args else text.kwargs.get("length")
    return length if isinstance(length, int) and text.name not in TEXTS_WITHOUT_END else None


def _digits(number: DataType) -> tuple[int, int]:
    """Return the number of digits before and after the decimal point."""
    numbers = [each for each in number.args if isinstance(each, int)]
    precision = numbers[0] if numbers else 1000
    scale = numbers[1] if len(numbers) > 1 else 0
    return precision - scale, scale


def _is_over_rows(item: Any, table: AlterTable) -> bool:
    """Can rows violate it? No row violates one on a new column, which is NULL in all rows."""
    if isinstance(item, CheckConstraint):
        return True
    added = {column.name: column for column in table.added_columns}
    if _guarded(item) in map(_guarded, (*table.dropped_constraints, *table.dropped_indexes)):
        return False  # the same constraint under another name
    return not any(name in added and added[name].nullable for name in item.columns)


def _guarded(item: Any) -> object:
    """Return what a constraint or index requires of the rows; `None` for a CHECK."""
    match item:
        case ForeignKeyConstraint():
            target = (item.references_schema, item.references_table, item.references_columns)
            return (item.columns, *target)
        case CheckConstraint():
            return None
        case _:
            return type(item), item.columns


def _type(column: ColumnDef) -> object:
    return column.type_name, column.type_variants


def _unmatched(table: AlterTable) -> set[object]:
    """Return the types of added columns that no dropped column has."""
    return {*map(_type, table.added_columns)}.difference(map(_type, table.dropped_columns))


def _are_alike(one: TableSchema, other: TableSchema) -> bool:
    """Do two tables have most of their columns in common?"""
    ours, theirs = ({str(column.name) for column in table.columns} for table in (one, other))
    return 2 * len(ours & theirs) > max(len(ours), len(theirs))
