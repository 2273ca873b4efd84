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
from alembic_moltres.types.registry import types as registry


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
        pytest.param("string(5)", "registered as STRING; write 'VARCHAR(50)'", id="sqlalchemys"),
        pytest.param("SERIAL", "registered as SERIAL; write 'INTEGER'", id="postgresqls-own"),
        pytest.param("CITEXT", "as CITEXT; did you mean 'postgresql.CITEXT'?", id="of-a-dialect"),
        pytest.param(
            "TINYINT",
            "as TINYINT; did you mean 'mysql.TINYINT' or 'mssql.TINYINT'",
            id="of-two-dialects",
        ),
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
        pytest.param("DATE(1)", "1 argument without a keyword; DATE takes none", id="too-many"),
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
        pytest.param(
            "postgresql.ARRAY", "lacks item_type; write postgresql.ARRAY(INTEGER)", id="no-type"
        ),
        pytest.param(
            "postgresql.DOMAIN(TEXT)",
            "lacks name; write postgresql.DOMAIN(INTEGER,name='positive')",
            id="without-its-name",
        ),
        pytest.param("CUSTOM", "lacks ddl; write CUSTOM('geometry(POINT,4326)')", id="no-text"),
        pytest.param("CUSTOM(5)", "has ddl=5; give a text", id="number-as-ddl"),
        pytest.param("postgresql.ARRAY('x')", "item_type='x'; give a type", id="text-for-a-type"),
        pytest.param("VARCHAR(5,collation=5)", "collation=5; give a text", id="number-for-a-text"),
        pytest.param("VARCHAR(a)", "VARCHAR has length=A; give a whole number", id="name"),
        pytest.param("DECIMAL(-1)", "precision=-1; give a whole number", id="negative"),
        pytest.param("ENUM(a,b)", "has the label A; write a text, as in ENUM('a'", id="labels"),
        pytest.param("ENUM('aaa',length=1)", "cannot be made", id="too-short-for-its-labels"),
        pytest.param("mysql.DOUBLE(5)", "cannot be made", id="refused-by-sqlalchemy"),
        pytest.param("VARCHAR(5", "was never closed", id="unreadable"),
    ],
)
def test_arguments_that_a_type_does_not_take_are_refused(name: str, message: str) -> None:
    with pytest.raises(TypeNameError) as raised:
        moltres_type_to_sqlalchemy_type(name)

    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param((None,), "None is not the name of a type; write text", id="none"),
        pytest.param((b"INTEGER",), "b'INTEGER' is not the name of a type", id="bytes"),
        pytest.param((sa.Integer(),), "SQLAlchemy's Integer is not the name of", id="instance"),
        pytest.param((sa.Integer,), "SQLAlchemy's Integer is not the name of a type", id="class"),
        pytest.param(("VARCHAR", True, 10), "VARCHAR has no precision; write VARCHAR(10)", id="no"),
        pytest.param(
            ("DECIMAL", True, None, 2), "a scale without a precision of DECIMAL", id="scale"
        ),
        pytest.param(("DECIMAL", True, 10), "a precision without a scale; give", id="precision"),
        pytest.param(("DECIMAL", True, "10", 2), "precision='10' of DECIMAL; give a", id="text"),
        pytest.param(("DECIMAL", True, 10, True), "scale=True of DECIMAL; give a whole", id="bool"),
        pytest.param(("decimal(5)", True, 10, 2), "beside the arguments of 'decimal", id="twice"),
    ],
)
def test_what_is_no_name_or_no_precision_is_one_clear_error(
    arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(TypeNameError) as raised:
        moltres_type_to_sqlalchemy_type(*arguments)
    assert message in str(raised.value)


def test_every_name_with_wrong_arguments_is_our_error() -> None:
    for prefix in ("postgresql.JSONB", "mysql.YEAR", "sqlite.DATE", "mssql.BIT", "oracle.NUMBER"):
        registry.named(prefix)  # reads the dialect's table
    tried = [
        f"{name}({argument})"
        for name in registry.names()
        for argument in ("", "'z'", "5", "5,5,5,5,5,5", "nope=1", "None", "INTEGER", "length='x'")
    ]
    for name in tried:
        for written in (name, name.lower()):
            try:
                type_ = moltres_type_to_sqlalchemy_type(written)
            except (TypeNameError, UnknownTypeError) as err:
                assert "\n" not in str(err)  # noqa: PT017 - either is right
            else:
                assert isinstance(type_, TypeEngine)


def test_a_type_that_this_sqlalchemy_does_not_have_is_told() -> None:
    with pytest.raises(UnknownTypeError, match="FUTURE is not in this version of SQLAlchemy"):
        Registration("FUTURE", None).thaw(DataType("FUTURE"), moltres_type_to_sqlalchemy_type)


def test_variants_are_thawed_without_copying_the_type() -> None:
    name = "postgresql.DOMAIN(INTEGER,name='positive',check='VALUE > 0')"
    type_: TypeEngine[Any] = thaw_type(name, {"sqlite": "INTEGER"})

    assert isinstance(type_, pg.DOMAIN)
    assert type_.check is not None  # a copy loses it in SQLAlchemy 2.0
    assert "INTEGER" == type_.compile(sa.create_engine("sqlite://").dialect)
