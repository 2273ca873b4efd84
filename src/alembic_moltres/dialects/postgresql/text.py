"""Parses PostgreSQL's own text: names, lists in parentheses, clauses.

It is only for text that the server has written (`pg_get_indexdef`, `pg_get_constraintdef`), which
is regular: brackets outside quotes are balanced. Text of models is probed instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ... import sqltext
from ...sqltext import POSTGRESQL, Token


def quoted(name: str) -> str:
    """Return a name in quotes, which is always valid in SQL."""
    return POSTGRESQL.quoted_name(name)


def unquoted(name: str) -> str:
    """Return the name in the server's text, without quotes.

    >>> unquoted('"a b"'), unquoted("a")
    ('a b', 'a')
    """
    return sqltext.unquoted(name, POSTGRESQL)


def is_name(text: str) -> bool:
    """Tell whether the text is only a name."""
    return sqltext.is_name(text, POSTGRESQL)


def split(text: str, separator: str = ", ") -> list[str]:
    """Return the parts of a list; text in quotes or parentheses is not split."""
    return sqltext.split(text, separator, POSTGRESQL)


def in_parentheses(text: str) -> tuple[str, str]:
    """Return the text in the parentheses that `text` starts with, and the text after them.

    >>> in_parentheses("(a, f(b)) WHERE (c)")
    ('a, f(b)', ' WHERE (c)')
    """
    parts = sqltext.in_parentheses(text, POSTGRESQL)
    if parts is None:
        raise ValueError(text)
    return parts


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """Return an expression without parentheses around the whole."""
    return sqltext.strip_parentheses(text, POSTGRESQL)


_OPERATORS = {("=", "ANY"): "IN", ("<>", "ALL"): "NOT IN"}
_CAST = ["::", "character", "varying"]
_ARRAY, _END = ["(", "(", "ARRAY", "["], ["]", ")", "::", "text", "[", "]", ")"]
_TO_TEXT = [")", "::", "text"]


@lru_cache(maxsize=4096)
def with_lists(text: str) -> str:
    """Return the server's text with its form of IN written as `IN (...)` again.

    The server's text of an IN over a VARCHAR, when executed, is stored as another expression; only
    the IN itself is stored as the same one.

    >>> with_lists("((a)::text = ANY ((ARRAY['x'::character varying])::text[]))")
    "(a IN ('x'))"
    >>> with_lists("(a)::text = ANY (ARRAY[('x'::character varying)::text])")
    "a IN ('x')"
    """
    stream = sqltext.tokens(text, POSTGRESQL)
    texts = [token.text for token in stream]
    for at in range(len(stream) - 1, 5, -1):
        operator = _OPERATORS.get((texts[at - 1], texts[at]))
        is_text = texts[at - 4 : at - 1] == [")", "::", "text"] and texts[at - 6] == "("
        if operator is None or not is_text or not stream[at - 5].is_name:
            continue
        entries, end = _entries(stream, texts, at + 1)
        if entries:
            before, after = text[: stream[at - 6].start], text[stream[end - 1].end :]
            text = f"{before}{texts[at - 5]} {operator} ({', '.join(entries)}){after}"
    return text


def _entries(stream: Sequence[Token], texts: list[str], at: int) -> tuple[list[str], int]:
    """Return the strings of an array of VARCHAR, and its end; nothing for another array.

    The array is cast to text, or each string is, as the server writes it once the type of the
    column was altered.
    """
    each_cast = texts[at : at + 3] == ["(", "ARRAY", "["]
    if not each_cast and texts[at : at + 4] != _ARRAY:
        return [], at
    at, entries = at + (3 if each_cast else 4), []
    prefix, cast = (["("], [*_CAST, *_TO_TEXT]) if each_cast else ([], _CAST)
    while True:
        string = at + len(prefix)
        after = string + 1 + len(cast)
        if string >= len(stream) or not stream[string].is_string:
            return [], at
        if (texts[at:string], texts[string + 1 : after]) != (prefix, cast):
            return [], at
        entries.append(texts[string])
        at = after
        if texts[at : at + 1] != [","]:
            break
        at += 1
    closing = ["]", ")"] if each_cast else _END
    end = at + len(closing)
    return (entries, end) if texts[at:end] == closing else ([], end)
