"""Reading PostgreSQL's own text: names, lists in parentheses, clauses.

Only for what the server has written itself (`pg_get_indexdef`, `pg_get_constraintdef`), which is
regular: brackets are balanced outside of quotes. What people write is never read here: the
database is asked.
"""

from __future__ import annotations

import re
from functools import cache

NAME = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_CLOSED = r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[()\[\]]"""
_BRACKETS = re.compile(_CLOSED)


def quoted(name: str) -> str:
    """Return a name as it is always valid in SQL.

    >>> print(quoted('a "b" c'))
    "a ""b"" c"
    """
    return '"' + name.replace('"', '""') + '"'


def unquoted(name: str) -> str:
    """Return the name that the server's text stands for.

    >>> unquoted('"a ""b"" c"'), unquoted("a")
    ('a "b" c', 'a')
    """
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def is_name(text: str) -> bool:
    """Is it nothing but a name?"""
    return re.fullmatch(NAME, text) is not None


def split(text: str, separator: str = ", ") -> list[str]:
    """Return the parts of a list; what stands in quotes or parentheses is not parted.

    >>> split("lower((a)::text), coalesce(b, ', '), c DESC")
    ['lower((a)::text)', "coalesce(b, ', ')", 'c DESC']
    """
    parts, start, depth = [], 0, 0
    for match in _separated(separator).finditer(text):
        piece = match.group()
        if piece in "([":
            depth += 1
        elif piece in ")]":
            depth -= 1
        elif piece == separator and not depth:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def in_parentheses(text: str) -> tuple[str, str]:
    """Return what stands in the parentheses that `text` starts with, and what follows them.

    >>> in_parentheses("(a, f(b)) WHERE (c)")
    ('a, f(b)', ' WHERE (c)')
    """
    depth = 0
    for match in _BRACKETS.finditer(text):
        piece = match.group()
        depth += (piece in "([") - (piece in ")]")
        if not depth:
            return text[1 : match.start()], text[match.end() :]
    raise ValueError(text)


def bare(text: str) -> str:
    """Return an expression without the parentheses around the whole of it.

    >>> bare("((a) > 0)"), bare("(a) + (b)")
    ('(a) > 0', '(a) + (b)')
    """
    while text.startswith("("):
        inside, rest = in_parentheses(text)
        if rest:
            break
        text = inside
    return text


@cache
def _separated(separator: str) -> re.Pattern[str]:
    return re.compile(f"{_CLOSED}|{re.escape(separator)}")


_STRING = r"'(?:[^']|'')*'::character varying"
_CAST = re.compile(r"('(?:[^']|'')*')::character varying")
_ANY = re.compile(
    rf"\(({NAME})\)::text (= ANY|<> ALL) "
    rf"\(\(ARRAY\[({_STRING}(?:, {_STRING})*)\]\)::text\[\]\)"
)


def with_lists(text: str) -> str:
    """Return the server's text with `IN (...)` where that is what it was made of.

    What the server shows of an IN over a VARCHAR, read again, gives another expression than the IN
    did; only the IN itself gives the same one.

    >>> with_lists("((a)::text = ANY ((ARRAY['x'::character varying])::text[]))")
    "(a IN ('x'))"
    """

    def written(match: re.Match[str]) -> str:
        operator = "IN" if match[2] == "= ANY" else "NOT IN"
        entries = _CAST.sub(r"\1", match[3])
        return f"{match[1]} {operator} ({entries})"

    return _ANY.sub(written, text)
