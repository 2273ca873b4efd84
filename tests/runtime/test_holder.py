"""The lock outlives a killed process until its last statement has ended; it is no hindrance while it is held."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_moltres.errors import RunnerError
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.runtime.processes import at_once, command, fork, with_line, write_scripts

MAKE = """
op.create_table('counters', sa.Column('k', sa.Integer))
op.execute('INSERT INTO counters VALUES (0)')
"""
SLOW = {
    "postgresql": 'op.execute("UPDATE counters SET k = k + 1 + length(pg_sleep(3)::text)")',
    "mysql": "op.execute('UPDATE counters SET k = k + 1 + sleep(3)')",
}
RUNNING = {
    "postgresql": "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'UPDATE counters%%'",
    "mysql": "SELECT id FROM information_schema.processlist WHERE info LIKE 'UPDATE counters%%'",
}

pytestmark = pytest.mark.slow


@dataclass
class Server:
    """What a server says of those that run the slow statement."""

    connection: sa.Connection
    query: str

    def sessions(self) -> set[int]:
        """Return the sessions that run it now."""
        return set(self.connection.exec_driver_sql(self.query).scalars())

    def wait_for(self, others: set[int]) -> int:
        """Wait until another session runs it; two at once fail."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            found = self.sessions()
            assert len(found) < 2, "two upgrades at once"
            if found - others:
                return found.pop()
            time.sleep(0.02)
        raise TimeoutError

    def wait_until_ended(self, session: int) -> float:
        """Wait until a session no longer runs it; return when that was."""
        while session in self.sessions():
            time.sleep(0.02)
        return time.monotonic()


def autocommit(project: AlembicProject) -> None:
    """Let a project's engine commit each statement by itself."""
    text = project.env.read_text(encoding="utf-8")
    own = 'poolclass=pool.NullPool, isolation_level="AUTOCOMMIT",'
    project.env.write_text(text.replace("poolclass=pool.NullPool,", own), encoding="utf-8")


@pytest.mark.parametrize("mode", ["transaction", "autocommit"])
@pytest.mark.parametrize("database", ["pg_url", "mariadb_url"])
def test_a_killed_upgrade_is_followed_when_its_statement_has_ended(
    database: str,
    mode: str,
    request: pytest.FixtureRequest,
    alembic_project: ProjectFactory,
    tmp_path: Path,
) -> None:
    url = request.getfixturevalue(database)
    dialect = sa.make_url(url).get_backend_name().replace("mariadb", "mysql")
    project = with_line(alembic_project, url)
    write_scripts(project, MAKE, SLOW[dialect])
    project.run("upgrade", "a1")
    if mode == "autocommit":
        autocommit(project)
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        server = Server(connection, RUNNING[dialect])
        killed = fork(command(project, "upgrade", "head"), tmp_path)
        first = server.wait_for(set())
        waiting = fork(command(project, "upgrade", "head"), tmp_path)
        time.sleep(0.5)
        killed.kill()
        assert server.sessions() == {first}
        ended = server.wait_until_ended(first)
        server.wait_for({first})
        assert time.monotonic() - ended < 1
        assert waiting.wait() == 0, waiting.text()
        done = connection.exec_driver_sql("SELECT k FROM counters").scalar()
    assert done == (2 if mode == "autocommit" else 1)


def test_an_index_is_made_concurrently_while_others_wait(
    alembic_project: ProjectFactory, pg_url: str, tmp_path: Path
) -> None:
    """It takes longer than `lock_timeout` allows others, too: an old transaction is open."""
    project = with_line(alembic_project, pg_url)
    index = "op.create_index('ix_counters_k', 'counters', ['k'], postgresql_concurrently=True)"
    write_scripts(project, MAKE, f"with op.get_context().autocommit_block():\n    {index}")
    project.run("upgrade", "a1")
    engine = sa.create_engine(pg_url, poolclass=sa.NullPool)
    with engine.connect() as old:
        old.execution_options(isolation_level="REPEATABLE READ")
        old.exec_driver_sql("SELECT count(*) FROM counters")
        timer = threading.Timer(3, old.rollback)
        timer.start()
        work = command(project, "-x", "moltres.lock_timeout=1", "upgrade", "head")
        for process in at_once(9, work, tmp_path):
            assert process.wait() == 0, process.text()
        timer.join()
    with engine.connect() as connection:
        query = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_counters_k'::regclass"
        assert connection.exec_driver_sql(query).scalars().all() == [True]


def test_who_holds_the_lock_is_named_when_waiting_ends(
    any_url: str, alembic_project: ProjectFactory, tmp_path: Path
) -> None:
    project = with_line(alembic_project, any_url)
    write_scripts(project, "import time\ntime.sleep(4)")
    holder = fork(command(project, "upgrade", "head"), tmp_path)
    time.sleep(1.5)
    who = "connection [0-9]+" if "mysql" in any_url else "pid [0-9]+"
    said = rf"another upgrade of .*alembic_version is running \({who}, .*since 20.*\)"
    with pytest.raises(RunnerError, match=said):
        project.run("-x", "moltres.wait=1", "upgrade", "head")
    assert holder.wait() == 0, holder.text()
    project.run("upgrade", "head")
