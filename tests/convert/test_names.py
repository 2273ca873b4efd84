from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.sql.elements import conv, quoted_name

from alembic_moltres.convert import model_to_schema
from alembic_moltres.errors import FreezeError
from tests.lossless import assert_lossless

NAMES = [
    pytest.param("plain", id="plain"),
    pytest.param("Mixed", id="mixed-case"),
    pytest.param("order", id="reserved"),
    pytest.param("Größe", id="non-ascii"),
    pytest.param('a "b" `c` [d]', id="quotes"),
    pytest.param("it's 100%", id="percent"),
    pytest.param("%(table)s", id="looks-like-a-token"),
    pytest.param("a:b\\c", id="colon"),
    pytest.param("a\nb", id="newline"),
    pytest.param("with space", id="space"),
    pytest.param("a.b", id="dot"),
    pytest.param("_x", id="underscore"),
    pytest.param("1st", id="digit"),
    pytest.param("t$", id="dollar"),
    pytest.param("x" * 100, id="long"),
    pytest.param(quoted_name("plain", quote=True), id="always-quoted"),
    pytest.param(quoted_name("Mixed", quote=False), id="never-quoted"),
    pytest.param(quoted_name("Mixed", quote=None), id="quoted-as-needed"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "schema", [None, "shop", "Odd Schema", "a.b", quoted_name("s", quote=True)]
)
def test_a_tables_names_are_kept(name: str, schema: str | None) -> None:
    table = sa.Table(
        name,
        sa.MetaData(),
        sa.Column(name, sa.Integer, primary_key=True),
        sa.Column("other", sa.Integer, index=len(name) < 20, unique=len(name) < 20),
        sa.CheckConstraint("1 = 1", name=name),
        schema=schema,
        comment="it's 100%\n'",
    )
    assert_lossless(table)


@pytest.mark.parametrize("name", NAMES)
def test_a_table_that_refers_to_itself_keeps_its_name(name: str) -> None:
    table = sa.Table(name, sa.MetaData(), sa.Column(name, sa.Integer, primary_key=True))
    table.append_constraint(sa.ForeignKeyConstraint([table.c[name]], [table.c[name]]))
    assert_lossless(table)


@pytest.mark.parametrize("quote_schema", [True, False, None])
def test_a_schemas_quoting_is_kept(*, quote_schema: bool | None) -> None:
    options: dict[str, Any] = {"schema": "Shop", "quote_schema": quote_schema, "quote": True}
    assert_lossless(sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), **options))


def test_a_schema_of_the_metadata_is_the_tables_own() -> None:
    metadata = sa.MetaData(schema="shop")
    sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
    table = sa.Table("orders", metadata, sa.Column("user_id", sa.ForeignKey("shop.users.id")))
    assert "shop" == assert_lossless(table).schema


def test_no_schema_is_said_by_blank_schema() -> None:
    metadata = sa.MetaData(schema="shop")
    table = sa.Table("t", metadata, sa.Column("a", sa.Integer), schema=sa.BLANK_SCHEMA)
    assert assert_lossless(table).schema is None


def _upper(constraint: sa.Constraint, table: sa.Table) -> str:
    return f"{table.name.upper()}_{len(list(constraint.columns))}"  # type: ignore[attr-defined]


CONVENTIONS: list[Any] = [
    pytest.param(
        {
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        },
        id="of-the-alembic-manual",
    ),
    pytest.param(
        {
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(column_0N_name)s_%(upper)s",
            "fk": "fk_%(referred_column_0_name)s_%(column_0_key)s",
            "upper": _upper,
        },
        id="own-token",
    ),
    pytest.param(
        {"pk": "`%(table_name)s`_'pk'_100%%", "ck": "ck_%(constraint_name)s", "ix": "%%"},
        id="quotes",
    ),
    pytest.param(
        {sa.UniqueConstraint: "by_class_%(table_name)s", sa.Index: "%(column_0_name)s"},
        id="by-class",
    ),
    pytest.param(
        {"uq": "uq_%(table_name)s_" + "x" * 70, "pk": "p" * 64, "ix": "i" * 63}, id="long"
    ),
]


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("schema", [None, "shop"])
def test_a_name_is_kept_as_its_convention_decided_it(
    convention: dict[Any, Any], schema: str | None
) -> None:
    metadata = sa.MetaData(naming_convention=convention)
    table = sa.Table(
        "orders",
        metadata,
        sa.Column("Id", sa.Integer, primary_key=True, key="id"),
        sa.Column("code", sa.String(5), unique=True),
        sa.Column("day", sa.Integer, index=True),
        sa.Column("flag", sa.Boolean(name="flag", create_constraint=True)),
        sa.Column("x", sa.Integer, sa.CheckConstraint("x > 0", name="positive")),
        sa.CheckConstraint("day > 0", name="day"),
        sa.CheckConstraint("day > 1", name=conv("as_it_is")),
        schema=schema,
    )
    table.append_constraint(sa.ForeignKeyConstraint([table.c.day], [table.c.id]))
    assert_lossless(table)


def test_a_convention_that_needs_a_name_is_told_so() -> None:
    metadata = sa.MetaData(naming_convention={"ck": "ck_%(constraint_name)s"})
    table = sa.Table("t", metadata, sa.Column("a", sa.Boolean(create_constraint=True)))
    with pytest.raises(
        FreezeError, match=r"cannot name CheckConstraint \(at t\): .*; give it a na"
    ):
        model_to_schema(table)
    native = sa.create_mock_engine("postgresql+psycopg://", print).dialect
    assert () == model_to_schema(table, dialects=[native]).constraints


@pytest.fixture
def listeners() -> Iterator[None]:
    """Name every key, check and index when it is attached, as applications do for all of them."""

    def rename(item: Any, table: sa.Table) -> None:
        if isinstance(table, sa.Table):
            item.name = f"{item.name or 'none'}_{table.name}"

    kinds = [
        *(sa.PrimaryKeyConstraint, sa.UniqueConstraint, sa.ForeignKeyConstraint),
        *(sa.CheckConstraint, sa.Index),
    ]
    for kind in kinds:
        sa.event.listen(kind, "after_parent_attach", rename)
    yield
    for kind in kinds:
        sa.event.remove(kind, "after_parent_attach", rename)


@pytest.mark.usefixtures("listeners")
@pytest.mark.parametrize("implicit", [True, False])
def test_a_name_that_a_listener_gave_is_given_once(*, implicit: bool) -> None:
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("a", sa.Integer, primary_key=implicit),
        sa.Column("b", sa.ForeignKey("t.a"), index=True),
        sa.UniqueConstraint("b"),
        sa.CheckConstraint("b > 0", name="positive"),
        *([] if implicit else [sa.PrimaryKeyConstraint("a")]),
    )
    assert_lossless(table)
