"""What Python's drivers do about transactions, and a copy inside and outside of them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy.ext.asyncio import create_async_engine

from alembic_moltres import column
from tests.operations.context import recorded
from tests.operations.sqlite_file import SQLiteFile, alter, copies

REFUSED = re.escape(
    "SQLite must copy the table 'users' with foreign keys switched off, and the connection is inside a transaction "
    "that enforces them (at the table 'users'); put it in a revision of its own, before rows are written; or inside "
    "`with op.get_context().autocommit_block():` (unless a `begin` event sends BEGIN); "
    "or leave PRAGMA foreign_keys=ON out of env.py"
)


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


def test_foreign_keys_that_a_transaction_enforces_refuse_before_anything(file: SQLiteFile) -> None:
    before = file.everything()
    with file.engine(foreign_keys=True).connect() as connection:
        connection.exec_driver_sql("INSERT INTO log VALUES ('row')")
        with recorded(connection) as statements, pytest.raises(CommandError, match=REFUSED):
            alter(connection, block)
        connection.rollback()
    assert [] == [
        each for each in statements if not each.startswith(("SELECT", "PRAGMA foreign_keys"))
    ]
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
        if foreign_keys:
            with pytest.raises(CommandError, match=REFUSED):
                alter(connection, block)
            connection.rollback()
            assert before == file.everything()
            return
        alter(connection, block)
        connection.rollback()
        assert before == file.everything()
        alter(connection, block)
        connection.commit()
    assert "age BIGINT" in file.sql()


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
