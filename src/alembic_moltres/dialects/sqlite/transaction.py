"""Runs a revision in one transaction, from our first operation to the version row.

Python's drivers begin one only before the first INSERT, UPDATE or DELETE. Statements of a script
before our first operation are outside the transaction, as they are without this package.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from ...errors import OperationError
from ...messages import get_logger
from .enforcement import pragma_value, set_enforcement
from .tokens import tokenize

log = get_logger(__name__)

BEGUN: Final = "alembic_moltres.transaction"
"""The key of `Connection.info` that records who commits the transaction that `begin` has begun."""

BLOCK: Final = "`with op.get_context().autocommit_block():`"

PRAGMA_REFUSED = (
    "PRAGMA foreign_keys does nothing inside a transaction, and operations of this revision began "
    "one (at {statement}); put it into {block}, or alter the table with op.moltres_alter_table(), "
    "which needs no pragma"
)
VACUUM_REFUSED = (
    "SQLite cannot VACUUM inside a transaction, and operations of this revision began one; put it "
    "into {block}, or into a revision of its own"
)


def begin(connection: Connection, *, owned: bool) -> None:
    """Begin a transaction in the database if the driver has not; SQLAlchemy's is open already.

    It ends with SQLAlchemy's: we send COMMIT and ROLLBACK, since those of a driver with
    `autocommit=True` have no effect.

    Args:
        connection: of the migration, in a transaction of SQLAlchemy that its owner commits.
        owned: whether Alembic commits it, not the caller of `context.configure()`.
    """
    if in_transaction(connection):
        return
    if not event.contains(connection, "commit", _commit):
        for name, listener in LISTENERS.items():
            event.listen(connection, name, listener)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as err:
        if "within a transaction" not in str(err.orig):
            raise
        return  # a driver that does not say whether it is inside one
    connection.info[BEGUN] = owned


def in_transaction(connection: Connection) -> bool:
    """Tell whether the driver is in a transaction; `False` for a driver that does not report it."""
    driver = connection.connection.driver_connection
    return bool(getattr(driver, "in_transaction", False))


def _end(connection: Connection, statement: str) -> bool | None:
    """End the transaction of `begin`; return its `owned`, or `None` if there is none."""
    owned: bool | None = connection.info.pop(BEGUN, None)
    if owned is None or not in_transaction(connection):
        return None  # the script, or a full disk, has ended it
    connection.exec_driver_sql(statement)
    return owned


def _commit(connection: Connection) -> None:
    """Commit the transaction that `begin` has begun.

    Raises:
        OperationError: another connection reads the file, the disk is full, or a deferred foreign
            key is violated; everything is rolled back.
    """
    try:
        _end(connection, "COMMIT")
    except DBAPIError as err:
        from ..base.dbapi_errors import Rejected, rejected_error
        from ..base.registry import impl_of

        commit = Rejected(subject="the COMMIT of this revision")
        raise rejected_error(err, impl_of(connection.dialect), commit) from err


def _rollback(connection: Connection) -> None:
    owned = _end(connection, "ROLLBACK")
    if owned is False and sys.exc_info()[0] is None:
        log.warning(
            "env.py began a transaction before context.configure() and did not commit it: nothing "
            "of this upgrade was kept; commit it there, or execute nothing before "
            "context.configure()"
        )


def _check_statement(connection: Connection, _: Any, statement: str, *__: Any) -> None:
    """Emulate, or refuse, a statement that SQLite ignores or rejects inside a transaction."""
    text = statement.lower()
    if "vacuum" not in text and "foreign_keys" not in text:
        return
    if BEGUN not in connection.info or not in_transaction(connection):
        return
    first, *further = [token.upper for token in tokenize(statement)] or [""]
    if first == "VACUUM":
        raise OperationError(VACUUM_REFUSED.format(block=BLOCK), statement)
    if first == "PRAGMA" and "FOREIGN_KEYS" in further:
        _switch(connection, statement, further)


def _switch(connection: Connection, statement: str, tokens: list[str]) -> None:
    value = tokens[tokens.index("FOREIGN_KEYS") + 1 :]
    desired = next((PRAGMA_VALUES[token] for token in value if token in PRAGMA_VALUES), None)
    if desired is None or desired == bool(pragma_value(connection, "foreign_keys")):
        return
    if not set_enforcement(connection, on=desired):
        raise OperationError(PRAGMA_REFUSED.format(statement=statement, block=BLOCK), statement)


PRAGMA_VALUES: Final = {
    **dict.fromkeys(("1", "ON", "YES", "TRUE"), True),
    **dict.fromkeys(("0", "OFF", "NO", "FALSE"), False),
}
"""The values of a pragma (manual, "PRAGMA Statements")."""

LISTENERS: Final[dict[str, Callable[..., None]]] = {
    "commit": _commit,
    "rollback": _rollback,
    "before_cursor_execute": _check_statement,
}
