"""A database of ours with the tables and rows of `models`, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from alembic_moltres.dataframe import Database, connect
from tests.dataframe.models import MODELS, ROWS

ASYNC = {
    "aiosqlite": ("sqlite_url", "sqlite+aiosqlite"),
    "asyncpg": ("pg_url", "postgresql+asyncpg"),
    "psycopg": ("pg_url", "postgresql+psycopg"),
}


@pytest.fixture
def db(any_url: str) -> Iterator[Database]:
    with connect(any_url) as database:
        yield database


@pytest.fixture
def shop(db: Database) -> Database:
    for model in MODELS:
        db.create_table(model).collect()
    for model, rows in ROWS:
        db.insert(model, rows)
    return db


@pytest.fixture(params=ASYNC)
def async_url(request: pytest.FixtureRequest) -> str:
    fixture, driver = ASYNC[request.param]
    url = sa.make_url(request.getfixturevalue(fixture)).set(drivername=driver)
    return url.render_as_string(hide_password=False)
