"""The table of facts beside what PostgreSQL does: locks held, file nodes changed, scans counted."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic_moltres.dialects.base.facts import Facts, Work
from alembic_moltres.dialects.base.registry import impl_of
from alembic_moltres.dialects.postgresql.facts import facts_of
from alembic_moltres.dialects.postgresql.type_facts import (
    Conversion,
    conversion_of,
    has_value_for_each_row,
)
from alembic_moltres.diff import AddConstraint, AlterTable, Change, TableKey
from alembic_moltres.schema import SQL, ForeignKeyConstraint, TableSchema, check, column
from tests.circles.cases import POSTGRESQL, Case
from tests.circles.test_changes import prepared
from tests.dialects.measured_facts import Measured, measured_on_postgresql, parameters


def referred(change: Change, tables: Any) -> set[TableKey]:
    """Return the tables whose keys are looked up when a foreign key is checked."""
    found = set()
    inside = change.changes if isinstance(change, AlterTable) else (change,)
    keys = [each.sides()[1] for each in inside]
    keys += [key for table in tables.values() for key in table.constraints]
    for key in keys:
        if isinstance(key, ForeignKeyConstraint):
            found.add((key.references_schema, str(key.references_table)))
    return found


def agreeing(facts: Facts, measured: Measured, looked_up: set[TableKey]) -> Measured:
    """Return the facts as they would be measured.

    The planner decides how the keys of a foreign key are looked up; where there was no row with
    NULL, none is filled.
    """
    found = {}
    for key, fact in facts.items():
        lock, work = fact.lock.name, fact.work
        there = measured.get(key, ("", Work.NOTHING))[1]
        if key in looked_up and (work, there) == (Work.NOTHING, Work.SCAN):
            work = Work.SCAN
        if "NULL" in fact.note and work == Work.UPDATE:
            work = max(there, Work.SCAN)
        found[key] = (lock, work)
    return found


@pytest.mark.parametrize("case", list(parameters(POSTGRESQL)))
def test_locks_and_rewrites_are_as_the_facts_say(case: Case, pg_engine: sa.Engine) -> None:
    engine = prepared(case, pg_engine)
    for change, tables, measured in measured_on_postgresql(case, engine, "Europe/Berlin"):
        with engine.connect() as connection:
            facts = impl_of(connection.dialect).facts(change, tables)
        assert facts is not None
        assert agreeing(facts, measured, referred(change, tables)) == measured, change


CONVERSIONS = [
    ("VARCHAR(10)", "VARCHAR(20)"),
    ("VARCHAR(10)", "VARCHAR"),
    ("VARCHAR", "VARCHAR(10)"),
    ("VARCHAR(10)", "TEXT"),
    ("TEXT", "VARCHAR"),
    ("TEXT", "VARCHAR(10)"),
    ("CHAR(5)", "CHAR(9)"),
    ("CHAR(5)", "VARCHAR(5)"),
    ("VARCHAR(5)", "CHAR(5)"),
    ("NUMERIC(10, 2)", "NUMERIC(12, 2)"),
    ("NUMERIC(10, 2)", "NUMERIC"),
    ("NUMERIC", "NUMERIC(10, 2)"),
    ("NUMERIC(10, 2)", "NUMERIC(12, 4)"),
    ("NUMERIC(10)", "NUMERIC(12)"),
    ("INTEGER", "BIGINT"),
    ("INTEGER", "OID"),
    ("SMALLINT", "INTEGER"),
    ("REAL", "DOUBLE PRECISION"),
    ("TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP WITHOUT TIME ZONE"),
    ("TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP(6) WITHOUT TIME ZONE"),
    ("TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP(3) WITHOUT TIME ZONE"),
    ("TIMESTAMP(3) WITH TIME ZONE", "TIMESTAMP WITH TIME ZONE"),
    ("TIMESTAMP(3) WITH TIME ZONE", "TIMESTAMP(3) WITHOUT TIME ZONE"),
    ("TIMESTAMP WITH TIME ZONE", "TIMESTAMP(3) WITHOUT TIME ZONE"),
    ("TIME(3) WITHOUT TIME ZONE", "TIME WITHOUT TIME ZONE"),
    ("INTERVAL(3)", "INTERVAL"),
    ("INTERVAL", "INTERVAL(3)"),
    ("BIT(5)", "BIT(7)"),
    ("BIT VARYING(5)", "BIT VARYING(7)"),
    ("BIT VARYING(5)", "BIT VARYING"),
    ("BIT(5)", "BIT VARYING"),
    ("BIT(5)", "BIT VARYING(7)"),
    ("CIDR", "INET"),
    ("INET", "CIDR"),
    ("JSON", "JSONB"),
    ("XML", "TEXT"),
    ("VARCHAR(10)[]", "VARCHAR(20)[]"),
    ("VARCHAR(10)[]", "TEXT[]"),
    ('VARCHAR(10) COLLATE "C"', "VARCHAR(10)"),
    ('VARCHAR(10) COLLATE "C"', 'VARCHAR(20) COLLATE "POSIX"'),
]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_types_whose_bytes_stay_are_told_apart(pg_engine: sa.Engine, zone: str) -> None:
    rewritten = {Conversion.REWRITTEN, *([] if zone == "UTC" else [Conversion.ZONE])}
    with pg_engine.connect() as connection:
        connection.execute(sa.text("SELECT set_config('TimeZone', :zone, false)"), {"zone": zone})
        for number, (old, new) in enumerate(CONVERSIONS):
            table = f"t{number}"
            connection.exec_driver_sql(f"CREATE TABLE {table} (a {old})")
            node = f"SELECT pg_relation_filenode('{table}')"
            before = connection.exec_driver_sql(node).scalar()
            connection.exec_driver_sql(
                f"ALTER TABLE {table} ALTER a TYPE {new} USING a::{new.partition(' COLLATE')[0]}"
            )
            changed = connection.exec_driver_sql(node).scalar() != before
            assert changed == (conversion_of(old, new) in rewritten), (old, new)


DEFAULTS = [
    ("TIMESTAMP", "now()"),
    ("DATE", "CURRENT_DATE"),
    ("UUID", "gen_random_uuid()"),
    ("REAL", "random()"),
    ("TEXT", "lower('A')"),
    ("TEXT", "'random()'"),
    ("NUMERIC(10, 2)", "CAST('1.5' AS numeric(10,2))"),
    ("TIMESTAMP", "clock_timestamp()"),
    ("JSONB", "jsonb_build_object('a', 1)"),
    ("INTEGER", "own()"),
]


def test_defaults_with_a_value_for_each_row_are_told_apart(pg_engine: sa.Engine) -> None:
    with pg_engine.connect() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION own() RETURNS integer AS 'BEGIN RETURN 1; END' LANGUAGE plpgsql"
        )
        connection.exec_driver_sql("CREATE TABLE t (id integer)")
        for number, (type_, default) in enumerate(DEFAULTS):
            node = "SELECT pg_relation_filenode('t')"
            before = connection.exec_driver_sql(node).scalar()
            connection.exec_driver_sql(f"ALTER TABLE t ADD c{number} {type_} DEFAULT {default}")
            changed = connection.exec_driver_sql(node).scalar() != before
            assert changed == has_value_for_each_row(SQL(default)), default


@pytest.mark.parametrize(
    ("statement", "work"),
    [
        ("ALTER TABLE t ADD CONSTRAINT ck CHECK (n > 0) NOT VALID", Work.NOTHING),
        ("ALTER TABLE t ADD CONSTRAINT ck CHECK (valid IS NOT NULL)", Work.SCAN),
        ("ALTER TABLE t ADD CONSTRAINT ck CHECK (NOT valid)", Work.SCAN),
    ],
)
def test_not_valid_is_an_option_and_no_part_of_the_expression(statement: str, work: Work) -> None:
    table = TableSchema("t", [column("n", "INTEGER")])
    change = AlterTable("t", None, (AddConstraint(check("n > 0", name="ck")),))
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    facts = facts_of(change, {(None, "t"): table}, dialect, [statement])
    assert facts[None, "t"].work == work
