"""Reading PostgreSQL's own text: names, lists in parentheses, clauses.

Only for what the server has written itself (`pg_get_indexdef`, `pg_get_constraintdef`), which is
regular: brackets are balanced outside of quotes. What people write is never read here: the
database is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from ... import sqltext
from ...sqltext import POSTGRESQL, Token


def quoted(name: str) -> str:
    """Return a name as it is always valid in SQL."""
    return POSTGRESQL.quoted_name(name)


def unquoted(name: str) -> str:
    """Return the name that the server's text stands for.

    >>> unquoted('"a b"'), unquoted("a")
    ('a b', 'a')
    """
    return sqltext.unquoted(name, POSTGRESQL)


def is_name(text: str) -> bool:
    """Is it nothing but a name?"""
    return sqltext.is_name(text, POSTGRESQL)


def split(text: str, separator: str = ", ") -> list[str]:
    """Return the parts of a list; what stands in quotes or parentheses is not parted."""
    return sqltext.split(text, separator, POSTGRESQL)


def in_parentheses(text: str) -> tuple[str, str]:
    """Return what stands in the parentheses that `text` starts with, and what follows them.

    >>> in_parentheses("(a, f(b)) WHERE (c)")
    ('a, f(b)', ' WHERE (c)')
    """
    found = sqltext.in_parentheses(text, POSTGRESQL)
    if found is None:
        raise ValueError(text)
    return found


def bare(text: str) -> str:
    """Return an expression without the parentheses around the whole of it."""
    return sqltext.strip_parentheses(text, POSTGRESQL)


_OPERATORS = {("=", "ANY"): "IN", ("<>", "ALL"): "NOT IN"}
_CAST = ["::", "character", "varying"]
_ARRAY, _END = ["(", "(", "ARRAY", "["], ["]", ")", "::", "text", "[", "]", ")"]


def with_lists(text: str) -> str:
    """Return the server's text with `IN (...)` where that is what it was made of.

    What the server shows of an IN over a VARCHAR, read again, gives another expression than the IN
    did; only the IN itself gives the same one.

    >>> with_lists("((a)::text = ANY ((ARRAY['x'::character varying])::text[]))")
    "(a IN ('x'))"
    """
    found = sqltext.tokens(text, POSTGRESQL)
    words = [token.text for token in found]
    for at in range(len(found) - 1, 5, -1):
        operator = _OPERATORS.get((words[at - 1], words[at]))
        is_text = words[at - 4 : at - 1] == [")", "::", "text"] and words[at - 6] == "("
        if operator is None or not is_text or not found[at - 5].is_name:
            continue
        entries, end = _entries(found, words, at + 1)
        if entries:
            before, behind = text[: found[at - 6].start], text[found[end - 1].end :]
            text = f"{before}{words[at - 5]} {operator} ({', '.join(entries)}){behind}"
    return text


def _entries(found: Sequence[Token], words: list[str], at: int) -> tuple[list[str], int]:
    """Return the strings of an array of VARCHAR, and where it ends; none for another array."""
    if words[at : at + 4] != _ARRAY:
        return [], at
    at, entries = at + 4, []
    while found[at].is_string and words[at + 1 : at + 4] == _CAST:
        entries.append(words[at])
        at += 4
        if words[at] != ",":
            break
        at += 1
    end = at + len(_END)
    return (entries, end) if words[at:end] == _END else ([], end)
