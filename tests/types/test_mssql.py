"""SQL Server's own types."""

from typing import Any

import pytest
import sqlalchemy.dialects.mssql
from sqlalchemy.types import TypeEngine

from tests.types.both_ways import assert_both_ways

mssql: Any = sqlalchemy.dialects.mssql  # its constructors have no types

PLAIN = ["BIT", "DATETIME2", "DATETIMEOFFSET", "IMAGE", "JSON", "MONEY", "NTEXT", "REAL"]
PLAIN += ["ROWVERSION", "SMALLDATETIME", "SMALLMONEY", "SQL_VARIANT", "TIME", "TIMESTAMP"]
PLAIN += ["TINYINT", "UNIQUEIDENTIFIER", "VARBINARY", "XML"]

TYPES: list[tuple[str, TypeEngine[Any]]] = [
    *((f"mssql.{name}", getattr(mssql, name)()) for name in PLAIN),
    ("mssql.BASETIME(3)", mssql.base._BASETIMEIMPL(3)),
    ("mssql.DATETIME2(3)", mssql.DATETIME2(3)),
    ("mssql.DATETIMEOFFSET(0)", mssql.DATETIMEOFFSET(0)),
    ("mssql.TIME(3)", mssql.TIME(3)),
    ("mssql.NTEXT(collation='x')", mssql.NTEXT(collation="x")),
    ("mssql.VARBINARY(5)", mssql.VARBINARY(5)),
    ("mssql.VARBINARY('max')", mssql.VARBINARY("max")),
    (
        "mssql.VARBINARY('max',filestream=True)",
        mssql.VARBINARY("max", filestream=True),
    ),
    ("sql.VARCHAR('max')", mssql.VARCHAR("max")),
]
OWN_DOUBLE = mssql.DOUBLE_PRECISION if hasattr(mssql, "DOUBLE_PRECISION") else None
if OWN_DOUBLE is not None and OWN_DOUBLE.__module__ == "sqlalchemy.dialects.mssql.base":
    TYPES.append(("mssql.DOUBLE_PRECISION", OWN_DOUBLE()))


@pytest.mark.parametrize(("name", "type_"), [pytest.param(*each, id=each[0]) for each in TYPES])
def test_a_sql_server_type_is_read_in_both_directions(name: str, type_: TypeEngine[Any]) -> None:
    assert_both_ways(name, type_)
