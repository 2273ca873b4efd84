"""Whatever connection env.py has: the lock is on one of its own, and nothing pending takes none."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import alembic.command
import pytest
import sqlalchemy as sa
from alembic.config import Config
from sqlalchemy import event

from alembic_moltres.errors import RunnerError
from tests.alembic_project import AlembicProject, ProjectFactory, fresh_imports
from tests.commands.command_line import run
from tests.runtime.processes import (
    MODELS,
    at_once,
    command,
    fork,
    with_line,
    write_line,
    write_scripts,
)

MAKE = """
op.create_table('counters', sa.Column('k', sa.Integer))
op.execute('INSERT INTO counters VALUES (0)')
"""
ADD = "op.execute('UPDATE counters SET k = k + 1')"
POOLS = {
    "of one": "poolclass=pool.QueuePool, pool_size=1, max_overflow=0, pool_timeout=1,",
    "static": "poolclass=pool.StaticPool,",
    "autocommit": 'poolclass=pool.NullPool, isolation_level="AUTOCOMMIT",',
}
HANDED_OVER = "with __import__('contextlib').nullcontext(config.attributes['it']) as connection:"


def replaced(project: AlembicProject, old: str, new: str) -> AlembicProject:
    """Write something else into a project's env.py."""
    text = project.env.read_text(encoding="utf-8")
    assert old in text
    project.env.write_text(text.replace(old, new), encoding="utf-8")
    return project


def counted(url: str) -> int | None:
    """Return the counter of a database."""
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        found: int | None = connection.execute(sa.text("SELECT sum(k) FROM counters")).scalar()
        return found


@contextmanager
def statements() -> Iterator[list[str]]:
    """Give the statements of all engines."""

    def note(_: object, __: object, statement: str, *___: object) -> None:
        found.append(statement)

    found: list[str] = []
    event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(sa.Engine, "before_cursor_execute", note)


def test_a_listener_may_leave_a_transaction_open(
    any_url: str, alembic_project: ProjectFactory
) -> None:
    project = with_line(alembic_project, any_url)
    connect = "with connectable.connect() as connection:"
    listen = "__import__('sqlalchemy').event.listen(connectable, 'connect', execute)"
    execute = "execute = lambda driver, _: driver.cursor().execute('SELECT 1')"
    replaced(project, connect, f"{execute}\n    {listen}\n    {connect}")
    write_scripts(project, MAKE, ADD)
    project.upgrade()
    assert counted(any_url) == 1


@pytest.mark.slow
@pytest.mark.parametrize("pool", POOLS)
def test_any_pool_will_do(
    pool: str, any_url: str, alembic_project: ProjectFactory, tmp_path: Path
) -> None:
    project = with_line(alembic_project, any_url)
    replaced(project, "poolclass=pool.NullPool,", POOLS[pool])
    write_scripts(project, MAKE, ADD)
    for process in at_once(4, command(project, "upgrade", "head"), tmp_path):
        assert process.wait() == 0, process.text()
    assert counted(any_url) == 1


def upgrade_on(project: AlembicProject, connection: sa.Connection, revision: str = "head") -> None:
    """Run an upgrade on a connection that is handed over in `config.attributes`."""
    config = Config(str(project.directory / "alembic.ini"), stdout=io.StringIO())
    config.attributes["it"] = connection
    with contextlib.chdir(project.directory), fresh_imports():
        alembic.command.upgrade(config, revision)


@pytest.mark.slow
@pytest.mark.parametrize("begin", ["connect", "begin"])
def test_a_connection_is_handed_over(
    begin: str, any_url: str, alembic_project: ProjectFactory, tmp_path: Path
) -> None:
    project = with_line(alembic_project, any_url)
    replaced(project, "with connectable.connect() as connection:", HANDED_OVER)
    write_scripts(project, MAKE, ADD, ADD)

    def work() -> None:
        engine = sa.create_engine(any_url)
        with getattr(engine, begin)() as connection:
            upgrade_on(project, connection, "a2")
            upgrade_on(project, connection)
            assert connection.execute(sa.text("SELECT k FROM counters")).scalar() == 2
        with engine.connect() as connection:
            upgrade_on(project, connection)
        engine.dispose()

    for process in at_once(6, work, tmp_path):
        assert process.wait() == 0, process.text()
    assert counted(any_url) == 2
    assert list(tmp_path.glob("*lock*")) == []


def test_nothing_pending_takes_no_lock(any_url: str, alembic_project: ProjectFactory) -> None:
    project = with_line(alembic_project, any_url)
    write_scripts(project, MAKE)
    locking = ("advisory", "GET_LOCK", "BEGIN IMMEDIATE")
    with statements() as pending:
        project.run("upgrade", "head")
    assert [each for each in pending if any(word in each for word in locking)]
    with statements() as nothing:
        project.run("upgrade", "head")
    assert nothing
    assert [each for each in nothing if any(word in each for word in locking)] == []


@contextmanager
def postgresql_log(url: str) -> Iterator[Callable[[], str]]:
    """Give what reads the server's log from now on."""
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        own = connection.exec_driver_sql("SHOW unix_socket_directories").scalar_one()
    log = Path(own).with_name("log")  # see `Place.serve`
    if not log.is_file():
        pytest.skip("the log of a server that is somebody's own is not known")
    begin = log.stat().st_size

    def read() -> str:
        return log.read_bytes()[begin:].decode()

    yield read


@contextmanager
def mariadb_log(url: str) -> Iterator[Callable[[], str]]:
    """Give what reads the server's log from now on."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        before = connection.exec_driver_sql("SELECT @@general_log, @@log_output").one()
        connection.exec_driver_sql("SET GLOBAL log_output = 'TABLE'")
        connection.exec_driver_sql("SET GLOBAL general_log = ON")
        begin = connection.exec_driver_sql("SELECT now(6)").scalar_one()
        query = (
            "SELECT convert(argument USING utf8mb4) FROM mysql.general_log WHERE event_time >= %s"
        )
        try:
            yield lambda: "\n".join(connection.exec_driver_sql(query, (begin,)).scalars())
        finally:
            connection.exec_driver_sql(f"SET GLOBAL general_log = {before[0]}")
            connection.exec_driver_sql(f"SET GLOBAL log_output = '{before[1]}'")


@pytest.mark.parametrize("database", ["postgresql", "mariadb"])
def test_the_log_of_a_server_has_no_lock_where_nothing_is_pending(
    database: str, request: pytest.FixtureRequest, alembic_project: ProjectFactory
) -> None:
    if database == "postgresql":
        url = request.getfixturevalue("pg_url")
        project = with_line(alembic_project, f"{url}?options=-clog_statement%3Dall")
        logged, word = postgresql_log(url), "pg_try_advisory"
    else:
        url = request.getfixturevalue("mariadb_url")
        project = with_line(alembic_project, url)
        logged, word = mariadb_log(url), "GET_LOCK("
    write_scripts(project, MAKE)
    with logged as read:
        project.run("upgrade", "head")
        assert word in read()
        first = len(read())
        project.run("upgrade", "head")
        assert "alembic_version" in read()[first:]
        assert "advisory" not in read()[first:]
        assert "GET_LOCK" not in read()[first:]


def test_what_does_not_migrate_is_alembic_s(any_url: str, alembic_project: ProjectFactory) -> None:
    project = with_line(alembic_project, any_url)
    write_scripts(project, MAKE)
    with statements() as found:
        project.run("stamp", "a1")
        project.run("current")
        project.run("revision", "--autogenerate", "-m", "x")
        project.run("stamp", "--purge", "a1")
        project.run("downgrade", "a1:base", "--sql")
    assert [each for each in found if "advisory" in each or "GET_LOCK" in each] == []
    assert "UPDATE counters" not in project.run("upgrade", "head", "--sql")


def test_it_can_be_switched_off(alembic_project: ProjectFactory, pg_url: str) -> None:
    project = with_line(alembic_project, pg_url)
    write_scripts(project, MAKE)
    with statements() as found:
        project.run("-x", "moltres.runner=off", "upgrade", "head")
    assert [each for each in found if "advisory" in each] == []
    replaced(project, "target_metadata=target_metadata,", 'moltres={"runner": False},')
    with statements() as found:
        project.run("downgrade", "base")
    assert [each for each in found if "advisory" in each] == []


@pytest.mark.parametrize("env", ["with Alembic's lines", "with the one line"])
def test_alembic_moltres_has_it_built_in(
    env: str, alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = alembic_project(MODELS, pg_url)
    if "one line" in env:
        write_line(project)
    write_scripts(project, MAKE, ADD)
    with statements() as found:
        assert run(project, "upgrade", "head").status == 0
    assert len([each for each in found if "pg_try_advisory_lock" in each]) == 2
    assert counted(pg_url) == 1
    assert "UPDATE counters" in run(project, "upgrade", "a1:a2", "--sql").out
    assert run(project, "downgrade", "base").status == 0
    assert run(project, "-x", "moltres.wait=long", "upgrade", "head").status != 0


AROUND = {
    "the connection's begin()": "with connection.begin():",
    "Alembic's begin_transaction()": "with context.begin_transaction():",
}


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("env", ["with Alembic's lines", "with the one line"])
def test_a_transaction_that_env_begins_after_configure_is_its_own(
    around: str, env: str, any_url: str, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS, any_url)
    stock = "        with context.begin_transaction():\n            context.run_migrations()\n"
    line = "context.run_migrations()"
    if "one line" in env:
        replaced(
            project,
            "from alembic import context\n",
            "from alembic import context\nfrom alembic_moltres import run_migrations\n",
        )
        line = "run_migrations()"
    text = project.env.read_text(encoding="utf-8")
    before, found, after = text.rpartition(stock)
    assert found
    block = f"        {AROUND[around]}\n            {line}\n"
    project.env.write_text(f"{before}{block}{after}", encoding="utf-8")
    write_scripts(project, MAKE, ADD, ADD)
    assert run(project, "upgrade", "head").status == 0
    assert counted(any_url) == 2
    assert run(project, "downgrade", "base").status == 0


def read_only(url: str) -> tuple[str, Callable[[], None]]:
    """Make a database read-only; return the URL to use, and what ends that."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return f"sqlite:///file:{parsed.database}?mode=ro&uri=true", lambda: None
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    begin, end = (
        f"ALTER DATABASE {parsed.database} SET default_transaction_read_only = on",
        f"ALTER DATABASE {parsed.database} RESET default_transaction_read_only",
    )
    if parsed.get_backend_name() != "postgresql":
        begin, end = "SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0"
        user = f"moltres_{parsed.database}"[-30:]
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE USER {user}@'%%' IDENTIFIED BY 'x'")
            connection.exec_driver_sql(f"GRANT ALL ON `{parsed.database}`.* TO {user}@'%%'")
        url = parsed.set(username=user, password="x").render_as_string(hide_password=False)

    def ended() -> None:
        with engine.connect() as connection:
            if "GLOBAL" not in end:
                connection.exec_driver_sql("SET default_transaction_read_only = off")
            connection.exec_driver_sql(end)
            if "GLOBAL" in end:
                connection.exec_driver_sql(f"DROP USER {user}@'%%'")

    with engine.connect() as connection:
        connection.exec_driver_sql(begin)
    return url, ended


def test_a_read_only_server(any_url: str, alembic_project: ProjectFactory) -> None:
    project = with_line(alembic_project, any_url)
    write_scripts(project, MAKE, ADD)
    project.run("upgrade", "a1")
    url, ended = read_only(any_url)
    try:
        reader = with_line(alembic_project, url)
        write_scripts(reader, MAKE, ADD)
        reader.run("upgrade", "a1")
        with pytest.raises(
            RunnerError, match="is read-only, and 1 revisions are pending, first a2"
        ):
            reader.run("upgrade", "head")
    finally:
        ended()
    project.run("upgrade", "head")
    assert counted(any_url) == 1


def test_a_failure_lists_what_was_done_and_what_was_not(
    any_url: str, alembic_project: ProjectFactory, tmp_path: Path
) -> None:
    project = with_line(alembic_project, any_url)
    write_scripts(project, MAKE, f"{ADD}\nop.execute('UPDATE nothing SET k = 1')", ADD, ADD)
    failed = fork(command(project, "upgrade", "head"), tmp_path)
    assert failed.wait() == 1
    assert (
        "upgrade a1 -> a2 failed at: UPDATE nothing SET k = 1; nothing of it is kept\n"
        "Done before it: upgrade  -> a1\n"
        "Not begun: upgrade a2 -> a3, upgrade a3 -> a4\n"
    ) in failed.text()
    assert "upgrade  -> a1: 2 statements in" in failed.text()
    assert counted(any_url) == 0
