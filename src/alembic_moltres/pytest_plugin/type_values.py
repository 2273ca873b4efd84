"""A value for every type that SQLAlchemy ships, another one for each row.

A type is found by its own name (`__visit_name__`), or by that of the nearest class it is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

Maker = Callable[[Any, int], Any]

DAY = date(2020, 1, 1)
MIDNIGHT = datetime(2020, 1, 1)  # noqa: DTZ001 - many databases have no zones


def value_of(type_: sa.types.TypeEngine[Any], number: int) -> Any:
    """Return a value of a type, or an expression that is one.

    Args:
        type_: the dialect's own.
        number: of the row, from 1 on.

    >>> value_of(sa.String(20), 1), value_of(sa.String(1), 1), value_of(sa.Numeric(4, 2), 1)
    ('row 1', '1', Decimal('1.5'))
    >>> value_of(sa.Enum("new", "used"), 2), value_of(sa.Date(), 1)
    ('used', datetime.date(2020, 1, 2))
    """
    for class_ in type(type_).__mro__:
        made = MAKERS.get(vars(class_).get("__visit_name__", ""))
        if made is not None:
            return made(type_, number)
    return _text(type_, number)


def _text(type_: Any, number: int) -> str:
    length = getattr(type_, "length", None)
    text = f"row {number}"
    return text if length is None or length >= len(text) else str(number)[-length:]


def _decimal(type_: Any, number: int) -> Any:
    if not getattr(type_, "asdecimal", False):
        return number + 0.5
    precision, scale = type_.precision or 18, type_.scale or 0
    whole = number % 10 ** max(precision - scale, 0)
    return Decimal(whole) + (Decimal("0.5") if scale else 0)


def _label(type_: Any, number: int) -> Any:
    labels = getattr(type_, "enums", None) or getattr(type_, "values", None) or [""]
    return labels[(number - 1) % len(labels)]


def _items(type_: Any, number: int) -> Any:
    items: Any = [value_of(type_.item_type, number)]
    for _ in range((type_.dimensions or 1) - 1):
        items = [items]
    return items


def _bits(type_: Any, number: int) -> Any:
    if not hasattr(type_, "varying"):  # a number there, a string of bits elsewhere
        return number % 2
    return sa.cast(sa.literal("1" * (type_.length or 1), sa.Text()), type_)


def written(*texts: str) -> Maker:
    """Return a maker of a type's values from their text; `{}` is the number of the row."""

    def make(type_: Any, number: int) -> Any:
        text = texts[number % len(texts)].format(number % 200)
        return sa.cast(sa.literal(text, sa.Text()), type_)

    return make


def _ranges() -> Iterator[tuple[str, Maker]]:
    numbers, days = "[{},300)", "[2020-01-01,2020-02-01)"
    kinds = {"INT4": numbers, "INT8": numbers, "NUM": numbers}
    kinds |= {"DATE": days, "TS": days, "TSTZ": days}
    for kind, text in kinds.items():
        yield f"{kind}RANGE", written(text)
        yield f"{kind}MULTIRANGE", written("{{" + text + "}}")


BYTES = ("large_binary", "VARBINARY", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB")

MAKERS: dict[str, Maker] = {
    "integer": lambda _, number: number,
    "numeric": _decimal,
    "float": lambda _, number: number + 0.5,
    "string": _text,
    "boolean": lambda _, number: number % 2 == 1,
    "date": lambda _, number: DAY + timedelta(days=number),
    "datetime": lambda _, number: MIDNIGHT + timedelta(hours=number),
    "time": lambda _, number: time(number % 24, 30),
    "type_decorator": lambda _, number: timedelta(hours=number),  # Interval, the only one of values
    "INTERVAL": lambda _, number: timedelta(hours=number),
    **dict.fromkeys(BYTES, lambda _, number: b"row %d" % number),
    "BINARY": lambda type_, number: str(number).rjust(type_.length or 1, "0").encode(),
    "enum": _label,
    "SET": lambda type_, number: {_label(type_, number)},
    "JSON": lambda _, number: {"row": number},
    "uuid": lambda type_, number: UUID(int=number) if type_.as_uuid else str(UUID(int=number)),
    "ARRAY": _items,
    "DOMAIN": lambda type_, number: value_of(type_.data_type, number),
    "BIT": _bits,
    "YEAR": lambda _, number: 2000 + number % 100,
    "OID": lambda _, number: number,
    "INET": written("192.0.2.{}"),
    "CIDR": written("198.51.{}.0/24"),
    "MACADDR": written("08:00:2b:01:02:03"),
    "MACADDR8": written("08:00:2b:01:02:03:04:05"),
    "MONEY": written("{}.50"),
    "HSTORE": written("row=>{}"),
    "JSONPATH": written("$.row"),
    "TSVECTOR": written("row{}"),
    "TSQUERY": written("row{}"),
    "REGCLASS": written("pg_class"),
    "REGCONFIG": written("simple"),
    "ROWID": written("AAA"),
    "XML": written("<row/>"),
    **dict(_ranges()),
}
"""The makers of values, by the name of a type."""
