"""A pooler before PostgreSQL: in transaction mode it is refused, in session mode it is as good as none."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_moltres.errors import RunnerError
from tests.alembic_project import ProjectFactory
from tests.runtime.processes import with_line, write_scripts
from tests.servers.postgresql import PgServer
from tests.servers.process import fastest_parent, free_port, server_place

CONFIG = """
[databases]
* = host={server.host} port={server.port} user={server.user} password={server.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
server_round_robin = {round_robin}
ignore_startup_parameters = extra_float_digits
"""


@contextmanager
def pooler(server: PgServer, mode: str, size: int, round_robin: int) -> Iterator[int]:
    """Run pgbouncer before a server, and give its port."""
    port = free_port()
    with server_place(fastest_parent(), "postgres") as place:
        config = place.own / "pgbouncer.ini"
        text = CONFIG.format(
            server=server, port=port, mode=mode, size=size, round_robin=round_robin
        )
        config.write_text(text, encoding="utf-8")
        config.chmod(0o644)

        def is_ready() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return True
            return False

        command: list[str | Path] = [shutil.which("pgbouncer") or "", config]
        with place.serve(command, is_ready, signal.SIGINT):
            yield port


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pgbouncer") is None, reason="install Debian's pgbouncer")
@pytest.mark.parametrize(
    ("mode", "size", "round_robin"),
    [("session", 5, 0), ("transaction", 5, 0), ("transaction", 5, 1), ("transaction", 1, 0)],
)
def test_a_pooler_in_transaction_mode_is_refused(
    mode: str,
    size: int,
    round_robin: int,
    alembic_project: ProjectFactory,
    pg_server: PgServer,
    pg_url: str,
) -> None:
    database = sa.make_url(pg_url).database
    with pooler(pg_server, mode, size, round_robin) as port:
        url = sa.make_url(pg_url).set(port=port, host="127.0.0.1")
        project = with_line(alembic_project, url.render_as_string(hide_password=False))
        write_scripts(project, "op.create_table('t', sa.Column('k', sa.Integer))")
        if mode == "session":
            project.run("upgrade", "head")
        else:
            with pytest.raises(RunnerError, match=r"a pooler in transaction mode.*session mode"):
                project.run("upgrade", "head")
    with sa.create_engine(pg_url, poolclass=sa.NullPool).connect() as connection:
        assert sa.inspect(connection).has_table("t") == (mode == "session")
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        assert connection.exec_driver_sql(query).scalar() == 0
    assert database
