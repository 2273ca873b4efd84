"""A lock of the operating system on a file beside the database; none for one in memory.

The kernel releases it when the process ends, in whatever way. The database file itself is never
opened: closing it would release SQLite's locks on it (its page "How To Corrupt").
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InvalidRequestError, OperationalError

from ...errors import RunnerError
from ..base.locks import Lock, Locks, described
from .enforcement import pragma_value
from .transaction import in_transaction

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        os.lseek(handle, LOCK_POSITION, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


SUFFIX: Final = "-upgrade-lock"
LOCK_POSITION: Final = 1 << 20
"""The position of the locked byte on Windows, where other processes cannot read it."""


class SQLiteLocks(Locks):
    """A file lock; one suffices, since the work of a killed process ends with it."""

    exist = True
    errors = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_BUSY_SNAPSHOT"})

    def subject(self, connection: Connection, table: str, schema: str | None) -> str:
        path = _file(connection, schema)
        return f"{path}: {table}" if path else table

    def first(self, connection: Connection, subject: str) -> Lock:
        path = subject.rpartition(": ")[0]
        return FileLock(Path(f"{path}{SUFFIX}")) if path else Lock()

    def autocommits(self, connection: Connection) -> bool:
        return not in_transaction(connection)

    @contextmanager
    def limited(self, connection: Connection, seconds: float) -> Iterator[None]:
        if not seconds:
            yield
            return
        before = pragma_value(connection, "busy_timeout")
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
        try:
            yield
        finally:
            with suppress(DBAPIError, InvalidRequestError):
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {before}")

    def is_read_only(self, connection: Connection) -> bool:
        if in_transaction(connection):
            return False  # nothing tells before something is written
        patience = pragma_value(connection, "busy_timeout")
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # begins to read where nobody may write
            try:
                version = pragma_value(connection, "user_version")
                connection.exec_driver_sql(f"PRAGMA user_version = {version}")
            finally:
                connection.exec_driver_sql("ROLLBACK")
        except OperationalError as err:  # or somebody writes
            return "readonly" in str(err.orig)
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")
        return False


def _file(connection: Connection, schema: str | None) -> str:
    """Return the file of a schema, empty if it is in memory."""
    for _, name, path in connection.exec_driver_sql("PRAGMA database_list"):
        if name == (schema or "main"):
            return os.path.realpath(path) if path else ""
    return ""


class FileLock(Lock):
    """A lock on a file, which is removed on release."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.handle: int | None = None

    def acquire(self) -> bool:
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as err:
            raise RunnerError(
                f"the file of the lock cannot be opened ({err}); let the user who upgrades write "
                "in the folder of the database",
                self.path,
            ) from err
        try:
            _take(handle)
        except OSError:
            os.close(handle)
            return False
        if not self._is_there(handle):  # it was removed between the two
            os.close(handle)
            return False
        self.handle = handle
        self._describe(handle)
        return True

    def release(self) -> None:
        if self.handle is not None:
            with suppress(OSError):  # Windows removes no open file
                self.path.unlink()
            os.close(self.handle)
            self.handle = None

    def holder(self) -> str:
        with suppress(OSError, ValueError):
            session: Any = json.loads(self.path.read_text(encoding="utf-8"))
            if isinstance(session, dict):
                return described(
                    {name: session.get(name) for name in ("pid", "application", "since")}
                )
        return ""

    def _is_there(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self.path.stat())
        except OSError:
            return False

    @staticmethod
    def _describe(handle: int) -> None:
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        session = {"pid": os.getpid(), "application": sys.argv[0], "since": since}
        with suppress(OSError):  # a full disk
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, json.dumps(session).encode())
