"""One upgrade of a database at a time.

The first lock is held from start to end. It is released at once if its process is killed, while
the server may still be executing the last statement. So the migrating connection holds a second
lock, and the holder of the first lock acquires the second one, too.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from ..alembic_compat import callers_transaction
from ..dialects.base.locks import Lock, Locks
from ..errors import RunnerError
from ..messages import RUN_LOGGER, get_logger
from .caller import is_kept, keep
from .connections import end_transaction, own_connection, sleep

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


log = get_logger(RUN_LOGGER)

SHORTEST, LONGEST = 0.02, 0.4
"""Seconds between two tries for a lock, with random jitter."""

REMINDER: Final = 30
"""Seconds between two log lines while waiting."""


@contextmanager
def exclusive(
    context: MigrationContext, connection: Connection, locks: Locks, *, wait: float
) -> Iterator[Connection | None]:
    """Hold both locks of a version table in the block; yield our second connection, if any.

    In a caller's transaction they are held until it has ended, as far as we can tell: until the
    connection is closed.

    Args:
        context: of the run.
        connection: the migrating connection.
        locks: of the database.
        wait: seconds to wait for another upgrade.

    Raises:
        RunnerError: another upgrade did not end in time; a pooler is in transaction mode.
    """
    if not locks.exist:
        name = connection.dialect.name
        log.warning("%s has no lock for upgrades here: run only one upgrade at a time", name)
        yield None
        return
    if is_kept(connection):
        yield None
        return
    is_callers = callers_transaction(context)
    subject = locks.subject(connection, context.version_table, context.version_table_schema)
    second = locks.second(connection, subject, in_transaction=is_callers)
    if second.is_ours():
        yield None
        return
    if not is_callers:
        end_transaction(connection)
    with ExitStack() as stack:
        first_on = connection
        if locks.own_connection:
            first_on = stack.enter_context(own_connection(connection))
            if not is_callers:
                locks.refuse_pooler(connection, first_on)
        waiting = _Waiting(connection, subject, wait)
        first = locks.first(first_on, subject)
        waiting.take(first)
        stack.callback(_release, first)
        waiting.take(second)
        if is_callers and not locks.transactional:
            keep(connection, second, stack.pop_all())
        else:
            stack.callback(_release_second, connection, second, is_callers=is_callers)
        yield first_on if locks.own_connection else None


@dataclass(slots=True)
class _Waiting:
    """Waits for both locks, for a limited time in total."""

    connection: Connection
    subject: str
    wait: float
    waited: float = 0

    def take(self, lock: Lock) -> None:
        begun, reminded, pause = time.monotonic() - self.waited, -float(REMINDER), SHORTEST
        while not lock.acquire():
            self.waited = time.monotonic() - begun
            if self.waited >= self.wait:
                raise RunnerError(self._too_long(lock.holder()), self.subject)
            if self.waited - reminded >= REMINDER:
                reminded = self.waited
                self._say(lock.holder())
            sleep(self.connection, pause * random.uniform(0.5, 1))  # noqa: S311 - no secret
            pause = min(pause * 1.5, LONGEST)

    def _say(self, holder: str) -> None:
        who = f": {holder}" if holder else ""
        log.info("Waiting for another upgrade of %s%s", self.subject, who)

    def _too_long(self, holder: str) -> str:
        who = f" ({holder})" if holder else ""
        return (
            f"another upgrade of {self.subject} is running{who}, and it has not ended in "
            f"{self.wait:g} seconds; wait for it, or allow more with -x moltres.wait=SECONDS"
        )


def _release(lock: Lock) -> None:
    with suppress(DBAPIError, InvalidRequestError):  # a lost connection has no locks
        lock.release()


def _release_second(connection: Connection, lock: Lock, *, is_callers: bool) -> None:
    with suppress(DBAPIError, InvalidRequestError):
        if not is_callers and connection.in_transaction():
            connection.rollback()
    _release(lock)
