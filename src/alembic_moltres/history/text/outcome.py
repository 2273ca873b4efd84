"""What a statement of text was."""

from __future__ import annotations

from enum import Enum, auto


class Outcome(Enum):
    """What a statement was."""

    CARRIED_OUT = auto()
    KEPT = auto()
    OF_ROWS = auto()
