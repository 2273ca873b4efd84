"""SQL Server's own types."""

import pytest
from sqlalchemy.dialects import mssql
from sqlalchemy.dialects.mssql.base import _BASETIMEIMPL
from sqlalchemy.types import TypeEngine

from tests.types.both_ways import assert_both_ways

PLAIN = ["BIT", "DATETIME2", "DATETIMEOFFSET", "IMAGE", "JSON", "MONEY", "NTEXT", "REAL"]
PLAIN += ["ROWVERSION", "SMALLDATETIME", "SMALLMONEY", "SQL_VARIANT", "TIME", "TIMESTAMP"]
PLAIN += ["TINYINT", "UNIQUEIDENTIFIER", "VARBINARY", "XML"]

TYPES: list[tuple[str, TypeEngine[object]]] = [
    *((f"mssql.{name}", getattr(mssql, name)()) for name in PLAIN),
    ("mssql.BASETIME(3)", _BASETIMEIMPL(3)),  # type: ignore[no-untyped-call]
    ("mssql.DATETIME2(3)", mssql.DATETIME2(3)),  # type: ignore[no-untyped-call]
    ("mssql.DATETIMEOFFSET(0)", mssql.DATETIMEOFFSET(0)),  # type: ignore[no-untyped-call]
    ("mssql.TIME(3)", mssql.TIME(3)),  # type: ignore[no-untyped-call]
    ("mssql.NTEXT(collation='x')", mssql.NTEXT(collation="x")),
    ("mssql.VARBINARY(5)", mssql.VARBINARY(5)),  # type: ignore[no-untyped-call]
    ("mssql.VARBINARY('max')", mssql.VARBINARY("max")),  # type: ignore[no-untyped-call]
    (
        "mssql.VARBINARY('max',filestream=True)",
        mssql.VARBINARY("max", filestream=True),  # type: ignore[no-untyped-call]
    ),
    ("sql.VARCHAR('max')", mssql.VARCHAR("max")),  # type: ignore[arg-type]
]
OWN_DOUBLE = mssql.DOUBLE_PRECISION if hasattr(mssql, "DOUBLE_PRECISION") else None
if OWN_DOUBLE is not None and OWN_DOUBLE.__module__ == "sqlalchemy.dialects.mssql.base":
    TYPES.append(("mssql.DOUBLE_PRECISION", OWN_DOUBLE()))


@pytest.mark.parametrize(("name", "type_"), [pytest.param(*each, id=each[0]) for each in TYPES])
def test_a_sql_server_type_is_read_in_both_directions(name: str, type_: TypeEngine[object]) -> None:
    assert_both_ways(name, type_)
