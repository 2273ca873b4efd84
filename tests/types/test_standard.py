"""The portable names, and `sql.*`."""

import enum
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from alembic_moltres.types import CustomType
from tests.types.both_ways import assert_both_ways, assert_frozen


class Mood(enum.Enum):
    sad = "very sad"
    glad = "glad"


def values(members: type[enum.Enum]) -> list[str]:
    return [member.value for member in members]


NEWER = hasattr(sa.String(), "collation_schema")
ENUM_21 = pytest.mark.skipif(not NEWER, reason="an argument of SQLAlchemy 2.1")

TYPES: list[tuple[str, TypeEngine[Any]]] = [
    ("INTEGER", sa.Integer()),
    ("BIGINT", sa.BigInteger()),
    ("SMALLINT", sa.SmallInteger()),
    ("VARCHAR", sa.String()),
    ("VARCHAR(100)", sa.String(100)),
    ("VARCHAR(5,collation='C')", sa.String(5, collation="C")),
    ("VARCHAR(collation='C')", sa.String(collation="C")),
    (
        "VARCHAR(5,collation='C',quote_collation=True)",
        sa.String(5, sa.sql.quoted_name("C", quote=True)),
    ),
    ("TEXT", sa.Text()),
    ("TEXT(70000)", sa.Text(70000)),
    ("TEXT(collation='utf8_bin')", sa.Text(collation="utf8_bin")),
    ("NVARCHAR(5)", sa.Unicode(5)),
    ("NTEXT", sa.UnicodeText()),
    ("CHAR(32)", sa.CHAR(32)),
    ("TIMESTAMP", sa.DateTime()),
    ("TIMESTAMP(timezone=True)", sa.DateTime(timezone=True)),
    ("DATE", sa.Date()),
    ("TIME", sa.Time()),
    ("TIME(timezone=True)", sa.Time(timezone=True)),
    ("INTERVAL", sa.Interval()),
    ("INTERVAL(native=False)", sa.Interval(native=False)),
    (
        "INTERVAL(day_precision=3,second_precision=4)",
        sa.Interval(second_precision=4, day_precision=3),
    ),
    ("BOOLEAN", sa.Boolean()),
    ("BOOLEAN", sa.Boolean(create_constraint=True, name="is_bool")),
    ("REAL", sa.Float()),
    ("REAL(24)", sa.Float(24, asdecimal=True, decimal_return_scale=3)),
    ("DOUBLE", sa.Double()),
    ("DOUBLE(53)", sa.Double(53)),
    ("DECIMAL", sa.Numeric()),
    ("DECIMAL(10)", sa.Numeric(10)),
    ("DECIMAL(10,2)", sa.Numeric(10, 2, asdecimal=False)),
    ("DECIMAL(scale=2)", sa.Numeric(scale=2)),
    ("JSON", sa.JSON(none_as_null=True)),
    ("UUID", sa.Uuid(as_uuid=False)),
    ("UUID(native_uuid=False)", sa.Uuid(native_uuid=False)),
    ("BLOB", sa.LargeBinary()),
    ("BLOB(5)", sa.LargeBinary(5)),
    ("ENUM('a','b',name='mood')", sa.Enum("a", "b", name="mood", validate_strings=True)),
    ("ENUM('sad','glad',name='mood')", sa.Enum(Mood)),
    ("ENUM('very sad','glad',name='mood')", sa.Enum(Mood, values_callable=values)),
    ("ENUM('a',name='mood',schema='app')", sa.Enum("a", name="mood", schema="app")),
    ("ENUM('a',name='Mood',quote=False)", sa.Enum("a", name="Mood", quote=False)),
    (
        "ENUM('a',name='mood',quote=True,quote_schema=True,schema='app')",
        sa.Enum("a", name="mood", schema=sa.sql.quoted_name("app", quote=True), quote=True),
    ),
    ("ENUM('a','b')", sa.Enum("a", "b", native_enum=True, create_constraint=True)),
    ("ENUM('a',native_enum=False)", sa.Enum("a", native_enum=False)),
    ("ENUM('a',length=20,native_enum=False)", sa.Enum("a", native_enum=False, length=20)),
    (
        "ENUM(\"it's\",'100%','a:b','\\\\',name='odd')",
        sa.Enum("it's", "100%", "a:b", "\\", name="odd"),
    ),
    ("CUSTOM('geometry(POINT,4326)')", CustomType("geometry(POINT,4326)")),
    ("CUSTOM('')", CustomType("")),
    ("sql.INTEGER", sa.INTEGER()),
    ("sql.BIGINT", sa.BIGINT()),
    ("sql.SMALLINT", sa.SMALLINT()),
    ("sql.VARCHAR(5)", sa.VARCHAR(5)),
    ("sql.NVARCHAR(5,collation='C')", sa.NVARCHAR(5, collation="C")),
    ("sql.NCHAR(5)", sa.NCHAR(5)),
    ("sql.TEXT", sa.TEXT()),
    ("sql.CLOB", sa.CLOB()),
    ("sql.BLOB", sa.BLOB()),
    ("sql.BINARY(5)", sa.BINARY(5)),
    ("sql.VARBINARY(5)", sa.VARBINARY(5)),
    ("sql.TIMESTAMP(timezone=True)", sa.TIMESTAMP(timezone=True)),
    ("sql.DATETIME", sa.DATETIME()),
    ("sql.DATE", sa.DATE()),
    ("sql.TIME", sa.TIME()),
    ("sql.BOOLEAN", sa.BOOLEAN()),
    ("sql.REAL", sa.REAL()),
    ("sql.FLOAT(5)", sa.FLOAT(5)),
    ("sql.DOUBLE", sa.DOUBLE()),
    ("sql.DOUBLE_PRECISION(5)", sa.DOUBLE_PRECISION(5)),
    ("sql.NUMERIC(5,2)", sa.NUMERIC(5, 2)),
    ("sql.DECIMAL(5,2)", sa.DECIMAL(5, 2)),
    ("sql.UUID", sa.UUID()),
    ("sql.ARRAY(INTEGER)", sa.ARRAY(sa.Integer)),
    ("sql.ARRAY(VARCHAR(5,collation='C'),dimensions=2)", sa.ARRAY(sa.String(5, "C"), dimensions=2)),
]


@pytest.mark.parametrize(("name", "type_"), [pytest.param(*each, id=each[0]) for each in TYPES])
def test_a_standard_type_is_read_in_both_directions(name: str, type_: TypeEngine[Any]) -> None:
    assert_both_ways(name, type_)
    assert_frozen(name, {}, type_)


@ENUM_21
def test_a_collation_has_a_schema_since_sqlalchemy_2_1() -> None:
    type_ = sa.String(5, "C", collation_schema="app")  # type: ignore[call-arg,unused-ignore]

    assert_both_ways("VARCHAR(5,collation='C',collation_schema='app')", type_)


def test_an_enum_without_a_length_has_none() -> None:
    type_ = sa.Enum("a", native_enum=False)
    type_.length = None  # its constructor takes it since SQLAlchemy 2.0.1

    assert_both_ways("ENUM('a',length=None,native_enum=False)", type_)


@ENUM_21
def test_an_enum_that_is_not_created_stays_so() -> None:
    type_ = sa.Enum("a", name="mood", create_type=False)

    assert_both_ways("ENUM('a',name='mood',create_type=False)", type_)


def test_an_enum_has_the_schema_of_its_metadata() -> None:
    mood = sa.Enum("a", name="mood", metadata=sa.MetaData(schema="app"))
    sa.Table("t", mood.metadata or sa.MetaData(), sa.Column("mood", mood))

    assert_frozen("ENUM('a',name='mood',schema='app')", {}, mood)
