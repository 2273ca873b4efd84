"""The names without a prefix (SQLAlchemy's CamelCase types) and `sql.*` (its upper-case types).

`CHAR` has no CamelCase type, and is a name of Moltres; so `sqlalchemy.CHAR` is `CHAR`, and
`sql.CHAR` is read as the same.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa

from .custom import CustomType
from .registration import ABSENT, Registration, line


def longer_than_labels(type_: sa.Enum) -> object:
    """Return the length of an enum, unless it is that of its longest label."""
    longest = max((len(label) for label in type_.enums), default=0)
    return ABSENT if type_.length == longest else type_.length


def make_enum(*labels: str, create_type: bool = True, **arguments: Any) -> sa.Enum:
    """Make an `Enum`.

    `create_type` is an argument since SQLAlchemy 2.1, and no length since 2.0.1.
    """
    arguments.setdefault("schema", None)  # else SQLAlchemy 2.1 takes the schema of the MetaData
    without_length = arguments.get("length", 0) is None and arguments.pop("length") is None
    enum = sa.Enum(*labels, **arguments)
    vars(enum)["create_type"] = create_type
    if without_length:
        enum.length = None
    return enum


ENUM: Final = {
    "name": None,
    "schema": None,
    "native_enum": True,
    "length": ABSENT,
    "create_type": True,
}
STRING: Final = {"collation": None, "collation_schema": None}

TABLE: Final = (
    line("INTEGER", sa.Integer),
    line("BIGINT", sa.BigInteger),
    line("SMALLINT", sa.SmallInteger),
    line("VARCHAR", sa.String, "length", **STRING),
    line("TEXT", sa.Text, "length", **STRING),
    line("NVARCHAR", sa.Unicode, "length", **STRING),
    line("NTEXT", sa.UnicodeText, "length", **STRING),
    line("CHAR", sa.CHAR, "length", **STRING),
    line("TIMESTAMP", sa.DateTime, timezone=False),
    line("DATE", sa.Date),
    line("TIME", sa.Time, timezone=False),
    line("INTERVAL", sa.Interval, native=True, second_precision=None, day_precision=None),
    line("BOOLEAN", sa.Boolean),
    line("REAL", sa.Float, "precision"),
    line("DOUBLE", sa.Double, "precision"),
    line("DECIMAL", sa.Numeric, "precision", "scale"),
    line("JSON", sa.JSON),
    line("UUID", sa.Uuid, native_uuid=True),
    line("BLOB", sa.LargeBinary, "length"),
    Registration("ENUM", sa.Enum, (), ENUM, "enums", {"length": longer_than_labels}, make_enum),
    line("CUSTOM", CustomType, "ddl"),
    line("sql.INTEGER", sa.INTEGER),
    line("sql.BIGINT", sa.BIGINT),
    line("sql.SMALLINT", sa.SMALLINT),
    line("sql.VARCHAR", sa.VARCHAR, "length", **STRING),
    line("sql.NVARCHAR", sa.NVARCHAR, "length", **STRING),
    line("sql.NCHAR", sa.NCHAR, "length", **STRING),
    line("sql.TEXT", sa.TEXT, "length", **STRING),
    line("sql.CLOB", sa.CLOB, "length", **STRING),
    line("sql.BLOB", sa.BLOB, "length"),
    line("sql.BINARY", sa.BINARY, "length"),
    line("sql.VARBINARY", sa.VARBINARY, "length"),
    line("sql.TIMESTAMP", sa.TIMESTAMP, timezone=False),
    line("sql.DATETIME", sa.DATETIME, timezone=False),
    line("sql.DATE", sa.DATE),
    line("sql.TIME", sa.TIME, timezone=False),
    line("sql.BOOLEAN", sa.BOOLEAN),
    line("sql.REAL", sa.REAL, "precision"),
    line("sql.FLOAT", sa.FLOAT, "precision"),
    line("sql.DOUBLE", sa.DOUBLE, "precision"),
    line("sql.DOUBLE_PRECISION", sa.DOUBLE_PRECISION, "precision"),
    line("sql.NUMERIC", sa.NUMERIC, "precision", "scale"),
    line("sql.DECIMAL", sa.DECIMAL, "precision", "scale"),
    line("sql.UUID", sa.UUID),
    line("sql.ARRAY", sa.ARRAY, "item_type", dimensions=None),
)

ALIASES: Final = MappingProxyType(
    {
        "INT": "INTEGER",
        "sql.INT": "sql.INTEGER",
        "FLOAT": "REAL",
        "NUMERIC": "DECIMAL",
        "DATETIME": "TIMESTAMP",
        "JSONB": "postgresql.JSONB",
    }
)
"""Names that Moltres users may write as well; never written by us."""

ELSEWHERE: Final = MappingProxyType(
    {
        **dict.fromkeys(("STRING", "STR", "CHARFIELD"), "'VARCHAR(50)'"),
        **dict.fromkeys(("UNICODE", "NVARCHAR2"), "'NVARCHAR(50)'"),
        **dict.fromkeys(("BYTEA", "BYTES", "LARGEBINARY", "LONGBLOB"), "'BLOB'"),
        **dict.fromkeys(("SERIAL", "INT4", "AUTOFIELD", "INTEGERFIELD"), "'INTEGER'"),
        **dict.fromkeys(("BIGSERIAL", "BIGINTEGER", "INT8", "LONG"), "'BIGINT'"),
        **dict.fromkeys(("SMALLINTEGER", "INT2"), "'SMALLINT'"),
        "BOOL": "'BOOLEAN'",
        "CHARACTER": "'CHAR(10)'",
        "TIMESTAMPTZ": "'TIMESTAMP(timezone=True)'",
    }
)
"""What to write in place of names that other tools and databases have."""
