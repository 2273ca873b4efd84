"""The table of facts beside what PostgreSQL does: locks held, file nodes changed, scans counted."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from alembic_moltres.dialects.base.facts import Facts, Work
from alembic_moltres.dialects.base.registry import impl_of
from alembic_moltres.diff import AlterTable, Change, TableKey
from alembic_moltres.schema import ForeignKeyConstraint
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
