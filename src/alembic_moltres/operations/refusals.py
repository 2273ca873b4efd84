"""What a database says when it refuses a statement, in words that name the table and the remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, OperationalError

from ..errors import OperationError
from .named_types import DIFFERENT

if TYPE_CHECKING:
    from .statements import Statement

EXISTS = frozenset({"42P07", "42710", "1050", "1061", "2714", "955", "SQLITE_EXISTS"})
"""A table or an index of that name exists: SQLSTATEs, numbers of MySQL, SQL Server, Oracle."""

MISSING = frozenset({"42P01", "1051", "3701", "942", "SQLITE_MISSING"})
"""There is no table of that name."""

TOO_LARGE = frozenset({"1069", "1070", "1071", "1074", "1117", "1118"})
"""MySQL: too many keys, parts or columns; a key, a column or a row too long."""

SQLITE = {
    "SQLITE_EXISTS": re.compile(r"(table|index) .+ already exists|there is already an? \w+ named"),
    "SQLITE_MISSING": re.compile(r"no such table: "),
}
"""SQLite has one error code for all of this; its words are stable."""

EXISTS_REMEDY = (
    "drop or rename one of the two, pass if_not_exists=True, "
    "or `alembic stamp` the revision that is in the database already"
)


def refusal(err: DBAPIError, statement: Statement, undo: str) -> OperationError | None:
    """Return our words for a refusal, or `None` where the database's own are the best there are.

    A lock that was not granted or a lost connection is no refusal: who waits for it catches
    SQLAlchemy's exception.

    Args:
        err: what SQLAlchemy raised.
        statement: what was refused.
        undo: what the database has made before and does not take back, or an empty string.
    """
    code, words = error_code(err), error_words(err)
    if code == DIFFERENT:
        return OperationError(f"{words} (at {statement.subject}){undo}", err)
    if code in EXISTS:
        return OperationError(
            f"{statement.subject} cannot be made: {words}; {EXISTS_REMEDY}{undo}", err
        )
    if code in MISSING:
        return OperationError(
            f"{statement.subject} cannot be dropped or referred to: {words}; pass if_exists=True "
            f"to a drop, or run the revision that creates it first{undo}",
            err,
        )
    if code in TOO_LARGE or not isinstance(err, OperationalError):
        return OperationError(
            f"the database refuses {statement.subject}: {words}; change the value{undo}", err
        )
    return None


def error_code(err: DBAPIError) -> str | None:
    """Return the SQLSTATE of an error, or the database's number where there is none."""
    orig = err.orig
    for attribute in ("sqlstate", "pgcode"):
        code = getattr(orig, attribute, None)
        if isinstance(code, str):
            return code
    first = orig.args[0] if orig is not None and orig.args else None
    if isinstance(first, int):
        return str(first)
    matching = (code for code, words in SQLITE.items() if words.search(str(orig)))
    return next(matching, None)


def error_words(err: DBAPIError) -> str:
    """Return what the database said, on one line."""
    orig = err.orig
    diagnosis = getattr(orig, "diag", None)
    primary = getattr(diagnosis, "message_primary", None)
    if primary:
        details = (getattr(diagnosis, f"message_{part}", None) for part in ("detail", "hint"))
        return "; ".join(str(part) for part in (primary, *details) if part)
    arguments: tuple[object, ...] = getattr(orig, "args", ())
    if len(arguments) > 1 and isinstance(arguments[0], int):
        return str(arguments[1])
    return " ".join(str(orig).split())
