"""An identity of PostgreSQL that counts in the other direction repeats no number of its rows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import ProjectFactory

MODELS = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table("t", target_metadata, sa.Column("id", sa.Integer, sa.Identity({}), primary_key=True))
"""


def numbered(engine: sa.Engine, count: int = 2) -> list[int]:
    """Insert rows, and return all numbers in the order of their rows."""
    with engine.begin() as connection:
        for _ in range(count):
            connection.exec_driver_sql("INSERT INTO t DEFAULT VALUES")
        return list(connection.exec_driver_sql("SELECT id FROM t ORDER BY ctid").scalars())


@pytest.mark.parametrize(
    ("current", "desired", "numbers"),
    [
        ("", "increment=-1", [1, 2, -1, -2, 3, 4]),
        ("increment=-1", "", [-1, -2, 1, 2, -3, -4]),
        (
            "start=10, increment=2",
            "start=10, increment=-3, minvalue=-9, maxvalue=99",
            [10, 12, 7, 4, 14, 16],
        ),
        (
            "start=5, minvalue=-9, maxvalue=99",
            "start=5, increment=-1, minvalue=-9, maxvalue=99",
            [5, 6, 4, 3, 7, 8],
        ),
        (
            "start=9, minvalue=1, maxvalue=20",
            "start=9, increment=-1, minvalue=8, maxvalue=20",
            [9, 10, 8, None, 11, 12],
        ),
    ],
)
def test_an_identity_that_turns_repeats_no_number(
    alembic_project: ProjectFactory,
    pg_engine: sa.Engine,
    pg_url: str,
    current: str,
    desired: str,
    numbers: list[int | None],
) -> None:
    up, down = (numbers[2:4], numbers[4:])
    project = alembic_project(MODELS.format(current), pg_url)
    project.revision("current")
    project.upgrade()
    assert numbers[:2] == numbered(pg_engine)
    project.write_models(MODELS.format(desired))
    project.revision("desired")
    project.upgrade()
    project.check()
    assert [*numbers[:2], *filter(None, up)] == numbered(pg_engine, len([*filter(None, up)]))
    project.downgrade("-1")
    assert [each for each in numbers if each is not None] == numbered(pg_engine, len(down))


def test_an_identity_of_an_empty_table_begins_at_its_start(
    alembic_project: ProjectFactory, pg_engine: sa.Engine, pg_url: str
) -> None:
    project = alembic_project(MODELS.format(""), pg_url)
    project.revision("current")
    project.upgrade()
    project.write_models(MODELS.format("start=-7, increment=-1"))
    project.revision("desired")
    project.upgrade()
    assert [-7, -8] == numbered(pg_engine)
