"""Twenty made histories, squashed and ejected: the database and its rows are the same, up and down."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.commands.scripted_histories import MADE, make_history
from tests.dump import dump
from tests.history.scripts import MODELS

KINDS = ("sqlite", "postgresql", "mariadb")


def contents(engine: sa.Engine) -> tuple[object, dict[str, object]]:
    """Return the structure of a database, and the rows of its tables."""
    words = sorted(" ".join(sorted(each.split())) for each in dump(engine).split("\n\n"))
    found: dict[str, object] = {}
    with engine.connect() as connection:
        metadata = sa.MetaData()
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            if table.name != "alembic_version":
                rows = connection.execute(table.select()).mappings().all()
                found[table.name] = sorted(repr(sorted(row.items())) for row in rows)
    return words, found


def made(
    number: int, database: str, url: str, make: ProjectFactory
) -> tuple[AlembicProject, list[str]]:
    project = make(MODELS, url)
    return project, make_history(project, number, database)


@pytest.fixture(params=[pytest.param(n, id=f"{n} - {KINDS[n % 3]}") for n in range(MADE)])
def numbered(request: pytest.FixtureRequest) -> tuple[int, str, str]:
    """Give the number of a history, its database and the URL."""
    fixtures = {"sqlite": "sqlite_url", "postgresql": "pg_url", "mariadb": "mariadb_url"}
    database = KINDS[request.param % 3]
    return request.param, database, request.getfixturevalue(fixtures[database])


def test_a_squashed_history_makes_the_same_database(
    numbered: tuple[int, str, str], alembic_project: ProjectFactory
) -> None:
    number, database, url = numbered
    start = "r2:" if number % 2 else ""
    project, revisions = made(number, database, url, alembic_project)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    project.upgrade()
    before = contents(engine)
    project.downgrade("r1" if start else "base")
    early = contents(engine)
    project.downgrade("base")
    assert dump(engine) == ""
    finished = run(project, "squash", f"{start}{revisions[-1]}", "--release", "2.3")
    assert finished.err == ""
    assert len(project.scripts()) == (3 if start else 1)
    project.upgrade()
    text = project.scripts()[-1].read_text(encoding="utf-8")
    assert before == contents(engine), text
    project.downgrade("r1" if start else "base")
    assert early == contents(engine), text
    project.downgrade("base")
    assert dump(engine) == "", text


def test_an_ejected_history_makes_the_same_database(
    numbered: tuple[int, str, str], alembic_project: ProjectFactory
) -> None:
    number, database, url = numbered
    project, _ = made(number, database, url, alembic_project)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    project.upgrade()
    before: Any = contents(engine)
    project.downgrade()
    finished = run(project, "eject")
    assert finished.err == ""
    assert not any("op.moltres" in each.read_text(encoding="utf-8") for each in project.scripts())
    project.upgrade()
    assert before == contents(engine)
    project.downgrade()
    assert dump(engine) == ""
