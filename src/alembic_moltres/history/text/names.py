"""The names in a statement, found without reading the rest of it."""

from __future__ import annotations

import re
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


def with_kept_names(sql: str, syntax: Syntax) -> str:
    """Return a statement with the names that the database keeps of longer ones.

    >>> from alembic_moltres.sqltext import POSTGRESQL
    >>> with_kept_names("DROP TABLE " + "t" * 64, POSTGRESQL) == "DROP TABLE " + "t" * 63
    True
    >>> with_kept_names(f'DROP TABLE "{"a " * 40}"', POSTGRESQL) == f'DROP TABLE "{"a " * 31}a"'
    True
    """
    longest = syntax.longest
    if longest is None:
        return sql
    character = "." if '"' in sql else r"[^\s,()]"
    if sql.isascii() and re.search(rf"{character}{{{longest + 1}}}", sql) is None:
        return sql
    pieces, end = [], 0
    for token in tokens(sql, syntax):
        if token.is_name and len(token.value.encode()) > longest:
            kept = token.value.encode()[:longest].decode(errors="ignore")
            quote = "" if token.kind == "word" else '"'
            written = kept.replace('"', '""') if quote else kept
            pieces += [sql[end : token.start], f"{quote}{written}{quote}"]
            end = token.end
    return "".join((*pieces, sql[end:]))


NO_TABLES = frozenset({"OUTFILE", "DUMPFILE"})
"""MySQL's words after INTO that name a file."""


def created_table(sql: str, syntax: Syntax) -> tuple[str | None, str] | None:
    """Return the schema and the name of the table that an unreadable statement creates.

    >>> from alembic_moltres.sqltext import POSTGRESQL
    >>> created_table("CREATE TABLE u AS TABLE t", POSTGRESQL)
    (None, 'u')
    >>> created_table("SELECT a, (b) INTO UNLOGGED TABLE s.u FROM t", POSTGRESQL)
    ('s', 'u')
    """
    cursor = Cursor(sql, syntax)
    if cursor.peek() in {"SELECT", "WITH"}:
        cursor.skip("INTO")
        if not cursor.accept("INTO"):
            return None
        cursor.accept("UNLOGGED")
        cursor.accept("TABLE")
        is_name = not cursor.done and cursor.tokens[cursor.at].is_name
        return cursor.qualified() if is_name and cursor.peek() not in NO_TABLES else None
    if not cursor.accept("CREATE"):
        return None
    while cursor.peek() in {"UNLOGGED", "FOREIGN", "GLOBAL", "LOCAL"}:
        cursor.next()
    if not cursor.accept("TABLE"):
        return None
    cursor.accept("IF", "NOT", "EXISTS")
    return cursor.qualified()
