"""A connection beside the one that migrates, and what all connections have: transactions, sleep."""

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
    """Give another connection to the same database, in AUTOCOMMIT.

    The pool of the engine may be of one connection, which migrates: this one comes from a pool of
    the same kind.

    Raises:
        RunnerError: the server gives none.
    """
    engine = Engine(connection.engine.pool.recreate(), connection.dialect, connection.engine.url)
    try:
        try:
            opened = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except DBAPIError as err:
            raise RunnerError(
                f"there is no second connection, for the lock: {one_line(err.orig)}; allow the "
                'user one more, or pass context.configure(moltres={"runner": False})',
                err,
            ) from err
        with opened:
            yield opened
    finally:
        engine.dispose()


def end_transaction(connection: Connection) -> None:
    """Commit what SQLAlchemy has begun by itself, so that nothing of the server is held."""
    if connection.in_transaction():
        connection.commit()


def sleep(connection: Connection, seconds: float) -> None:
    """Sleep; on a connection of asyncio's the other tasks go on."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.is_async:
        driver.run_async(lambda _: asyncio.sleep(seconds))
    else:
        time.sleep(seconds)
