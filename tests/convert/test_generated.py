from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.sql.elements import quoted_name

from alembic_moltres.convert import model_to_schema, schema_to_table
from alembic_moltres.schema import TableSchema, column, computed, identity, sequence
from tests.declarations import Guid
from tests.lossless import DIALECTS, assert_lossless, ddl


def _table(*columns: sa.Column[Any], **options: Any) -> sa.Table:
    return sa.Table("things", sa.MetaData(), *columns, **options)


def _beside(*items: Any) -> sa.Table:
    return _table(sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", *items))


AUTOINCREMENT: list[Any] = [
    pytest.param(lambda: [_pk()], id="serial"),
    pytest.param(lambda: [_pk(sa.BigInteger)], id="bigserial"),
    pytest.param(lambda: [_pk(sa.SmallInteger)], id="smallserial"),
    pytest.param(lambda: [_pk(default=5)], id="client-side-default"),
    pytest.param(lambda: [_pk(default=lambda: 5)], id="client-side-callable"),
    pytest.param(lambda: [_pk(default=sa.func.random())], id="client-side-function"),
    pytest.param(lambda: [_pk(default=5, autoincrement=True)], id="default-and-autoincrement"),
    pytest.param(lambda: [_pk(sa.Integer, sa.Sequence("s"))], id="sequence"),
    pytest.param(
        lambda: [_pk(sa.Integer, sa.Sequence("s", optional=True))], id="optional-sequence"
    ),
    pytest.param(lambda: [_pk(autoincrement=False)], id="no-autoincrement"),
    pytest.param(lambda: [_pk(autoincrement=True)], id="autoincrement"),
    pytest.param(lambda: [_pk(autoincrement="ignore_fk")], id="ignore-fk"),
    pytest.param(lambda: [_pk(server_default=sa.FetchedValue())], id="trigger"),
    pytest.param(
        lambda: [_pk(server_default=sa.FetchedValue(), autoincrement=True)],
        id="trigger-and-autoincrement",
    ),
    pytest.param(lambda: [_pk(server_default="5")], id="server-default"),
    pytest.param(
        lambda: [_pk(server_default=sa.Sequence("s").next_value())], id="next-value-of-a-sequence"
    ),
    pytest.param(
        lambda: [_pk(sa.Integer, sa.Sequence("s"), server_default=sa.Sequence("s").next_value())],
        id="sequence-on-both-sides",
    ),
    pytest.param(lambda: [_pk(), sa.Column("b", sa.Integer, primary_key=True)], id="composite"),
    pytest.param(
        lambda: [_pk(autoincrement=True), sa.Column("b", sa.Integer, primary_key=True)],
        id="composite-with-autoincrement",
    ),
    pytest.param(
        lambda: [
            sa.Column("b", sa.Integer, primary_key=True),
            _pk(autoincrement=True),
        ],
        id="composite-with-autoincrement-second",
    ),
    pytest.param(lambda: [_pk(sa.Integer, sa.ForeignKey("things.id"))], id="foreign-key"),
    pytest.param(
        lambda: [_pk(sa.Integer, sa.ForeignKey("things.id"), autoincrement="ignore_fk")],
        id="foreign-key-ignored",
    ),
    pytest.param(
        lambda: [_pk(sa.Integer, sa.ForeignKey("things.id"), autoincrement=True)],
        id="foreign-key-and-autoincrement",
    ),
    pytest.param(lambda: [_pk(sa.String(5))], id="string"),
    pytest.param(lambda: [_pk(sa.Numeric(10, 0), autoincrement=True)], id="numeric"),
    pytest.param(lambda: [_pk(sa.Numeric(10, 0))], id="numeric-auto"),
    pytest.param(lambda: [_pk(Guid)], id="decorated"),
    pytest.param(
        lambda: [_pk(sa.BigInteger().with_variant(sa.Integer, "sqlite"))], id="with-variant"
    ),
    pytest.param(
        lambda: [_pk(sa.Integer().with_variant(sa.String(5), "mysql"))], id="variant-is-a-string"
    ),
    pytest.param(
        lambda: [_pk(sa.String(5).with_variant(sa.Integer(), "mysql"))], id="variant-is-an-integer"
    ),
    pytest.param(lambda: [_pk(sa.Integer, sa.Identity(start=5))], id="identity"),
    pytest.param(lambda: [_pk(sa.Numeric(18, 0), sa.Identity())], id="numeric-identity"),
    pytest.param(lambda: [_pk(mssql_identity_start=5, mssql_identity_increment=2)], id="mssql"),
    pytest.param(lambda: [sa.Column("a", sa.Integer)], id="no-primary-key"),
    pytest.param(
        lambda: [sa.Column("a", sa.Integer, autoincrement=True)], id="autoincrement-without-a-key"
    ),
    pytest.param(
        lambda: [sa.Column("id", sa.Integer, primary_key=True, nullable=True)], id="nullable"
    ),
]


def _pk(type_: Any = sa.Integer, *items: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column("id", type_, *items, primary_key=True, **options)


@pytest.mark.filterwarnings("ignore:The dialect options 'mssql_identity_start'")
@pytest.mark.parametrize("columns", AUTOINCREMENT)
@pytest.mark.parametrize("options", [{}, {"sqlite_autoincrement": True}], ids=["plain", "sqlite"])
def test_what_counts_by_itself_counts_by_itself_afterwards(
    columns: Callable[[], list[sa.Column[Any]]], options: dict[str, Any]
) -> None:
    assert_lossless(_table(*columns(), **options))


GENERATED: list[Any] = [
    pytest.param(sa.Computed("id * 2"), computed("id * 2"), id="computed"),
    pytest.param(
        sa.Computed("id % 2", persisted=True), computed("id % 2", persisted=True), id="stored"
    ),
    pytest.param(sa.Computed("id", persisted=False), computed("id", persisted=False), id="virtual"),
    pytest.param(
        sa.Computed(sa.column("id") + 2), computed("id + 2"), id="computed-built-in-python"
    ),
    pytest.param(sa.Identity(), identity(), id="identity"),
    pytest.param(
        sa.Identity(
            always=True, start=1, increment=2, minvalue=0, maxvalue=99, cycle=True, cache=5
        ),
        identity(always=True, start=1, increment=2, minvalue=0, maxvalue=99, cycle=True, cache=5),
        id="everything-of-an-identity",
    ),
    pytest.param(
        sa.Identity(nominvalue=True, nomaxvalue=True, cycle=False),
        identity(nominvalue=True, nomaxvalue=True, cycle=False),
        id="no-bounds",
    ),
    pytest.param(sa.Sequence("s"), sequence("s"), id="sequence"),
    pytest.param(
        sa.Sequence(
            quoted_name("order", quote=True),
            start=1,
            increment=-1,
            minvalue=0,
            maxvalue=9,
            cycle=True,
            cache=5,
            schema="Other Schema",
            data_type=sa.BigInteger,
            optional=True,
        ),
        sequence(
            "order",
            start=1,
            increment=-1,
            minvalue=0,
            maxvalue=9,
            cycle=True,
            cache=5,
            schema="Other Schema",
            data_type="BIGINT",
            optional=True,
        ),
        id="everything-of-a-sequence",
    ),
]


@pytest.mark.parametrize(("given", "expected"), GENERATED)
def test_what_makes_a_columns_values_is_kept(given: Any, expected: object) -> None:
    last = assert_lossless(_beside(sa.Integer, given._copy())).columns[1]
    assert expected in (last.computed, last.identity, last.sequence)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")
@pytest.mark.parametrize("prefix", ["", "oracle_"])
def test_what_oracle_says_of_an_identity_is_one_thing_in_every_sqlalchemy(prefix: str) -> None:
    given = {f"{prefix}order": True, f"{prefix}on_null": True}
    try:
        made = sa.Identity(**given)
    except TypeError:
        pytest.skip("this SQLAlchemy spells it otherwise")
    frozen = assert_lossless(_beside(sa.Integer, made))
    assert identity(order=True, on_null=True) == frozen.columns[1].identity


@pytest.mark.parametrize("autoincrement", ["auto", False])
def test_what_a_value_says_of_a_numeric_key_is_kept(autoincrement: Any) -> None:
    counting = column("id", "DECIMAL(9,0)", primary_key=True, autoincrement=autoincrement)
    schema = TableSchema("t", [counting])
    assert schema == model_to_schema(schema_to_table(schema, sa.MetaData()))


def test_a_sequence_of_another_schema_than_its_table_is_kept() -> None:
    metadata = sa.MetaData(schema="shop")
    made = sa.Sequence("s", metadata=metadata)
    table = sa.Table("t", metadata, sa.Column("id", sa.Integer, made, primary_key=True))
    assert sequence("s", schema="shop") == assert_lossless(table).columns[0].sequence


def test_a_computed_column_in_a_primary_key_is_not_not_null_on_mariadb() -> None:
    table = _table(sa.Column("id", sa.Integer, sa.Computed("5"), primary_key=True))
    thawed = schema_to_table(model_to_schema(table), sa.MetaData())
    for dialect in DIALECTS.values():
        assert ddl(table, dialect) == ddl(thawed, dialect)
