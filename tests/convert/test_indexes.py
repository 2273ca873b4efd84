from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import conv, quoted_name

from alembic_moltres.convert import model_to_schema, schema_to_table
from alembic_moltres.errors import FreezeError
from alembic_moltres.schema import TableSchema, column, index, sql
from tests.lossless import assert_lossless

_index: Any = sa.Index
Attach = Callable[[sa.Table], Any]


def _table(attach: Attach, **options: Any) -> sa.Table:
    table = sa.Table(
        "users",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50)),
        sa.Column("age", sa.Integer),
        sa.Column("Größe", sa.Integer, key="size"),
        sa.Column("order", sa.Text),
        sa.Column("extra", sa.JSON().with_variant(postgresql.JSONB, "postgresql")),
        **options,
    )
    attach(table)
    return table


INDEXES: list[Any] = [
    pytest.param(lambda t: sa.Index("i", t.c.name), id="column"),
    pytest.param(lambda t: sa.Index("i", t.c.name, t.c.age, unique=True), id="unique"),
    pytest.param(
        lambda t: sa.Index("i", mssql_columnstore=True, mssql_clustered=True, _table=t),
        id="columnstore-of-the-whole-table",
    ),
    pytest.param(lambda t: sa.Index("i", t.c.size), id="column-whose-key-is-another"),
    pytest.param(lambda t: sa.Index("i", t.c.order), id="reserved-column"),
    pytest.param(lambda t: sa.Index("i", t.c.age.desc()), id="descending"),
    pytest.param(lambda t: sa.Index("i", t.c.age.desc().nulls_last()), id="nulls-last"),
    pytest.param(lambda t: sa.Index("i", t.c.age.asc().nulls_first(), "name"), id="nulls-first"),
    pytest.param(lambda t: sa.Index("i", sa.func.lower(t.c.name)), id="function"),
    pytest.param(lambda t: sa.Index("i", sa.func.lower(t.c.name).desc()), id="function-descending"),
    pytest.param(lambda t: sa.Index("i", sa.func.coalesce(t.c.name, "it's 5%")), id="literal"),
    pytest.param(lambda t: sa.Index("i", t.c.age + 1), id="arithmetic"),
    pytest.param(lambda t: sa.Index("i", t.c.age % 10), id="modulo"),
    pytest.param(lambda t: sa.Index("i", t.c.name.collate("C")), id="collate"),
    pytest.param(lambda t: sa.Index("i", sa.cast(t.c.age, sa.String(5))), id="cast"),
    pytest.param(lambda t: sa.Index("i", sa.text("lower(name)")), id="text"),
    pytest.param(lambda t: sa.Index("i", sa.text("name DESC"), t.c.age), id="text-descending"),
    pytest.param(
        lambda t: t.append_constraint(sa.Index("i", sa.text("lower(name) text_pattern_ops"))),
        id="text-appended",
    ),
    pytest.param(
        lambda t: sa.Index(
            "i",
            sa.func.to_tsvector(sa.literal_column("'english'"), t.c.name),
            postgresql_using="gin",
        ),
        id="text-search",
    ),
    pytest.param(
        lambda t: (
            sa.Index("i", t.c.extra["a"]["b"].astext)
            if hasattr(t.c.extra["a"], "astext")
            else sa.Index("i", t.c.extra["a"])
        ),
        id="json-path",
    ),
    pytest.param(
        lambda t: sa.Index("i", sa.case((t.c.age > 3, t.c.name), else_=sa.null())), id="case"
    ),
    pytest.param(lambda t: sa.Index("i", t.c.age.is_(None)), id="is-null"),
    pytest.param(lambda t: sa.Index("i", (t.c.age + 1).label("next")), id="label"),
    pytest.param(
        lambda t: sa.Index("i", (t.c.age + 1).label("n"), postgresql_ops={"n": "int4_ops"}),
        id="operator-class-of-a-label",
    ),
    pytest.param(
        lambda t: sa.Index(
            "i", t.c.name, t.c.size, postgresql_ops={"name": "text_ops", "size": "int4_ops"}
        ),
        id="operator-classes-by-key",
    ),
    pytest.param(
        lambda t: sa.Index("i", t.c.name.desc(), postgresql_ops={"name": "text_ops"}),
        id="operator-class-of-a-descending-column",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", postgresql_using="gin", postgresql_ops={"name": "g"}),
        id="gin",
    ),
    pytest.param(
        lambda t: sa.Index(
            "i", "name", postgresql_using="brin", postgresql_with={"pages_per_range": 32, "a": "on"}
        ),
        id="storage-parameters",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", postgresql_include=["age", "size"], mssql_include=["size"]),
        id="include-by-key",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", postgresql_include=[t.c.age, t.c.size]),
        id="include-by-column",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", unique=True, postgresql_nulls_not_distinct=True),
        id="nulls-not-distinct",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", postgresql_nulls_not_distinct=False), id="nulls-distinct"
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", postgresql_tablespace="Fast Disk"), id="tablespace"
    ),
    pytest.param(lambda t: sa.Index("i", "name", postgresql_concurrently=True), id="concurrently"),
    pytest.param(
        lambda t: sa.Index("i", "name", postgresql_where=t.c.age > 5, sqlite_where=t.c.age > 6),
        id="two-predicates",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", postgresql_where=sa.text("age % 2 = 0 AND name LIKE 'a%'")),
        id="predicate-text",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", postgresql_where=t.c.age, sqlite_where=t.c.age),
        id="predicate-column",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", postgresql_where="age > 5"), id="predicate-string"
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", postgresql_where=t.c.name.notin_(["new", "50%"])),
        id="predicate-not-in",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", mssql_where=t.c.name == "it's", mssql_clustered=True),
        id="mssql",
    ),
    pytest.param(
        lambda t: sa.Index(
            "i", "name", mysql_length=10, mysql_using="hash", mysql_prefix="FULLTEXT"
        ),
        id="mysql",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", "order", mysql_length={"name": 5}, mariadb_length=7),
        id="mysql-length-by-column",
    ),
    pytest.param(
        lambda t: sa.Index("i", t.c.size, mysql_length={"Größe": 5}), id="mysql-length-by-name"
    ),
    pytest.param(
        lambda t: sa.Index("i", sa.func.lower(t.c.name), "order", mysql_length={"order": 5}),
        id="mysql-length-beside-an-expression",
    ),
    pytest.param(
        lambda t: sa.Index("i", sa.func.lower(t.c.name), mysql_length={"lower(name)": 5}),
        id="mysql-length-of-an-expression",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", mysql_prefix="FULLTEXT", mysql_with_parser="ngram"),
        id="mysql-parser",
    ),
    pytest.param(
        lambda t: sa.Index("i", "name", oracle_bitmap=True, oracle_compress=1), id="oracle"
    ),
    pytest.param(lambda t: sa.Index("Odd \"%s' name", "name"), id="odd-name"),
    pytest.param(lambda t: sa.Index(quoted_name("i", quote=True), "name"), id="quoted-name"),
    pytest.param(lambda t: sa.Index(conv("x" * 80), "name"), id="long-conv-name"),
    pytest.param(lambda t: sa.Index("x" * 80, "name"), id="long-plain-name"),
    pytest.param(lambda t: sa.Index("i", "name", info={"a": 1}), id="info"),
    pytest.param(lambda t: sa.Index("i", "name").ddl_if(dialect="mysql"), id="ddl-if"),
    pytest.param(
        lambda t: (
            sa.Index("i", "name").ddl_if(dialect="mysql"),
            _index("i", "age").ddl_if(dialect=["sqlite", "oracle"]),
        ),
        id="one-name-on-two-dialects",
    ),
    pytest.param(
        lambda t: _index("i", t.c.age).ddl_if(
            callable_=lambda ddl, target, bind, *, dialect, **_: (
                dialect.name == target.name * 0 or dialect.name.startswith("m")
            )
        ),
        id="ddl-if-callable",
    ),
    pytest.param(lambda t: sa.Index("i", sa.true()), id="true"),
]


@pytest.mark.parametrize("attach", INDEXES)
def test_an_index_is_kept_in_every_dialects_words(attach: Attach) -> None:
    table = _table(lambda _: None)
    made = attach(table)
    for each in made if isinstance(made, tuple) else (made,):
        if each is not None and each.table is None:
            each._set_parent_with_dispatch(table)
    frozen = assert_lossless(table)
    assert frozen.indexes


@pytest.mark.parametrize("schema", ["shop", "Shop.2024"])
def test_an_index_of_a_table_in_a_schema_is_kept(schema: str) -> None:
    assert_lossless(_table(lambda t: sa.Index("i", t.c.name.desc(), "age"), schema=schema))


def test_an_index_of_a_table_with_another_name_for_its_columns_is_kept() -> None:
    """A column's key may be another column's name."""
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("a", sa.String(9), key="b"),
        sa.Column("b", sa.String(9), key="a"),
        sa.Index("i", "a", postgresql_include=["b"], mysql_length={"b": 5}),
        sa.Index("j", "b", postgresql_ops={"b": "text_ops"}),
    )
    first, second = assert_lossless(table).indexes
    options = {"postgresql_include": ["a"], "mysql_length": {"b": 5}}
    assert index("i", "b", dialect_options=options) == first
    assert index("j", "a", dialect_options={"postgresql_ops": {"a": "text_ops"}}) == second


def test_indexes_stand_in_the_order_of_their_names() -> None:
    table = _table(lambda t: [sa.Index(name, t.c.age) for name in ("c", "a", "b")])
    assert ["a", "b", "c"] == [each.name for each in model_to_schema(table).indexes]


def test_an_expression_names_the_dialects_that_write_it_otherwise() -> None:
    table = _table(lambda t: sa.Index("i", sa.func.lower(t.c.name)))
    (frozen,) = model_to_schema(table).indexes
    assert index("i", sql("lower(name)", mysql="(lower(name))", mariadb="(lower(name))")) == frozen


def test_an_index_without_a_name_is_refused() -> None:
    metadata = sa.MetaData(naming_convention={"uq": "uq_%(table_name)s"})
    table = sa.Table("t", metadata, sa.Column("a", sa.Integer, index=True))
    with pytest.raises(FreezeError, match=r"^an index on a has no name \(at t\); name it, or"):
        model_to_schema(table)


def test_an_index_without_elements_is_refused() -> None:
    table = _table(lambda t: sa.Index("i", _table=t))
    with pytest.raises(FreezeError, match=r"^the index 'i' has no elements \(at users\); name at"):
        model_to_schema(table)


def test_an_index_element_may_be_text_of_one_dialect() -> None:
    schema = TableSchema(
        "t",
        [column("a", "INTEGER")],
        indexes=[index("i", [sql("a DESC", mssql="a"), "a"], unique=True)],
    )
    assert schema == model_to_schema(schema_to_table(schema, sa.MetaData()))
