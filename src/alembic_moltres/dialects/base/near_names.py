"""Similar names for a missing table, column, constraint or index."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ...errors import did_you_mean
from .dbapi_errors import error_words, names_in, rejection_of
from .rejections import Rejection

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy.engine import Connection
    from sqlalchemy.exc import DBAPIError

    from ...diff import AlterTable
    from .database import Database


def near_names(
    err: DBAPIError, database: Database, connection: Connection, change: AlterTable | None
) -> str:
    """Return `did_you_mean` for a missing item, from the tables of the database.

    If an error has ended the transaction, another connection reads them, as they were before the
    transaction.
    """
    rejection = rejection_of(err, database)
    names = names_in(error_words(err))
    if rejection not in MISSING or not names or not database.reads:
        return ""
    try:
        with _readable(connection, database) as reading:
            known = _known(reading, database, rejection, change)
    except SQLAlchemyError:  # the error is raised without a hint
        return ""
    return did_you_mean(names[0], [name for name in known if name != names[0]])


MISSING = frozenset({Rejection.NO_TABLE, Rejection.NO_COLUMN, Rejection.NO_ITEM})


@contextmanager
def _readable(connection: Connection, database: Database) -> Iterator[Connection]:
    if not database.features.errors_end_transactions:
        yield connection
        return
    engine = connection.engine
    # a pool of one connection would wait for this one
    another = Engine(engine.pool.recreate(), engine.dialect, engine.url)
    try:
        with another.connect() as reading:
            yield reading
    finally:
        another.dispose()


def _known(
    connection: Connection,
    database: Database,
    rejection: Rejection,
    change: AlterTable | None,
) -> Collection[str]:
    schema = None if change is None else change.schema
    if rejection is Rejection.NO_TABLE:
        return database.table_names(connection, schema)
    if change is None:
        return ()
    found = database.read(connection, schema, [change.name])
    tables = [each.table for each in found]
    if rejection is Rejection.NO_COLUMN:
        return [column.name for table in tables for column in table.columns]
    items = [each for table in tables for each in (*table.constraints, *table.indexes)]
    return [str(each.name) for each in items if each.name]
