"""PostgreSQL: what is created from a value and read again is that value; real differences are found."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from alembic_moltres import TableSchema, check, foreign_key, index, primary_key, schema, unique
from alembic_moltres.datatypes import DataType
from alembic_moltres.dialects.base.reflection import reflect_database, table_keys
from tests.dialects.postgresql_law import create, differences
from tests.dialects.postgresql_shapes import (
    CHECKS,
    DEFAULTS,
    EXCLUDES,
    INDEXES,
    SHAPES,
    TYPES,
    c,
    things,
)


def assert_same(connection: sa.Connection, *tables: TableSchema) -> None:
    create(connection, *tables)
    assert differences(connection, *tables) == ()
    read = [
        each.table
        for schema in sorted({table.schema for table in tables}, key=str)
        for each in reflect_database(connection, table_keys(connection, [schema])).values()
    ]
    names = {**vars(schema), "Decimal": Decimal}
    assert [eval(repr(table), names) for table in read] == read
    assert differences(connection, *read) == ()


def read_types() -> list[str]:
    names, text = [], ""
    for part in TYPES.split():
        text = f"{text} {part}" if text else part
        try:
            names.append(str(DataType.parse(text)))
        except ValueError:
            continue
        text = ""
    return names


def version(connection: sa.Connection) -> int:
    return int((connection.dialect.server_version_info or (0,))[0])


MULTIRANGES, NULLS_NOT_DISTINCT, SET_NULL_COLUMNS = 14, 15, 15
"""The first version that has each."""

NND = "postgresql_nulls_not_distinct"


def test_a_column_of_any_type_is_the_same_when_read_again(pg_extended: sa.Connection) -> None:
    has_multiranges = version(pg_extended) >= MULTIRANGES
    types = [each for each in read_types() if has_multiranges or "MULTIRANGE" not in each]
    columns = [c(f"c{number}", type_) for number, type_ in enumerate(types)]
    assert_same(pg_extended, things(*columns))


def test_a_default_of_any_kind_is_the_same_when_read_again(pg_connection: sa.Connection) -> None:
    columns = [c(f"c{n}", type_, default=value) for n, (type_, value) in enumerate(DEFAULTS)]
    assert_same(pg_connection, things(*columns))


def test_a_check_of_any_kind_is_the_same_when_read_again(pg_connection: sa.Connection) -> None:
    columns = [c("a"), c("b", "VARCHAR(9)"), c("S", "ENUM('x','y',name='kinds')")]
    assert_same(pg_connection, things(*columns, *map(check, CHECKS), name="checked"))


def test_an_index_of_any_kind_is_the_same_when_read_again(pg_extended: sa.Connection) -> None:
    columns = [c("a"), c("B"), c("t", "TEXT"), c("j", "postgresql.JSONB")]
    indexes = [
        index(f"ix{n}", elements, *more[:1], dialect_options=(more[1:] or [{}])[0])
        for n, (elements, *more) in enumerate(INDEXES)
        if version(pg_extended) >= NULLS_NOT_DISTINCT or NND not in (more[1:] or [{}])[0]
    ]
    assert_same(pg_extended, things(*columns, *indexes))


def test_an_exclude_of_any_kind_is_the_same_when_read_again(pg_extended: sa.Connection) -> None:
    columns = [c("a"), c("t", "TEXT"), c("r", "postgresql.INT4RANGE")]
    assert_same(pg_extended, things(*columns, *EXCLUDES))


@pytest.mark.parametrize("table", SHAPES, ids=lambda table: table.name[:20])
def test_a_table_of_any_shape_is_the_same_when_read_again(
    pg_connection: sa.Connection, table: TableSchema
) -> None:
    if version(pg_connection) < NULLS_NOT_DISTINCT and NND in repr(table):
        pytest.skip("NULLS NOT DISTINCT is of PostgreSQL 15")
    assert_same(pg_connection, table)


def test_foreign_keys_are_the_same_when_read_again(pg_connection: sa.Connection) -> None:
    there = things(
        c("id"), c("b"), primary_key("id"), unique(["id", "b"]), name="There", schema="other"
    )
    here = things(c("id"), c("b"), primary_key("id"), unique(["id", "b"]), name="here")
    keys = [
        foreign_key("a", "There", "id", references_schema="other", on_delete="cascade"),
        foreign_key("a", "here", "id", name="fk", on_update="NO ACTION", on_delete="SET NULL"),
        foreign_key(
            ["a", "b"], "here", ["id", "b"], match="FULL", deferrable=True, initially="deferred"
        ),
        foreign_key("a", "things", "a", comment="self", name="fk_self"),
        foreign_key(
            "a", "here", "id", name="fk_nv", dialect_options={"postgresql_not_valid": True}
        ),
    ]
    if version(pg_connection) >= SET_NULL_COLUMNS:
        columns = ["a", "b"], "here", ["id", "b"]
        keys.append(foreign_key(*columns, match="SIMPLE", on_delete="SET NULL (b)", name="some"))
    assert_same(pg_connection, there, here, things(c("a"), c("b"), unique("a"), *keys))
