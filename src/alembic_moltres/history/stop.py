"""Where a replay ends before the end of a script."""

from __future__ import annotations


class Stop:
    """Ends a replay at a line of `upgrade()`, where the tables are asked for.

    A line that is not reached, in a loop over rows, has the tables of the next statement behind it.

    Args:
        line: of the script's function.
        count: the how-manieth time the tables are asked for there.
    """

    class Reached(BaseException):
        """The line has been reached."""

    def __init__(self, line: int, count: int) -> None:
        self._line = line
        self._left = count
        self._asked = False

    def asked(self, line: int) -> None:
        """Say that the tables are asked for at a line."""
        self._asked = self._asked or line == self._line
        self._left -= line == self._line
        if line == self._line and self._left <= 0:
            raise self.Reached

    def executed(self, line: int) -> None:
        """Say that a statement is about to be executed at a line."""
        if line > self._line and not self._asked:
            raise self.Reached
