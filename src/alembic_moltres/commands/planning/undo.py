"""What a revision's `downgrade()` restores, from its replay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from alembic.script import Script

from ...history.catalogue.database import Catalogue
from ...history.replay import Replay
from ...messages import first_line
from ..scripts.replays import shape
from .steps import Step, recording_steps


class Way(Enum):
    """How much a downgrade restores."""

    BACK = "yes"
    PARTLY = "in part"
    NOT = "no"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Undo:
    """Whether a revision can be undone.

    Attributes:
        way: how much is restored.
        why: what is not restored, or what stops it; empty if nothing does.
    """

    way: Way
    why: str = ""


def undo_of(replay: Replay, script: Script, before: Catalogue, steps: Sequence[Step]) -> Undo:
    """Replay the downgrade of a script that was just run, and reset the replay.

    Args:
        replay: after the script.
        script: the revision's.
        before: the tables before it.
        steps: those of its `upgrade()`.
    """
    recorder = replay.recorder
    known = len(recorder.uncertainties())
    back: list[Step] = []
    with recorder.restoring():
        with recording_steps(recorder, script, back):
            replay.run_downgrade(script)
        raised, uncertain = replay.raised, recorder.uncertainties()[known:]
        remaining = _differences(before, recorder.catalogue)
    if not steps:
        return Undo(Way.BACK)
    if raised is not None:
        message = first_line(raised)
        says = f": {message}" if message else ""
        return Undo(Way.NOT, f"downgrade() raises {type(raised).__name__}{says}")
    if not back:
        return Undo(Way.NOT, "downgrade() does nothing")
    if uncertain:
        return Undo(Way.UNKNOWN, str(uncertain[0]))
    if remaining:
        return Undo(Way.PARTLY, f"downgrade() does not restore {', '.join(remaining)}")
    return Undo(Way.BACK)


def _differences(before: Catalogue, after: Catalogue) -> list[str]:
    """Return what differs, each with its kind."""
    if before.tables == after.tables and before.types == after.types:
        return []
    one, other = shape(before), shape(after)
    names = [each for each in {**one, **other} if one.get(each) != other.get(each)]
    return [each if each in {"types", "sequences"} else f"table {each}" for each in names]
