"""Switches the enforcement of foreign keys off during a copy, if possible.

Outside a transaction the pragma is used. Inside, SQLite ignores it (manual, "PRAGMA foreign_keys"),
and the driver's `sqlite3_db_config` is used, which Python has since 3.12. Without it the table is
replaced by `swap`, which SQLite allows unless `SQLITE_DBCONFIG_DEFENSIVE` is set.
"""

from __future__ import annotations

from contextlib import ExitStack
from enum import Enum, auto
from functools import partial
from typing import Final

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError

from ...errors import OperationError

SQLITE_DBCONFIG_ENABLE_FKEY: Final = 1002
"""`sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY`, which Python 3.11 does not have."""

WAYS_OUT = (
    "migrate with Python 3.12 or newer; or put the operation into a revision of its own inside "
    "`with op.get_context().autocommit_block():`; or leave PRAGMA foreign_keys=ON out of env.py"
)


class CopyWay(Enum):
    """How the old table is dropped."""

    DROP = auto()
    """Immediately: foreign keys are not enforced."""

    SWAP = auto()
    """After nothing refers to it any more: foreign keys are enforced."""


def copy_way(connection: Connection, subject: str, after: ExitStack) -> CopyWay:
    """Switch enforcement off if possible, until `after` closes; return how to drop the old table.

    Args:
        connection: to the database.
        subject: the table's name for errors.
        after: gets a callback that switches enforcement on again.

    Raises:
        OperationError: no way is possible; nothing was executed.
    """
    if not pragma_value(connection, "foreign_keys"):
        return CopyWay.DROP
    after.callback(partial(set_enforcement, connection, on=True))
    if set_enforcement(connection, on=False):
        return CopyWay.DROP
    after.pop_all()
    if _schema_is_writable(connection):
        return CopyWay.SWAP
    raise OperationError(
        f"SQLite must copy {subject} while foreign keys do not act, and the connection is inside a "
        "transaction that enforces them, on a driver that cannot switch them off there "
        f"(at {subject}); {WAYS_OUT}",
        subject,
    )


def set_enforcement(connection: Connection, *, on: bool) -> bool:
    """Switch enforcement on or off, also in a transaction; return whether it was possible."""
    set_pragma(connection, "foreign_keys", int(on))
    if bool(pragma_value(connection, "foreign_keys")) == on:
        return True
    configure = getattr(connection.connection.driver_connection, "setconfig", None)
    if configure is None:
        return False
    configure(SQLITE_DBCONFIG_ENABLE_FKEY, on)
    return bool(pragma_value(connection, "foreign_keys")) == on


def _schema_is_writable(connection: Connection) -> bool:
    set_pragma(connection, "writable_schema", 1)
    try:
        connection.exec_driver_sql("UPDATE sqlite_master SET sql = sql WHERE 0")
    except DatabaseError as err:
        if "may not be modified" not in str(err.orig):
            raise
        return False
    finally:
        set_pragma(connection, "writable_schema", 0)
    return True


def pragma_value(connection: Connection, name: str) -> int:
    """Return a pragma's value."""
    return int(connection.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)


def set_pragma(connection: Connection, name: str, value: int) -> None:
    """Set a pragma; SQLite silently ignores one that it cannot set now."""
    connection.exec_driver_sql(f"PRAGMA {name}={value}")
