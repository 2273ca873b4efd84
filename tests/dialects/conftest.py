"""A PostgreSQL connection for what is read from a database and asked of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

EXTENSIONS = ("btree_gist", "citext", "hstore", "pg_trgm")


@pytest.fixture
def pg_connection(pg_engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection to a database with a second schema and a sequence."""
    with pg_engine.connect() as connection:
        connection.exec_driver_sql("CREATE SCHEMA other")
        connection.exec_driver_sql("CREATE SEQUENCE numbers START 7 INCREMENT 3")
        connection.commit()
        yield connection


@pytest.fixture
def pg_extended(pg_connection: sa.Connection) -> sa.Connection:
    """Give one to a database with the types and operator classes of extensions besides."""
    for extension in EXTENSIONS:
        pg_connection.exec_driver_sql(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    pg_connection.commit()
    return pg_connection
