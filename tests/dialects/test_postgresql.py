"""PostgreSQL: what is created from a value and read again is that value; real differences are found."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from alembic_moltres import TableSchema, check, foreign_key, index, primary_key, schema, unique
from alembic_moltres.datatypes import DataType
from alembic_moltres.dialects.base.reflection import reflect_database
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
        for each in reflect_database(connection, schemas=[schema], include=lambda *_: True).values()
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


def test_a_column_of_any_type_is_the_same_when_read_again(pg_extended: sa.Connection) -> None:
    types = read_types()
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
    ]
    assert_same(pg_extended, things(*columns, *indexes))


def test_an_exclude_of_any_kind_is_the_same_when_read_again(pg_extended: sa.Connection) -> None:
    columns = [c("a"), c("t", "TEXT"), c("r", "postgresql.INT4RANGE")]
    assert_same(pg_extended, things(*columns, *EXCLUDES))


@pytest.mark.parametrize("table", SHAPES, ids=lambda table: table.name[:20])
def test_a_table_of_any_shape_is_the_same_when_read_again(
    pg_connection: sa.Connection, table: TableSchema
) -> None:
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
        foreign_key(
            ["a", "b"], "here", ["id", "b"], match="SIMPLE", on_delete="SET NULL (b)", name="some"
        ),
        foreign_key("a", "things", "a", comment="self", name="fk_self"),
        foreign_key(
            "a", "here", "id", name="fk_nv", dialect_options={"postgresql_not_valid": True}
        ),
    ]
    assert_same(pg_connection, there, here, things(c("a"), c("b"), unique("a"), *keys))
