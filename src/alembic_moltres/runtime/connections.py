"""A second connection beside the migrating one; ending transactions, and sleeping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ..errors import RunnerError
from ..messages import one_line


@contextmanager
def own_connection(connection: Connection) -> Iterator[Connection]:
    """Yield a second connection to the same database, in AUTOCOMMIT.

    The engine's pool may have only the migrating connection, so this one comes from a new pool of
    the same kind.

    Raises:
        RunnerError: the server accepts no second connection.
    """
    engine = Engine(connection.engine.pool.recreate(), connection.dialect, connection.engine.url)
    try:
        try:
            opened = engine.connect()
            opened.begin().commit()  # what a listener for "connect" has executed
            opened = opened.execution_options(isolation_level="AUTOCOMMIT")
        except DBAPIError as err:
            raise RunnerError(
                f"cannot open a second connection, for the lock: {one_line(err.orig)}; allow the "
                'user one more, or pass context.configure(moltres={"runner": False})',
                err,
            ) from err
        with opened:
            yield opened
    finally:
        engine.dispose()


def end_transaction(connection: Connection) -> None:
    """Commit a transaction that SQLAlchemy began itself, so that no lock or snapshot is held."""
    if connection.in_transaction():
        connection.commit()


def sleep(connection: Connection, seconds: float) -> None:
    """Sleep; on an asyncio connection other tasks continue."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.is_async:
        driver.run_async(lambda _: asyncio.sleep(seconds))
    else:
        time.sleep(seconds)
