"""What was done with a statement."""

from __future__ import annotations

from enum import Enum, auto


class Outcome(Enum):
    """What was done with a statement."""

    APPLIED = auto()
    KEPT = auto()
    OF_ROWS = auto()
