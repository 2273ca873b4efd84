"""What Python's drivers do about transactions, and a copy inside and outside of them."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy.ext.asyncio import create_async_engine

from alembic_moltres import column
from alembic_moltres.dialects.sqlite import enforcement
from tests.operations.context import recorded
from tests.operations.sqlite_file import SQLiteFile, alter, copies

REFUSED = re.escape(
    "SQLite must copy the table 'users' while foreign keys do not act, and the connection is inside a transaction that "
    "enforces them, on a driver that cannot switch them off there (at the table 'users'); migrate with Python 3.12 or "
    "newer; or put the operation into a revision of its own inside `with op.get_context().autocommit_block():`; or leave "
    "PRAGMA foreign_keys=ON out of env.py"
)


DEFENSIVE = 1010
"""`sqlite3.SQLITE_DBCONFIG_DEFENSIVE`, which Python has from 3.12 on."""


@pytest.fixture
def file(tmp_path: Path) -> SQLiteFile:
    return SQLiteFile(tmp_path / "test.db")


def block(t: Any) -> None:
    t.alter_column(column("age", "INTEGER"), column("age", "BIGINT"))


def test_two_copies_on_one_connection(file: SQLiteFile) -> None:
    with file.engine(foreign_keys=True).connect() as connection:
        alter(connection, block)
        alter(connection, block)
        connection.commit()
    assert 3 == len(file.ask("SELECT * FROM posts"))


def no_setconfig(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Python be as old as 3.11: it cannot switch foreign keys off inside a transaction."""
    monkeypatch.setattr(
        enforcement, "SQLITE_DBCONFIG_ENABLE_FKEY", 1016
    )  # one that changes nothing


@pytest.fixture(params=["newest", "3.11"])
def python(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give both ways in which a copy goes on while foreign keys act."""
    if request.param == "3.11":
        no_setconfig(monkeypatch)
    return str(request.param)


def test_a_copy_while_a_transaction_enforces_foreign_keys_deletes_no_child(
    file: SQLiteFile, python: str
) -> None:
    before = file.rows()
    with file.engine(foreign_keys=True).connect() as connection:
        connection.exec_driver_sql("INSERT INTO log VALUES ('row')")
        alter(connection, block)
        assert 1 == connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
        assert 0 == connection.exec_driver_sql("PRAGMA writable_schema").scalar()
        connection.exec_driver_sql("DELETE FROM log WHERE said = 'row'")
        connection.commit()
    assert before == file.rows()
    assert "age BIGINT" in file.sql()


CHILDREN = """
CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER, up INT {self}, CHECK (users.age > 0));
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INT {child}, UNIQUE (user_id));
CREATE INDEX ix_users_age ON users (age) WHERE age > 1;
CREATE TRIGGER tr_posts AFTER DELETE ON posts BEGIN UPDATE users SET age = users.age + 1; END;
CREATE TRIGGER tr_users AFTER DELETE ON users BEGIN DELETE FROM posts; END;
CREATE VIEW seen AS SELECT users.id AS i FROM users JOIN posts ON user_id = users.id;
INSERT INTO users VALUES (1, 7, NULL), (2, 8, 1), (3, 9, 2), (4, 9, 4);
INSERT INTO posts VALUES (1, 1), (2, 3), (3, NULL);
ANALYZE;
"""
ACTIONS = [
    "CASCADE",
    "SET NULL",
    "SET DEFAULT",
    "RESTRICT",
    "NO ACTION",
    "CASCADE DEFERRABLE INITIALLY DEFERRED",
]


@pytest.mark.parametrize("own", ACTIONS)
@pytest.mark.parametrize("child", ACTIONS)
def test_no_action_of_a_foreign_key_happens_in_a_copy(
    tmp_path: Path, python: str, own: str, child: str
) -> None:
    refers = "REFERENCES users ON DELETE"
    script = CHILDREN.format(self=f"NOT NULL {refers} {own}", child=f"{refers} {child}")
    plain, enforced = (
        SQLiteFile(tmp_path / name, script.replace("(1, 7, NULL)", "(1, 7, 1)"))
        for name in ("plain.db", "enforced.db")
    )
    plain.alter(block)
    with enforced.engine(foreign_keys=True).connect() as connection:
        connection.exec_driver_sql("UPDATE users SET age = age")
        alter(connection, block)
        connection.commit()
    assert plain.everything() == enforced.everything()


def test_a_driver_that_allows_neither_way_refuses_before_anything(file: SQLiteFile) -> None:
    """`SQLITE_DBCONFIG_DEFENSIVE`, which some builds set; Python can set it from 3.12 on."""
    pytest.importorskip("aiosqlite")
    if not hasattr(sqlite3.Connection, "setconfig"):
        pytest.skip("Python 3.12 can make a connection defensive")
    before = file.everything()

    async def migrate() -> list[str]:
        engine = create_async_engine(f"sqlite+aiosqlite:///{file.path}", poolclass=sa.NullPool)
        async with engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver._execute(driver._conn.setconfig, DEFENSIVE)
            await connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            await connection.exec_driver_sql("INSERT INTO log VALUES ('row')")

            def run(sync: sa.Connection) -> list[str]:
                with recorded(sync) as statements, pytest.raises(CommandError, match=REFUSED):
                    alter(sync, block)
                return statements

            statements = await connection.run_sync(run)
        await engine.dispose()
        return statements

    asked = ("SELECT", "PRAGMA", "UPDATE sqlite_master SET sql = sql WHERE 0")
    assert [] == [each for each in asyncio.run(migrate()) if not each.startswith(asked)]
    assert before == file.everything()


@pytest.mark.parametrize("commits", [True, False])
def test_a_copy_after_rows_were_written_happens_in_their_transaction(
    file: SQLiteFile, *, commits: bool
) -> None:
    before = file.everything()
    with file.engine().connect() as connection:
        connection.exec_driver_sql("INSERT INTO log VALUES ('row')")
        alter(connection, block)
        connection.commit() if commits else connection.rollback()
    if commits:
        assert "age BIGINT" in file.sql()
        assert [("row",)] == file.ask("SELECT * FROM log WHERE said = 'row'")
    else:
        assert before == file.everything()


@pytest.mark.parametrize("foreign_keys", [False, True])
def test_the_recipe_in_which_sqlalchemy_begins(file: SQLiteFile, *, foreign_keys: bool) -> None:
    before = file.everything()
    with file.engine(foreign_keys=foreign_keys, begins=True).connect() as connection:
        alter(connection, block)
        connection.rollback()
        assert before == file.everything()
        alter(connection, block)
        connection.commit()
    assert "age BIGINT" in file.sql()
    assert 3 == len(file.ask("SELECT * FROM posts"))


def test_an_autocommit_block_is_a_way_out(file: SQLiteFile) -> None:
    with file.engine(foreign_keys=True).connect() as connection:
        context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
        with context.begin_transaction(_per_migration=True):
            connection.exec_driver_sql("INSERT INTO log VALUES ('row')")
            with context.autocommit_block():
                assert context.connection is not None
                alter(context.connection, block)
    assert "age BIGINT" in file.sql()
    assert 3 == len(file.ask("SELECT * FROM posts"))


@pytest.mark.parametrize("level", ["AUTOCOMMIT", "SERIALIZABLE"])
def test_isolation_levels(file: SQLiteFile, level: Any) -> None:
    with file.engine(foreign_keys=True).connect() as connection:
        connection.execution_options(isolation_level=level)
        alter(connection, block)
        connection.commit()
    assert "age BIGINT" in file.sql()
    assert 3 == len(file.ask("SELECT * FROM posts"))


@pytest.mark.parametrize("foreign_keys", [False, True])
def test_aiosqlite(file: SQLiteFile, *, foreign_keys: bool) -> None:
    pytest.importorskip("aiosqlite")

    async def migrate() -> list[str]:
        engine = create_async_engine(f"sqlite+aiosqlite:///{file.path}", poolclass=sa.NullPool)
        async with engine.connect() as connection:
            if foreign_keys:
                await connection.exec_driver_sql("PRAGMA foreign_keys=ON")

            def run(sync: sa.Connection) -> list[str]:
                with recorded(sync) as statements:
                    alter(sync, block)
                return statements

            statements = await connection.run_sync(run)
            await connection.commit()
        await engine.dispose()
        return statements

    assert 1 == copies(asyncio.run(migrate()))
    assert "age BIGINT" in file.sql()
    assert 3 == len(file.ask("SELECT * FROM posts"))


def test_a_locked_database_is_said_as_it_is(file: SQLiteFile) -> None:
    before = file.everything()
    with file.engine().connect() as other, file.engine().connect() as connection:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
        with pytest.raises(sa.exc.OperationalError, match="database is locked"):
            alter(connection, block)
        other.exec_driver_sql("ROLLBACK")
    assert before == file.everything()
