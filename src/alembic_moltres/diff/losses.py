"""What a conversion of a column's values loses on any database."""

from __future__ import annotations

from typing import Final

from ..datatypes import DataType
from ..schema import ColumnDef

WHOLE: Final = frozenset({"SMALLINT", "INTEGER", "BIGINT", "MEDIUMINT", "TINYINT"})
FRACTIONS: Final = frozenset({"DECIMAL", "NUMERIC", "REAL", "DOUBLE", "FLOAT", "DOUBLE_PRECISION"})
TIMES: Final = frozenset({"TIMESTAMP", "DATETIME"})


def lost_by_conversion(current: ColumnDef, desired: ColumnDef) -> str:
    """Return what a column's values lose when its type changes; may be empty.

    >>> from ..schema import column
    >>> lost_by_conversion(column("at", "TIMESTAMP"), column("at", "DATE"))
    'the time of day'
    """
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
    """Return the number of digits after the decimal point."""
    numbers = [each for each in type_.args if isinstance(each, int)]
    if not numbers:
        return float("inf")
    return numbers[1] if len(numbers) > 1 else 0
