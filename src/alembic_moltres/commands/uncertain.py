"""Errors and JSON for what replay cannot know."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import UncertainError
from ..messages import one_line

if TYPE_CHECKING:
    from ..history.state import Uncertain

REMEDY = "declare what is done there in 'with op.moltres_state_only():'"


def refuse_unfinished(found: Iterable[Uncertain]) -> None:
    """Raise if a script failed in replay: the tables that it would have made are unknown.

    Raises:
        UncertainError: a script failed.
    """
    for each in found:
        if each.unfinished:
            raise UncertainError(
                f"{each}; fix the script, or declare what it does in "
                "'with op.moltres_state_only():'",
                each,
            )


def refuse_uncertain(found: Sequence[Uncertain], action: str) -> None:
    """Write a line for each to stderr, and raise, if there are any.

    Args:
        found: what is uncertain.
        action: what happened to them, such as "not compared".

    Raises:
        UncertainError: something is uncertain.
    """
    if not found:
        return
    for each in found:
        sys.stderr.write(f"{one_line(each)}\n")
    keys = dict.fromkeys(key for each in found for key in each.tables)
    named = ", ".join(map(repr, keys)) or "what they do"
    count = "1 line is" if len(found) == 1 else f"{len(found)} lines are"
    raise UncertainError(f"{count} uncertain, {action}: {named}; {REMEDY}", found)


def json_of_uncertain(found: Sequence[Uncertain]) -> list[dict[str, Any]]:
    """Return what is uncertain, for `--format json`."""
    return [
        {
            "file": each.place.file,
            "line": each.place.line,
            "revision": each.place.revision,
            "reason": each.reason,
            "text": each.text,
            "tables": list(each.tables),
        }
        for each in found
    ]
