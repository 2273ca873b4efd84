"""Retries of what was refused for a lock, and the log line about each."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from sqlalchemy.engine import Connection

from ..messages import RUN_LOGGER, get_logger, short_statement
from .connections import sleep

log = get_logger(RUN_LOGGER)

SHORTEST, LONGEST = 0.25, 8
"""Seconds before a retry; each pause doubles, with random jitter."""


class Retries:
    """Decides when a revision, or one statement of it, is retried.

    Args:
        connection: the migrating connection.
        name: of the revision, for the log.
        retry_for: seconds to retry after the first failure.
        blockers: describes the sessions with locks on the objects of a statement.
    """

    def __init__(
        self,
        connection: Connection,
        name: str,
        retry_for: float,
        blockers: Callable[[str], Sequence[str]],
    ) -> None:
        self.connection = connection
        self.name = name
        self.retry_for = retry_for
        self.blockers = blockers
        self.failed = 0
        self._first: float | None = None

    @property
    def are_over(self) -> bool:
        """Whether the time to retry is over."""
        if self._first is None:
            return self.retry_for <= 0
        return time.monotonic() - self._first >= self.retry_for

    def wait(self, statement: str, what: str) -> None:
        """Log who holds the lock, and wait before the retry.

        Args:
            statement: the refused statement.
            what: what is retried, for the log.
        """
        self._first = self._first or time.monotonic()
        pause = min(SHORTEST * 2**self.failed, LONGEST) * random.uniform(0.5, 1)  # noqa: S311
        self.failed += 1
        blockers = self.blockers(statement)
        log.warning(
            "%s was refused for a lock at: %s; %s; %s is retried in %.1f s",
            self.name,
            short_statement(statement),
            f"held by: {'; '.join(blockers)}" if blockers else "the lock is free now",
            what,
            pause,
        )
        sleep(self.connection, pause)
