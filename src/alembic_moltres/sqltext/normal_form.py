"""Normal forms of expressions, which are equal if the expressions are.

- `normal_form`: what may be written in several ways is written in one, so equal forms are the same
  expression. Signatures are made of it where no server normalises the text of the models.
- `loose_form`: leaves out all that a server may add or remove when it stores an expression, too,
  so different expressions may have one form. It compares the text of a model with that of a server
  where the model's was not probed, and finds a constraint by its text.

A dialect adds what only its server does: `dialects/sqlite/tokens` rejects what is no token,
`stored_form` of `dialects/postgresql/unconfirmed` knows how PostgreSQL rewrites IN and BETWEEN.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from .lexer import Token, tokens
from .names import unqualified
from .syntax import Syntax

_SAME = {"!=": "<>", "==": "="}


@lru_cache(maxsize=16384)
def normal_form(
    text: str, syntax: Syntax, table: str = "", columns: frozenset[str] = frozenset()
) -> str:
    """Return an expression's tokens in lower case, without needless quotes and parentheses.

    Strings stay, and what a server alone can equate: a cast, another spelling of a type.

    Args:
        text: the expression.
        syntax: of its database.
        table: whose name before columns is left out.
        columns: in lower case; given them, another name in double quotes is a string, as on SQLite.

    >>> from .syntax import POSTGRESQL
    >>> normal_form('((t."age" >= 0))', POSTGRESQL, "t")
    'age >= 0'
    >>> normal_form("Name!='X'", POSTGRESQL)
    "name <> 'X'"
    """
    shown = unqualified(text, table, syntax) if table else text
    parts = [_part(token, syntax, columns) for token in tokens(shown, syntax)]
    needless = set(_needless(parts))
    return " ".join(part for at, part in enumerate(parts) if at not in needless)


def _part(token: Token, syntax: Syntax, columns: Collection[str]) -> str:
    if token.kind == "quoted":
        name = token.value
        if columns and token.text[0] == '"' and name.lower() not in columns:
            return syntax.literal(name)
        return syntax.written_name(name.lower() if syntax.folding == "caseless" else name)
    if token.is_string:
        return token.text
    word = token.text.lower()
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


def loose_form(stream: Iterable[Token]) -> list[str]:
    """Return tokens in lower case, without brackets and quotes around names.

    Args:
        stream: the tokens of an expression; `without_casts` leaves out its casts.

    >>> from .syntax import POSTGRESQL
    >>> loose_form(tokens("(A = 'X')", POSTGRESQL))
    ['a', '=', "'X'"]
    """
    return [
        token.text if token.is_string else token.value.lower()
        for token in stream
        if token.text not in "()"
    ]
