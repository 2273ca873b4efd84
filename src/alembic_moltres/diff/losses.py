"""What a conversion of a column's values loses on any database.

A value that the database refuses is not lost; `failures` tells of it.
"""

from __future__ import annotations

from typing import Final

from ..datatypes import DataType
from ..schema import ColumnDef

WHOLE: Final = {"TINYINT": 3, "SMALLINT": 5, "MEDIUMINT": 7, "INTEGER": 10, "BIGINT": 19}
"""The integers, with the number of digits of their largest value."""
APPROXIMATE: Final = {"REAL": 6, "FLOAT": 6, "DOUBLE": 15, "DOUBLE_PRECISION": 15}
"""The numbers with a floating point, with the number of digits that they keep."""
WITH_BITS: Final = frozenset({"REAL", "FLOAT"})
"""Those that state their bits; with more than 24 of them they are a DOUBLE."""
EXACT: Final = frozenset({"DECIMAL", "NUMERIC"})
FRACTIONS: Final = frozenset({*EXACT, *APPROXIMATE})
DATES_WITH_TIMES: Final = frozenset({"TIMESTAMP", "DATETIME"})
PARTS: Final = {
    "DATE": frozenset({"date"}),
    "TIME": frozenset({"time of day"}),
    **dict.fromkeys(DATES_WITH_TIMES, frozenset({"date", "time of day"})),
}
"""The parts of the types of times."""


def lost_by_conversion(current: ColumnDef, desired: ColumnDef) -> str:
    """Return what a column's values lose when its type changes; may be empty.

    >>> from ..schema import column
    >>> lost_by_conversion(column("at", "TIMESTAMP"), column("at", "DATE"))
    'the time of day'
    """
    if desired.computed is not None:
        return ""
    before, after = _type(current, desired), _type(desired, current)
    if _name(before) in PARTS and _name(after) in PARTS:
        return _lost_of_time(before, after)
    if _name(before) in FRACTIONS and _name(after) in WHOLE:
        return "the fractions"
    return "the last digits" if _rounds(before, after) else ""


def _type(column: ColumnDef, other: ColumnDef) -> DataType:
    """Return the type of a column, on the only database that has the type of the other one."""
    dialect = other.type_name.partition(".")[0]
    return DataType.parse(column.type_variants.get(dialect, column.type_name))


def _name(type_: DataType) -> str:
    return type_.name.rpartition(".")[2]


def _lost_of_time(before: DataType, after: DataType) -> str:
    old, new = _name(before), _name(after)
    lost = PARTS[old] - PARTS[new]
    if lost:
        return f"the {' and the '.join(sorted(lost))}"
    if before.kwargs.get("timezone") is True and after.kwargs.get("timezone") is not True:
        return "the time zone"
    # a type that has `fsp` is of a database whose other times have no fractions
    default = 0 if "fsp" in {**before.kwargs, **after.kwargs} else 6
    fewer = _fractions_of_seconds(after, default) < _fractions_of_seconds(before, default)
    return "the fractions of seconds" if fewer else ""


def _fractions_of_seconds(type_: DataType, default: int) -> int:
    """Return the number of digits after the decimal point of seconds."""
    if _name(type_) == "DATE":
        return 0
    stated = type_.kwargs.get("fsp", type_.kwargs.get("precision"))
    return int(stated) if isinstance(stated, int) else default


def _rounds(before: DataType, after: DataType) -> bool:
    """Tell whether a number keeps fewer digits."""
    old, new = _name(before), _name(after)
    if old in EXACT and new in EXACT:
        return _scale(after) < _scale(before)
    if new not in APPROXIMATE:
        return False
    return _digits(after) < _digits(before)


def _digits(type_: DataType) -> float:
    """Return the number of digits of a number; 0 for other types."""
    name = _name(type_)
    if name in EXACT:
        return _numbers(type_)[0] if _numbers(type_) else float("inf")
    if name in WITH_BITS and _numbers(type_) and _numbers(type_)[0] > 24:
        return APPROXIMATE["DOUBLE"]
    return {**WHOLE, **APPROXIMATE}.get(name, 0)


def _scale(type_: DataType) -> float:
    """Return the number of digits after the decimal point."""
    numbers = _numbers(type_)
    if not numbers:
        return float("inf")
    return numbers[1] if len(numbers) > 1 else 0


def _numbers(type_: DataType) -> list[int]:
    return [each for each in type_.args if isinstance(each, int)]
