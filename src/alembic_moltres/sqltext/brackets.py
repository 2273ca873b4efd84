"""Brackets and separators outside of quotes and comments."""

from __future__ import annotations

import re
from functools import cache

from .lexer import comment_end
from .syntax import Syntax


def marks(text: str, separator: str, syntax: Syntax) -> list[tuple[str, int]]:
    """Return each bracket and each separator with its place.

    Faster than `tokens`, where only the parts of a text are needed.

    >>> from .syntax import SQLITE
    >>> marks("a, ',', (b)", ",", SQLITE)
    [(',', 1), (',', 6), ('(', 8), (')', 10)]
    """
    pattern, positions, at = _pattern(separator, syntax), list[tuple[str, int]](), 0
    while at < len(text):
        for match in pattern.finditer(text, at):
            kind = match.lastgroup
            if kind == "mark":
                positions.append((match[0], match.start()))
            elif kind == "nested":
                at = comment_end(text, match.start())
                break
        else:
            break
    return positions


def split(text: str, separator: str, syntax: Syntax) -> list[str]:
    """Return the parts of a list; text in quotes or brackets is not split.

    >>> from .syntax import POSTGRESQL
    >>> split("lower((a)::text), coalesce(b, ', '), c DESC", ", ", POSTGRESQL)
    ['lower((a)::text)', "coalesce(b, ', ')", 'c DESC']
    """
    parts, start, depth = [], 0, 0
    for mark, at in marks(text, separator, syntax):
        if mark == separator:
            if depth == 0:
                parts.append(text[start:at])
                start = at + len(separator)
        elif mark in "([":
            depth += 1
        else:
            depth = max(depth - 1, 0)
    return [*parts, text[start:]]


def in_parentheses(text: str, syntax: Syntax) -> tuple[str, str] | None:
    """Return the text in the first parentheses and the text after; `None` if they are not closed.

    >>> from .syntax import POSTGRESQL
    >>> in_parentheses("(a, f(b)) WHERE (c)", POSTGRESQL)
    ('a, f(b)', ' WHERE (c)')
    """
    depth = start = 0
    for mark, at in marks(text, "(", syntax):
        if mark in "([":
            depth += 1
            start = at + 1 if mark == "(" and depth == 1 else start
        else:
            depth = max(depth - 1, 0)
            if depth == 0 and start:
                return text[start:at], text[at + 1 :]
    return None


def strip_parentheses(text: str, syntax: Syntax) -> str:
    """Return an expression without the parentheses around the whole of it.

    >>> from .syntax import POSTGRESQL
    >>> strip_parentheses("((a) > 0)", POSTGRESQL), strip_parentheses("(a) + (b)", POSTGRESQL)
    ('(a) > 0', '(a) + (b)')
    """
    text = text.strip()
    while text.startswith("("):
        parts = in_parentheses(text, syntax)
        if parts is None or parts[1]:
            break
        text = parts[0].strip()
    return text


@cache
def _pattern(separator: str, syntax: Syntax) -> re.Pattern[str]:
    skipped = (
        *syntax.comments,
        *syntax.escaped,
        *syntax.blobs,
        *syntax.strings,
        *syntax.quoted,
        syntax.unclosed,
    )
    nested = r"|(?P<nested>/\*)" if syntax.nested else ""
    return re.compile(
        f"{'|'.join(skipped)}{nested}|(?P<mark>{re.escape(separator)}|[()\\[\\]])",
        re.DOTALL,
    )
