"""Shows the running statement and its time: a live line on a terminal with rich, else the log.

The line is shown only while a statement runs, when nothing else is written.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Final, Self

from ..messages import RUN_LOGGER, get_logger, short_statement

log = get_logger(RUN_LOGGER)

TICK: Final = 0.2
"""Seconds between two updates."""

FIRST_LIVE, FIRST_LOGGED, REPEATED = 1, 10, 30
"""Seconds until a statement is shown, is logged, and is logged again."""


@dataclass(slots=True, eq=False)
class Running:
    """A running statement, or several that are parts of one.

    Attributes:
        revision: its revision.
        statement: the first part.
        rows: changed by earlier parts.
        has_next_part: another part follows.
        begun: the start of the first part.
        ended: the last part has ended.
    """

    revision: str
    statement: str
    rows: int = 0
    has_next_part: bool = False
    begun: float = field(default_factory=time.monotonic)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def seconds(self) -> float:
        """Its run time so far."""
        return time.monotonic() - self.begun

    def __str__(self) -> str:
        rows = f"{self.rows:,} rows: " if self.rows else ""
        return f"{self.revision}: {self.seconds:.0f} s: {rows}{short_statement(self.statement)}"


class Progress:
    """Shows the running statement from a thread; a context manager."""

    def __init__(self) -> None:
        on_terminal = sys.stderr.isatty() and find_spec("rich") is not None
        self._show: Callable[[Running], None] = _live if on_terminal else _logged
        self._patience = FIRST_LIVE if on_terminal else FIRST_LOGGED
        self._running: Running | None = None
        self._screen = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=__name__, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end_statement()
        self._closed.set()
        self._thread.join()

    def begin_statement(self, revision: str, statement: str) -> None:
        """Start showing a statement."""
        if self._running is None or not self._running.has_next_part:
            self._running = Running(revision, statement)

    def end_part(self, rows: int) -> None:
        """Note that a part has ended and another follows.

        Args:
            rows: changed by it.
        """
        if self._running is not None:
            self._running.has_next_part = True
            self._running.rows += max(rows, 0)

    def end_statement(self) -> None:
        """Stop showing it; the line is removed on return."""
        if self._running is not None:
            self._running.ended.set()
            self._running = None
        with self._screen:
            return

    def _watch(self) -> None:
        while not self._closed.wait(TICK):
            running = self._running
            if running is not None and running.seconds >= self._patience:
                with self._screen:
                    self._show(running)


def _logged(running: Running) -> None:
    """Log a statement from time to time until it ends."""
    while not running.ended.is_set():
        log.info("Still running: %s", running)
        running.ended.wait(REPEATED)


def _live(running: Running) -> None:
    """Show a statement on the terminal until it ends."""
    from rich.console import Console
    from rich.live import Live
    from rich.spinner import Spinner
    from rich.text import Text

    console = Console(stderr=True)
    spinner = Spinner("dots", text=Text(str(running), no_wrap=True, overflow="ellipsis"))
    with Live(spinner, console=console, transient=True, refresh_per_second=5):
        while not running.ended.wait(TICK):
            spinner.update(text=Text(str(running), no_wrap=True, overflow="ellipsis"))
