"""The comparison of texts that a database could not be probed for; see `UnconfirmedText`.

An unconfirmed difference may be a false one, so most expressions are assumed unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...sqltext import Token


def assumed(text: str, current: str) -> bool:
    """Assume that whatever the database has is the same."""
    return True


def same_kind(text: str, current: str) -> bool:
    """Are two texts of one kind (the first word)? Expressions are not compared."""
    return text.split(None, 1)[0] == current.split(None, 1)[0]


def normalised(tokens: Iterable[Token]) -> list[str]:
    """Return tokens without what databases add: brackets, quotes, case.

    >>> from alembic_moltres.sqltext import POSTGRESQL, tokens
    >>> normalised(tokens("(A = 'X')", POSTGRESQL))
    ['a', '=', "'X'"]
    """
    return [
        token.text if token.is_string else token.value.lower()
        for token in tokens
        if token.text not in "()"
    ]
