"""PostgreSQL's SQLSTATEs (manual, appendix A, "PostgreSQL Error Codes")."""

from __future__ import annotations

import re
from typing import Final

from ..base.rejections import Rejection

OTHER_DEFINITION: Final = "MLTRS"
"""The SQLSTATE that our DO blocks raise if there is another type of that name."""

STATED: Final = "MLTRD"
"""The SQLSTATE that our DO blocks raise if the detail of their message is the remedy."""

REJECTIONS: Final = {
    STATED: Rejection.STATED,
    OTHER_DEFINITION: Rejection.OTHER_DEFINITION,
    "42P07": Rejection.EXISTS,
    "42710": Rejection.EXISTS,
    "42701": Rejection.COLUMN_EXISTS,
    "3F000": Rejection.NO_SCHEMA,
    "42P01": Rejection.NO_TABLE,
    "42809": Rejection.NOT_A_TABLE,
    "42883": Rejection.NO_FUNCTION,
    "42703": Rejection.NO_COLUMN,
    "42704": Rejection.NO_ITEM,
    "42830": Rejection.NO_KEY,
    "23502": Rejection.NULLS,
    "23503": Rejection.ORPHANS,
    "23505": Rejection.DUPLICATES,
    "23514": Rejection.CHECKED,
    "23P01": Rejection.OVERLAPS,
    "22001": Rejection.TOO_LONG,
    "22003": Rejection.OUT_OF_RANGE,
    "22007": Rejection.WRONG_VALUES,
    "22008": Rejection.WRONG_VALUES,
    "22P02": Rejection.WRONG_VALUES,
    "22P05": Rejection.NOT_ENCODED,
    "22021": Rejection.NOT_ENCODED,
    "42602": Rejection.NO_NAME,
    "42939": Rejection.NO_NAME,
    "42803": Rejection.EXPRESSION,
    "42P17": Rejection.EXPRESSION,
    "42P20": Rejection.EXPRESSION,
    "25001": Rejection.IN_TRANSACTION,
    "25P02": Rejection.AFTER_ERROR,
    "P0001": Rejection.RAISED,
    "42846": Rejection.NO_CAST,
    "2BP01": Rejection.DEPENDENTS,
    "22023": Rejection.LIMIT,
    "54000": Rejection.LIMIT,
    "54001": Rejection.LIMIT,
    "54011": Rejection.LIMIT,
    "42622": Rejection.LIMIT,
    "42601": Rejection.SYNTAX,
    "42501": Rejection.RIGHTS,
    "25006": Rejection.READ_ONLY,
    "55P03": Rejection.LOCKED,
    "55P04": Rejection.NEW_LABEL,
    "55006": Rejection.LOCKED,
    "57014": Rejection.CANCELLED,
    "25P03": Rejection.CANCELLED,
    "57P05": Rejection.CANCELLED,
    "53100": Rejection.DISK_FULL,
    "53200": Rejection.MEMORY,
    "53300": Rejection.CONNECTIONS,
    "53400": Rejection.SETTING,
}

CLASSES: Final = {
    "22": Rejection.CALCULATION,
    "08": Rejection.LOST,
    "40": Rejection.DEADLOCK,
    "53": Rejection.MEMORY,
    "57": Rejection.LOST,
    "58": Rejection.BROKEN,
    "XX": Rejection.BROKEN,
}
"""The kinds of errors by the class of the SQLSTATE, its first two characters."""

MISMATCH: Final = "42804"
"""`datatype_mismatch`: of a cast, of a default, or of the two sides of a foreign key."""

MESSAGES: Final = {
    "0A000": {
        Rejection.DEPENDENTS: re.compile("cannot alter type of a column used|uses its row type"),
        Rejection.EXPRESSION: re.compile("cannot use (subquery|column reference)"),
    },
    "22023": {Rejection.NOT_OFFERED: re.compile("unrecognized parameter")},
    "42601": {Rejection.NULLABLE: re.compile("conflicting NULL/NOT NULL declarations")},
    "42704": {
        Rejection.NO_OPERATOR_CLASS: re.compile("has no default operator class"),
        Rejection.NO_TYPE: re.compile("^(type|operator class|access method) "),
    },
    "42P16": {
        Rejection.OLD_KEY: re.compile("multiple primary keys"),
        Rejection.PARENT: re.compile("inherited"),
    },
    "55000": {Rejection.NULLABLE: re.compile("must be declared NOT NULL")},
    "55006": {Rejection.PENDING: re.compile("pending trigger events|active queries in this")},
}
"""The English messages of codes with several meanings; a server may translate them."""


def rejection(code: str | None, message: str) -> Rejection | None:
    """Return the kind of an error.

    Args:
        code: the SQLSTATE.
        message: the server's, in whatever language it has been set to.

    >>> rejection("42703", ""), rejection("57P01", "")
    (<Rejection.NO_COLUMN: ...>, <Rejection.LOST: ...>)
    """
    if code is None:
        return None
    if code == MISMATCH:
        return _mismatch(message)
    patterns = MESSAGES.get(code, {})
    known = (kind for kind, pattern in patterns.items() if pattern.search(message))
    return next(known, REJECTIONS.get(code) or CLASSES.get(code[:2]))


def _mismatch(message: str) -> Rejection:
    if "foreign key" in message:
        return Rejection.WRONG_TYPES
    return Rejection.WRONG_DEFAULT if "default" in message else Rejection.NO_CAST
