"""What depends on the dialect: decorators, variants, hand-written DDL, subclasses."""

import enum
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql
from sqlalchemy.dialects import mysql as my
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles, deregister
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from alembic_moltres.errors import FreezeError, UnregisteredTypeError
from alembic_moltres.types import freeze_type, sqlalchemy_type_to_moltres_type
from tests.types.both_ways import DIALECTS, assert_frozen, dialect

POSTGRESQL, SQLITE, ORACLE = dialect("postgresql"), dialect("sqlite"), dialect("oracle")


class GUID(TypeDecorator[str]):
    """The recipe of SQLAlchemy's documentation."""

    impl = sa.CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(pg.UUID())
        if dialect.name == "mssql":
            return dialect.type_descriptor(mssql.UNIQUEIDENTIFIER())
        return dialect.type_descriptor(sa.CHAR(32))


class Adapted(TypeDecorator[Any]):
    """Return what the dialect itself would use."""

    impl = sa.String
    cache_ok = True

    def __init__(self, inner: TypeEngine[Any]) -> None:
        super().__init__()
        self.inner = inner

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(self.inner)


class Email(TypeDecorator[str]):
    impl = sa.String(50)
    cache_ok = True


class Document(TypeDecorator[Any]):
    impl = sa.JSON().with_variant(pg.JSONB(), "postgresql", "cockroachdb")
    cache_ok = True


class NotOnOracle(TypeDecorator[str]):
    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "oracle":
            raise ZeroDivisionError("no oracle here")
        return sa.String(5)


class Place(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "geometry(POINT)"


class PlaceOf(UserDefinedType[Any]):
    def get_col_spec(self, *, type_expression: Any = None, **_: Any) -> str:
        return f"geometry({type_expression.name})"


class Quoted(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return sa.sql.quoted_name("money_type", quote=None)


class NoText(UserDefinedType[Any]):
    def get_col_spec(self, **_: Any) -> Any:
        return None


class Spelt(UserDefinedType[Any]):
    """Something whose text `@compiles` gives."""


@compiles(Spelt)
def _spell(_type: Spelt, compiler: Any, **_: Any) -> str:
    return "SPELT"


@compiles(Spelt, "sqlite")
def _spell_sqlite(_type: Spelt, compiler: Any, **_: Any) -> str:
    return "BLOB"


class SpeltInPlaces(UserDefinedType[Any]):
    """Something that only two dialects have a text for."""


@compiles(SpeltInPlaces, "sqlite", "postgresql")
def _spell_in_places(_type: SpeltInPlaces, compiler: Any, **_: Any) -> str:
    return "HERE"


class BigKey(sa.BigInteger):
    """A recipe for SQLite, where only INTEGER counts up."""


@compiles(BigKey, "sqlite")
def _spell_key(_type: BigKey, compiler: Any, **_: Any) -> str:
    return "INTEGER"


class Unknown(TypeEngine[Any]):
    """Nothing says how its DDL is written."""


class MyString(sa.String):
    def get_col_spec(self, **_: Any) -> str:  # SQLAlchemy does not ask this of a String
        return "NEVER"


class MyEnum(sa.Enum):
    pass


class MyInterval(sa.Interval):
    cache_ok = True


class MyVector(pg.TSVECTOR):
    pass


class MyPickle(sa.PickleType):
    cache_ok = True


class SubSpelt(Spelt):
    pass


class Mood(enum.Enum):
    sad = 1


UUIDS = {"postgresql": "postgresql.UUID", "mssql": "UUID"}
JSONB = {"postgresql": "postgresql.JSONB"}
DOCUMENT = {**JSONB, "cockroachdb": "postgresql.JSONB"}
BLOB = {"sqlite": "CUSTOM('BLOB')"}

TYPES: list[Any] = [
    pytest.param("CHAR(32)", UUIDS, GUID(), id="decorator"),
    pytest.param("VARCHAR(50)", {}, Email(), id="decorator-with-one-answer"),
    pytest.param("JSON", DOCUMENT, Document(), id="decorator-over-variants"),
    pytest.param("JSON", {}, Adapted(sa.JSON()), id="dialects-own-json"),
    pytest.param("TIME", {}, Adapted(sa.Time()), id="dialects-own-time"),
    pytest.param(
        "ENUM('a',name='m')", {}, Adapted(sa.Enum("a", name="m")), id="dialects-own-enum"
    ),
    pytest.param("BLOB", {}, sa.PickleType(), id="pickle"),
    pytest.param("BLOB", {}, MyPickle(), id="subclass-of-pickle"),
    pytest.param("BOOLEAN", {}, sa.types.MatchType(), id="match"),
    pytest.param("INTERVAL(second_precision=3)", {}, MyInterval(second_precision=3), id="interval"),
    pytest.param("VARCHAR(5)", {}, MyString(5), id="subclass-of-string"),
    pytest.param("ENUM('sad',name='mood')", {}, MyEnum(Mood), id="subclass-of-enum"),
    pytest.param("postgresql.TSVECTOR", {}, MyVector(), id="subclass-of-a-dialects-type"),
    pytest.param("CUSTOM('geometry(POINT)')", {}, Place(), id="get-col-spec"),
    pytest.param("CUSTOM('SPELT')", BLOB, Spelt(), id="compiles"),
    pytest.param("CUSTOM('SPELT')", BLOB, SubSpelt(), id="subclass-of-compiles"),
    pytest.param("BIGINT", {"sqlite": "CUSTOM('INTEGER')"}, BigKey(), id="compiles-on-one-dialect"),
    pytest.param(
        "JSON", JSONB, sa.JSON().with_variant(pg.JSONB(), "postgresql"), id="variant"
    ),
    pytest.param(
        "VARCHAR(5)", {}, sa.String(5).with_variant(sa.String(5), "mysql"), id="equal-variant"
    ),
    pytest.param(
        "TEXT",
        dict.fromkeys(("mariadb", "mysql"), "mysql.LONGTEXT"),
        sa.Text().with_variant(my.LONGTEXT(), "mysql", "mariadb"),
        id="variant-of-two",
    ),
    pytest.param(
        "TEXT", {"duckdb": "VARCHAR(9)"}, sa.Text().with_variant(sa.String(9), "duckdb"),
        id="variant-of-a-dialect-not-installed",
    ),
    pytest.param(
        "VARCHAR(5)", {"postgresql": "postgresql.UUID"},
        sa.String(5).with_variant(GUID(), "postgresql"), id="decorator-as-variant",
    ),
    pytest.param(
        "CHAR(32)", {**UUIDS, "sqlite": "TEXT", "duckdb": "TEXT"},
        GUID().with_variant(sa.Text(), "sqlite", "duckdb"), id="variant-of-a-decorator",
    ),
    pytest.param(
        "INTEGER", {"sqlite": "CUSTOM('BLOB')"}, sa.Integer().with_variant(Spelt(), "sqlite"),
        id="text-as-variant",
    ),
    pytest.param(
        "sql.ARRAY(JSON)", {"postgresql": "sql.ARRAY(postgresql.JSONB)"},
        sa.ARRAY(sa.JSON().with_variant(pg.JSONB(), "postgresql")), id="variant-in-an-array",
    ),
    pytest.param(
        "postgresql.ARRAY(CHAR(32))",
        {each: f"postgresql.ARRAY({name})" for each, name in UUIDS.items()},
        pg.ARRAY(GUID()), id="decorator-in-an-array",
    ),
    pytest.param(
        "postgresql.DOMAIN(CUSTOM('geometry(POINT)'),name='d')", {}, pg.DOMAIN("d", Place()),
        id="text-in-a-domain",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "variants", "type_"), TYPES)
def test_a_type_freezes_so_that_every_dialect_writes_the_same(
    name: str, variants: dict[str, str], type_: TypeEngine[Any]
) -> None:
    assert_frozen(name, variants, type_)


def test_most_dialects_decide_and_the_first_one_where_they_are_even() -> None:
    even = freeze_type(GUID(), [POSTGRESQL, SQLITE])
    connected_to_sqlite = freeze_type(GUID(), [SQLITE, POSTGRESQL])

    assert ("postgresql.UUID", {"sqlite": "CHAR(32)"}) == (even.type_name, dict(even.variants))
    assert "CHAR(32)" == connected_to_sqlite.type_name


def test_a_dialect_is_asked_once_and_the_connected_one_wins() -> None:
    assert freeze_type(GUID(), [SQLITE, dialect("sqlite")]) == freeze_type(GUID(), [SQLITE])


def test_without_dialects_a_decorator_answers_for_none_in_particular() -> None:
    assert "CHAR(32)" == freeze_type(GUID()).type_name
    assert "CHAR(32)" == sqlalchemy_type_to_moltres_type(GUID)


def test_a_dialect_for_which_a_decorator_raises_is_left_out() -> None:
    frozen = freeze_type(NotOnOracle(), [SQLITE, ORACLE])

    assert ("VARCHAR(5)", {}) == (frozen.type_name, dict(frozen.variants))
    [(left_out, reason)] = frozen.left_out
    assert "oracle" == left_out
    assert isinstance(reason, ZeroDivisionError)


def test_a_text_that_a_dialect_does_not_have_is_left_out() -> None:
    frozen = freeze_type(SpeltInPlaces(), [SQLITE, POSTGRESQL, ORACLE])

    assert "CUSTOM('HERE')" == frozen.type_name
    assert ["oracle"] == [name for name, _ in frozen.left_out]


def test_the_connected_dialect_must_answer() -> None:
    with pytest.raises(UnregisteredTypeError) as raised:
        freeze_type(NotOnOracle(), [ORACLE, SQLITE], where="app.places.name")

    assert (
        "NotOnOracle() (at app.places.name) has no type on oracle: no oracle here; "
        "let its load_dialect_impl return one"
    ) == str(raised.value)
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


def test_a_text_that_the_connected_dialect_does_not_have_is_refused() -> None:
    with pytest.raises(UnregisteredTypeError, match=r"registered for SpeltInPlaces\(\);"):
        freeze_type(SpeltInPlaces(), [ORACLE, SQLITE])


def test_a_type_without_name_and_text_is_refused_with_its_place() -> None:
    places = sa.Table("places", sa.MetaData(), sa.Column("where", Unknown()), schema="app")

    with pytest.raises(UnregisteredTypeError) as raised:
        freeze_type(places.c.where.type, DIALECTS, places.c.where)

    assert (
        "no portable type is registered for Unknown() (at app.places.where); "
        "register one with register_type(Unknown, ...)"
    ) == str(raised.value)
    assert places.c.where.type is raised.value.subject


def test_no_type_is_refused() -> None:
    with pytest.raises(UnregisteredTypeError, match=r"NullType\(\) has no DDL; give the column a"):
        freeze_type(sa.types.NullType(), DIALECTS)


def test_a_text_may_depend_on_the_column() -> None:
    column = sa.Column("here", PlaceOf())

    assert "CUSTOM('geometry(here)')" == freeze_type(column.type, DIALECTS, column).type_name


@pytest.mark.parametrize(
    ("type_", "name", "word"),
    [
        pytest.param(sa.Boolean(), "sqlite", "INTEGER", id="boolean-sqlite"),
        pytest.param(sa.JSON(), "sqlite", "TEXT", id="json-sqlite"),
        pytest.param(pg.JSONB(), "sqlite", "TEXT", id="jsonb-sqlite"),
        pytest.param(sa.Uuid(), "mysql", "CHAR(36)", id="uuid-mysql"),
        pytest.param(sa.Boolean(), "postgresql", "BOOLEAN", id="boolean-postgresql"),
        pytest.param(sa.JSON(), "postgresql", "JSON", id="json-postgresql"),
        pytest.param(GUID(), "postgresql", "postgresql.UUID", id="decorator"),
    ],
)
def test_with_a_dialect_the_word_is_moltres_word_for_that_database(
    type_: TypeEngine[Any], name: str, word: str
) -> None:
    assert word == sqlalchemy_type_to_moltres_type(type_, name)
    assert word == sqlalchemy_type_to_moltres_type(type_, dialect(name))


def test_a_dialect_that_is_not_installed_is_refused() -> None:
    with pytest.raises(FreezeError, match="no dialect named 'firebird' is installed"):
        sqlalchemy_type_to_moltres_type(sa.Integer(), "firebird")


def test_freezing_does_not_change_a_type() -> None:
    type_ = GUID().with_variant(sa.Text(), "sqlite")
    before = dict(vars(type_))
    freeze_type(type_, DIALECTS)

    assert before == vars(type_)


@pytest.fixture
def rewritten() -> Iterator[None]:
    """An application that gives two of SQLAlchemy's own types another text on MySQL."""
    compiles(sa.DateTime, "mysql")(lambda *_, **__: "DATETIME(6)")
    compiles(sa.TIMESTAMP, "mysql")(lambda *_, **__: "TIMESTAMP(6)")
    yield
    deregister(sa.DateTime)
    deregister(sa.TIMESTAMP)


@pytest.mark.usefixtures("rewritten")
@pytest.mark.parametrize(
    ("expected", "type_"),
    [
        pytest.param("CUSTOM('DATETIME(6)')", sa.DateTime(), id="its-own"),
        pytest.param("CUSTOM('DATETIME(6)')", sa.Interval(), id="of-a-decorators-impl"),
        pytest.param(
            "mysql.DATETIME(fsp=6)",
            sa.DateTime().with_variant(my.DATETIME(fsp=6), "mysql"),
            id="not-taken-for-the-same",
        ),
        pytest.param("CUSTOM('TIMESTAMP(6) NULL')", sa.TIMESTAMP(), id="with-the-null-it-needs"),
    ],
)
def test_a_script_does_not_rely_on_text_that_the_application_gives_sqlalchemys_types(
    expected: str, type_: TypeEngine[Any]
) -> None:
    column = sa.Column("at", type_)
    # new ones, for whom nothing was agreed before the application was there
    new = [sa.make_url(f"{name}://").get_dialect()() for name in ("mysql", "sqlite", "postgresql")]
    frozen = freeze_type(type_, new, column)
    assert expected == frozen.variants.get("mysql", frozen.type_name)


def test_a_text_may_be_of_a_subclass_of_str_and_is_refused_where_it_is_none() -> None:
    assert "CUSTOM('money_type')" == freeze_type(Quoted(), [POSTGRESQL]).type_name
    with pytest.raises(UnregisteredTypeError, match=r"NoText\(\) has no DDL on postgresql"):
        freeze_type(NoText(), [POSTGRESQL])
