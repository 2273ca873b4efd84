"""Names into live types: what is read besides the canonical names, and what is refused."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.types import TypeEngine

from alembic_moltres.datatypes import DataType
from alembic_moltres.errors import TypeNameError, UnknownTypeError
from alembic_moltres.types import canonical_type_name, moltres_type_to_sqlalchemy_type, thaw_type
from alembic_moltres.types.registration import Registration


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        pytest.param("varchar( length = 100 )", "VARCHAR(100)", id="keyword-for-position"),
        pytest.param("VARCHAR('100')", "VARCHAR(100)", id="number-as-text"),
        pytest.param("TIMESTAMP(timezone=False)", "TIMESTAMP", id="default"),
        pytest.param("VARCHAR(None)", "VARCHAR", id="none"),
        pytest.param("DECIMAL(scale=2,precision=10)", "DECIMAL(10,2)", id="order"),
        pytest.param("INT", "INTEGER", id="int"),
        pytest.param("FLOAT", "REAL", id="float"),
        pytest.param("NUMERIC(10,2)", "DECIMAL(10,2)", id="numeric"),
        pytest.param("DATETIME", "TIMESTAMP", id="datetime"),
        pytest.param("JSONB", "postgresql.JSONB", id="jsonb"),
        pytest.param("sql.INT", "sql.INTEGER", id="sql-int"),
        pytest.param("sql.CHAR(5)", "CHAR(5)", id="sql-char"),
        pytest.param("ARRAY(integer)", "sql.ARRAY(INTEGER)", id="upper-case-type-only"),
        pytest.param("postgresql.VARCHAR(5)", "sql.VARCHAR(5)", id="exported-by-a-dialect"),
        pytest.param("oracle.NVARCHAR2(5)", "sql.NVARCHAR(5)", id="renamed-by-a-dialect"),
        pytest.param("ENUM('a',length=1)", "ENUM('a')", id="length-of-the-longest-label"),
    ],
)
def test_other_spellings_are_read(spelling: str, canonical: str) -> None:
    assert canonical == canonical_type_name(spelling)
    assert canonical == canonical_type_name(DataType.parse(spelling))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("VARCHR(5)", "registered as VARCHR; did you mean 'VARCHAR'?", id="misspelt"),
        pytest.param(
            "postgresql.ARRY(INTEGER)",
            "did you mean 'postgresql.ARRAY'?",
            id="misspelt-behind-prefix",
        ),
        pytest.param("postgresql.array_agg", "registered as postgresql.ARRAY_AGG", id="function"),
        pytest.param("mysql.DIALECT", "registered as mysql.DIALECT", id="no-type-of-a-dialect"),
        pytest.param("geo.QQQ", "register one with register_type(...)", id="unknown"),
        pytest.param("sql.NULLTYPE", "registered as sql.NULLTYPE", id="null-type"),
    ],
)
def test_an_unknown_name_is_refused(name: str, message: str) -> None:
    with pytest.raises(UnknownTypeError) as raised:
        moltres_type_to_sqlalchemy_type(name)

    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("DATE(1)", "1 arguments without a keyword; DATE takes none", id="too-many"),
        pytest.param("DECIMAL(1,2,3)", "takes precision, scale", id="too-many-of-two"),
        pytest.param("VARCHAR(5,length=6)", "gives length twice", id="twice"),
        pytest.param("VARCHAR(lenght=6)", "lenght; did you mean 'length'?", id="unknown-argument"),
        pytest.param(
            "DATE(zzz=6)", "unknown argument zzz; leave it out", id="unknown-argument-alone"
        ),
        pytest.param("VARCHAR('x')", "length='x'; give a whole number", id="text-for-a-number"),
        pytest.param("VARCHAR(True)", "length=True; give a whole number", id="bool-for-a-number"),
        pytest.param(
            "TIMESTAMP(timezone=1)", "timezone=1; give True or False", id="number-for-a-bool"
        ),
        pytest.param("postgresql.ARRAY", "cannot be made", id="without-its-type"),
        pytest.param("postgresql.DOMAIN(TEXT)", "cannot be made", id="without-its-name"),
        pytest.param("ENUM('aaa',length=1)", "cannot be made", id="too-short-for-its-labels"),
        pytest.param("mysql.DOUBLE(5)", "cannot be made", id="refused-by-sqlalchemy"),
        pytest.param("VARCHAR(5", "was never closed", id="unreadable"),
    ],
)
def test_arguments_that_a_type_does_not_take_are_refused(name: str, message: str) -> None:
    with pytest.raises(TypeNameError) as raised:
        moltres_type_to_sqlalchemy_type(name)

    assert message in str(raised.value)


def test_a_type_that_this_sqlalchemy_does_not_have_is_told() -> None:
    with pytest.raises(UnknownTypeError, match="FUTURE is not in this version of SQLAlchemy"):
        Registration("FUTURE", None).thaw(DataType("FUTURE"), moltres_type_to_sqlalchemy_type)


def test_variants_are_thawed_without_copying_the_type() -> None:
    name = "postgresql.DOMAIN(INTEGER,name='positive',check='VALUE > 0')"
    type_: TypeEngine[Any] = thaw_type(name, {"sqlite": "INTEGER"})

    assert isinstance(type_, pg.DOMAIN)
    assert type_.check is not None  # a copy loses it in SQLAlchemy 2.0
    assert "INTEGER" == type_.compile(sa.create_engine("sqlite://").dialect)
