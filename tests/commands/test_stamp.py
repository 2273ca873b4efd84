"""`alembic-moltres stamp --verify`: a revision is stamped only if the database is at it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import Finished, run
from tests.commands.hand import execute
from tests.history.scripts import MODELS, write

ID = 'sa.Column("id", sa.Integer(), primary_key=True)'


@pytest.fixture
def project(alembic_project: ProjectFactory, any_url: str) -> AlembicProject:
    project = alembic_project(MODELS, any_url)
    write(project, "a1", f'op.create_table("users", {ID})')
    write(project, "b2", 'op.add_column("users", sa.Column("mail", sa.String(50)))', down="a1")
    return project


def stamped(url: str) -> set[str]:
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        return set(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())


def test_what_the_database_is_at_is_stamped(project: AlembicProject, any_url: str) -> None:
    project.upgrade("b2")
    execute(any_url, "DELETE FROM alembic_version")
    done = run(project, "stamp", "--verify", "head")
    assert Finished(0, "", "") == done
    assert {"b2"} == stamped(any_url)


def test_what_differs_is_listed_and_nothing_stamped(project: AlembicProject, any_url: str) -> None:
    project.upgrade("a1")
    done = run(project, "stamp", "--verify", "b2")
    assert done == Finished(
        1,
        "the database differs from revision b2; not stamped\n  users\n    - column mail VARCHAR(50)\n",
        "",
    )
    assert {"a1"} == stamped(any_url)


def test_without_verify_it_is_alembics(project: AlembicProject, any_url: str) -> None:
    project.upgrade("a1")
    assert Finished(0, "", "") == run(project, "stamp", "b2")
    assert {"b2"} == stamped(any_url)


def test_base_is_a_database_without_tables(project: AlembicProject, any_url: str) -> None:
    project.upgrade("a1")
    done = run(project, "stamp", "--verify", "base")
    assert (1, "") == (done.status, done.err)
    assert done.out.splitlines()[1:] == ["  table 'users' is outside the history"]
    execute(any_url, "DROP TABLE users")
    assert 0 == run(project, "stamp", "--verify", "base").status
    assert set() == stamped(any_url)


def test_heads_of_other_branches_stay(project: AlembicProject, any_url: str) -> None:
    write(project, "c3", f'op.create_table("other", {ID})')
    project.upgrade("heads")
    execute(any_url, "DELETE FROM alembic_version WHERE version_num = 'b2'")
    assert Finished(0, "", "") == run(project, "stamp", "--verify", "b2")
    assert {"b2", "c3"} == stamped(any_url)


def test_a_revision_that_is_not_there_is_one_line(project: AlembicProject) -> None:
    done = run(project, "stamp", "--verify", "zzzz")
    assert (2, "") == (done.status, done.out)
    assert done.err.startswith("FAILED: ")
    assert 1 == done.err.count("\n")


def test_what_is_uncertain_proves_nothing(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    project = alembic_project(MODELS, sqlite_url)
    script = write(project, "a1", 'op.execute("CREATE TABLE more AS SELECT 1 AS a")')
    project.upgrade()
    done = run(project, "stamp", "--verify", "a1")
    assert 2 == done.status
    assert f"not compared: {script}:14: table more uncertain" in done.out


def test_verify_reads_a_database(project: AlembicProject) -> None:
    done = run(project, "stamp", "--verify", "--sql", "a1")
    assert (2, "") == (done.status, done.out)
    assert "--sql does not" in done.err
