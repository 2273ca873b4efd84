"""What is compared where DuckDB could not be probed: text, and that expressions are unchanged."""

from __future__ import annotations

from ...sqltext import POSTGRESQL, tokens


def same_text(text: str, current: str) -> bool:
    """Are two texts the same but for spaces, brackets and case?

    >>> same_text("NEXTVAL( 's' )", "nextval('s')"), same_text("'A'", "'a'")
    (True, False)
    """
    return _words(text) == _words(current)


def same_kind(text: str, current: str) -> bool:
    """Are two texts of one kind (the first word)? Expressions are not compared."""
    return text.split(None, 1)[0] == current.split(None, 1)[0]


def assumed(text: str, current: str) -> bool:
    """Assume that whatever the database has is the same."""
    return True


def _words(text: str) -> list[str]:
    return [
        word.text if word.is_string else word.value.lower()
        for word in tokens(text, POSTGRESQL)
        if word.text not in "()"
    ]
