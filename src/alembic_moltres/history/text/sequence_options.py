"""The options of a sequence or an identity in statements of text."""

from __future__ import annotations

from typing import Any

from .cursor import Cursor

NUMBERS = {
    "START": "start",
    "INCREMENT": "increment",
    "MINVALUE": "minvalue",
    "MAXVALUE": "maxvalue",
    "CACHE": "cache",
}
"""The attributes of a value by the words before a number."""

FLAGS: dict[tuple[str, ...], dict[str, Any]] = {
    ("NO", "MINVALUE"): {"nominvalue": True},
    ("NOMINVALUE",): {"nominvalue": True},
    ("NO", "MAXVALUE"): {"nomaxvalue": True},
    ("NOMAXVALUE",): {"nomaxvalue": True},
    ("NO", "CYCLE"): {"cycle": None},
    ("NOCYCLE",): {"cycle": None},
    ("CYCLE",): {"cycle": True},
    ("NOCACHE",): {"cache": None},
}
"""The attributes of options without a number; a value does not state the default of CYCLE."""


def read_option(cursor: Cursor) -> dict[str, Any]:
    """Take one option; return its attributes, none if it is another option.

    >>> from alembic_moltres.sqltext import POSTGRESQL
    >>> read_option(Cursor("START WITH 10", POSTGRESQL))
    {'start': 10}
    """
    for keywords, stated in FLAGS.items():
        if cursor.accept(*keywords):
            return stated
    attribute = NUMBERS.get(cursor.peek())
    if attribute is None:
        return {}
    cursor.next()
    _ = cursor.accept("WITH") or cursor.accept("BY") or cursor.accept("=")
    return {attribute: read_number(cursor)}


def read_number(cursor: Cursor) -> int:
    """Take a whole number.

    Raises:
        UnreadableError: there is none.
    """
    negative = cursor.accept("-")
    text = cursor.next().text
    if not text.isdecimal():
        raise cursor.unreadable(f"a number is expected at {text!r}")
    return -int(text) if negative else int(text)
