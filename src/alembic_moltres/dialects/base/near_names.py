"""Similar names for a missing table, column, constraint or index."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from ...diff import AlterTable
from ...messages import did_you_mean
from ...schema import ForeignKeyConstraint
from .rejections import Rejection

if TYPE_CHECKING:
    from .impl_protocol import ImplProtocol


def near_names(
    rejection: Rejection | None,
    names: Sequence[str],
    impl: ImplProtocol,
    connection: Connection,
    change: AlterTable | None,
) -> str:
    """Return `did_you_mean` for a missing item, from the tables of the database.

    If an error has ended the transaction, another connection reads them, as they were before the
    transaction.

    Args:
        rejection: what happened.
        names: those in the database's message, the missing one first.
        impl: of the database.
        connection: to it.
        change: the block that was carried out.
    """
    if rejection not in MISSING or not names or not impl.reads:
        return ""
    try:
        with _readable(connection, impl) as reading:
            known = _known(reading, impl, rejection, names[0], change)
    except SQLAlchemyError:  # the error is raised without a hint
        return ""
    return did_you_mean(names[0], [name for name in known if name != names[0]])


COLUMNS = frozenset({Rejection.NO_COLUMN, Rejection.NO_COLUMN_OF_EXPRESSION})
MISSING = frozenset({Rejection.NO_TABLE, Rejection.NO_ITEM}) | COLUMNS


@contextmanager
def _readable(connection: Connection, impl: ImplProtocol) -> Iterator[Connection]:
    if not impl.features.errors_end_transactions:
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
    impl: ImplProtocol,
    rejection: Rejection,
    missing: str,
    change: AlterTable | None,
) -> Collection[str]:
    schema = None if change is None else change.schema
    if rejection is Rejection.NO_TABLE:
        return impl.table_names(connection, schema)
    if change is None:
        return ()
    schema, name = _referred(change, missing) or (schema, change.name)
    tables = [each.table for each in impl.read(connection, schema, [name])]
    if rejection in COLUMNS:
        return [column.name for table in tables for column in table.columns]
    items = [each for table in tables for each in (*table.constraints, *table.indexes)]
    return [str(each.name) for each in items if each.name]


def _referred(change: AlterTable, missing: str) -> tuple[str | None, str] | None:
    """Return the table that a new foreign key refers to, if it refers to the missing column."""
    for key in change.added_constraints:
        if isinstance(key, ForeignKeyConstraint) and missing in key.references_columns:
            return key.references_schema, key.references_table
    return None
