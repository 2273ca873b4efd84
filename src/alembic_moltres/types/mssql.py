"""The names of SQL Server's own types.

`mssql.BASETIME` is what the dialect puts in place of `Time`: DATETIME before SQL Server 2008.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy.dialects import mssql
from sqlalchemy.types import Time

from .registration import line, newer
from .standard import STRING

TABLE: Final = (
    line("mssql.BASETIME", mssql.dialect.colspecs[Time], "precision"),
    line("mssql.BIT", mssql.BIT),
    line("mssql.DATETIME2", mssql.DATETIME2, "precision", timezone=False),
    line("mssql.DATETIMEOFFSET", mssql.DATETIMEOFFSET, "precision", timezone=False),
    line("mssql.DOUBLE_PRECISION", newer("sqlalchemy.dialects.mssql", "DOUBLE_PRECISION")),
    line("mssql.IMAGE", mssql.IMAGE, "length"),
    line("mssql.JSON", mssql.JSON),
    line("mssql.MONEY", mssql.MONEY),
    line("mssql.NTEXT", mssql.NTEXT, "length", **STRING),
    line("mssql.REAL", mssql.REAL),
    line("mssql.ROWVERSION", mssql.ROWVERSION),
    line("mssql.SMALLDATETIME", mssql.SMALLDATETIME, timezone=False),
    line("mssql.SMALLMONEY", mssql.SMALLMONEY),
    line("mssql.SQL_VARIANT", mssql.SQL_VARIANT),
    line("mssql.TIME", mssql.TIME, "precision"),
    line("mssql.TIMESTAMP", mssql.TIMESTAMP),
    line("mssql.TINYINT", mssql.TINYINT),
    line("mssql.UNIQUEIDENTIFIER", mssql.UNIQUEIDENTIFIER),
    line("mssql.VARBINARY", mssql.VARBINARY, "length", filestream=False),
    line("mssql.XML", mssql.XML, "length", **STRING),
)
