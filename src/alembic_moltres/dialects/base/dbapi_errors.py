"""Errors of the database driver, as errors with the subject, the cause and the remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.schema import DropTable

from ...diff import AlterTable
from ...errors import OperationError
from ...messages import one_line
from .driver_messages import database_message, driver_code, names_in
from .rejections import TRANSIENT, Rejection, in_block, remedy

if TYPE_CHECKING:
    from .impl_protocol import ImplProtocol


class TransientError(OperationError, OperationalError):
    """A statement failed because of the server's state (a lock, a full disk); it may succeed later.

    It is also an exception of SQLAlchemy, for callers that wait and retry the statement.

    Args:
        message: what was found, where, and what to do.
        err: what SQLAlchemy raised.
    """

    def __init__(self, message: str, err: DBAPIError) -> None:
        OperationError.__init__(self, message, err)
        self.__dict__.update({**err.__dict__, "subject": err})

    def __str__(self) -> str:
        return one_line(self.args[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A statement that was rejected.

    Attributes:
        subject: what it creates, changes or drops.
        change: the block that it belongs to.
        ddl: the statement as SQLAlchemy's element.
        committed_text: what the database has committed, for the end of the message; may be empty.
    """

    subject: str
    change: AlterTable | None = None
    ddl: object = None
    committed_text: str = ""


def rejected_error(
    err: DBAPIError,
    impl: ImplProtocol,
    statement: Rejected,
    connection: Connection | None = None,
) -> OperationError:
    """Return our error for a statement that the database rejects.

    Args:
        err: what SQLAlchemy raised.
        impl: of the database, which knows its error codes.
        statement: the rejected statement.
        connection: the connection, on which similar names are looked up for a missing one.
    """
    from .near_names import near_names

    summary, cause = database_message(err), _cause(err, impl, connection)
    message = f"{summary}: {cause}" if cause else summary
    change, names = statement.change, names_in(cause or summary)
    rejection = in_block(rejection_of(err, impl, message), change, names)
    near = "" if connection is None else near_names(rejection, names, impl, connection, change)
    advice = near.removeprefix("; ") or remedy(rejection, change, names, statement.ddl)
    if rejection is Rejection.OTHER_DEFINITION:
        return OperationError(
            f"{message} (at {statement.subject}); {advice}{statement.committed_text}", err
        )
    if rejection is Rejection.NO_TABLE and isinstance(statement.ddl, DropTable):
        advice = near.removeprefix("; ") or "take the operation out of the script"
        advice = f"pass if_exists=True, or {advice}"
    advice = f"; {advice}" if advice else ""
    return _error(err, rejection, f"{_verb(rejection, statement)}: {message}{advice}", statement)


def _cause(err: DBAPIError, impl: ImplProtocol, connection: Connection | None) -> str | None:
    if connection is None or err.connection_invalidated:
        return None
    return impl.cause(connection, driver_code(err.orig, impl))


def _verb(rejection: Rejection | None, statement: Rejected) -> str:
    if rejection is Rejection.EXISTS:
        return f"{statement.subject} cannot be made"
    if rejection is Rejection.NO_TABLE and isinstance(statement.ddl, DropTable):
        return f"{statement.subject} cannot be dropped"
    if rejection in TRANSIENT:
        return f"the database could not execute {statement.subject}"
    return f"the database refuses {statement.subject}"


def _error(
    err: DBAPIError, rejection: Rejection | None, message: str, statement: Rejected
) -> OperationError:
    if rejection in TRANSIENT:
        return TransientError(f"{message}{statement.committed_text}", err)
    return OperationError(f"{message}{statement.committed_text}", err)


def rejection_of(err: DBAPIError, impl: ImplProtocol, message: str) -> Rejection | None:
    """Return the kind of rejection, `None` for a code that is not known."""
    if "\0" in (err.statement or ""):
        return Rejection.NUL
    rejection = impl.rejection(driver_code(err.orig, impl), message)
    if err.connection_invalidated and rejection is not Rejection.CANCELLED:
        return Rejection.LOST
    return rejection
