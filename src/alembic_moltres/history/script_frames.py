"""The lines of a script that are running, on the call stack."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import FrameType


def script_frames(file: str) -> Iterator[tuple[str, int]]:
    """Yield the running functions of a script with their lines, innermost first.

    Args:
        file: of the script, as it was loaded.
    """
    frame: FrameType | None = inspect.currentframe()
    while frame is not None:
        if frame.f_code.co_filename == file:
            yield frame.f_code.co_name, frame.f_lineno
        frame = frame.f_back
