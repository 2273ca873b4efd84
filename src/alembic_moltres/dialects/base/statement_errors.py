"""Turns errors of the values, the compiler and the driver into ours: subject, reason, remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import exc

from ...convert.expressions import NOT_COMPILED
from ...errors import OperationError
from ...messages import one_line

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

COMPILE_ERRORS = (*NOT_COMPILED, exc.IdentifierError, TypeError)
"""What SQLAlchemy raises for DDL that the dialect does not have.

`TypeError`: another dialect's own type does not fit into the nearest one that this dialect has.
"""

REASONS = (
    ("Enum type requires a name", "an enum type needs a name", "pass name=..."),
    ("requires a name", None, "pass name=..."),
    ("requires a length", None, "give it a length, here or in type_variants"),
    ("exceeds maximum length", None, "shorten it"),
    ("has no name", None, "pass the name"),
)
"""By a part of SQLAlchemy's message: a shorter message (`None` for its own), and the remedy."""

IN_TABLE = re.compile(r"^\(in table .*?, column .*?\): ")
"""SQLAlchemy's prefix of a message, which `subject` replaces."""

NOT_RENDERED = re.compile(r"can't render element of type (?:<class ')?(?:\w+\.)*(\w+)")
"""SQLAlchemy's message for what a compiler does not know, with the class."""


def compile_error(err: Exception, dialect: Dialect, subject: str) -> OperationError:
    """Return our error for what compiling `subject` has raised."""
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


@contextmanager
def compile_errors(dialect: Dialect, subject: str) -> Iterator[None]:
    """Turn what thawing and compiling raise into our error.

    Raises:
        OperationError: the dialect has no DDL for it.
    """
    try:
        yield
    except COMPILE_ERRORS as err:
        raise compile_error(err, dialect, subject) from err


@contextmanager
def driver_errors(subject: str, *, drops_table: bool = False, undo: str = "") -> Iterator[None]:
    """Turn what the database rejects into our error; what may pass when run again stays as it is.

    Args:
        subject: what the statement makes, changes or drops.
        drops_table: it is a DROP TABLE.
        undo: what the database has committed before and does not take back, or an empty string.

    Raises:
        OperationError: the database rejects the statement.
    """
    try:
        yield
    except exc.DBAPIError as err:
        from .dbapi_errors import refusal_error

        ours = refusal_error(err, subject, undo, drops_table=drops_table)
        if ours is not None:
            raise ours from err
        err.add_note(one_line(f"at {subject}{undo}"))
        raise
