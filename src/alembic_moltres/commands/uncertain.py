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


def refuse_unfinished(uncertain: Iterable[Uncertain]) -> None:
    """Raise if a script failed in replay: the tables that it would have made are unknown.

    Raises:
        UncertainError: a script failed.
    """
    for each in uncertain:
        if each.unfinished:
            raise UncertainError(
                f"{each}; fix the script, or declare what it does in "
                "'with op.moltres_state_only():'",
                each,
            )


def refuse_uncertain(uncertain: Sequence[Uncertain], action: str) -> None:
    """Write a line for each uncertainty to stderr and raise, if there are any.

    Args:
        uncertain: the uncertainties.
        action: what happened to their tables, such as "not compared".

    Raises:
        UncertainError: something is uncertain.
    """
    if not uncertain:
        return
    for each in uncertain:
        sys.stderr.write(f"{one_line(each)}\n")
    keys = dict.fromkeys(key for each in uncertain for key in each.tables)
    named = ", ".join(map(repr, keys)) or "what they do"
    count = "1 line is" if len(uncertain) == 1 else f"{len(uncertain)} lines are"
    raise UncertainError(f"{count} uncertain, {action}: {named}; {REMEDY}", uncertain)


def json_of_uncertain(uncertain: Sequence[Uncertain]) -> list[dict[str, Any]]:
    """Return uncertainties for `--format json`."""
    return [
        {
            "file": each.place.file,
            "line": each.place.line,
            "revision": each.place.revision,
            "reason": each.reason,
            "text": each.text,
            "tables": list(each.tables),
        }
        for each in uncertain
    ]
