"""MySQL's and MariaDB's own types."""

from typing import Any

import pytest
from sqlalchemy.dialects import mysql as my
from sqlalchemy.dialects.mysql import mariadb
from sqlalchemy.types import TypeEngine

from tests.types.both_ways import assert_both_ways

PLAIN = ["BIT", "JSON", "LONGBLOB", "LONGTEXT", "MEDIUMBLOB", "TINYBLOB", "TINYTEXT", "YEAR"]
NUMBERS = ["BIGINT", "DECIMAL", "DOUBLE", "FLOAT", "INTEGER", "MEDIUMINT"]
NUMBERS += ["NUMERIC", "REAL", "SMALLINT", "TINYINT"]
STRINGS = ["CHAR", "TEXT", "VARCHAR", "NCHAR", "NVARCHAR"]

TYPES: list[tuple[str, TypeEngine[Any]]] = [
    *((f"mysql.{name}", getattr(my, name)()) for name in PLAIN + NUMBERS),
    *((f"mysql.{name}(unsigned=True)", getattr(my, name)(unsigned=True)) for name in NUMBERS),
    *((f"mysql.{name}(zerofill=True)", getattr(my, name)(zerofill=True)) for name in NUMBERS),
    *((f"mysql.{name}(20)", getattr(my, name)(20)) for name in STRINGS),
    *((f"mysql.{name}(5,collation='x')", getattr(my, name)(5, collation="x")) for name in STRINGS),
    ("mysql.BIT(5)", my.BIT(5)),
    ("mysql.YEAR(4)", my.YEAR(4)),
    ("mysql.TINYINT(1,unsigned=True)", my.TINYINT(1, unsigned=True)),
    ("mysql.DECIMAL(10,2,unsigned=True)", my.DECIMAL(10, 2, unsigned=True)),
    ("mysql.DOUBLE(10,2)", my.DOUBLE(10, 2, asdecimal=False)),
    ("mysql.FLOAT(10)", my.FLOAT(10)),
    ("mysql.DATETIME", my.DATETIME()),
    ("mysql.DATETIME(fsp=6)", my.DATETIME(fsp=6)),
    ("mysql.TIME(fsp=6)", my.TIME(fsp=6)),
    ("mysql.TIMESTAMP(fsp=6,timezone=True)", my.TIMESTAMP(timezone=True, fsp=6)),
    ("mysql.VARCHAR(5,charset='utf8mb4')", my.VARCHAR(5, charset="utf8mb4")),
    ("mysql.VARCHAR(5,ascii=True,binary=True)", my.VARCHAR(5, ascii=True, binary=True)),
    ("mysql.VARCHAR(5,national=True,unicode=True)", my.VARCHAR(5, national=True, unicode=True)),
    (
        "mysql.LONGTEXT(charset='latin1',collation='x')",
        my.LONGTEXT(charset="latin1", collation="x"),
    ),
    ("mysql.MEDIUMTEXT(binary=True)", my.MEDIUMTEXT(binary=True)),
    ("mysql.ENUM('a',\"b'c\")", my.ENUM("a", "b'c")),
    ("mysql.ENUM('a',name='mood',charset='latin1')", my.ENUM("a", name="mood", charset="latin1")),
    ("mysql.SET('a','b',collation='x')", my.SET("a", "b", collation="x")),
    ("mysql.SET('','b')", my.SET("", "b", retrieve_as_bitwise=True)),
]
TYPES += [
    (f"mariadb.{name}", getattr(mariadb, name)())
    for name in ("INET4", "INET6")
    if hasattr(mariadb, name)
]


@pytest.mark.parametrize(("name", "type_"), [pytest.param(*each, id=each[0]) for each in TYPES])
def test_a_mysql_type_is_read_in_both_directions(name: str, type_: TypeEngine[Any]) -> None:
    assert_both_ways(name, type_)
