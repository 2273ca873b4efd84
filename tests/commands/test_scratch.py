"""`--scratch`: the scripts are really run on an empty database, which is left as empty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_moltres.dialects.base.registry import impl_of
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.circles.conftest import new_database
from tests.commands.command_line import run
from tests.commands.hand import execute
from tests.history.scripts import MODELS, write

__all__ = ["new_database"]

DATABASES = ["sqlite", "postgresql", "mariadb"]
UNREADABLE = """
op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
op.execute("CREATE TABLE more AS SELECT 1 AS a")
op.execute("CREATE VIEW seen AS SELECT id FROM users")
"""


@pytest.fixture
def two(
    database: str, new_database: Callable[[], str], alembic_project: ProjectFactory
) -> tuple[AlembicProject, str, str]:
    url, scratch = new_database(), new_database()
    project = alembic_project(MODELS, url)
    write(project, "a1", UNREADABLE)
    project.upgrade()
    return project, url, scratch


def contents(url: str) -> list[str]:
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        return impl_of(connection.dialect).contents(connection)


@pytest.mark.parametrize("database", DATABASES)
def test_it_answers_what_replay_cannot(two: tuple[AlembicProject, str, str]) -> None:
    project, url, scratch = two
    assert 2 == run(project, "drift").status
    done = run(project, "drift", "--scratch", scratch)
    assert (0, "") == (done.status, done.err)
    assert "the database matches revision a1\n" == done.out
    assert [] == contents(scratch)
    execute(url, "ALTER TABLE more ADD COLUMN b INTEGER")
    done = run(project, "drift", "--scratch", scratch)
    assert (1, "") == (done.status, done.err)
    assert ["  more", "    + column b INTEGER"] == done.out.splitlines()[1:]


@pytest.mark.parametrize("database", DATABASES)
def test_one_that_is_not_empty_is_refused_and_left(two: tuple[AlembicProject, str, str]) -> None:
    project, _, scratch = two
    execute(scratch, "CREATE TABLE precious (id INTEGER)")
    done = run(project, "drift", "--scratch", scratch)
    assert (2, "") == (done.status, done.out)
    assert "is not empty (table precious); pass the URL of an empty database" in done.err
    assert ["table precious"] == contents(scratch)


@pytest.mark.parametrize("database", DATABASES)
def test_a_script_that_fails_leaves_it_empty(two: tuple[AlembicProject, str, str]) -> None:
    project, url, scratch = two
    write(project, "b2", 'op.execute("SELECT nothing FROM nowhere")', down="a1")
    execute(url, "UPDATE alembic_version SET version_num = 'b2'")
    done = run(project, "drift", "--scratch", scratch)
    assert (2, "") == (done.status, done.out)
    assert "b2_.py:14" in done.err
    assert 1 == done.err.count("\n")
    assert [] == contents(scratch)


@pytest.mark.parametrize("database", DATABASES)
def test_what_replay_has_wrong_is_told(two: tuple[AlembicProject, str, str]) -> None:
    """A script that depends on the driver's connection."""
    project, _, scratch = two
    body = """
    driver = type(op.get_bind().connection.dbapi_connection).__module__
    if not driver.startswith("alembic_moltres"):
        op.add_column("users", sa.Column("more", sa.Integer()))
    """
    write(project, "b2", body, down="a1")
    project.upgrade()
    done = run(project, "drift", "--scratch", scratch)
    assert (2, "") == (done.status, done.out)
    assert "than in replay: users: + column more INTEGER" in done.err
    assert [] == contents(scratch)


def test_a_database_of_another_kind_is_refused(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    write(project, "a1", UNREADABLE)
    project.upgrade()
    done = run(project, "drift", "--scratch", "sqlite://")
    assert (2, "") == (done.status, done.out)
    assert "--scratch is sqlite, and env.py migrates postgresql" in done.err


def test_sqlites_is_in_memory(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", UNREADABLE)
    project.upgrade()
    before = sorted(Path(sqlite_url.removeprefix("sqlite:///")).parent.iterdir())
    execute(sqlite_url, "DELETE FROM alembic_version")
    done = run(project, "stamp", "--verify", "--scratch", "sqlite://", "head")
    assert (0, "") == (done.status, done.err)
    assert before == sorted(Path(sqlite_url.removeprefix("sqlite:///")).parent.iterdir())


def test_whatever_scripts_make_on_postgresql_is_dropped(
    pg_url: str,
) -> None:
    statements = (
        "CREATE SCHEMA app",
        "CREATE TYPE app.mood AS ENUM ('a')",
        "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
        "CREATE TABLE app.t (id serial PRIMARY KEY, m app.mood)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE MATERIALIZED VIEW seen AS SELECT id FROM app.t",
        "CREATE SEQUENCE numbers",
    )
    execute(pg_url, *statements)
    assert [
        "table app.t",
        "sequence numbers",
        "materialized view seen",
        "routine f()",
        "type app.mood",
        "domain positive",
        "schema app",
    ] == contents(pg_url)
    with sa.create_engine(
        pg_url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT"
    ).connect() as connection:
        impl_of(connection.dialect).clear(connection)
    assert [] == contents(pg_url)


@pytest.mark.parametrize("url", ["nonsense", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_one_that_cannot_be_reached_is_one_line(
    alembic_project: ProjectFactory, sqlite_url: str, url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", UNREADABLE)
    project.upgrade()
    done = run(project, "drift", "--scratch", url)
    assert (2, "") == (done.status, done.out)
    assert done.err.startswith("FAILED: --scratch ")
    assert 1 == done.err.count("\n")


@pytest.mark.parametrize("database", ["mariadb"])  # PostgreSQL's table is not committed then
def test_a_script_reaches_it_by_the_engine_of_its_connection(
    database: str, new_database: Callable[[], str], alembic_project: ProjectFactory
) -> None:
    url, scratch = new_database(), new_database()
    project = alembic_project(MODELS, url)
    write(project, "a1", 'op.create_table("users", sa.Column("id", sa.Integer()))')
    body = """
    bind = op.get_bind()
    if sa.inspect(bind.engine).get_columns("users"):
        op.create_table("more", sa.Column("id", sa.Integer()))
    """
    write(project, "b2", body, down="a1")
    project.upgrade()
    done = run(project, "drift", "--scratch", scratch)
    assert (0, "") == (done.status, done.err)


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_partitioned_table_is_dropped_from_it(
    database: str, alembic_project: ProjectFactory, new_database: Callable[[], str]
) -> None:
    url, scratch = new_database(), new_database()
    project = alembic_project(MODELS, url)
    table = 'op.create_table("m", sa.Column("d", sa.Date), postgresql_partition_by="RANGE (d)")'
    write(project, "a1", table)
    project.upgrade()
    done = run(project, "drift", "--scratch", scratch)
    assert (0, "") == (done.status, done.err)
    assert [] == contents(scratch)
    execute(scratch, "CREATE TABLE m (d date) PARTITION BY RANGE (d)")
    assert ["table m"] == contents(scratch)
