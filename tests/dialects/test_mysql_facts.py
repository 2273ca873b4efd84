"""The table of facts beside what MariaDB accepts when ALGORITHM and LOCK are stated."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from alembic_moltres.dialects.base.registry import impl_of
from alembic_moltres.diff import CreateTable
from tests.circles.cases import MARIADB, Case
from tests.circles.cases.case import column, t
from tests.circles.test_changes import prepared
from tests.dialects.measured_facts import TRIES, measured_on_mariadb, parameters

ORDER = [f"ALGORITHM={algorithm}, LOCK={lock}" for algorithm, lock in TRIES]
ENGINES = "MyISAM"


@pytest.mark.parametrize("case", list(parameters(MARIADB)))
def test_algorithms_and_locks_are_as_the_facts_say(case: Case, mariadb_engine: sa.Engine) -> None:
    engine = prepared(case, mariadb_engine)
    for change, tables, accepted, texts in measured_on_mariadb(case, engine):
        with engine.connect() as connection:
            facts = impl_of(connection.dialect).facts(change, tables)
        assert facts is not None
        if not accepted or isinstance(change, CreateTable) or ENGINES in repr(change):
            continue  # it takes no such word, or any one beside another engine
        (fact,) = facts.values()
        needed = max(accepted, key=ORDER.index)
        assert needed == fact.lock.name or needed in fact.note, texts


LENGTHS = [
    (20, 31),
    (20, 100),
    (31, 300),
    (32, 63),
    (50, 64),
    (63, 64),
    (64, 70),
    (70, 20),
    (300, 400),
]


@pytest.mark.parametrize(("old", "new"), LENGTHS)
def test_a_string_of_another_length(old: int, new: int, mariadb_engine: sa.Engine) -> None:
    """The length is one byte up to 255 bytes, and the same byte up to 127."""
    before, after = (t(column(f"sa.String({length})")) for length in (old, new))
    case = Case("length", before, after, ({"id": 1, "a": "x"},))
    for change, tables, accepted, texts in measured_on_mariadb(case, mariadb_engine):
        with mariadb_engine.connect() as connection:
            facts = impl_of(connection.dialect).facts(change, tables)
        assert facts is not None
        assert accepted == [each.lock.name for each in facts.values()], texts


REFERRING = "id INTEGER PRIMARY KEY, p INTEGER, FOREIGN KEY (p) REFERENCES parent (id)"
TABLES = [
    "DROP TABLE IF EXISTS other, child, parent, alone",
    "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
    "INSERT INTO parent VALUES (1)",
    f"CREATE TABLE child ({REFERRING})",
    "CREATE TABLE alone (id INTEGER PRIMARY KEY)",
]
OPENING = [
    "SELECT * FROM parent",
    "UPDATE parent SET id = 2",
    "SELECT * FROM alone",
    "UPDATE alone SET id = 2",
]


@pytest.mark.parametrize(
    ("statement", "waits_for"),
    [
        (f"CREATE TABLE other ({REFERRING})", []),
        ("DROP TABLE child", ["UPDATE parent SET id = 2"]),
        ("DROP TABLE alone", ["SELECT * FROM alone", "UPDATE alone SET id = 2"]),
        ("RENAME TABLE alone TO other", ["SELECT * FROM alone", "UPDATE alone SET id = 2"]),
    ],
)
def test_whole_tables_need_the_lock_of_their_metadata_only(
    statement: str, waits_for: list[str], mariadb_engine: sa.Engine
) -> None:
    """They wait for who has the table open, or writes rows that its keys refer to; a new key waits for nobody."""
    found = []
    for text in OPENING:
        with mariadb_engine.begin() as connection:
            for each in TABLES:
                connection.exec_driver_sql(each)
        with mariadb_engine.connect() as opened, mariadb_engine.connect() as waiting:
            opened.exec_driver_sql(text)
            waiting.exec_driver_sql("SET lock_wait_timeout = 1")
            try:
                waiting.exec_driver_sql(statement)
            except sa.exc.OperationalError:
                found.append(text)
    assert waits_for == found
