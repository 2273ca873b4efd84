"""The error numbers of MySQL ("Server Error Message Reference") and MariaDB ("Error Codes")."""

from __future__ import annotations

from typing import Final

from ..base.rejections import Rejection

REJECTIONS: Final = {
    "1050": Rejection.EXISTS,
    "1061": Rejection.EXISTS,
    "1826": Rejection.EXISTS,
    "3822": Rejection.EXISTS,
    "1060": Rejection.COLUMN_EXISTS,
    "1051": Rejection.NO_TABLE,
    "1146": Rejection.NO_TABLE,
    "1824": Rejection.NO_TABLE,
    "1054": Rejection.NO_COLUMN,
    "1072": Rejection.NO_COLUMN,
    "1091": Rejection.NO_ITEM,
    "1176": Rejection.NO_ITEM,
    "1305": Rejection.NO_ITEM,
    "3821": Rejection.NO_ITEM,
    "1822": Rejection.NO_KEY,
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
    "4078": Rejection.NO_CAST,
    "1067": Rejection.WRONG_DEFAULT,
    "3780": Rejection.WRONG_TYPES,
    "4119": Rejection.FORMER_ROWS,
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
    "4161": Rejection.NO_ITEM,
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
    "2002": Rejection.LOST,
    "2003": Rejection.LOST,
    "2006": Rejection.LOST,
    "2013": Rejection.LOST,
    "4031": Rejection.LOST,
}

NO_COLUMN_TO_DROP: Final = "DROP COLUMN"


def rejection(code: str | None, message: str) -> Rejection | None:
    """Return what happened.

    Args:
        code: the error number.
        message: the server's.

    >>> rejection("1091", "Can't DROP COLUMN `a`; check that it exists")
    <Rejection.NO_COLUMN: ...>
    """
    if code == "1091" and NO_COLUMN_TO_DROP in message:
        return Rejection.NO_COLUMN
    if code == "1005":
        return Rejection.INCORRECT_KEY if "150" in message else Rejection.EXISTS
    return REJECTIONS.get(code or "")
