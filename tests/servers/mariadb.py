"""Run a private MariaDB or MySQL server, or find one, and give out databases on it."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import shutil
import signal
from collections.abc import Iterator

import sqlalchemy as sa

from tests.servers.process import (
    ServerUnavailableError,
    fastest_parent,
    free_port,
    server_place,
)

HOW_TO_GET_ONE = (
    "no MariaDB or MySQL server: install one, so that mariadbd or mysqld can be started, or set TEST_MARIADB_URL "
    "(mariadb+pymysql://user:password@host:port), or start one at 127.0.0.1:3306 (root, empty password)"
)
# PyMySQL reads the system's certificates for each connection that may use TLS: 15 ms
STANDARD_URL = sa.URL.create(
    "mariadb+pymysql", "root", "", "127.0.0.1", 3306, query={"ssl_disabled": "true"}
)
SYSTEM_PATH = os.pathsep.join(
    [os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/usr/libexec"]
)
# Durability is of no use to a test.
SETTINGS = (
    "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=64M",
    "--skip-name-resolve",
)
PREFIX = "moltres_test_"


def admin_engine(url: sa.URL) -> sa.Engine:
    """Return an engine for statements on the server itself, which commits each."""
    return sa.create_engine(
        url,
        poolclass=sa.NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": 2},
    )


def answers(url: sa.URL) -> bool:
    """Tell whether a server is there and lets us in."""
    try:
        with admin_engine(url).connect():
            return True
    except sa.exc.OperationalError:
        return False


def find_daemon() -> str | None:
    """Return the server's program, if it is installed."""
    return shutil.which("mariadbd", path=SYSTEM_PATH) or shutil.which("mysqld", path=SYSTEM_PATH)


@contextlib.contextmanager
def private_server() -> Iterator[sa.URL]:
    """Run a new server for the block.

    Raises:
        ServerUnavailableError: there are no programs to run, or they do not start.
    """
    daemon = find_daemon()
    if daemon is None:
        raise ServerUnavailableError(HOW_TO_GET_ONE)
    with server_place(fastest_parent(), "mysql") as place:
        # a server that starts deletes other servers' files in /tmp
        aside = f"--tmpdir={place.own}"
        install = shutil.which("mariadb-install-db", path=SYSTEM_PATH)
        if install:
            new = (
                install,
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            )
            place.run((*new, f"--datadir={place.data}", aside))
        else:
            place.run((daemon, "--no-defaults", "--initialize-insecure", f"--datadir={place.data}"))
        url = STANDARD_URL.set(port=free_port())
        where = (
            f"--datadir={place.data}",
            f"--socket={place.own}/s",
            f"--pid-file={place.own}/pid",
            aside,
        )
        network = ("--bind-address=127.0.0.1", f"--port={url.port}")
        command = (daemon, "--no-defaults", *where, *network, *SETTINGS)
        with place.serve(command, lambda: answers(url), signal.SIGTERM):
            yield url


@contextlib.contextmanager
def server() -> Iterator[sa.URL]:
    """Give the server that TEST_MARIADB_URL names, else a private one, else the one on the standard port.

    A private one serves one worker only: MariaDB 10.11 was seen to crash when one connection read
    information_schema while another dropped a database.

    Raises:
        ServerUnavailableError: there is none, or the named one does not answer.
    """
    named = os.environ.get("TEST_MARIADB_URL")
    if named:
        url = sa.make_url(named)
        if not answers(url):
            raise ServerUnavailableError(
                f"TEST_MARIADB_URL names {url!r}, and it does not let us in"
            )
        yield url
    elif find_daemon() is None and answers(STANDARD_URL):
        yield STANDARD_URL
    else:
        with private_server() as url:
            yield url


class Databases:
    """Makes and drops uniquely named databases on a server that may be somebody's own.

    While it lives it holds the lock named like its databases. What a killed session left is known by its free lock
    (MariaDB manual, GET_LOCK: a lock ends with its connection), and dropped by the next session.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._session = PREFIX + secrets.token_hex(4)
        self._numbers = itertools.count(1)
        connection.execute(sa.select(sa.func.get_lock(self._session, 0)))
        self._drop_abandoned()

    def create(self) -> str:
        """Create a database and return its name."""
        name = f"{self._session}_{next(self._numbers)}"
        self._connection.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return name

    def drop(self, name: str) -> None:
        """Drop a database."""
        self._connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")

    def _drop_abandoned(self) -> None:
        for name in sa.inspect(self._connection).get_schema_names():
            session, _, number = name.rpartition("_")
            if session.startswith(PREFIX) and number:
                free = self._connection.scalar(sa.select(sa.func.is_free_lock(session)))
                if free:
                    self.drop(name)
