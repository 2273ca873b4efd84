from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from alembic_moltres.convert import model_to_schema, schema_to_table
from alembic_moltres.convert.foreign_keys import STUB
from alembic_moltres.errors import (
    FreezeError,
    SchemaError,
    ThawError,
    UnknownTypeError,
    UnregisteredTypeError,
)
from alembic_moltres.schema import (
    TableSchema,
    column,
    conv,
    foreign_key,
    index,
    primary_key,
    quoted_name,
    unique,
)
from tests.lossless import assert_lossless

USERS = TableSchema(
    "users",
    [column("id", "INTEGER", primary_key=True), column("name", "VARCHAR(50)")],
    comment="real",
)


def _orders(*keys: Any, schema: str | None = None) -> TableSchema:
    columns = [column("id", "INTEGER"), column("user_id", "INTEGER"), column("other_id", "INTEGER")]
    return TableSchema("orders", columns, constraints=keys, schema=schema)


OPTIONS: list[Any] = [
    pytest.param({"comment": 'it\'s 100%\n"done"'}, id="comment"),
    pytest.param({"prefixes": ["TEMPORARY"]}, id="temporary"),
    pytest.param({"prefixes": ["UNLOGGED"]}, id="prefix"),
    pytest.param({"prefixes": ["GLOBAL", "TEMPORARY"]}, id="two-prefixes"),
    pytest.param(
        {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_row_format": "DYNAMIC"},
        id="mysql",
    ),
    pytest.param({"mariadb_engine": "Aria", "mysql_collate": "utf8_bin"}, id="mariadb"),
    pytest.param(
        {"mysql_partition_by": "HASH(id)", "mysql_partitions": "4", "mysql_comment": "it's"},
        id="mysql-partitions",
    ),
    pytest.param({"sqlite_autoincrement": True, "sqlite_with_rowid": False}, id="sqlite"),
    pytest.param({"sqlite_strict": True}, id="sqlite-strict"),
    pytest.param({"postgresql_partition_by": "RANGE (id)"}, id="partitions"),
    pytest.param({"postgresql_inherits": ("a", "B")}, id="inherits"),
    pytest.param({"postgresql_inherits": "a"}, id="inherits-one"),
    pytest.param(
        {"postgresql_using": "heap", "postgresql_with_oids": False, "postgresql_tablespace": "T"},
        id="postgresql",
    ),
    pytest.param(
        {"postgresql_on_commit": "PRESERVE ROWS", "prefixes": ["TEMPORARY"]}, id="on-commit"
    ),
    pytest.param({"oracle_compress": 6, "oracle_on_commit": "DELETE ROWS"}, id="oracle"),
    pytest.param({"oracle_compress": True}, id="oracle-compress"),
    pytest.param({"implicit_returning": False, "info": {"a": 1}}, id="not-in-ddl"),
    pytest.param({"quote": True, "quote_schema": True, "schema": "shop"}, id="quoted"),
]


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SADeprecationWarning")
@pytest.mark.parametrize("options", OPTIONS)
def test_a_table_is_kept_with_everything_said_of_it(options: dict[str, Any]) -> None:
    key = sa.Column("id", sa.Integer, primary_key=True)
    assert_lossless(sa.Table("t", sa.MetaData(), key, sa.Column("a", sa.Integer), **options))


def test_a_table_without_columns_is_kept() -> None:
    assert TableSchema("t", []) == assert_lossless(sa.Table("t", sa.MetaData()))


def test_a_temporary_table_says_so() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), prefixes=["TEMPORARY"])
    assert TableSchema("t", [column("a", "INTEGER")], temporary=True) == model_to_schema(table)


def test_the_tables_that_one_depends_on_are_kept_and_no_part_of_equality() -> None:
    metadata = sa.MetaData()
    roles, users = (
        sa.Table(name, metadata, schema=schema)
        for name, schema in (("roles", "app"), ("users", None))
    )
    table = sa.Table("a", metadata)
    plain = model_to_schema(table)
    table.add_is_dependent_on(users)
    table.add_is_dependent_on(roles)

    frozen = model_to_schema(table)

    assert plain == frozen
    assert "TableSchema('a', [], depends_on=[('app', 'roles'), 'users'])" == repr(frozen)
    assert frozen.depends_on == eval(repr(frozen)).depends_on
    other = sa.MetaData()
    for each in (roles, users):
        schema_to_table(model_to_schema(each), other)
    thawed = schema_to_table(frozen, other)
    assert frozen.depends_on == model_to_schema(thawed).depends_on
    assert ["app.roles", "users", "a"] == [each.fullname for each in other.sorted_tables]


@pytest.mark.parametrize("given", [[("a", "b", "c")], [5], [(1, 2)]])
def test_what_is_no_table_to_depend_on_is_refused(given: Any) -> None:
    with pytest.raises(SchemaError, match="write a table's name"):
        TableSchema("t", [], depends_on=given)


class Engine(sa.Constraint):
    """An item of a table as clickhouse-sqlalchemy has one."""

    def _set_parent(self, parent: Any, **_: Any) -> None:
        parent.engine = self


@pytest.mark.parametrize("of_column", [False, True])
def test_an_item_of_another_package_is_refused_and_not_dropped(*, of_column: bool) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    engine: Any = Engine()
    engine._set_parent_with_dispatch(table.c.a if of_column else table)
    with pytest.raises(FreezeError, match=r"t has a .*Engine as its engine, .* leave it out"):
        model_to_schema(table)


def test_an_absent_table_that_a_key_refers_to_gets_a_stub() -> None:
    metadata = sa.MetaData()
    key = foreign_key("user_id", "users", "id")
    schema_to_table(_orders(key), metadata)
    users = metadata.tables["users"]
    assert ["id"] == users.c.keys()
    assert users.info[STUB]


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        (None, "a.b"),
        ("shop", "users"),
        ("a.b", "users"),
        ("a.b", "c.d"),
        ("Shop", quoted_name("Users", quote=False)),
        (quoted_name("shop", quote=True), quoted_name("users", quote=True)),
    ],
)
def test_a_stub_has_the_name_that_the_key_says(schema: str | None, name: str) -> None:
    key = foreign_key("user_id", name, "x.y", references_schema=schema)
    table = schema_to_table(_orders(key, schema="own"), sa.MetaData())
    assert _orders(key, schema="own") == model_to_schema(table)
    assert repr(key) == repr(model_to_schema(table).constraints[0])
    real = sa.Table(str(name), sa.MetaData(), schema=schema).fullname
    assert {real, "own.orders"} == set(table.metadata.tables)


def test_two_keys_to_the_same_absent_table_share_a_stub() -> None:
    metadata = sa.MetaData()
    keys = foreign_key("user_id", "users", "id"), foreign_key("other_id", "users", "other")
    orders = schema_to_table(_orders(*keys), metadata)
    assert {"orders", "users"} == set(metadata.tables)
    assert ["id", "other"] == metadata.tables["users"].c.keys()
    assert set(keys) == set(model_to_schema(orders).constraints)


def test_a_later_call_replaces_a_stub_and_its_keys_point_to_the_real_table() -> None:
    metadata = sa.MetaData()
    schema = _orders(foreign_key(["user_id", "other_id"], "users", ["id", "name"]))
    orders = schema_to_table(schema, metadata)
    before = str(CreateTable(orders))
    users = schema_to_table(USERS, metadata)
    assert metadata.tables["users"] is users
    assert [users.c.id, users.c.name] == [
        key.column for key in orders.foreign_key_constraints.pop().elements
    ]
    assert [users, orders] == metadata.sorted_tables
    assert schema == model_to_schema(orders)
    assert before == str(CreateTable(orders))
    assert orders.join(users).onclause is not None


def test_a_stub_stays_a_stub_of_every_table_that_refers_to_it() -> None:
    metadata = sa.MetaData()
    first = schema_to_table(_orders(foreign_key("user_id", "users", "id")), metadata)
    other = TableSchema(
        "c", [column("x", "INTEGER")], constraints=[foreign_key("x", "users", "name")]
    )
    second = schema_to_table(other, metadata)
    users = schema_to_table(USERS, metadata)
    assert [users, users] == [
        element.column.table for table in (first, second) for element in table.foreign_keys
    ]


def test_a_table_that_replaces_its_stub_without_the_column_is_refused_and_the_stub_stays() -> None:
    metadata = sa.MetaData()
    orders = schema_to_table(_orders(foreign_key("user_id", "users", "nme")), metadata)
    with pytest.raises(ThawError, match=r"column 'nme' of 'users', .*; did you mean 'name'\?$"):
        schema_to_table(USERS, metadata)
    assert STUB in metadata.tables["users"].info
    assert str(CreateTable(orders))


def test_a_real_table_of_that_name_is_refused() -> None:
    metadata = sa.MetaData()
    schema_to_table(USERS, metadata)
    with pytest.raises(ThawError, match="has a table 'users' already; use another MetaData"):
        schema_to_table(USERS, metadata)


def test_a_table_that_cannot_be_thawed_leaves_the_metadata_as_it_was() -> None:
    metadata = sa.MetaData()
    schema_to_table(USERS, metadata)
    wrong = _orders(foreign_key("user_id", "users", "nme"))
    with pytest.raises(ThawError, match=r"column 'nme' of 'users'"):
        schema_to_table(wrong, metadata)
    with pytest.raises(UnknownTypeError, match="did you mean 'INTEGER'"):
        schema_to_table(TableSchema("t", [column("a", "INTEGR")]), metadata)
    assert ["users"] == list(metadata.tables)


def test_a_key_to_the_column_that_a_real_table_has_under_another_key_is_found() -> None:
    metadata = sa.MetaData()
    sa.Table("users", metadata, sa.Column("Id", sa.Integer, key="id", primary_key=True))
    orders = schema_to_table(_orders(foreign_key("user_id", "users", "Id")), metadata)
    assert 'REFERENCES users ("Id")' in str(CreateTable(orders))


def test_a_schema_of_the_metadata_is_not_given_to_a_table_that_has_none() -> None:
    metadata = sa.MetaData(schema="shop")
    schema = _orders(foreign_key("user_id", "users", "id"))
    orders = schema_to_table(schema, metadata)
    assert orders.schema is None
    assert schema == model_to_schema(orders)
    assert {"orders", "users"} == set(metadata.tables)


def test_an_enum_of_no_schema_stays_so_in_a_metadata_that_has_one() -> None:
    schema = TableSchema("t", [column("a", "ENUM('x',name='e')")], schema="own")
    table = schema_to_table(schema, sa.MetaData(schema="shop"))
    assert schema == model_to_schema(table)


def test_a_naming_convention_of_the_metadata_names_nothing() -> None:
    """The names were decided when the table was frozen."""
    convention = {"pk": "pk_%(table_name)s", "ck": "c_%(constraint_name)s", "uq": "u", "fk": "f"}
    metadata = sa.MetaData(naming_convention=convention)
    schema = TableSchema(
        "t",
        [column("a", "BOOLEAN"), column("b", "INTEGER")],
        constraints=[
            primary_key("a"),
            foreign_key("b", "t", "b"),
            foreign_key("b", "t", "b", name="named"),
        ],
    )
    assert schema == model_to_schema(schema_to_table(schema, metadata))


def test_a_key_without_a_column_name_means_the_column_of_its_own_name() -> None:
    table = sa.Table("orders", sa.MetaData(), sa.Column("id", sa.Integer, sa.ForeignKey("users")))
    assert (foreign_key("id", "users", "id"),) == model_to_schema(table).constraints


@pytest.mark.parametrize("target", ["users.id", "shop.users.id", "a.b.users.id"])
def test_a_key_to_an_absent_table_is_kept(target: str) -> None:
    table = sa.Table("orders", sa.MetaData(), sa.Column("id", sa.Integer, sa.ForeignKey(target)))
    *schema, name, referred = target.split(".")
    expected = foreign_key("id", name, referred, references_schema=".".join(schema) or None)
    assert (expected,) == model_to_schema(table).constraints


def test_a_key_to_a_column_that_is_not_there_is_refused() -> None:
    metadata = sa.MetaData()
    sa.Table("users", metadata, sa.Column("name", sa.Integer))
    table = sa.Table("orders", metadata, sa.Column("u", sa.Integer, sa.ForeignKey("users.nme")))
    match = (
        r"refers to 'users.nme', which has no such column \(at orders\.u\); did you mean 'name'\?"
    )
    with pytest.raises(FreezeError, match=match):
        model_to_schema(table)


def test_a_type_that_is_not_registered_is_refused_with_its_column() -> None:
    class Point(sa.types.UserDefinedType[Any]):
        """Has no text."""

    table = sa.Table("places", sa.MetaData(), sa.Column("where", Point()))
    match = (
        r"registered for Point\(\) \(at places\.where\); register one with register_type\(Point,"
    )
    with pytest.raises(UnregisteredTypeError, match=match):
        model_to_schema(table)


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        pytest.param(
            TableSchema("t", [], dialect_options={"postgresql_tablespac": "fast"}),
            "postgresql has no option 'postgresql_tablespac' (at the table 't'); "
            "did you mean 'postgresql_tablespace'?",
            id="table",
        ),
        pytest.param(
            TableSchema("t", [column("a", "TEXT", dialect_options={"sqlite_engine": "x"})]),
            "sqlite has no option 'sqlite_engine' (at t.a); leave it out",
            id="column",
        ),
        pytest.param(
            TableSchema(
                "t",
                [column("a", "TEXT")],
                constraints=[unique("a", dialect_options={"sqlite_on_conflct": "FAIL"})],
            ),
            "sqlite has no option 'sqlite_on_conflct' (at the unique constraint on (a) of the "
            "table 't'); did you mean 'sqlite_on_conflict'?",
            id="constraint",
        ),
        pytest.param(
            TableSchema(
                "t",
                [column("a", "TEXT")],
                indexes=[index("i", "a", dialect_options={"mysql_lenght": 5})],
            ),
            "mysql has no option 'mysql_lenght' (at the index 'i' of the table 't'); "
            "did you mean 'mysql_length'?",
            id="index",
        ),
    ],
)
def test_an_option_that_a_dialect_does_not_have_is_refused(
    schema: TableSchema, message: str
) -> None:
    metadata = sa.MetaData()
    with pytest.raises(ThawError) as caught:
        schema_to_table(schema, metadata)
    assert message == str(caught.value)
    assert not metadata.tables


@pytest.mark.filterwarnings("ignore:Can't validate argument 'nodb_fast'")
def test_an_option_of_a_dialect_that_is_not_installed_is_kept() -> None:
    schema = TableSchema("t", [column("a", "TEXT")], dialect_options={"nodb_fast": True})
    assert schema == model_to_schema(schema_to_table(schema, sa.MetaData()))


def test_a_long_name_may_be_shortened_only_if_it_says_so() -> None:
    key = primary_key("a", name=conv("p" * 70))
    schema = TableSchema("t", [column("a", "VARCHAR(5)", nullable=False)], constraints=[key])
    table = schema_to_table(schema, sa.MetaData())
    assert schema == model_to_schema(table)
    assert isinstance(model_to_schema(table).constraints[0].name, conv)


def test_moltres_own_value_is_refused_by_name() -> None:
    moltres_schema: Any = pytest.importorskip("moltres.table.schema")
    value = moltres_schema.TableSchema("t", [moltres_schema.column("id", "INTEGER")])
    with pytest.raises(
        ThawError, match=r"moltres\.\S+ is not an alembic_moltres.TableSchema .at schema_to"
    ):
        schema_to_table(value, sa.MetaData())
