"""Turns errors of the values, the compiler and the driver into ours: subject, reason, remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import exc
from sqlalchemy.engine import Connection, Dialect

from ...convert.expressions import NOT_COMPILED
from ...errors import OperationError
from ...translation import Translation

if TYPE_CHECKING:
    from ...diff import AlterTable
    from .impl_protocol import ImplProtocol
    from .rejections import Rejection

COMPILE_ERRORS = (*NOT_COMPILED, exc.IdentifierError, TypeError)
"""The exceptions of SQLAlchemy for DDL that the dialect does not have.

`TypeError`: another dialect's own type does not fit into the nearest one that this dialect has.
"""

REASONS = (
    ("Enum type requires a name", "an enum type needs a name", "pass name=..."),
    ("requires a name", None, "pass name=..."),
    ("requires a length", None, "give it a length, here or in type_variants"),
    ("exceeds maximum length", None, "shorten it"),
    ("has no name", None, "pass the name"),
)
"""Parts of SQLAlchemy's messages, with a shorter message (`None` to keep it) and the remedy."""

IN_TABLE = r"^\(in table .*?, column .*?\): "
"""SQLAlchemy's prefix of a message, which `subject` replaces."""

NUL = r"(?i)\bnul\b|null character"
"""A driver's message for a NUL in a statement, which a C library cannot take."""

NOT_RENDERED = r"can't render element of type (?:<class ')?(?:\w+\.)*(\w+)"
"""SQLAlchemy's message for a class that a compiler does not know."""


def compile_error(err: Exception, dialect: Dialect, subject: str) -> OperationError:
    """Return our error for an exception from compiling `subject`."""
    message = re.sub(IN_TABLE, "", " ".join(str(err).split()).rstrip("."))
    unknown = re.search(NOT_RENDERED, message)
    if unknown is not None:
        message = f"{dialect.name} has no {unknown[1]}"
    remedy = f"write it as {dialect.name} knows it, with type_variants or ddl_if"
    for part, shorter, known in REASONS:
        if part in message:
            message, remedy = shorter or message, known
            break
    item = subject.removeprefix("the ")
    return OperationError(f"cannot compile {item} for {dialect.name}: {message}; {remedy}", subject)


class compile_errors(Translation):
    """Turn errors of thawing and compiling inside a `with` block into ours.

    Raises:
        OperationError: the dialect has no DDL for it.
    """

    __slots__ = ("_dialect", "_subject")

    def __init__(self, dialect: Dialect, subject: str) -> None:
        self._dialect, self._subject = dialect, subject

    def translated(self, error: BaseException) -> OperationError | None:
        if isinstance(error, COMPILE_ERRORS):
            return compile_error(error, self._dialect, self._subject)
        return None


class driver_errors(Translation):
    """Turn errors of the database or its driver inside a `with` block into ours.

    Args:
        impl: of the database.
        connection: to the database.
        change: the block that the statement belongs to.
        subject: what the statement creates, changes or drops.
        ddl: the statement as SQLAlchemy's element.
        committed_text: what the database has committed, for the end of the message; may be empty.

    Raises:
        OperationError: the statement was rejected.
    """

    __slots__ = ("_change", "_committed_text", "_connection", "_ddl", "_impl", "_subject")

    def __init__(
        self,
        impl: ImplProtocol,
        connection: Connection | None,
        change: AlterTable | None,
        subject: str,
        *,
        ddl: object = None,
        committed_text: str = "",
    ) -> None:
        self._impl, self._connection, self._change = impl, connection, change
        self._subject, self._ddl, self._committed_text = subject, ddl, committed_text

    def translated(self, error: BaseException) -> OperationError | None:
        from .rejections import Rejection

        if isinstance(error, exc.DBAPIError):
            return self._rejected(error)
        if isinstance(error, ValueError) and re.search(NUL, str(error)):
            return self._not_sent(error, Rejection.NUL)
        if isinstance(error, UnicodeError):
            return self._not_sent(error, Rejection.NOT_ENCODED)
        return None

    def _not_sent(self, error: ValueError, rejection: Rejection) -> OperationError:
        from .rejections import REMEDIES

        refused = f"the driver refuses {self._subject}: {error}; {REMEDIES[rejection]}"
        return OperationError(f"{refused}{self._committed_text}", error)

    def _rejected(self, error: exc.DBAPIError) -> OperationError:
        from .dbapi_errors import Rejected, rejected_error

        statement = Rejected(
            subject=self._subject,
            change=self._change,
            ddl=self._ddl,
            committed_text=self._committed_text,
        )
        return rejected_error(error, self._impl, statement, self._connection)
