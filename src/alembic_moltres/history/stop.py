"""`Stop`: a line of a script at which a replay ends."""

from __future__ import annotations


class Stop:
    """Ends a replay at the line of `upgrade()` that requests the tables.

    If the line is not reached (in a loop over rows), the replay ends at the next statement.

    Args:
        line: of the script's function.
        count: the replay ends at this request of the line, counted from 1.
    """

    class Reached(BaseException):
        """The line was reached."""

    def __init__(self, line: int, count: int) -> None:
        self._line = line
        self._remaining = count
        self._requested = False

    def requested(self, line: int) -> None:
        """Record that a line requests the tables."""
        self._requested = self._requested or line == self._line
        self._remaining -= line == self._line
        if line == self._line and self._remaining <= 0:
            raise self.Reached

    def executed(self, line: int) -> None:
        """Record that a line is about to execute a statement."""
        if line > self._line and not self._requested:
            raise self.Reached
