"""Splits SQLite's DDL into tokens, and normalises expressions.

Source of the rules: SQLite manual, "Expression", and section 8 of "Quirks, Caveats, and Gotchas"
(double-quoted strings). Not here: the grammar of a statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from ... import sqltext
from ...errors import ReflectError
from ...sqltext import SQLITE, Token

_SAME = {"==": "=", "!=": "<>"}
_NO_TOKEN = frozenset({"open", "other"})
_KIND = itemgetter(0)


REPORT = "; report it"
"""The remedy for text that SQLite accepts but this package cannot parse."""


def tokenize(sql: str) -> tuple[Token, ...]:
    """Return the tokens of a text, without space and comments.

    Raises:
        ReflectError: there is a character that cannot begin a token.

    >>> [token.text for token in tokenize('"a b"<=1 -- why')]
    ['"a b"', '<=', '1']
    """
    tokens = sqltext.tokens(sql, SQLITE)
    if not _NO_TOKEN.isdisjoint(map(_KIND, tokens)):
        start = next(token.start for token in tokens if token.kind in _NO_TOKEN)
        raise ReflectError(
            f"cannot parse SQLite's text at {sql[start : start + 20]!r} (in {sql[:60]!r}){REPORT}",
            sql,
        )
    return tokens


@lru_cache(maxsize=16384)
def normalised_name(name: str) -> str:
    """Return a name as signatures have it: in lower case, in quotes if it needs them.

    >>> normalised_name("Users"), normalised_name("a b")
    ('users', '"a b"')
    """
    return SQLITE.written_name(name.lower())


@dataclass(frozen=True, slots=True)
class Scope:
    """The context of an expression: its table's name and columns, in lower case."""

    table: str = ""
    columns: frozenset[str] = frozenset()


NOWHERE = Scope()


@lru_cache(maxsize=16384)
def normalised(text: str, scope: Scope = NOWHERE) -> str:
    """Return an expression in its normalised form: tokens, names in lower case and without quotes.

    The own table's name before a column is omitted, as are brackets around the whole expression and
    doubled ones. A text in double quotes that is not a column is a string.

    >>> users = Scope("users", frozenset({"age"}))
    >>> normalised('(("Age" >= 0))', users) == normalised("users.age>=0", users)
    True
    >>> normalised("name <> 'x'") == normalised("name <> 'X'")
    False
    """
    tokens = tokenize(text)
    parts = [
        _normalised_token(token, scope)
        for at, token in enumerate(tokens)
        if not _is_own_table(tokens, at, scope)
    ]
    superfluous = _superfluous_brackets(parts)
    return " ".join(part for at, part in enumerate(parts) if at not in superfluous)


def _is_own_table(tokens: Sequence[Token], at: int, scope: Scope) -> bool:
    """Tell whether a token is the own table's name, or the dot after it."""
    if not scope.table:
        return False
    if tokens[at].upper == ".":
        at -= 1
    token = tokens[at]
    return (
        at + 1 < len(tokens)
        and tokens[at + 1].upper == "."
        and token.is_name
        and token.value.lower() == scope.table
    )


def _normalised_token(token: Token, scope: Scope) -> str:
    if token.kind == "quoted":
        name = token.value
        if token.text[0] == '"' and scope.columns and name.lower() not in scope.columns:
            return SQLITE.literal(name)
        return normalised_name(name)
    if token.kind == "string":
        return token.text
    return _SAME.get(token.text) or token.text.lower()


def _superfluous_brackets(parts: Sequence[str]) -> set[int]:
    pairs, open_at = {}, []
    for at, part in enumerate(parts):
        if part == "(":
            open_at.append(at)
        elif part == ")" and open_at:
            pairs[open_at.pop()] = at
    found = {at for a, b in pairs.items() if pairs.get(a + 1) == b - 1 for at in (a + 1, b - 1)}
    first, last = 0, len(parts) - 1
    while first < last and pairs.get(first) == last:
        found |= {first, last}
        first, last = first + 1, last - 1
    return found
