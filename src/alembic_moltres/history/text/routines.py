"""The functions and procedures of scripts that change tables, and the statements that call them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ...sqltext import Syntax, Token, tokens
from ..catalogue.database import Catalogue
from .dynamic import executed_text

NOT_CALLING = frozenset({"CREATE", "ALTER", "DROP", "COMMENT", "GRANT", "REVOKE"})
"""The first words of statements that name functions without calling them."""

CHANGING = frozenset({"CREATE", "ALTER", "DROP", "RENAME"})
TEMPORARY = frozenset({"TEMP", "TEMPORARY"})
WRITING = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "COPY", "WITH", "DO"})
ROUTINES = frozenset({"FUNCTION", "PROCEDURE"})


def note_routine(sql: str, catalogue: Catalogue) -> None:
    """Note a function that changes tables, or a trigger that calls one, from its CREATE."""
    stream = tokens(sql, catalogue.impl.syntax)
    words = [each.upper for each in stream]
    if "TRIGGER" in words[:6] and "ON" in words:
        if called_by(sql, catalogue):
            catalogue.triggered.add(_last_name(stream[words.index("ON") + 1 :]))
        return
    at = next((n for n, word in enumerate(words[:8]) if word in ROUTINES), None)
    if at is None:
        return
    name = _last_name(stream[at + 1 :])
    inside = list(_nested(stream[at + 2 :], catalogue.impl.syntax))
    calls = _called(inside) & catalogue.changing
    bodies = _levels(stream[at + 2 :], catalogue.impl.syntax)
    executes = any(_executes(each, catalogue.impl.syntax) for each in bodies)
    if calls or executes or _changes(inside):
        catalogue.changing.add(name)


def changing_call(sql: str, catalogue: Catalogue) -> str | None:
    """Return the function that changes tables, or the table whose trigger does, in a statement."""
    if not catalogue.changing:
        return None
    stream = tokens(sql, catalogue.impl.syntax)
    if not stream or stream[0].upper in NOT_CALLING:
        return None
    names = {f"{each}()" for each in called_by(sql, catalogue)}
    if not names and stream[0].upper in WRITING:
        inside = _nested(stream, catalogue.impl.syntax)
        written = {each.value.lower() for each in inside if each.is_name}
        names |= {f"a trigger of {each!r}" for each in written & catalogue.triggered}
    return min(names, default=None)


def called_by(sql: str, catalogue: Catalogue) -> set[str]:
    """Return the functions that change tables among those that a statement calls."""
    syntax = catalogue.impl.syntax
    return _called(_nested(tokens(sql, syntax), syntax)) & catalogue.changing


def _called(stream: Iterator[Token] | Sequence[Token]) -> set[str]:
    pairs = pairwise(stream)
    return {one.value.lower() for one, two in pairs if two.upper == "(" and one.is_name}


def _nested(stream: Sequence[Token], syntax: Syntax) -> Iterator[Token]:
    """Yield the tokens, and those of the statements in strings: of a body, or to be executed."""
    for token in stream:
        yield token
        if token.is_string and " " in token.value:
            yield from _nested(tokens(token.value, syntax), syntax)


def _levels(stream: Sequence[Token], syntax: Syntax) -> Iterator[Sequence[Token]]:
    """Yield the tokens, and those of each statement in a string."""
    yield stream
    for token in stream:
        if token.is_string and " " in token.value:
            yield from _levels(tokens(token.value, syntax), syntax)


def _executes(stream: Sequence[Token], syntax: Syntax) -> bool:
    """Tell whether a body executes a text that is not known, or that changes tables."""
    every = [executed_text(stream[n + 1 :]) for n, t in enumerate(stream) if t.upper == "EXECUTE"]
    return any(text is None or _changes(tokens(text, syntax)) for text in every)


def _changes(stream: Sequence[Token]) -> bool:
    """Tell whether a body changes tables."""
    words = [each.upper for each in stream]
    return any(
        word in CHANGING and TEMPORARY.isdisjoint(words[at + 1 : at + 3])
        for at, word in enumerate(words)
    )


def _last_name(stream: Sequence[Token]) -> str:
    """Return the last part of a dotted name, behind IF NOT EXISTS and the like."""
    skipped = {"IF", "NOT", "EXISTS", "ONLY"}
    names = [each for each in stream[:8] if each.upper not in skipped]
    at = 0
    while names[at + 1 : at + 2] and names[at + 1].upper == "." and at + 2 < len(names):
        at += 2
    return names[at].value.lower() if names else ""
