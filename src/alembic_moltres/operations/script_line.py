"""The line of a script that calls an operation, for errors and logs."""

from __future__ import annotations

import sys
from types import FrameType

BETWEEN = frozenset({"alembic", "alembic_moltres", "contextlib"})
"""The packages on the stack between a script and this package."""


def place_in_script() -> str:
    """Return the file and line of the script that calls us, as `file:line`."""
    frame = sys._getframe(1)  # noqa: SLF001 - documented, and quicker than `inspect`
    while frame.f_back is not None and _is_between(frame):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def line_in_script() -> str:
    """Return the number of that line."""
    return place_in_script().rpartition(":")[2]


def _is_between(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__")
    return isinstance(name, str) and name.partition(".")[0] in BETWEEN
