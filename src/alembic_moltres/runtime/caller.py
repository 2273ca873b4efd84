"""Locks in a transaction of the caller's, who ends it after us: they are kept until then.

Where a lock belongs to a session and not to a transaction, the end that can be seen is that the
connection goes back to its pool.
"""

from __future__ import annotations

from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event

from ..dialects.base.locks import Lock, SessionLock

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

KEPT: Final = "alembic_moltres.runtime"
"""The key of `Connection.info` that has the locks."""


def keep(connection: Connection, second: Lock, others: ExitStack) -> None:
    """Keep locks until the connection goes back to its pool.

    Args:
        connection: the one that migrates.
        second: the lock that it has itself.
        others: lets the others go.
    """
    connection.info[KEPT] = (second, others)
    pool = connection.engine.pool
    if not event.contains(pool, "checkin", _return):
        event.listen(pool, "checkin", _return)


def is_kept(connection: Connection) -> bool:
    """Has an earlier run in the same transaction left its locks with a connection?"""
    return KEPT in connection.info


def _return(driver_connection: Any, record: Any) -> None:
    """Let the locks of a connection go."""
    second, others = record.info.pop(KEPT, (None, ExitStack()))
    with others:
        if isinstance(second, SessionLock) and driver_connection is not None:
            with suppress(driver_connection.Error), closing(driver_connection.cursor()) as cursor:
                second.release_on(cursor)
