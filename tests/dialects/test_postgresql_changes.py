"""PostgreSQL: every kind of change is found, and nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from alembic_moltres import (
    TableSchema,
    check,
    computed,
    exclude,
    foreign_key,
    identity,
    index,
    primary_key,
    sequence,
    sql,
    unique,
)
from tests.dialects.postgresql_law import create, differences
from tests.dialects.postgresql_shapes import c, things

A = [c("id", nullable=False), c("a"), c("t", "TEXT"), c("r", "postgresql.INT4RANGE")]
WHERE = {"postgresql_where": sql("a > 0")}


def ix(*elements: Any, name: str = "ix", unique: bool = False, **options: Any) -> TableSchema:
    given = {"with" if key == "storage" else key: value for key, value in options.items()}
    named = {f"postgresql_{key}": value for key, value in given.items()}
    return things(*A, index(name, list(elements or ["a"]), unique, dialect_options=named))


CHANGES: dict[str, tuple[TableSchema, TableSchema, str]] = {
    "longer": (things(c("v", "VARCHAR(5)")), things(c("v", "VARCHAR(9)")), "AlterColumn"),
    "no length": (things(c("v", "VARCHAR(5)")), things(c("v", "VARCHAR")), "AlterColumn"),
    "family": (things(c("v", "VARCHAR(5)")), things(c("v", "INTEGER")), "AlterColumn"),
    "bigger": (things(c("v")), things(c("v", "BIGINT")), "AlterColumn"),
    "precision": (things(c("v", "DECIMAL(5,2)")), things(c("v", "DECIMAL(6,2)")), "AlterColumn"),
    "scale": (things(c("v", "DECIMAL(5,2)")), things(c("v", "DECIMAL(5,1)")), "AlterColumn"),
    "zone": (
        things(c("v", "TIMESTAMP")),
        things(c("v", "TIMESTAMP(timezone=True)")),
        "AlterColumn",
    ),
    "float": (things(c("v", "REAL(3)")), things(c("v", "REAL")), "AlterColumn"),
    "collation": (things(c("v", "TEXT")), things(c("v", "TEXT(collation='C')")), "AlterColumn"),
    "json": (things(c("v", "JSON")), things(c("v", "postgresql.JSONB")), "AlterColumn"),
    "array": (
        things(c("v", "postgresql.ARRAY(INTEGER)")),
        things(c("v", "postgresql.ARRAY(BIGINT)")),
        "AlterColumn",
    ),
    "to array": (things(c("v")), things(c("v", "postgresql.ARRAY(INTEGER)")), "AlterColumn"),
    "not null": (things(c("v")), things(c("v", nullable=False)), "AlterColumn"),
    "null": (things(c("v", nullable=False)), things(c("v")), "AlterColumn"),
    "default": (things(c("v")), things(c("v", default=5)), "AlterColumn"),
    "no default": (things(c("v", default=5)), things(c("v")), "AlterColumn"),
    "other default": (
        things(c("v", "TEXT", default="a")),
        things(c("v", "TEXT", default="A")),
        "AlterColumn",
    ),
    "empty default": (things(c("v", "TEXT")), things(c("v", "TEXT", default="")), "AlterColumn"),
    "default expression": (
        things(c("v", "TIMESTAMP", default=sql.now())),
        things(c("v", "TIMESTAMP", default=sql("now() + '1 day'"))),
        "AlterColumn",
    ),
    "json default": (
        things(c("v", "JSON", default="{}")),
        things(c("v", "JSON", default='{"a": 1}')),
        "AlterColumn",
    ),
    "bool default": (
        things(c("v", "BOOLEAN", default=True)),
        things(c("v", "BOOLEAN", default=False)),
        "AlterColumn",
    ),
    "comment": (things(c("v", comment="a")), things(c("v", comment="b")), "AlterColumn"),
    "table comment": (things(comment="a"), things(), "SetComment"),
    "labels": (
        things(c("v", "ENUM('a','b',name='e')")),
        things(c("v", "ENUM('a','b','c',name='e')")),
        "AlterEnum",
    ),
    "label order": (
        things(c("v", "ENUM('a','b',name='e')")),
        things(c("v", "ENUM('b','a',name='e')")),
        "AlterEnum",
    ),
    "labels in an array": (
        things(c("v", "postgresql.ARRAY(ENUM('a',name='e'))")),
        things(c("v", "postgresql.ARRAY(ENUM('a','b',name='e'))")),
        "AlterEnum",
    ),
    "labels elsewhere": (
        things(c("v", "ENUM('a',name='e',schema='other')")),
        things(c("v", "ENUM('b',name='e',schema='other')")),
        "AlterEnum",
    ),
    "another enum": (
        things(c("v", "ENUM('a',name='e')")),
        things(c("v", "ENUM('a',name='f')")),
        "AlterColumn",
    ),
    "not native": (
        things(c("v", "ENUM('a','b',name='e')")),
        things(c("v", "ENUM('a','b',name='e',native_enum=False)")),
        "AlterColumn",
    ),
    "computed": (
        things(c("a"), c("g", computed=computed("a*2", persisted=True))),
        things(c("a"), c("g", computed=computed("a*3", persisted=True))),
        "AlterColumn",
    ),
    "computed no more": (
        things(c("a"), c("g", computed=computed("a*2", persisted=True))),
        things(c("a"), c("g")),
        "AlterColumn",
    ),
    "identity start": (
        things(c("v", nullable=False, identity=identity(start=1))),
        things(c("v", nullable=False, identity=identity(start=5))),
        "AlterColumn",
    ),
    "identity increment": (
        things(c("v", nullable=False, identity=identity())),
        things(c("v", nullable=False, identity=identity(increment=2))),
        "AlterColumn",
    ),
    "identity always": (
        things(c("v", nullable=False, identity=identity())),
        things(c("v", nullable=False, identity=identity(always=True))),
        "AlterColumn",
    ),
    "serial to identity": (
        things(c("id"), primary_key("id")),
        things(c("id", nullable=False, identity=identity()), primary_key("id")),
        "AlterColumn",
    ),
    "serial to plain": (
        things(c("id"), primary_key("id")),
        things(c("id", autoincrement=False), primary_key("id")),
        "AlterColumn",
    ),
    "plain to serial": (
        things(c("id", autoincrement=False), primary_key("id")),
        things(c("id"), primary_key("id")),
        "AlterColumn",
    ),
    "sequence": (
        things(
            c(
                "n",
                default=sql("nextval('numbers')"),
                sequence=sequence("numbers", start=7, increment=3),
            )
        ),
        things(
            c(
                "n",
                default=sql("nextval('numbers')"),
                sequence=sequence("numbers", start=7, increment=4),
            )
        ),
        "AlterSequence",
    ),
    "key columns": (
        things(*A, primary_key("id")),
        things(*A, primary_key(["id", "a"])),
        "DropConstraint AlterColumn AddConstraint",
    ),
    "key name": (
        things(*A, primary_key("id")),
        things(*A, primary_key("id", name="pk")),
        "AddConstraint",
    ),
    "unique": (things(*A), things(*A, unique("a")), "AddConstraint"),
    "no unique": (things(*A, unique("a")), things(*A), "DropConstraint"),
    "unique name": (
        things(*A, unique("a", name="u")),
        things(*A, unique("a", name="v")),
        "AddConstraint",
    ),
    "unique columns": (
        things(*A, unique(["a", "t"], name="u")),
        things(*A, unique(["t", "a"], name="u")),
        "AddConstraint",
    ),
    "deferrable": (
        things(*A, unique("a", name="u")),
        things(*A, unique("a", name="u", deferrable=True)),
        "AddConstraint",
    ),
    "initially": (
        things(*A, unique("a", deferrable=True)),
        things(*A, unique("a", deferrable=True, initially="DEFERRED")),
        "AddConstraint",
    ),
    "nulls": (
        things(*A, unique("a", name="u")),
        things(*A, unique("a", name="u", dialect_options={"postgresql_nulls_not_distinct": True})),
        "AddConstraint",
    ),
    "include": (
        things(*A, unique("a", name="u")),
        things(*A, unique("a", name="u", dialect_options={"postgresql_include": ["t"]})),
        "AddConstraint",
    ),
    "constraint comment": (
        things(*A, unique("a", name="u", comment="x")),
        things(*A, unique("a", name="u")),
        "AddConstraint",
    ),
    "check": (
        things(*A, check("a > 0", name="k")),
        things(*A, check("a > 1", name="k")),
        "AddConstraint",
    ),
    "check of labels": (
        things(c("v", "ENUM('a','b',name='e')"), check("v = 'a'", name="k")),
        things(c("v", "ENUM('a','b','c',name='e')"), check("v IN ('a', 'c')", name="k")),
        "AlterEnum AddConstraint",
    ),
    "unnamed check": (things(*A, check("a > 0")), things(*A, check("a > 1")), "AddConstraint"),
    "check name": (
        things(*A, check("a > 0", name="k")),
        things(*A, check("a > 0", name="l")),
        "AddConstraint",
    ),
    "check dropped": (things(*A, check("a > 0")), things(*A), "DropConstraint"),
    "exclude": (
        things(*A, exclude(("r", "&&"), name="x")),
        things(*A, exclude(("r", "&&"), ("r", "-|-"), name="x")),
        "AddConstraint",
    ),
    "exclude where": (
        things(*A, exclude(("r", "&&"), name="x")),
        things(*A, exclude(("r", "&&"), name="x", where=sql("a > 0"))),
        "AddConstraint",
    ),
    "on delete": (
        things(*A, primary_key("id"), foreign_key("a", "things", "id")),
        things(*A, primary_key("id"), foreign_key("a", "things", "id", on_delete="CASCADE")),
        "AddConstraint",
    ),
    "on update": (
        things(*A, primary_key("id"), foreign_key("a", "things", "id", on_update="SET NULL")),
        things(*A, primary_key("id"), foreign_key("a", "things", "id")),
        "AddConstraint",
    ),
    "foreign key": (
        things(*A, primary_key("id"), unique("a"), foreign_key("a", "things", "id", name="f")),
        things(*A, primary_key("id"), unique("a"), foreign_key("a", "things", "a", name="f")),
        "AddConstraint",
    ),
    "index": (things(*A), ix(), "CreateIndex"),
    "no index": (ix(), things(*A), "DropIndex"),
    "index name": (ix(), ix(name="jx"), "CreateIndex"),
    "index columns": (ix("a", "t"), ix("t", "a"), "CreateIndex"),
    "index unique": (ix(), ix(unique=True), "CreateIndex"),
    "index order": (ix(), ix(sql("a DESC")), "CreateIndex"),
    "index nulls": (ix(sql("a DESC")), ix(sql("a DESC NULLS LAST")), "CreateIndex"),
    "index expression": (ix(sql("lower(t)")), ix(sql("upper(t)")), "CreateIndex"),
    "index method": (ix(), ix(using="hash"), "CreateIndex"),
    "index predicate": (ix(where=sql("a > 0")), ix(where=sql("a > 1")), "CreateIndex"),
    "index predicate gone": (ix(where=sql("a > 0")), ix(), "CreateIndex"),
    "index include": (ix(), ix(include=["t"]), "CreateIndex"),
    "index class": (ix("t"), ix("t", ops={"t": "text_pattern_ops"}), "CreateIndex"),
    "index collation": (ix("t"), ix(sql('t COLLATE "C"')), "CreateIndex"),
    "index storage": (ix(), ix(storage={"fillfactor": 50}), "CreateIndex"),
    "index nulls not distinct": (
        ix(unique=True),
        ix(unique=True, nulls_not_distinct=True),
        "CreateIndex",
    ),
    "column": (things(c("a")), things(c("a"), c("b")), "AddColumn"),
    "no column": (things(c("a"), c("b")), things(c("a")), "DropColumn"),
    "partition": (
        things(c("a"), dialect_options={"postgresql_partition_by": "RANGE (a)"}),
        things(c("a"), dialect_options={"postgresql_partition_by": "LIST (a)"}),
        "SetOptions",
    ),
}


SWAPPED = {
    "AddConstraint": "DropConstraint AddConstraint",
    "CreateIndex": "DropIndex CreateIndex",
}
"""What replaces a thing by another."""


def kinds(changes: Any) -> str:
    found = []
    for change in changes:
        name = type(change).__name__
        found += (
            [type(each).__name__ for each in change.changes] if name == "AlterTable" else [name]
        )
    return " ".join(found)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_both_ways_and_only_it(
    pg_connection: sa.Connection,
    name: str,
) -> None:
    before, after, expected = CHANGES[name]
    create(pg_connection, before)
    found = kinds(differences(pg_connection, after))
    assert set(expected.split()) <= set(found.split()), found
    allowed = {
        expected,
        f"{expected} AlterColumn",  # of what a changed sequence fills
        SWAPPED.get(expected, ""),
        expected.replace("AddConstraint", SWAPPED["AddConstraint"]),
    }
    assert found in allowed
    assert differences(pg_connection, before) == ()


def test_a_sequence_that_is_not_there_is_found(pg_connection: sa.Connection) -> None:
    create(pg_connection, things(c("n")))
    desired = things(c("n", sequence=sequence("fresh")))
    assert kinds(differences(pg_connection, desired)) == "AlterColumn"
    pg_connection.exec_driver_sql("CREATE SEQUENCE fresh")
    assert differences(pg_connection, desired) == ()


def test_a_table_elsewhere_on_the_search_path_is_the_one_that_a_key_means(
    pg_connection: sa.Connection,
) -> None:
    pg_connection.exec_driver_sql("SET search_path = other, public")
    pg_connection.dialect.default_schema_name = "other"
    pg_connection.exec_driver_sql("CREATE TABLE public.there (id int PRIMARY KEY)")
    here = things(c("a"), foreign_key("a", "there", "id"), name="here")
    pg_connection.exec_driver_sql("CREATE TABLE here (a int REFERENCES there)")
    assert differences(pg_connection, here) == ()


def test_a_key_that_creating_folds_stands_if_it_was_added_later(
    pg_connection: sa.Connection,
) -> None:
    desired = things(c("a"), primary_key("a", name="p"), unique("a", name="u"))
    create(pg_connection, desired)
    assert differences(pg_connection, desired) == ()
    pg_connection.exec_driver_sql("ALTER TABLE things ADD CONSTRAINT u UNIQUE (a)")
    assert differences(pg_connection, desired) == ()
    assert (
        kinds(differences(pg_connection, things(c("a"), primary_key("a", name="p"))))
        == "DropConstraint"
    )


def test_a_named_item_is_not_taken_by_a_nameless_one(pg_connection: sa.Connection) -> None:
    desired = things(c("a"), check("a > 0"), check("a > 0", name="k"))
    create(pg_connection, desired)
    assert differences(pg_connection, desired) == ()
