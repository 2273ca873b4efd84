from __future__ import annotations

import enum
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.ext.compiler import compiles, deregister
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.sql.functions import FunctionElement, now

from alembic_moltres.convert import model_to_schema, schema_to_table
from alembic_moltres.schema import SQL, ColumnDef, Default, TableSchema, check, column, sql
from tests.lossless import assert_lossless

NUMBER: Any = oracle.NUMBER
SQLITE_DATETIME: Any = sqlite.DATETIME
Make = Callable[[], sa.Column[Any]]


class Mood(enum.Enum):
    """Has labels with all that labels can have."""

    HAPPY = "happy"
    SAD = "it's 100% sad: really"


class Guid(sa.TypeDecorator[str]):
    """The usual type that differs by dialect."""

    impl = sa.CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(
            postgresql.UUID() if dialect.name == "postgresql" else sa.CHAR(32)
        )


class Flag(sa.TypeDecorator[bool]):
    impl = sa.Boolean(create_constraint=True, name="flag")
    cache_ok = True


class MoodText(sa.TypeDecorator[Mood]):
    impl = sa.Enum(Mood, native_enum=False, create_constraint=True, name="mood")
    cache_ok = True


class UtcNow(FunctionElement[Any]):
    type = sa.DateTime()
    inherit_cache = True


@compiles(UtcNow)
def _utc_now(*_: Any, **__: Any) -> str:
    return "CURRENT_TIMESTAMP"


@compiles(UtcNow, "postgresql")
def _utc_now_postgresql(*_: Any, **__: Any) -> str:
    return "TIMEZONE('utc', CURRENT_TIMESTAMP)"


def _table(*columns: sa.Column[Any], **options: Any) -> sa.Table:
    metadata = options.pop("metadata", None) or sa.MetaData()
    return sa.Table("things", metadata, *columns, **options)


def _beside(*items: Any, **options: Any) -> sa.Table:
    return _table(sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", *items, **options))


DEFAULTS = [
    pytest.param("", "", id="empty"),
    pytest.param("it's 100%", "it's 100%", id="quotes-and-percent"),
    pytest.param("a\nb\\c:d", "a\nb\\c:d", id="newline-backslash-colon"),
    pytest.param("0", "0", id="digits"),
    pytest.param(sa.text("0"), sql("0"), id="text"),
    pytest.param(sa.text("''"), sql("''"), id="text-empty-string"),
    pytest.param(sa.text("NULL"), sql("NULL"), id="null"),
    pytest.param(sa.text("'{}'::json"), sql("'{}'::json"), id="cast"),
    pytest.param(sa.text(r"'a\:b'"), sql("'a:b'"), id="escaped-colon"),
    pytest.param(sa.text("'100%'"), sql("'100%'"), id="text-percent"),
    pytest.param(sa.text("now() ON UPDATE now()"), sql("now() ON UPDATE now()"), id="on-update"),
    pytest.param(sa.text("CURRENT_TIMESTAMP"), sql("CURRENT_TIMESTAMP"), id="current-timestamp"),
    pytest.param(sa.func.now(), sql.now(), id="now"),
    pytest.param(sa.true(), True, id="true"),
    pytest.param(sa.false(), False, id="false"),
    pytest.param(sa.null(), sql("NULL"), id="null-element"),
    pytest.param(sa.literal(5), sql("5"), id="integer"),
    pytest.param(sa.literal("it's 5%"), sql("'it''s 5%'"), id="string-literal"),
    pytest.param(sa.literal(Decimal("1.50")), sql("1.50"), id="decimal"),
    pytest.param(sa.literal_column("CURRENT_USER"), sql("CURRENT_USER"), id="literal-column"),
    pytest.param(sa.func.lower("A"), sql("lower('A')"), id="function"),
    pytest.param(sa.func.current_date(), sql("CURRENT_DATE", mssql="GETDATE()"), id="current-date"),
    pytest.param(
        UtcNow(),
        sql("CURRENT_TIMESTAMP", postgresql="TIMEZONE('utc', CURRENT_TIMESTAMP)"),
        id="compiled-for-each-dialect",
    ),
    pytest.param(sa.FetchedValue(), None, id="made-by-a-trigger"),
    pytest.param(sa.DefaultClause("x"), "x", id="clause"),
    pytest.param(sa.text("5").bindparams(), sql("5"), id="text-with-bindparams"),
    pytest.param(sa.text("lower(:x)").bindparams(x="A"), sql("lower('A')"), id="text-with-bind"),
]


@pytest.mark.parametrize(("given", "expected"), DEFAULTS)
def test_a_server_default_is_kept(given: Any, expected: Default | None) -> None:
    frozen = assert_lossless(_beside(sa.String(40), server_default=given))
    assert expected == frozen.columns[1].default
    assert type(expected) is type(frozen.columns[1].default)


@pytest.mark.parametrize("default", [1, True, 1.5, Decimal("1.50"), "1", b"\x00'", -1, 1e300, 0.1])
def test_a_literal_default_of_a_script_is_the_same_after_a_round_trip(default: Default) -> None:
    schema = TableSchema("t", [column("x", "INTEGER", default=default)])
    frozen = model_to_schema(schema_to_table(schema, sa.MetaData()))
    assert schema == frozen
    assert type(default) is type(frozen.columns[0].default)


CONSTRAINED: list[Any] = [
    pytest.param(lambda: sa.Boolean(create_constraint=True), id="boolean"),
    pytest.param(lambda: sa.Boolean(create_constraint=True, name="flag"), id="named-boolean"),
    pytest.param(lambda: sa.Enum(Mood, native_enum=False, create_constraint=True), id="enum"),
    pytest.param(lambda: sa.Enum(Mood, create_constraint=True, name="mood"), id="native-enum"),
    pytest.param(
        lambda: sa.Enum("a", "b", name="ab", native_enum=False, length=50), id="no-constraint"
    ),
    pytest.param(Flag, id="decorated-boolean"),
    pytest.param(MoodText, id="decorated-enum"),
    pytest.param(
        lambda: sa.Boolean(create_constraint=True).with_variant(sa.SmallInteger(), "sqlite"),
        id="variant-without-a-constraint",
    ),
    pytest.param(
        lambda: sa.SmallInteger().with_variant(sa.Boolean(create_constraint=True), "sqlite"),
        id="variant-with-a-constraint",
    ),
    pytest.param(
        lambda: sa.String(5).with_variant(sa.Enum("a", name="v", create_constraint=True), "sqlite"),
        id="variant-that-is-an-enum",
    ),
    pytest.param(
        lambda: sa.Enum("a", name="v", create_constraint=True).with_variant(
            sa.Enum("a", "b", name="v", create_constraint=True, native_enum=False), "mysql"
        ),
        id="two-enums",
    ),
    pytest.param(lambda: postgresql.ARRAY(sa.Enum(Mood, name="mood")), id="array-of-enums"),
    pytest.param(
        lambda: postgresql.ENUM("a", "b", name="ab", schema="other"), id="enum-in-a-schema"
    ),
    pytest.param(
        lambda: sa.Enum("a", name="ab", inherit_schema=True), id="enum-in-its-tables-schema"
    ),
    pytest.param(
        lambda: postgresql.ENUM("a", name="ab", create_type=False), id="enum-never-created"
    ),
    pytest.param(lambda: sa.Enum("a", "b", name=quoted_name("Ab", quote=True)), id="quoted-enum"),
]


@pytest.mark.filterwarnings("ignore:the ``inherit_schema`` parameter is deprecated")
@pytest.mark.parametrize("type_", CONSTRAINED)
@pytest.mark.parametrize("schema", [None, "shop"])
@pytest.mark.parametrize("convention", [{}, {"ck": "ck_%(table_name)s_%(column_0_name)s"}])
def test_the_check_that_a_type_adds_comes_once(
    type_: Callable[[], sa.types.TypeEngine[Any]], schema: str | None, convention: dict[str, str]
) -> None:
    metadata = sa.MetaData(schema=schema, naming_convention=convention or None)
    assert_lossless(_table(sa.Column("x", type_()), metadata=metadata))


def test_an_enum_that_its_metadata_creates_is_kept() -> None:
    metadata = sa.MetaData()
    mood = sa.Enum(Mood, name="mood", metadata=metadata)
    assert_lossless(_table(sa.Column("x", mood), sa.Column("y", mood), metadata=metadata))


COLUMNS: list[Any] = [
    pytest.param(lambda: sa.Column("order", sa.Integer), id="reserved"),
    pytest.param(lambda: sa.Column("Größe", sa.Integer), id="non-ascii"),
    pytest.param(lambda: sa.Column('a "b" `c` [d]', sa.Integer), id="quotes"),
    pytest.param(lambda: sa.Column("100%", sa.Integer), id="percent"),
    pytest.param(lambda: sa.Column("a:b.c", sa.Integer), id="colon-and-dot"),
    pytest.param(lambda: sa.Column("a\nb", sa.Integer), id="newline"),
    pytest.param(lambda: sa.Column("plain", sa.Integer, quote=True), id="always-quoted"),
    pytest.param(lambda: sa.Column("select", sa.Integer, quote=False), id="never-quoted"),
    pytest.param(lambda: sa.Column(quoted_name("Name", quote=None), sa.Integer), id="quote-none"),
    pytest.param(lambda: sa.Column("name", sa.Integer, key="other"), id="key"),
    pytest.param(lambda: sa.Column("x", sa.Integer, comment="it's 100%\n\\done"), id="comment"),
    pytest.param(lambda: sa.Column("x", sa.Integer, comment=""), id="empty-comment"),
    pytest.param(lambda: sa.Column("x", sa.Integer, nullable=False), id="not-null"),
    pytest.param(lambda: sa.Column("x", sa.Integer, unique=True), id="unique"),
    pytest.param(lambda: sa.Column("x", sa.Integer, index=True), id="index"),
    pytest.param(lambda: sa.Column("x", sa.Integer, index=True, unique=True), id="unique-index"),
    pytest.param(lambda: sa.Column("x", sa.Integer, info={"a": object()}), id="info"),
    pytest.param(lambda: sa.Column("x", sa.Integer, doc="words"), id="doc"),
    pytest.param(lambda: sa.Column("x", sa.Integer, onupdate=5), id="onupdate"),
    pytest.param(lambda: sa.Column("x", sa.Integer, server_onupdate="5"), id="server-onupdate"),
    pytest.param(
        lambda: sa.Column("x", sa.Integer, sa.CheckConstraint("x > 0")), id="column-check"
    ),
    pytest.param(
        lambda: sa.Column("x", sa.Integer, sqlite_on_conflict_not_null="FAIL", nullable=False),
        id="sqlite-on-conflict",
    ),
    pytest.param(
        lambda: sa.Column("x", mysql.INTEGER(5, unsigned=True, zerofill=True)), id="mysql"
    ),
    pytest.param(lambda: sa.Column("x", mysql.TIMESTAMP(fsp=3), nullable=True), id="mysql-fsp"),
    pytest.param(lambda: sa.Column("x", mssql.NVARCHAR(None)), id="mssql"),
    pytest.param(lambda: sa.Column("x", NUMBER(10, 2)), id="oracle"),
    pytest.param(lambda: sa.Column("x", SQLITE_DATETIME(truncate_microseconds=True)), id="sqlite"),
    pytest.param(lambda: sa.Column("x", Guid()), id="decorated"),
    pytest.param(lambda: sa.Column("rowid", sa.Integer, system=True), id="system"),
]


@pytest.mark.parametrize("make", COLUMNS)
def test_a_column_is_kept_with_everything_said_of_it(make: Make) -> None:
    assert_lossless(_table(sa.Column("id", sa.Integer, primary_key=True), make()))


def test_a_column_check_stands_in_the_column() -> None:
    made = sa.Column("x", sa.Integer, sa.CheckConstraint("x > 0", name="positive"))
    expected = ColumnDef("x", "INTEGER", constraints=(check("x > 0", name="positive"),))
    assert (expected,) == model_to_schema(_table(made)).columns


def test_two_checks_of_a_column_keep_their_order() -> None:
    checks = sa.CheckConstraint("x > 0", name="a"), sa.CheckConstraint("x % 2 = 0")
    frozen = model_to_schema(_table(sa.Column("x", sa.Integer, *checks)))
    assert (check("x > 0", name="a"), check("x % 2 = 0")) == frozen.columns[0].constraints
    assert frozen == model_to_schema(schema_to_table(frozen, sa.MetaData()))


def test_an_expression_that_no_dialect_writes_is_refused() -> None:
    class Unknown(sa.ColumnElement[int]):
        __visit_name__ = "nonesuch"

    table = _beside(sa.Integer, sa.Computed(Unknown()))
    with pytest.raises(TypeError, match=r"no dialect can compile the expression \(at things\.x\)"):
        model_to_schema(table)


def test_a_construct_of_sqlalchemys_that_the_application_rewrites_is_frozen_as_its_text() -> None:
    def on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
        return "strftime('now')"

    compiles(now, "sqlite")(on_sqlite)
    try:
        table = sa.Table(
            "t", sa.MetaData(), sa.Column("at", sa.DateTime, server_default=sa.func.now())
        )
        frozen = model_to_schema(table).column("at").default
    finally:
        deregister(now)
    assert isinstance(frozen, SQL)
    assert frozen.for_dialect(["sqlite"]) == "strftime('now')"
    assert frozen.for_dialect(["postgresql"]) == "now()"
