"""Splits SQLite's DDL into tokens, and normalises expressions.

Source of the rules: SQLite manual, "Expression", and section 8 of "Quirks, Caveats, and Gotchas"
(double-quoted strings). Not here: the grammar of a statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from ... import sqltext
from ...errors import ReflectError
from ...sqltext import SQLITE, Token, normal_form

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
    """Return an expression in its normal form, names without the own table's.

    Raises:
        ReflectError: there is a character that cannot begin a token.

    >>> users = Scope("users", frozenset({"age"}))
    >>> normalised('(("Age" >= 0))', users) == normalised("users.age>=0", users)
    True
    >>> normalised("name <> 'x'") == normalised("name <> 'X'")
    False
    """
    tokenize(text)
    return normal_form(text, SQLITE, scope.table, scope.columns)
