"""How often what was refused for a lock is tried again, and what is said then."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..messages import get_logger, one_line
from .connections import sleep

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

log = get_logger("alembic.runtime.migration.alembic_moltres")
"""Below `alembic`, because every project's alembic.ini shows that logger's messages."""

SHORTEST, LONGEST = 0.25, 8
"""Seconds before it is tried again; each pause is twice the last one, and chance takes a part."""


class Attempts:
    """The attempts at one revision.

    Args:
        connection: the one that migrates.
        name: of the revision, for the log.
        retry_for: seconds after the first one has failed.
        blockers: describes who has locks on what a statement names.
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
        """Whether nothing is tried again."""
        if self._first is None:
            return self.retry_for <= 0
        return time.monotonic() - self._first >= self.retry_for

    def wait(self, statement: str, what: str) -> None:
        """Say who is in the way, and wait a little.

        Args:
            statement: the one that was refused.
            what: is repeated.
        """
        self._first = self._first or time.monotonic()
        pause = min(SHORTEST * 2**self.failed, LONGEST) * random.uniform(0.5, 1)  # noqa: S311
        self.failed += 1
        found = self.blockers(statement)
        log.warning(
            "%s was refused for a lock at: %s; %s; %s is repeated in %.1f s",
            self.name,
            shortened(statement),
            f"in the way: {'; '.join(found)}" if found else "nobody is in the way any more",
            what,
            pause,
        )
        sleep(self.connection, pause)


def shortened(statement: str, length: int = 100) -> str:
    r"""Return a statement on one line, cut where it is long.

    >>> shortened("ALTER TABLE users\n    ADD name TEXT", 20)
    'ALTER TABLE users AD...'
    """
    text = one_line(" ".join(statement.split()))
    return text if len(text) <= length else f"{text[:length]}..."
