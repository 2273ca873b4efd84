"""SQLite's result codes ("Result and Error Codes"), and its messages for SQLITE_ERROR."""

from __future__ import annotations

import re
from typing import Final

from ..base.rejections import Rejection

REJECTIONS: Final = {
    "SQLITE_CONSTRAINT_NOTNULL": Rejection.NULLS,
    "SQLITE_CONSTRAINT_UNIQUE": Rejection.DUPLICATES,
    "SQLITE_CONSTRAINT_PRIMARYKEY": Rejection.DUPLICATES,
    "SQLITE_CONSTRAINT_ROWID": Rejection.DUPLICATES,
    "SQLITE_CONSTRAINT_CHECK": Rejection.CHECKED,
    "SQLITE_CONSTRAINT_FOREIGNKEY": Rejection.ORPHANS,
    "SQLITE_CONSTRAINT_TRIGGER": Rejection.RAISED,
    "SQLITE_CONSTRAINT_DATATYPE": Rejection.WRONG_VALUES,
    "SQLITE_MISMATCH": Rejection.WRONG_VALUES,
    "SQLITE_TOOBIG": Rejection.LIMIT,
    "SQLITE_AUTH": Rejection.RIGHTS,
    "SQLITE_PERM": Rejection.RIGHTS,
    "SQLITE_READONLY": Rejection.READ_ONLY,
    "SQLITE_BUSY": Rejection.LOCKED,
    "SQLITE_LOCKED": Rejection.LOCKED,
    "SQLITE_INTERRUPT": Rejection.CANCELLED,
    "SQLITE_FULL": Rejection.DISK_FULL,
    "SQLITE_NOMEM": Rejection.MEMORY,
    "SQLITE_CANTOPEN": Rejection.READ_ONLY,
    "SQLITE_IOERR": Rejection.BROKEN,
    "SQLITE_CORRUPT": Rejection.DAMAGED,
    "SQLITE_NOTADB": Rejection.DAMAGED,
}
"""The kinds of errors, by the prefix of a code's name (SQLITE_BUSY_SNAPSHOT is a SQLITE_BUSY)."""

MESSAGES: Final = {
    Rejection.DEPENDENTS: re.compile(r"error in (view|trigger) "),
    Rejection.COLUMN_EXISTS: re.compile(r"duplicate column name: "),
    Rejection.EXISTS: re.compile(r"(table|index|view) .+ already exists|there is already an"),
    Rejection.NO_SCHEMA: re.compile(r"unknown database |no such table: \S+\.sqlite_master"),
    Rejection.NO_TABLE: re.compile(r"no such table: "),
    Rejection.NOT_A_TABLE: re.compile(r"use DROP VIEW|may not be altered"),
    Rejection.NO_COLUMN: re.compile(r'no such column: "|has no column named |unknown column '),
    Rejection.NO_COLUMN_OF_EXPRESSION: re.compile(r"no such column: "),
    Rejection.NO_ITEM: re.compile(r"no such (index|trigger|view): "),
    Rejection.NOT_REGISTERED: re.compile(r"no such collation|no such function|unknown function"),
    Rejection.NO_KEY: re.compile(r"foreign key mismatch"),
    Rejection.NULLS: re.compile(r"Cannot add a NOT NULL column with default value NULL"),
    Rejection.CHECKED: re.compile(r"CHECK constraint failed"),
    Rejection.WRONG_VALUES: re.compile(r"cannot store \w+ value in "),
    Rejection.STRICT_TYPE: re.compile(r"unknown datatype for "),
    Rejection.EXPRESSION: re.compile(r"prohibited in|misuse of|is not constant"),
    Rejection.OLD_KEY: re.compile(r"more than one primary key"),
    Rejection.LAST_COLUMN: re.compile(r"no other columns exist"),
    Rejection.NO_NAME: re.compile(r"reserved for internal use"),
    Rejection.SYNTAX: re.compile(r"syntax error|incomplete input|unrecognized token"),
    Rejection.LIMIT: re.compile(r"too many (columns|terms)|parser stack overflow|too large"),
}
"""The kinds of SQLITE_ERROR by message; SQLite's messages are stable."""


def rejection(code: str | None, message: str) -> Rejection | None:
    """Return the kind of an error.

    Args:
        code: the name of SQLite's extended code; `None` for a driver that does not tell it.
        message: SQLite's.

    >>> rejection("SQLITE_BUSY_SNAPSHOT", ""), rejection("SQLITE_ERROR", "no such table: t")
    (<Rejection.LOCKED: ...>, <Rejection.NO_TABLE: ...>)
    """
    name = code or ""
    while name:
        if name in REJECTIONS:
            return REJECTIONS[name]
        name = name.rpartition("_")[0]
    return next((kind for kind, pattern in MESSAGES.items() if pattern.search(message)), None)
