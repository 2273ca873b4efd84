"""The names of MySQL's and MariaDB's own types."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.dialects import mysql as my

from .registration import ABSENT, Registration, line, newer
from .standard import longer_than_labels


def make_set(*labels: str, **arguments: Any) -> my.SET:
    """Make a SET.

    SQLAlchemy takes an empty label only with `retrieve_as_bitwise`, which is no DDL.
    """
    return my.SET(*labels, retrieve_as_bitwise="" in labels, **arguments)


_NUMBER: Final = {"unsigned": False, "zerofill": False}
_STRING: Final = {
    "charset": None,
    "collation": None,
    "ascii": False,
    "binary": False,
    "unicode": False,
    "national": False,
}
_NATIONAL: Final = {**_STRING, "national": True}
_ENUM: Final = {"name": None, "schema": None, "length": ABSENT, **_STRING}

TABLE: Final = (
    line("mysql.BIGINT", my.BIGINT, "display_width", **_NUMBER),
    line("mysql.BIT", my.BIT, "length"),
    line("mysql.CHAR", my.CHAR, "length", **_STRING),
    line("mysql.DATETIME", my.DATETIME, fsp=None, timezone=False),
    line("mysql.DECIMAL", my.DECIMAL, "precision", "scale", **_NUMBER),
    line("mysql.DOUBLE", my.DOUBLE, "precision", "scale", **_NUMBER),
    Registration("mysql.ENUM", my.ENUM, (), _ENUM, "enums", {"length": longer_than_labels}),
    line("mysql.FLOAT", my.FLOAT, "precision", "scale", **_NUMBER),
    line("mysql.INTEGER", my.INTEGER, "display_width", **_NUMBER),
    line("mysql.JSON", my.JSON),
    line("mysql.LONGBLOB", my.LONGBLOB, "length"),
    line("mysql.LONGTEXT", my.LONGTEXT, **_STRING),
    line("mysql.MEDIUMBLOB", my.MEDIUMBLOB, "length"),
    line("mysql.MEDIUMINT", my.MEDIUMINT, "display_width", **_NUMBER),
    line("mysql.MEDIUMTEXT", my.MEDIUMTEXT, **_STRING),
    line("mysql.NCHAR", my.NCHAR, "length", **_NATIONAL),
    line("mysql.NUMERIC", my.NUMERIC, "precision", "scale", **_NUMBER),
    line("mysql.NVARCHAR", my.NVARCHAR, "length", **_NATIONAL),
    line("mysql.REAL", my.REAL, "precision", "scale", **_NUMBER),
    Registration("mysql.SET", my.SET, (), _STRING, "values", make=make_set),
    line("mysql.SMALLINT", my.SMALLINT, "display_width", **_NUMBER),
    line("mysql.TEXT", my.TEXT, "length", **_STRING),
    line("mysql.TIME", my.TIME, fsp=None, timezone=False),
    line("mysql.TIMESTAMP", my.TIMESTAMP, fsp=None, timezone=False),
    line("mysql.TINYBLOB", my.TINYBLOB, "length"),
    line("mysql.TINYINT", my.TINYINT, "display_width", **_NUMBER),
    line("mysql.TINYTEXT", my.TINYTEXT, **_STRING),
    line("mysql.VARCHAR", my.VARCHAR, "length", **_STRING),
    line("mysql.YEAR", my.YEAR, "display_width"),
    line("mariadb.INET4", newer("sqlalchemy.dialects.mysql.mariadb", "INET4")),
    line("mariadb.INET6", newer("sqlalchemy.dialects.mysql.mariadb", "INET6")),
)
