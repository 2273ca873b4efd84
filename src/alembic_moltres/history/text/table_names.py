"""The names of tables in statements that are not read further."""

from __future__ import annotations

from collections.abc import Iterator

from ...sqltext import Syntax, tokens
from .cursor import Cursor


def names_in(sql: str, syntax: Syntax) -> Iterator[str]:
    """Yield the tokens of a text, and those in its strings, such as the body of a block.

    >>> from alembic_moltres.sqltext import POSTGRESQL
    >>> list(names_in("DO $$ DROP TABLE t $$", POSTGRESQL))[2:]
    ['DROP', 'TABLE', 't']
    """
    for token in tokens(sql, syntax):
        yield token.value
        if token.is_string:
            yield from names_in(token.value, syntax)


def created_table(sql: str, syntax: Syntax) -> tuple[str | None, str] | None:
    """Return the schema and the name of the table that an unreadable CREATE TABLE makes."""
    cursor = Cursor(sql, syntax)
    if not cursor.accept("CREATE"):
        return None
    while cursor.peek() in {"UNLOGGED", "FOREIGN", "GLOBAL", "LOCAL"}:
        cursor.next()
    if not cursor.accept("TABLE"):
        return None
    cursor.accept("IF", "NOT", "EXISTS")
    return cursor.qualified()
