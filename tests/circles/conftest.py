"""New databases for circles: as many as a test wants, dropped after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.circles.cases import MARIADB, SQLITE
from tests.servers import mariadb
from tests.servers.pg_databases import PgDatabases
from tests.servers.postgresql import PgServer

Database = Callable[[], str]


@pytest.fixture
def new_database(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database]:
    """Make empty databases, dropped after the test."""
    if database == SQLITE:
        numbers = iter(range(9))
        yield lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"
    elif database == MARIADB:
        databases: mariadb.Databases = request.getfixturevalue("mariadb_databases")
        server: sa.URL = request.getfixturevalue("mariadb_server")
        made: list[str] = []

        def create() -> str:
            made.append(databases.create())
            return server.set(database=made[-1]).render_as_string(hide_password=False)

        yield create
        for name in made:
            databases.drop(name)
    else:
        pg_server: PgServer = request.getfixturevalue("pg_server")
        pg_databases: PgDatabases = request.getfixturevalue("pg_databases")
        taken: list[str] = []

        def take() -> str:
            taken.append(pg_databases.take())
            return pg_server.url(taken[-1])

        yield take
        for name in taken:
            pg_databases.give_back(name)


@pytest.fixture
def new_engine(new_database: Database) -> Iterator[Callable[[], sa.Engine]]:
    """Make engines on empty databases; they keep no connection, whose settings would stay."""
    made: list[sa.Engine] = []

    def create() -> sa.Engine:
        made.append(sa.create_engine(new_database(), poolclass=sa.NullPool))
        return made[-1]

    yield create
    for engine in made:
        engine.dispose()
