"""Compares texts that could not be probed; see `UnconfirmedText`.

An unconfirmed difference may be false, so most expressions are assumed unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...sqltext import Token


def assumed(text: str, current: str) -> bool:
    """Assume that the texts are equal."""
    return True


def same_kind(text: str, current: str) -> bool:
    """Tell whether two texts have the same kind (first word); expressions are not compared."""
    return text.split(None, 1)[0] == current.split(None, 1)[0]


def normalised(tokens: Iterable[Token]) -> list[str]:
    """Return tokens in a form without brackets, quotes and case, which databases change.

    >>> from alembic_moltres.sqltext import POSTGRESQL, tokens
    >>> normalised(tokens("(A = 'X')", POSTGRESQL))
    ['a', '=', "'X'"]
    """
    return [
        token.text if token.is_string else token.value.lower()
        for token in tokens
        if token.text not in "()"
    ]
