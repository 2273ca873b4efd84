"""New databases for circles: as many as a test wants, dropped after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.circles.cases import MARIADB, SQLITE
from tests.servers import mariadb

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
        yield from _postgresql(request)


def _postgresql(request: pytest.FixtureRequest) -> Iterator[Database]:
    url = sa.make_url(request.getfixturevalue("pg_url"))
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    made: list[str] = []

    def create() -> str:
        made.append(f"{url.database}_{len(made)}")
        with engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{made[-1]}" TEMPLATE template0')
        return url.set(database=made[-1]).render_as_string(hide_password=False)

    yield create
    with engine.connect() as connection:
        for name in made:
            connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    engine.dispose()


@pytest.fixture
def new_engine(new_database: Database) -> Iterator[Callable[[], sa.Engine]]:
    made: list[sa.Engine] = []

    def create() -> sa.Engine:
        made.append(sa.create_engine(new_database(), poolclass=sa.NullPool))
        return made[-1]

    yield create
    for engine in made:
        engine.dispose()
