"""Fixtures for every test: a fresh database on each of SQLite, PostgreSQL and MariaDB, and Alembic projects.

PostgreSQL is always a real server (`tests.servers.postgresql`), MariaDB or MySQL where there is one. A server that is
missing skips its tests with the way to get one; with MOLTRES_REQUIRE_SERVERS=1 it is an error. MOLTRES_NO_SERVERS=1
skips all tests of servers, which `make quick` does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.servers import mariadb, postgresql
from tests.servers.pg_databases import PgDatabases
from tests.servers.postgresql import PgServer
from tests.servers.process import ServerUnavailableError, fastest_parent

collect_ignore_glob = ["golden/*"]  # scripts that tests run, not tests

DATABASES = ("sqlite", "postgresql", "mariadb")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the files of tests in memory where there is room: SQLite waits for the disk at each commit."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(fastest_parent()))


def _unavailable(err: ServerUnavailableError) -> NoReturn:
    if os.environ.get("MOLTRES_REQUIRE_SERVERS") == "1":
        pytest.fail(f"MOLTRES_REQUIRE_SERVERS=1, and {err}", pytrace=False)
    pytest.skip(str(err))


@pytest.fixture(scope="session")
def servers() -> None:
    """Skip the test where no server may be started."""
    if os.environ.get("MOLTRES_NO_SERVERS") == "1":
        pytest.skip("MOLTRES_NO_SERVERS=1")


@pytest.fixture(scope="session")
def pg_server(servers: None) -> Iterator[PgServer]:
    """Give the server that TEST_PG_URL names, else a private one."""
    named = os.environ.get("TEST_PG_URL")
    if named:
        url = sa.make_url(named)
        yield PgServer(
            url.host or "127.0.0.1", url.port or 5432, url.username or "postgres", url.password
        )
        return
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgresql.private_server())
        except ServerUnavailableError as err:
            _unavailable(err)
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in postgresql.CLIENT_ENVIRONMENT.items():
            environment.setenv(name, value)
        yield server


@pytest.fixture(scope="session")
def pg_databases(pg_server: PgServer) -> Iterator[PgDatabases]:
    """Give what makes, empties and drops databases on the PostgreSQL server."""
    databases = PgDatabases(pg_server)
    yield databases
    databases.close()


@pytest.fixture
def pg_url(pg_server: PgServer, pg_databases: PgDatabases) -> Iterator[str]:
    """Give the URL of an empty PostgreSQL database."""
    name = pg_databases.take()
    yield pg_server.url(name)
    pg_databases.give_back(name)


@pytest.fixture(scope="session")
def mariadb_server(servers: None) -> Iterator[sa.URL]:
    """Give a MariaDB or MySQL server, which may be somebody's own."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(mariadb.server())
        except ServerUnavailableError as err:
            _unavailable(err)
        yield url


@pytest.fixture(scope="session")
def mariadb_databases(mariadb_server: sa.URL) -> Iterator[mariadb.Databases]:
    """Give what makes and drops databases on the MariaDB server."""
    with mariadb.admin_engine(mariadb_server).connect() as connection:
        yield mariadb.Databases(connection)


@pytest.fixture
def mariadb_url(mariadb_server: sa.URL, mariadb_databases: mariadb.Databases) -> Iterator[str]:
    """Give the URL of a new MariaDB or MySQL database."""
    name = mariadb_databases.create()
    try:
        yield mariadb_server.set(database=name).render_as_string(hide_password=False)
    finally:
        mariadb_databases.drop(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Give the URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'test.db'}"


def _engine(url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def pg_engine(pg_url: str) -> Iterator[sa.Engine]:
    """Give an engine on a new PostgreSQL database; it keeps no connection."""
    yield from _engine(pg_url)


@pytest.fixture
def mariadb_engine(mariadb_url: str) -> Iterator[sa.Engine]:
    """Give an engine on a new MariaDB or MySQL database; it keeps no connection."""
    yield from _engine(mariadb_url)


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[sa.Engine]:
    """Give an engine on a new SQLite file; it keeps no connection."""
    yield from _engine(sqlite_url)


@pytest.fixture(params=DATABASES)
def any_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a new database, once for each kind of database."""
    fixtures = {"sqlite": "sqlite_url", "postgresql": "pg_url", "mariadb": "mariadb_url"}
    url: str = request.getfixturevalue(fixtures[request.param])
    return url


@pytest.fixture
def any_engine(any_url: str) -> Iterator[sa.Engine]:
    """Give an engine on a new database, once for each kind of database; it keeps no connection."""
    yield from _engine(any_url)


@pytest.fixture
def alembic_project(tmp_path: Path) -> ProjectFactory:
    """Give what makes an `AlembicProject`; its arguments are those of `AlembicProject.create`."""
    made = 0

    def make(
        models: str,
        url: str | dict[str, str],
        *,
        template: str = "generic",
        configure: str = "",
        env: str = "",
        in_subprocess: bool = False,
    ) -> AlembicProject:
        nonlocal made
        made += 1
        return AlembicProject.create(
            tmp_path / f"project{made}",
            models,
            url,
            template=template,
            configure=configure,
            env=env,
            in_subprocess=in_subprocess,
        )

    return make
