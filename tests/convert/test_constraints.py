from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.schema import AddConstraint, CreateTable
from sqlalchemy.sql.elements import conv, quoted_name

from alembic_moltres.convert import model_to_schema, schema_to_table
from alembic_moltres.schema import check, foreign_key, primary_key, sql, unique
from alembic_moltres.schema import ddl as ddl_text
from tests.lossless import DIALECTS, assert_lossless, ddl

Shape = Callable[[sa.MetaData], sa.Table]
Items = Callable[[], tuple[sa.schema.SchemaItem, ...]]


class Mood(enum.Enum):
    """Has labels with all that labels can have."""

    HAPPY = "happy"
    SAD = "it's 100% \\ sad: really"


def _table(metadata: sa.MetaData, *items: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(
        "orders",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("state", sa.String(20)),
        sa.Column("amount", sa.Numeric(10, 2)),
        sa.Column("day", sa.Date),
        sa.Column("paid", sa.Boolean),
        sa.Column("Größe", sa.Integer, key="size"),
        *items,
    )


def _check(condition: Callable[[sa.Table], object], **options: object) -> Shape:
    """Attach a check that is built from the table's columns."""

    def make(metadata: sa.MetaData) -> sa.Table:
        table = _table(metadata)
        table.append_constraint(sa.CheckConstraint(condition(table), **options))  # type: ignore[arg-type]
        return table

    return make


CHECKS = [
    pytest.param(_check(lambda t: "amount > 0"), id="text"),
    pytest.param(_check(lambda t: "state LIKE 'a%' AND amount % 2 = 0"), id="percent"),
    pytest.param(_check(lambda t: "state LIKE 'a%%b'"), id="doubled-percent"),
    pytest.param(_check(lambda t: "state <> 'it''s'\nAND day > '2020-01-01'"), id="newline"),
    pytest.param(_check(lambda t: r"state ~ E'a(?\:b|c)d'"), id="escaped-colon"),
    pytest.param(_check(lambda t: "state::text <> ''"), id="cast-colons"),
    pytest.param(_check(lambda t: r"state <> '\\ \n \% \x'"), id="backslashes"),
    pytest.param(
        _check(lambda t: sa.text("amount > :low").bindparams(low=5)), id="text-with-a-bind"
    ),
    pytest.param(_check(lambda t: t.c.amount > 0), id="comparison"),
    pytest.param(_check(lambda t: t.c.amount > Decimal("1.50")), id="decimal"),
    pytest.param(_check(lambda t: t.c.day > dt.date(2020, 2, 29)), id="date"),
    pytest.param(_check(lambda t: t.c.state.in_(["new", "50%", "it's"])), id="in"),
    pytest.param(_check(lambda t: t.c.state.notin_(["new", "old"])), id="not-in"),
    pytest.param(_check(lambda t: t.c.state.like("a%")), id="like"),
    pytest.param(_check(lambda t: t.c.state.contains("100%", autoescape=True)), id="contains"),
    pytest.param(_check(lambda t: t.c.state.regexp_match("^[a-z:]+$")), id="regular-expression"),
    pytest.param(_check(lambda t: t.c.state + "x" == "yx"), id="concatenation"),
    pytest.param(_check(lambda t: t.c.amount % 2 == 0), id="modulo"),
    pytest.param(_check(lambda t: t.c.amount / 2 > 1), id="division"),
    pytest.param(_check(lambda t: t.c.paid), id="boolean-column"),
    pytest.param(_check(lambda t: ~t.c.paid), id="negated-boolean-column"),
    pytest.param(_check(lambda t: t.c.paid.is_(True)), id="is-true"),
    pytest.param(_check(lambda t: sa.true()), id="true"),
    pytest.param(_check(lambda t: t.c.size > 0), id="column-whose-key-is-another"),
    pytest.param(_check(lambda t: sa.func.length(t.c.state) > 3), id="function"),
    pytest.param(_check(lambda t: sa.cast(t.c.state, sa.Text) != ""), id="cast"),
    pytest.param(
        _check(lambda t: sa.case((t.c.paid, t.c.amount > 0), else_=sa.false())), id="case"
    ),
    pytest.param(_check(lambda t: sa.extract("year", t.c.day) > 2000), id="extract"),
    pytest.param(_check(lambda t: sa.or_(t.c.amount > 0, t.c.state.is_(None))), id="or"),
    pytest.param(
        _check(lambda t: sa.literal(Mood.SAD, sa.Enum(Mood, name="mood")) == t.c.state),
        id="enum-literal",
    ),
    pytest.param(
        _check(lambda t: t.c.state == sa.any_(postgresql.array(["a", "b"]))), id="array-literal"
    ),
    pytest.param(_check(lambda t: sa.literal_column("1 = 1")), id="literal-column"),
    pytest.param(_check(lambda t: t.c.amount.between(1, 2), name="between"), id="named"),
    pytest.param(
        _check(lambda t: "amount > 0", deferrable=True, initially="DEFERRED", name="later"),
        id="deferrable",
    ),
    pytest.param(_check(lambda t: "amount > 0", deferrable=False), id="not-deferrable"),
    pytest.param(
        _check(lambda t: "amount > 0", name="c", comment="it's 100%\nwrong"), id="comment"
    ),
    pytest.param(_check(lambda t: "amount > 0", name="c", info={"x": object()}), id="info"),
    pytest.param(
        _check(lambda t: "amount > 0", name="c", postgresql_not_valid=True), id="dialect-option"
    ),
]


@pytest.mark.parametrize("shape", CHECKS)
def test_a_check_is_kept_in_every_dialects_words(shape: Shape) -> None:
    assert_lossless(shape(sa.MetaData()))


def test_what_a_dialect_would_write_with_a_parameter_is_left_out_for_it() -> None:
    table = _table(sa.MetaData())
    table.append_constraint(sa.CheckConstraint(table.c.state.is_distinct_from("x")))
    broken = {*DIALECTS, "pyodbc"} - {"postgresql"}  # CHECK (orders.state IS NOT ?)
    frozen = assert_lossless(table, without=broken)
    assert check("state IS DISTINCT FROM 'x'") == frozen.constraints[1]


KEYS = [
    pytest.param(lambda: (sa.UniqueConstraint("state"),), id="unique"),
    pytest.param(lambda: (sa.UniqueConstraint("amount", "state", name="u"),), id="composite"),
    pytest.param(lambda: (sa.UniqueConstraint("size"),), id="unique-by-key"),
    pytest.param(
        lambda: (sa.UniqueConstraint("state", deferrable=True, initially="IMMEDIATE"),),
        id="deferrable",
    ),
    pytest.param(
        lambda: (
            sa.UniqueConstraint(
                "state",
                "amount",
                name="u",
                postgresql_include=["size"],
                postgresql_nulls_not_distinct=True,
                sqlite_on_conflict="IGNORE",
                mssql_clustered=True,
            ),
        ),
        id="dialect-options",
        marks=pytest.mark.newest,
    ),
    pytest.param(lambda: (sa.UniqueConstraint("state", name="u", comment="it's"),), id="comment"),
    pytest.param(lambda: (sa.UniqueConstraint("state", name="u", info={"a": 1}),), id="info"),
    pytest.param(lambda: (sa.UniqueConstraint("state").ddl_if(dialect="postgresql"),), id="ddl-if"),
    pytest.param(
        lambda: (sa.UniqueConstraint("state", name=quoted_name("select", quote=False)),),
        id="unquoted",
    ),
    pytest.param(lambda: (sa.UniqueConstraint("state", name="Ümläut \"%s' key"),), id="odd-name"),
    pytest.param(lambda: (sa.UniqueConstraint("state", name=conv("x" * 80)),), id="long-conv-name"),
    pytest.param(lambda: (sa.UniqueConstraint("state", name="x" * 80),), id="long-plain-name"),
    pytest.param(
        lambda: (sa.UniqueConstraint("state"), sa.UniqueConstraint("state")),
        id="the-same-key-twice",
    ),
    pytest.param(
        lambda: (
            sa.Column(
                "parent", sa.ForeignKey("orders.id", ondelete="CASCADE", onupdate="SET NULL")
            ),
        ),
        id="self-reference",
    ),
    pytest.param(
        lambda: (
            sa.Column("parent", sa.Integer),
            sa.ForeignKeyConstraint(
                ["parent"],
                ["orders.id"],
                name="fk",
                deferrable=True,
                initially="DEFERRED",
                match="FULL",
                use_alter=True,
                comment="it's",
                postgresql_not_valid=True,
            ),
        ),
        id="everything-of-a-foreign-key",
    ),
    pytest.param(lambda: (sa.ForeignKeyConstraint(["size"], ["orders.size"]),), id="key-to-key"),
    pytest.param(
        lambda: (sa.ForeignKeyConstraint(["size"], ["orders.Größe"], link_to_name=True),),
        id="key-linked-to-a-name",
    ),
    pytest.param(
        lambda: (sa.Column("other", sa.ForeignKey("orders.id", postgresql_not_valid=True)),),
        id="foreign-key-with-dialect-options",
    ),
]


@pytest.mark.parametrize("items", KEYS)
def test_a_key_is_kept_with_everything_said_of_it(items: Items) -> None:
    assert_lossless(_table(sa.MetaData(), *items()))


@pytest.mark.parametrize("name", ["x" * 80, "ü" * 60])
def test_a_long_name_that_nobody_may_shorten_still_fails(name: str) -> None:
    table = _table(sa.MetaData(), sa.UniqueConstraint("state", name=name))
    thawed = schema_to_table(model_to_schema(table), sa.MetaData())
    for dialect in DIALECTS.values():
        assert ddl(table, dialect) == ddl(thawed, dialect)


def _item_filter(**options: object) -> Shape:
    def make(metadata: sa.MetaData) -> sa.Table:
        return sa.Table(
            "bookings",
            metadata,
            sa.Column("room", sa.Integer),
            sa.Column("Raum", sa.Integer, key="space"),
            sa.Column("during", postgresql.TSRANGE),
            ExcludeConstraint(
                *options.pop("elements", [("room", "="), ("during", "&&")]),  # type: ignore[misc]
                **options,
            ),
        )

    return make


EXCLUDES = [
    pytest.param(_item_filter(), id="columns"),
    pytest.param(_item_filter(using="spgist", name="ex"), id="using"),
    pytest.param(_item_filter(where="room > 10"), id="where-text"),
    pytest.param(_item_filter(where=sa.column("room") > 10), id="where-built"),
    pytest.param(_item_filter(where=sa.text("room % 2 = 0")), id="where-percent"),
    pytest.param(
        _item_filter(elements=[(sa.text("room * 2"), "="), (sa.column("during"), "&&")]),
        id="expressions",
    ),
    pytest.param(
        _item_filter(elements=[(sa.func.int4range(sa.column("room"), 5), "&&")]), id="function"
    ),
    pytest.param(_item_filter(elements=[("space", "=")]), id="column-by-key"),
    pytest.param(_item_filter(elements=[(sa.column("Raum"), "=")]), id="column-by-name"),
    pytest.param(_item_filter(ops={"room": "gist_int4_ops"}), id="ops"),
    pytest.param(
        _item_filter(elements=[("space", "=")], ops={"space": "gist_int4_ops"}), id="ops-by-key"
    ),
    pytest.param(_item_filter(deferrable=True, initially="DEFERRED"), id="deferrable"),
]


@pytest.mark.parametrize("shape", EXCLUDES)
def test_an_exclude_constraint_is_kept(shape: Shape) -> None:
    assert_lossless(shape(sa.MetaData()))


def test_an_exclude_constraint_of_column_objects_is_kept() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("Raum", sa.Integer, key="room"))
    table.append_constraint(
        ExcludeConstraint(
            (table.c.room, "="), (table.c.room + 1, "<>"), where=table.c.room > 1, ops={"room": "o"}
        )
    )
    assert_lossless(table)


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param({"dialect": "postgresql"}, id="one-dialect"),
        pytest.param({"dialect": ("postgresql", "sqlite")}, id="two-dialects"),
        pytest.param({"dialect": "nonesuch"}, id="an-unknown-dialect"),
        pytest.param(
            {"callable_": lambda *_, dialect, **__: dialect.name == "mysql"}, id="callable"
        ),
        pytest.param(
            {"callable_": lambda *_, **__: True, "dialect": "oracle"}, id="callable-and-dialect"
        ),
        pytest.param({"callable_": lambda *_, **__: False}, id="never"),
        pytest.param({"callable_": lambda *_, **__: True}, id="always"),
    ],
)
def test_a_condition_of_a_constraint_is_kept(condition: dict[str, object]) -> None:
    made = sa.CheckConstraint("amount > 0", name="c").ddl_if(**condition)  # type: ignore[arg-type]
    assert_lossless(_table(sa.MetaData(), made, sa.UniqueConstraint("state", name="u")))


def test_what_is_built_in_python_names_the_dialects_that_differ() -> None:
    table = _table(sa.MetaData())
    table.append_constraint(sa.CheckConstraint(table.c.state.regexp_match("^a"), name="c"))
    expected = check(
        sql("state REGEXP '^a'", oracle="REGEXP_LIKE(state, '^a')", postgresql="state ~ '^a'"), "c"
    )
    assert expected == assert_lossless(table).constraints[1]


def test_keys_become_names() -> None:
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("Id", sa.Integer, key="id", primary_key=True),
        sa.Column("Parent", sa.ForeignKey("t.id"), key="parent"),
        sa.UniqueConstraint("id", "parent"),
    )
    expected = (primary_key("Id"), unique(["Id", "Parent"]), foreign_key("Parent", "t", "Id"))
    assert set(expected) == set(assert_lossless(table).constraints)


def test_a_unique_constraint_over_nothing_is_left_out() -> None:
    table = _table(sa.MetaData(), sa.UniqueConstraint())
    assert (primary_key("id"),) == model_to_schema(table).constraints


def test_a_constraint_that_an_event_adds_is_not_made_with_the_table_as_well() -> None:
    table = _table(sa.MetaData(), sa.CheckConstraint("amount > 0", name="positive"))
    (constraint,) = (c for c in table.constraints if isinstance(c, sa.CheckConstraint))
    added = AddConstraint(constraint).execute_if(dialect="postgresql")
    sa.event.listen(table, "after_create", added)
    frozen = assert_lossless(table)
    statement = "ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0)"
    assert (ddl_text("after_create", statement, ddl_if="postgresql"),) == frozen.ddl


def test_a_key_that_create_all_has_added_afterwards_is_kept() -> None:
    metadata = sa.MetaData()
    parent: Any = sa.Column("parent", sa.ForeignKey("orders.id", name="fk", use_alter=True))
    table = _table(metadata, parent)
    before = model_to_schema(table)
    engine = sa.create_mock_engine("postgresql+psycopg://", lambda *_, **__: None)
    metadata.create_all(engine, checkfirst=False)
    assert before == model_to_schema(table)


def test_a_check_that_an_applications_own_rule_makes_is_for_those_dialects() -> None:
    def for_oracle(compiler: Any) -> bool:
        return bool(compiler.dialect.name == "oracle")

    def make(rule: Any) -> sa.Table:
        return sa.Table(
            "servers",
            sa.MetaData(),
            sa.Column("options", sa.Text),
            sa.CheckConstraint("options IS JSON", name="is_json", _create_rule=rule),
        )

    original, frozen = make(for_oracle), model_to_schema(make(for_oracle))
    thawed = schema_to_table(frozen, sa.MetaData())
    for (
        dialect
    ) in DIALECTS.values():  # not assert_lossless: AddConstraint() of 2.0 replaces the rule
        expected = str(CreateTable(original).compile(dialect=dialect))
        assert expected == str(CreateTable(thawed).compile(dialect=dialect))
    assert frozen.constraints == (check("options IS JSON", name="is_json", ddl_if="oracle"),)
    assert model_to_schema(make(lambda _: False)).constraints == ()
