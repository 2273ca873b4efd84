"""The error numbers of MySQL ("Server Error Message Reference") and MariaDB ("Error Codes")."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy.engine import Connection

from ..base.rejections import Rejection

REJECTIONS: Final = {
    "1050": Rejection.EXISTS,
    "1061": Rejection.EXISTS,
    "1826": Rejection.EXISTS,
    "3822": Rejection.EXISTS,
    "1060": Rejection.COLUMN_EXISTS,
    "1049": Rejection.NO_SCHEMA,
    "1347": Rejection.NOT_A_TABLE,
    "1965": Rejection.NOT_A_TABLE,
    "4092": Rejection.NOT_A_TABLE,
    "1051": Rejection.NO_TABLE,
    "1146": Rejection.NO_TABLE,
    "1824": Rejection.NO_TABLE,
    "1054": Rejection.NO_COLUMN,
    "1072": Rejection.NO_COLUMN,
    "1091": Rejection.NO_ITEM,
    "1176": Rejection.NO_ITEM,
    "1305": Rejection.NO_ITEM,
    "3821": Rejection.NO_ITEM,
    "1115": Rejection.NOT_OFFERED,
    "1253": Rejection.NOT_OFFERED,
    "1273": Rejection.NOT_OFFERED,
    "1286": Rejection.NOT_OFFERED,
    "1911": Rejection.NOT_OFFERED,
    "4161": Rejection.NOT_OFFERED,
    "3734": Rejection.NO_COLUMN,
    "1822": Rejection.NO_KEY,
    "6125": Rejection.NO_KEY,
    "1048": Rejection.NULLS,
    "1138": Rejection.NULLS,
    "1062": Rejection.DUPLICATES,
    "3819": Rejection.CHECKED,
    "4025": Rejection.CHECKED,
    "1452": Rejection.ORPHANS,
    "1406": Rejection.TOO_LONG,
    "1264": Rejection.OUT_OF_RANGE,
    "1690": Rejection.OUT_OF_RANGE,
    "1265": Rejection.TRUNCATED,
    "1292": Rejection.WRONG_VALUES,
    "1366": Rejection.WRONG_VALUES,
    "1365": Rejection.CALCULATION,
    "1416": Rejection.NO_CAST,
    "4078": Rejection.NO_CAST,
    "1067": Rejection.WRONG_DEFAULT,
    "3780": Rejection.WRONG_TYPES,
    "4119": Rejection.FORMER_ROWS,
    "1103": Rejection.NO_NAME,
    "1166": Rejection.NO_NAME,
    "1291": Rejection.NO_NAME,
    "1300": Rejection.NO_NAME,
    "1068": Rejection.OLD_KEY,
    "1075": Rejection.AUTO_KEY,
    "1090": Rejection.LAST_COLUMN,
    "1830": Rejection.SET_NULL,
    "1170": Rejection.KEY_LENGTH,
    "1901": Rejection.EXPRESSION,
    "1970": Rejection.EXPRESSION,
    "3102": Rejection.EXPRESSION,
    "3763": Rejection.EXPRESSION,
    "3770": Rejection.EXPRESSION,
    "3814": Rejection.EXPRESSION,
    "3815": Rejection.EXPRESSION,
    "1099": Rejection.OWN_LOCK,
    "1100": Rejection.OWN_LOCK,
    "1644": Rejection.RAISED,
    "1451": Rejection.DEPENDENTS,
    "1553": Rejection.DEPENDENTS,
    "1828": Rejection.DEPENDENTS,
    "1829": Rejection.DEPENDENTS,
    "1833": Rejection.DEPENDENTS,
    "3108": Rejection.DEPENDENTS,
    "3730": Rejection.DEPENDENTS,
    "3959": Rejection.DEPENDENTS,
    "1059": Rejection.LIMIT,
    "1070": Rejection.LIMIT,
    "1071": Rejection.LIMIT,
    "1074": Rejection.LIMIT,
    "1117": Rejection.LIMIT,
    "1118": Rejection.LIMIT,
    "1439": Rejection.LIMIT,
    "1069": Rejection.LIMIT,
    "1425": Rejection.LIMIT,
    "1426": Rejection.LIMIT,
    "1427": Rejection.LIMIT,
    "1628": Rejection.LIMIT,
    "1629": Rejection.LIMIT,
    "1064": Rejection.SYNTAX,
    "1044": Rejection.RIGHTS,
    "1045": Rejection.RIGHTS,
    "1142": Rejection.RIGHTS,
    "1143": Rejection.RIGHTS,
    "1227": Rejection.RIGHTS,
    "1370": Rejection.RIGHTS,
    "1290": Rejection.READ_ONLY,
    "1792": Rejection.READ_ONLY,
    "1836": Rejection.READ_ONLY,
    "1205": Rejection.LOCKED,
    "1213": Rejection.DEADLOCK,
    "1317": Rejection.CANCELLED,
    "1969": Rejection.CANCELLED,
    "3024": Rejection.CANCELLED,
    "1021": Rejection.DISK_FULL,
    "1114": Rejection.DISK_FULL,
    "1037": Rejection.MEMORY,
    "1038": Rejection.MEMORY,
    "1041": Rejection.MEMORY,
    "1206": Rejection.MEMORY,
    "1040": Rejection.CONNECTIONS,
    "1203": Rejection.CONNECTIONS,
    "1053": Rejection.LOST,
    "1927": Rejection.LOST,
    "2002": Rejection.LOST,
    "2003": Rejection.LOST,
    "2006": Rejection.LOST,
    "2013": Rejection.LOST,
    "4031": Rejection.LOST,
}

NO_COLUMN_TO_DROP: Final = "DROP COLUMN"
IN_EXPRESSION: Final = re.compile("in '?(CHECK|GENERATED ALWAYS AS|PARTITION BY|DEFAULT)\\b")
"""Matches the clause of error 1054 in which MariaDB misses a column of an expression."""

NOT_CREATED: Final = "1005"
"""`ER_CANT_CREATE_TABLE`: the cause is an `errno` of the operating system or of InnoDB."""

ERRNO: Final = re.compile(r"errno: (\d+)")
ERRNOS: Final = {
    "13": Rejection.RIGHTS,
    "28": Rejection.DISK_FULL,
    "121": Rejection.EXISTS,
    "150": Rejection.INCORRECT_KEY,
}
"""121 and 150 are InnoDB's: a key's name is taken, a foreign key is incorrectly formed."""

CAUSES: Final = {
    Rejection.NO_TABLE: re.compile("Referenced table .+ not found"),
    Rejection.NO_COLUMN: re.compile("Column .+ was not found"),
    Rejection.NO_KEY: re.compile("There is no index in the referenced table"),
    Rejection.WRONG_TYPES: re.compile("Field type or character set"),
    Rejection.SET_NULL: re.compile("SET NULL condition"),
}
"""InnoDB's messages about an incorrectly formed foreign key, from `SHOW WARNINGS`."""

MADE_FROM: Final = re.compile(r".*? constraint failed\. |`\S+?`\.(?=`)")
UNQUOTED: Final = re.compile(r"(?<=^Column )(.+)(?= was not found)")


def rejection(code: str | None, message: str) -> Rejection | None:
    """Return the kind of an error.

    Args:
        code: the error number.
        message: the server's, and the cause.

    >>> rejection("1091", "Can't DROP COLUMN `a`; check that it exists")
    <Rejection.NO_COLUMN: ...>
    >>> rejection("1005", '(errno: 150 "..."): Referenced table `a`.`b` not found')
    <Rejection.NO_TABLE: ...>
    """
    if code == "1091" and NO_COLUMN_TO_DROP in message:
        return Rejection.NO_COLUMN
    if code == "1054" and IN_EXPRESSION.search(message):
        return Rejection.NO_COLUMN_OF_EXPRESSION
    if code == NOT_CREATED:
        return _not_created(message)
    return REJECTIONS.get(code or "")


def _not_created(message: str) -> Rejection | None:
    known = (kind for kind, pattern in CAUSES.items() if pattern.search(message))
    errno = ERRNO.search(message)
    return next(known, ERRNOS.get(errno[1]) if errno else None)


def cause(connection: Connection, code: str | None) -> str | None:
    """Return why a foreign key is incorrectly formed, which only a warning tells."""
    if code != NOT_CREATED:
        return None
    warnings = connection.exec_driver_sql("SHOW WARNINGS").all()
    causes = [MADE_FROM.sub("", text).rstrip(".") for _, number, text in warnings if number == 150]
    return UNQUOTED.sub(r"`\1`", causes[0]) if causes else None
