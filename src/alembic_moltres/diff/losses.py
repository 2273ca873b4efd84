"""What of the rows a change loses, whatever the database: in words, with table and column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..datatypes import DataType
from ..schema import ColumnDef
from .changes import AlterColumn, AlterTable, Change, DropColumn, DropTable
from .changes.base import called, key_of

WHOLE: Final = frozenset({"SMALLINT", "INTEGER", "BIGINT", "MEDIUMINT", "TINYINT"})
FRACTIONS: Final = frozenset({"DECIMAL", "NUMERIC", "REAL", "DOUBLE", "FLOAT", "DOUBLE_PRECISION"})
TIMES: Final = frozenset({"TIMESTAMP", "DATETIME"})


def losses_of(change: Change) -> Iterator[str]:
    """Yield what of the rows is lost; what a database refuses is not lost.

    >>> from ..schema import TableSchema, column
    >>> list(losses_of(AlterTable("users", None, (DropColumn(column("age", "INTEGER")),))))
    ['the values of users.age']
    >>> list(losses_of(DropTable(TableSchema("tags", [column("name", "TEXT")]))))
    ['the rows of tags']
    """
    match change:
        case DropTable(table=table):
            yield f"the rows of {called(key_of(table))}"
        case AlterTable():
            for each in change.changes:
                yield from _inside(each, called(change.key))


def _inside(change: Change, table: str) -> Iterator[str]:
    match change:
        case DropColumn(column=column) if column.computed is None:
            yield f"the values of {table}.{column.name}"
        case AlterColumn(current=current, desired=desired):
            name = f"{table}.{desired.name}"
            lost = _lost(current, desired) if change.retypes else ""
            if lost:
                yield f"{lost} of {name}"
            if change.fills_null:
                yield f"which values of {name} were NULL"


def _lost(current: ColumnDef, desired: ColumnDef) -> str:
    """Return what a conversion of the values rounds off; empty for nothing."""
    before, after = (DataType.parse(each.type_name) for each in (current, desired))
    old, new = (each.name.rpartition(".")[2] for each in (before, after))
    if old in TIMES and new == "DATE":
        return "the time of day"
    if old in FRACTIONS and new in WHOLE:
        return "the fractions"
    if old == "DOUBLE" and new in {"REAL", "FLOAT"}:
        return "the last digits"
    if old in {"DECIMAL", "NUMERIC"} and new == old and _scale(after) < _scale(before):
        return "the last digits"
    return ""


def _scale(type_: DataType) -> float:
    """Return the digits behind the point."""
    numbers = [each for each in type_.args if isinstance(each, int)]
    if not numbers:
        return float("inf")
    return numbers[1] if len(numbers) > 1 else 0
