"""Turns errors of the values, the compiler and the driver into ours: subject, reason, remedy."""

from __future__ import annotations

import re
from types import TracebackType
from typing import TYPE_CHECKING

from sqlalchemy import exc

from ...convert.expressions import NOT_COMPILED
from ...errors import OperationError
from ...messages import one_line

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

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
"""Parts of SQLAlchemy's messages, with a shorter message (`None` for its own) and the remedy."""

IN_TABLE = re.compile(r"^\(in table .*?, column .*?\): ")
"""SQLAlchemy's prefix of a message, which `subject` replaces."""

NOT_RENDERED = re.compile(r"can't render element of type (?:<class ')?(?:\w+\.)*(\w+)")
"""SQLAlchemy's message for a class that a compiler does not know."""


def compile_error(err: Exception, dialect: Dialect, subject: str) -> OperationError:
    """Return our error for an exception from compiling `subject`."""
    message = IN_TABLE.sub("", " ".join(str(err).split()).rstrip("."))
    unknown = NOT_RENDERED.search(message)
    if unknown is not None:
        message = f"{dialect.name} has no {unknown[1]}"
    remedy = f"write it as {dialect.name} knows it, with type_variants or ddl_if"
    for part, shorter, known in REASONS:
        if part in message:
            message, remedy = shorter or message, known
            break
    culprit = subject.removeprefix("the ")
    return OperationError(
        f"cannot compile {culprit} for {dialect.name}: {message}; {remedy}", subject
    )


class compile_errors:
    """Turn what thawing and compiling raise in a `with` block into our error.

    A class, as `driver_errors` is: both are entered for each piece of a statement, and a generator
    takes longer.

    Raises:
        OperationError: the dialect has no DDL for it.
    """

    __slots__ = ("_dialect", "_subject")

    def __init__(self, dialect: Dialect, subject: str) -> None:
        self._dialect, self._subject = dialect, subject

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        raised: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, COMPILE_ERRORS):
            raise compile_error(error, self._dialect, self._subject) from error


class driver_errors:
    """Turn what the database rejects into our error; what may pass when run again stays as it is.

    Args:
        subject: what the statement makes, changes or drops.
        drops_table: it is a DROP TABLE.
        undo: what the database has committed before and does not take back, or an empty string.

    Raises:
        OperationError: the database rejects the statement.
    """

    __slots__ = ("_drops_table", "_subject", "_undo")

    def __init__(self, subject: str, *, drops_table: bool = False, undo: str = "") -> None:
        self._subject, self._drops_table, self._undo = subject, drops_table, undo

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        raised: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not isinstance(error, exc.DBAPIError):
            return
        from .dbapi_errors import refusal_error

        ours = refusal_error(error, self._subject, self._undo, drops_table=self._drops_table)
        if ours is not None:
            raise ours from error
        error.add_note(one_line(f"at {self._subject}{self._undo}"))
