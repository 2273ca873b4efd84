"""Values that a CHECK may accept: its literals and their neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ..sqltext import Syntax, tokens

LONGEST = 200
"""A number above it is no length of a text."""


def mentions(text: str, name: str, syntax: Syntax) -> bool:
    """Tell whether an expression names a column."""
    folded = name.casefold()
    names = (each for each in tokens(text, syntax) if each.kind in {"word", "quoted"})
    return any(each.value.casefold() == folded for each in names)


def check_values(text: str, sample: Any, syntax: Syntax) -> list[Any]:
    """Return values like a sample that an expression may accept.

    Args:
        text: of the CHECK.
        sample: a value of the column.
        syntax: of the database.

    >>> from alembic_moltres.sqltext import SQLITE
    >>> check_values("age BETWEEN 18 AND 99", 1, SQLITE)
    [18, 19, 17, 99, 100, 98]
    >>> check_values("length(code) = 3 OR code LIKE '%@%'", "row 1", SQLITE)
    ['aaa', 'aaaa', 'aa', '%@%', 'a@a']
    """
    stream = list(tokens(text, syntax))
    numbers = [Decimal(each.text) for each in stream if each.kind == "number" and _is_plain(each)]
    numbers += [-number for number in numbers if any(each.text == "-" for each in stream)]
    strings = [each.value for each in stream if each.kind in {"string", "escaped"}]
    return list(dict.fromkeys(_like(sample, numbers, strings)))


def _is_plain(token: Any) -> bool:
    return str(token.text).replace(".", "", 1).isdigit()


def _like(sample: Any, numbers: Iterable[Decimal], strings: Iterable[str]) -> Iterator[Any]:
    around = [number + step for number in numbers for step in (0, 1, -1)]
    match sample:
        case bool():
            yield from (True, False)
        case int() | float() | Decimal():
            yield from (type(sample)(number) for number in around)
        case str():
            lengths = [int(number) for number in around if 0 < number <= LONGEST]
            yield from ("a" * length for length in lengths)
            for text in strings:
                yield from (text, text.replace("%", "a").replace("_", "a"))
        case date():
            yield from _days(sample, strings)


def _days(sample: date, strings: Iterable[str]) -> Iterator[date]:
    for text in strings:
        try:
            day = type(sample).fromisoformat(text)
        except ValueError:
            continue
        yield from (day, day + timedelta(days=1), day - timedelta(days=1))
