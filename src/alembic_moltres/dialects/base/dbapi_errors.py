"""What a database rejects, by its codes: an error that names the table, the reason, the remedy."""

from __future__ import annotations

import re

from sqlalchemy.exc import DBAPIError, OperationalError

from ...errors import OperationError

DIFFERENT = "MLTRS"
"""The SQLSTATE of what our own blocks raise where there is another type of that name."""

DIFFERENT_REMEDY = "rename one of the two types, or give them the same definition"

EXISTS = frozenset({"42P07", "42710", "1050", "1061", "2714", "955", "SQLITE_EXISTS"})
"""A table or an index of that name exists: SQLSTATEs, numbers of MySQL, SQL Server, Oracle."""

MISSING = frozenset({"42P01", "1051", "3701", "942", "SQLITE_MISSING"})
"""There is no table of that name."""

TRANSIENT = frozenset({"1040", "1205", "1213", "1317", "2003", "2006", "2013", "3024"})
"""MySQL: no connection, a lock that was not granted, a deadlock, an interruption."""

TRANSIENT_CLASSES = ("08", "40", "53", "55", "57", "58", "XX")
"""The classes of SQLSTATEs that tell of the server's state and not of the statement."""

SQLITE_ERROR = 1
"""SQLite's code for a statement that is wrong; busy, locked, full and others have their own."""

SQLSTATE = 5
"""How many letters a SQLSTATE has."""

SQLITE = {
    "SQLITE_EXISTS": re.compile(r"(table|index) .+ already exists|there is already an? \w+ named"),
    "SQLITE_MISSING": re.compile(r"no such table: "),
    "SQLITE_ROWS": re.compile(r"constraint failed"),
    "SQLITE_DEPENDS": re.compile(r"error in (view|trigger) "),
}
"""SQLite has one error code for all of this; its words are stable."""

EXISTS_REMEDY = (
    "drop or rename one of the two, pass if_not_exists=True, "
    "or `alembic stamp` the revision that is in the database already"
)

MISSING_REMEDY = "pass if_exists=True, or take the operation out of the script"

ROWS_REMEDY = "correct the rows before, or give a default and fill_null=True"
DEPENDS_REMEDY = "drop it before and create it again afterwards"
CAST_REMEDY = (
    "no cast leads from one type to the other: add a second column, fill it with op.execute(), "
    "drop the first and rename the second"
)
USING_REMEDY = f"{CAST_REMEDY}; or op.alter_column(..., type_=..., postgresql_using=...)"
RIGHTS_REMEDY = "give this user the right, or migrate as a user who has it"

REMEDIES = {
    # rows: not null, foreign key, unique, check, exclusion; a text that is too long, a number that
    # is too large, a text that is no such value
    **dict.fromkeys(("23502", "23503", "23505", "23514", "23P01"), ROWS_REMEDY),
    **dict.fromkeys(("22001", "22003", "22007", "22008", "22P02"), ROWS_REMEDY),
    **dict.fromkeys(("1048", "1062", "1138", "1264", "1265", "1292", "1366", "1406"), ROWS_REMEDY),
    **dict.fromkeys(("1451", "1452", "3819", "4025", "SQLITE_ROWS"), ROWS_REMEDY),
    # a view, a function, a policy, a foreign key or a generated column needs what goes
    **dict.fromkeys(("2BP01", "1553", "1828", "1829", "3730"), DEPENDS_REMEDY),
    "SQLITE_DEPENDS": DEPENDS_REMEDY,
    "42846": USING_REMEDY,
    "4078": CAST_REMEDY,
    **dict.fromkeys(("42501", "1044", "1142", "1227"), RIGHTS_REMEDY),
}
"""What to do, by the database's code; PostgreSQL's manual, appendix A; MariaDB's "Error Codes"."""

OTHER_REMEDY = "change the value"

USED = re.compile("cannot alter type of a column used|there are entries that depend on it")
"""PostgreSQL has one code (0A000) for this and for all that it does not know; DuckDB has none."""


def refusal_error(
    err: DBAPIError, subject: str, undo: str, *, drops_table: bool = False
) -> OperationError | None:
    """Return our error for what the database rejects, `None` where the driver's own is the best.

    A lock that was not granted or a lost connection is no refusal: who waits for it catches
    SQLAlchemy's exception.

    Args:
        err: what SQLAlchemy raised.
        subject: what the statement makes, changes or drops.
        undo: what the database has committed before and does not take back, or an empty string.
        drops_table: it is a DROP TABLE.
    """
    code, message = error_code(err), error_words(err)
    if code == DIFFERENT:
        return OperationError(f"{message} (at {subject}); {DIFFERENT_REMEDY}{undo}", err)
    if code in EXISTS:
        return OperationError(f"{subject} cannot be made: {message}; {EXISTS_REMEDY}{undo}", err)
    if code in MISSING and drops_table:
        return OperationError(
            f"{subject} cannot be dropped: {message}; {MISSING_REMEDY}{undo}", err
        )
    if _may_pass(err, code):
        return None
    return OperationError(
        f"the database refuses {subject}: {message}; {_remedy(code, message)}{undo}", err
    )


def _remedy(code: str | None, message: str) -> str:
    if USED.search(message):
        return DEPENDS_REMEDY
    return REMEDIES.get(code or "", OTHER_REMEDY)


def _may_pass(err: DBAPIError, code: str | None) -> bool:
    """May the same statement succeed when it is run again?"""
    if err.connection_invalidated:
        return True
    if code in REMEDIES:
        return False
    of_sqlite = getattr(err.orig, "sqlite_errorcode", None)
    if of_sqlite is not None:
        return bool(of_sqlite != SQLITE_ERROR)
    if code is None:
        return isinstance(err, OperationalError)
    return code in TRANSIENT or (len(code) == SQLSTATE and code.startswith(TRANSIENT_CLASSES))


def error_code(err: DBAPIError) -> str | None:
    """Return the database's number of an error, or its SQLSTATE where there is none."""
    orig = err.orig
    first = orig.args[0] if orig is not None and orig.args else None
    if isinstance(first, int):
        return str(first)
    for attribute in ("sqlstate", "pgcode"):
        code = getattr(orig, attribute, None)
        if isinstance(code, str):
            return code
    matching = (code for code, message in SQLITE.items() if message.search(str(orig)))
    return next(matching, None)


def error_words(err: DBAPIError) -> str:
    """Return what the database said, on one line."""
    orig = err.orig
    diagnosis = getattr(orig, "diag", None)
    primary = getattr(diagnosis, "message_primary", None)
    if primary:
        detail = getattr(diagnosis, "message_detail", None)
        return f"{primary} ({detail})" if detail else str(primary)
    arguments: tuple[object, ...] = getattr(orig, "args", ())
    if len(arguments) > 1 and isinstance(arguments[0], int):
        return " ".join(str(arguments[1]).split())  # MariaDB quotes the statement's own lines
    first_line = str(orig).partition("\n")[0]
    return first_line.partition("'>: ")[2] or first_line  # asyncpg's class stands before it
