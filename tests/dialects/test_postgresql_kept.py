"""What no model states of a column, an index or a type, kept where a statement would lose it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from alembic_moltres import column, computed, index, unique
from tests.operations.circle import execute, read
from tests.operations.context import offline, run

CREATED = (
    (
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, b varchar(9), g text "
        "GENERATED ALWAYS AS (a || 'x') STORED, CONSTRAINT u UNIQUE (a))"
    ),
    "CREATE UNIQUE INDEX ix ON t (a)",
    "INSERT INTO t VALUES (1, 'a', 'b')",
)
OF_COLUMN = (
    "ALTER TABLE t ALTER g SET STATISTICS 44, ALTER g SET (n_distinct=3), ALTER g SET STORAGE EXTERNAL",
    "GRANT SELECT (g), UPDATE (g) ON t TO pg_monitor",
    "CREATE STATISTICS s (ndistinct) ON a, g FROM t",
    "COMMENT ON STATISTICS s IS 'it''s 5%'",
)
PROPERTIES = """
SELECT a.attstattarget::int, (SELECT o.option_value FROM pg_options_to_table(a.attoptions) o WHERE o.option_name = 'n_distinct'), a.attstorage::text, to_jsonb(a) ->> 'attcompression', a.attacl::text,
    (SELECT string_agg(pg_get_statisticsobjdef(s.oid) || obj_description(s.oid), ',') FROM pg_statistic_ext s)
FROM pg_attribute a WHERE a.attrelid = 't'::regclass AND a.attname = 'g'
"""
INDEXES = """
SELECT c.relname::text, i.indisclustered, i.indisreplident FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = 't'::regclass ORDER BY 1
"""


def recreated(op: Any) -> None:
    old, new = (
        column("g", "TEXT", computed=computed(f"a || '{end}'", persisted=True)) for end in "xy"
    )
    with op.moltres_alter_table("t") as t:
        t.rename_column("g", "g%:")
        t.rename_column("g%:", "g")
        t.alter_column(old, new)


@pytest.mark.parametrize("sql", [False, True], ids=["online", "offline"])
def test_a_generated_column_that_is_made_anew_keeps_what_no_model_states(
    pg_engine: sa.Engine, *, sql: bool
) -> None:
    execute(pg_engine, *CREATED, *OF_COLUMN)
    before = read(pg_engine, PROPERTIES)
    if sql:
        execute(pg_engine, offline(pg_engine.url, recreated))
    else:
        run(pg_engine, recreated)
    assert [("ay",)] == read(pg_engine, "SELECT g FROM t")
    assert before == read(pg_engine, PROPERTIES)


def test_a_column_of_another_type_keeps_its_storage_if_the_type_has_any(
    pg_engine: sa.Engine,
) -> None:
    with pg_engine.connect() as connection:
        compresses = (connection.dialect.server_version_info or (0,)) >= (14,)
    execute(pg_engine, *CREATED, "ALTER TABLE t ALTER b SET STORAGE EXTERNAL")
    if compresses:
        execute(pg_engine, "ALTER TABLE t ALTER b SET COMPRESSION pglz")

    def to(type_: str, before: str = "VARCHAR(9)") -> Any:
        def script(op: Any) -> None:
            with op.moltres_alter_table("t") as t:
                t.rename_column("b", "c")
                t.alter_column(column("c", before), column("c", type_))
                t.rename_column("c", "b")

        return script

    stored = (
        "SELECT attstorage::text, to_jsonb(a) ->> 'attcompression' FROM pg_attribute AS a "
        "WHERE attrelid = 't'::regclass AND attname = 'b'"
    )
    run(pg_engine, to("TEXT"))
    assert [("e", "p" if compresses else None)] == read(pg_engine, stored)
    execute(pg_engine, "UPDATE t SET b = '1'")
    run(pg_engine, to("INTEGER", "TEXT"))
    assert [("p", "" if compresses else None)] == read(pg_engine, stored)


def test_an_index_that_is_made_anew_stays_what_cluster_and_the_replica_identity_name(
    pg_engine: sa.Engine,
) -> None:
    execute(
        pg_engine,
        *CREATED,
        "ALTER TABLE t CLUSTER ON u",
        "ALTER TABLE t REPLICA IDENTITY USING INDEX ix",
    )
    before = read(pg_engine, INDEXES)

    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as t:
            t.drop_index(index("ix", "a", unique=True))
            t.drop_constraint(unique("a", name="u"))
            t.add_constraint(unique(["a", "id"], name="u"))
            t.create_index(index("ix", ["a", "id"], unique=True))

    run(pg_engine, script)
    assert before == read(pg_engine, INDEXES)


def test_new_labels_keep_keys_and_what_no_model_states_of_the_columns(pg_engine: sa.Engine) -> None:
    execute(
        pg_engine,
        "CREATE TYPE mood AS ENUM ('a', 'b', 'c')",
        "CREATE TABLE p (m mood PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY, m mood CONSTRAINT fk REFERENCES p ON DELETE CASCADE, a mood[], g text NOT NULL "
        "GENERATED ALWAYS AS (CASE m WHEN 'a' THEN 'x' ELSE 'y' END) STORED, CONSTRAINT u UNIQUE (g))",
        "COMMENT ON CONSTRAINT fk ON t IS 'kept'",
        "CREATE UNIQUE INDEX ix ON t (id, g)",
        "ALTER TABLE t ALTER g SET STATISTICS 44, ALTER g SET STORAGE EXTERNAL, ALTER a SET STORAGE EXTERNAL",
        "GRANT SELECT (g) ON t TO pg_monitor",
        "ALTER TABLE t CLUSTER ON u",
        "ALTER TABLE t REPLICA IDENTITY USING INDEX ix",
        "INSERT INTO p VALUES ('a')",
        "INSERT INTO t VALUES (1, 'a', '{a}')",
    )
    keys = """SELECT pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE contype = 'f'"""
    stored = (
        "SELECT attstorage::text FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'a'"
    )
    before = [read(pg_engine, each) for each in (PROPERTIES, INDEXES, keys, stored)]
    run(
        pg_engine,
        lambda op: op.moltres_alter_enum(
            "ENUM('a','b','c',name='mood')", "ENUM('a','b',name='mood')"
        ),
    )
    assert before == [read(pg_engine, each) for each in (PROPERTIES, INDEXES, keys, stored)]
