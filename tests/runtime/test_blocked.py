"""A revision that waits for somebody's lock gives way, is repeated, and says who is in the way."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.runtime.processes import with_line, write_scripts

USERS = """
op.create_table('users', sa.Column('id', sa.Integer, primary_key=True), sa.Column('n', sa.Integer))
op.execute('INSERT INTO users VALUES (1, 0)')
"""
ADD = "op.add_column('users', sa.Column('age', sa.Integer))"
COUNT = "op.execute('UPDATE users SET n = n + 1')"
BLOCK = "with op.get_context().autocommit_block():"
OPTIONS = ("-x", "moltres.lock_timeout=1")

pytestmark = pytest.mark.slow


def made(factory: ProjectFactory, url: str, *scripts: str) -> AlembicProject:
    """Make a project whose first revision makes a table, and run that revision."""
    project = with_line(factory, url)
    write_scripts(project, USERS, *scripts)
    project.run("upgrade", "a1")
    return project


@contextmanager
def table_open(url: str, seconds: float) -> Iterator[None]:
    """Leave a transaction open that has read the table, for some seconds from now."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT count(*) FROM users"))
        timer = threading.Timer(seconds, connection.rollback)
        timer.start()
        yield
        timer.join()


def read(url: str, query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query on a new connection."""
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def slowest_reader(url: str, stop: threading.Event, found: list[float]) -> None:
    """Read the table again and again, and note how long the slowest time took."""
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        while not stop.is_set():
            begun = time.monotonic()
            connection.execute(sa.text("SELECT count(*) FROM users"))
            connection.rollback()
            found.append(time.monotonic() - begun)
            time.sleep(0.01)


@pytest.mark.parametrize("database", ["pg_url", "mariadb_url"])
def test_readers_go_on_while_a_revision_waits_for_a_table(
    database: str,
    request: pytest.FixtureRequest,
    alembic_project: ProjectFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    url = request.getfixturevalue(database)
    project = made(alembic_project, url, f"{COUNT}\n{ADD}")
    stop, times = threading.Event(), list[float]()
    reader = threading.Thread(target=slowest_reader, args=(url, stop, times))
    with table_open(url, 6), caplog.at_level(logging.WARNING):
        reader.start()
        project.run(*OPTIONS, "upgrade", "head")
        stop.set()
    reader.join()
    assert max(times) < 4
    assert "was refused for a lock at: ALTER TABLE users ADD COLUMN age" in caplog.text
    assert "held by: pid" in caplog.text or "held by: connection" in caplog.text
    assert read(url, "SELECT n, age FROM users") == [(1, None)]


def test_a_revision_is_not_repeated_behind_what_is_committed(
    alembic_project: ProjectFactory, pg_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The statement alone is."""
    project = made(alembic_project, pg_url, f"{BLOCK}\n    {COUNT}\n{COUNT}\n{ADD}")
    with table_open(pg_url, 2), caplog.at_level(logging.WARNING):
        project.run(*OPTIONS, "upgrade", "head")
    assert "the statement is retried" in caplog.text
    assert read(pg_url, "SELECT n, age FROM users") == [(2, None)]


@pytest.mark.parametrize("commit", ["op.get_bind().commit()", "op.execute('COMMIT')"])
def test_a_script_that_commits_by_itself_is_not_repeated(
    commit: str, alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = made(alembic_project, pg_url, f"{COUNT}\n{commit}\n{ADD}")
    with table_open(pg_url, 2):
        project.run(*OPTIONS, "upgrade", "head")
    assert read(pg_url, "SELECT n, age FROM users") == [(1, None)]
    assert read(pg_url, "SELECT version_num FROM alembic_version") == [("a2",)]


def test_an_engine_in_autocommit_repeats_statements(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = made(alembic_project, pg_url, f"{COUNT}\n{ADD}")
    text = project.env.read_text(encoding="utf-8")
    changed = text.replace(
        "poolclass=pool.NullPool,", 'poolclass=pool.NullPool, isolation_level="AUTOCOMMIT",'
    )
    project.env.write_text(changed, encoding="utf-8")
    with table_open(pg_url, 2):
        project.run(*OPTIONS, "upgrade", "head")
    assert read(pg_url, "SELECT n, age FROM users") == [(1, None)]


def test_a_caller_s_transaction_repeats_from_a_savepoint(
    alembic_project: ProjectFactory, pg_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    project = made(alembic_project, pg_url, f"{COUNT}\n{ADD}")
    text = project.env.read_text(encoding="utf-8")
    changed = text.replace(
        "with connectable.connect() as connection:", "with connectable.begin() as connection:"
    )
    project.env.write_text(changed, encoding="utf-8")
    with table_open(pg_url, 2), caplog.at_level(logging.WARNING):
        project.run(*OPTIONS, "upgrade", "head")
    assert "the revision is retried" in caplog.text
    assert read(pg_url, "SELECT n, age FROM users") == [(1, None)]


@pytest.mark.parametrize("block", ["", f"{BLOCK}\n    {COUNT}\n"], ids=["whole", "statement"])
def test_a_connection_of_asyncio_repeats_too(
    block: str, alembic_project: ProjectFactory, pg_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    of_asyncio = pg_url.replace("+psycopg", "+asyncpg")
    project = with_line(alembic_project, of_asyncio, "async")
    write_scripts(project, USERS, f"{block}{COUNT}\n{ADD}")
    project.run("upgrade", "a1")
    with table_open(pg_url, 6), caplog.at_level(logging.WARNING):
        project.run(*OPTIONS, "upgrade", "head")
    assert f"the {'statement' if block else 'revision'} is retried" in caplog.text
    assert read(pg_url, "SELECT n, age FROM users") == [(2 if block else 1, None)]


def test_repeating_ends(alembic_project: ProjectFactory, pg_url: str) -> None:
    project = made(alembic_project, pg_url, f"{COUNT}\n{ADD}")
    with table_open(pg_url, 4), pytest.raises(OperationalError, match="lock timeout"):
        project.run(*OPTIONS, "-x", "moltres.retry_for=1", "upgrade", "head")
    assert read(pg_url, "SELECT n FROM users") == [(0,)]


def test_sqlite_waits_for_somebody_who_writes(
    alembic_project: ProjectFactory, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    project = made(alembic_project, sqlite_url, f"{COUNT}\n{ADD}")
    with sa.create_engine(sqlite_url, poolclass=sa.NullPool).connect() as connection:
        connection.execute(sa.text("UPDATE users SET n = n + 10"))
        with caplog.at_level(logging.WARNING):
            thread = threading.Thread(target=project.run, args=(*OPTIONS, "upgrade", "head"))
            thread.start()
            time.sleep(2)
            connection.commit()
            thread.join()
    assert "the revision is retried" in caplog.text
    assert read(sqlite_url, "SELECT n, age FROM users") == [(11, None)]
