"""The normal form of an expression: what may be written in several ways is written in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from .lexer import tokens
from .names import unqualified
from .syntax import Syntax

_SAME = {"!=": "<>", "==": "="}


@lru_cache(maxsize=16384)
def normal_form(text: str, syntax: Syntax, table: str = "") -> str:
    """Return an expression's tokens in lower case, without needless quotes and parentheses.

    Strings stay, and what a server alone can equate: a cast, another spelling of a type.

    Args:
        text: the expression.
        syntax: of its database.
        table: whose name before columns is left out.

    >>> from .syntax import POSTGRESQL
    >>> normal_form('((t."age" >= 0))', POSTGRESQL, "t")
    'age >= 0'
    >>> normal_form("Name!='X'", POSTGRESQL)
    "name <> 'X'"
    """
    shown = unqualified(text, table, syntax) if table else text
    parts = [
        syntax.written_name(token.value) if token.kind == "quoted" else _written(token.text)
        for token in tokens(shown, syntax)
    ]
    needless = set(_needless(parts))
    return " ".join(part for at, part in enumerate(parts) if at not in needless)


def _written(text: str) -> str:
    if text[:1] in {"'", "$"} or "'" in text[:3]:
        return text
    word = text.lower()
    return _SAME.get(word, word)


def _needless(parts: Sequence[str]) -> Iterator[int]:
    """Yield where parentheses stand around the whole expression, or around others."""
    pairs, opened = {}, []
    for at, part in enumerate(parts):
        if part == "(":
            opened.append(at)
        elif part == ")" and opened:
            pairs[opened.pop()] = at
    for first, last in pairs.items():
        if pairs.get(first + 1) == last - 1:
            yield from (first + 1, last - 1)
    first, last = 0, len(parts) - 1
    while first < last and pairs.get(first) == last:
        yield from (first, last)
        first, last = first + 1, last - 1
