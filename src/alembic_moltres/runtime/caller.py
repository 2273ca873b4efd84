"""Keeps locks until the caller's transaction ends.

A lock of the session is kept until its connection returns to the pool, because we cannot see the
end of the transaction.
"""

from __future__ import annotations

from contextlib import ExitStack, closing, suppress
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import Connection

from ..dialects.base.locks import Lock, SessionLock

KEPT: Final = "alembic_moltres.runtime"
"""The key of the locks in `Connection.info`."""


def keep(connection: Connection, second: Lock, others: ExitStack) -> None:
    """Keep locks until the connection returns to its pool.

    Args:
        connection: the migrating connection.
        second: the lock that this connection holds.
        others: releases the other locks.
    """
    connection.info[KEPT] = (second, others)
    pool = connection.engine.pool
    if not event.contains(pool, "checkin", _return):
        event.listen(pool, "checkin", _return)


def is_kept(connection: Connection) -> bool:
    """Tell whether the connection still has the locks of an earlier run in the same transaction."""
    return KEPT in connection.info


def _return(driver_connection: Any, record: Any) -> None:
    """Release the locks of a connection."""
    second, others = record.info.pop(KEPT, (None, ExitStack()))
    with others:
        if isinstance(second, SessionLock) and driver_connection is not None:
            with suppress(driver_connection.Error), closing(driver_connection.cursor()) as cursor:
                second.release_on(cursor)
