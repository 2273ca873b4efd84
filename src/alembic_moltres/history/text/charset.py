"""The character set and the collation that MySQL's statements state of a table."""

from __future__ import annotations

from .cursor import Cursor

STATING = frozenset({"CHARACTER", "CHARSET", "COLLATE"})


def states_charset(cursor: Cursor) -> bool:
    """Tell whether the cursor is before a character set or a collation."""
    return cursor.peek(int(cursor.peek() == "DEFAULT")) in STATING


def read_charset(cursor: Cursor) -> tuple[str | None, str | None]:
    """Take a character set, a collation, or both; `None` for what is not stated."""
    charset = collation = None
    while states_charset(cursor):
        cursor.accept("DEFAULT")
        word = cursor.next().upper
        if word == "CHARACTER":
            cursor.need("SET")
        cursor.accept("=")
        named = cursor.next().value.lower()
        if word == "COLLATE":
            collation = named
        else:
            charset = named
    return charset, collation
