"""The dumps by which whole circles are judged."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import dump as dump_module
from tests.dump import dump


def shop(*, reverse: bool = False, checked: str = "qty > 0") -> sa.MetaData:
    metadata = sa.MetaData()
    tables = ["b_table", "a_table"]
    for name in reversed(tables) if reverse else tables:
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("qty", sa.Integer, nullable=False, comment="it's 100 %"),
            sa.Column("mood", sa.Enum("sad", "fine", name=f"mood_{name}")),
            sa.CheckConstraint(checked, name=f"ck_{name}"),
            *[
                sa.Index(f"ix_{name}_{n}", "qty", "id")
                for n in (("2", "1") if reverse else ("1", "2"))
            ],
        )
    return metadata


def test_the_order_of_creation_does_not_matter(any_engine: sa.Engine) -> None:
    shop().create_all(any_engine)
    first = dump(any_engine)
    shop().drop_all(any_engine)
    for table in shop(reverse=True).tables.values():
        table.create(any_engine)
    assert first == dump(any_engine)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("CREATE INDEX ix_more ON a_table (id)", id="an-index"),
        pytest.param("CREATE VIEW more AS SELECT 1 AS one", id="a-view"),
        pytest.param("ALTER TABLE a_table ADD COLUMN more INTEGER DEFAULT 1", id="a-column"),
        pytest.param("CREATE TABLE more (id INTEGER)", id="a-table"),
    ],
)
def test_a_difference_is_seen(any_engine: sa.Engine, statement: str) -> None:
    shop().create_all(any_engine)
    before = dump(any_engine)
    with any_engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert before != dump(any_engine)
    assert "more" in dump(any_engine)


def test_rows_and_the_version_table_are_no_difference(any_engine: sa.Engine) -> None:
    shop().create_all(any_engine)
    before = dump(any_engine)
    with any_engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"
        )
        connection.exec_driver_sql("INSERT INTO a_table (id, qty) VALUES (17, 1)")
    assert before == dump(any_engine)
    assert "alembic_version" in dump(any_engine, without=())


def test_an_empty_database_has_an_empty_dump(
    sqlite_engine: sa.Engine, mariadb_engine: sa.Engine
) -> None:
    assert dump(sqlite_engine) == dump(mariadb_engine) == ""


def test_an_enum_type_left_behind_is_seen(pg_engine: sa.Engine) -> None:
    empty = dump(pg_engine)
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TYPE mood AS ENUM ('sad', 'fine')")
    assert empty != dump(pg_engine)
    assert "'sad'" in dump(pg_engine)


def test_an_empty_postgresql_has_an_empty_dump_without_a_process(
    pg_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = sa.Table("alembic_version", sa.MetaData(), sa.Column("n", sa.Text, primary_key=True))
    versions.create(pg_engine)
    with monkeypatch.context() as patched:
        patched.setattr(dump_module, "_pg_is_empty", lambda *_: False)
        assert "" == dump(pg_engine)
    monkeypatch.setattr(dump_module, "_pg_dump", lambda *_: pytest.fail("pg_dump was started"))
    monkeypatch.setattr(dump_module, "_pg_catalogue", lambda *_: pytest.fail("the same"))
    assert "" == dump(pg_engine)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("CREATE TYPE mood AS ENUM ('sad')", id="type"),
        pytest.param("CREATE SEQUENCE s", id="sequence"),
        pytest.param("CREATE SCHEMA other", id="schema"),
        pytest.param("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", id="function"),
        pytest.param("COMMENT ON SCHEMA public IS 'ours'", id="comment"),
        pytest.param("CREATE PUBLICATION p", id="publication"),
    ],
)
def test_a_postgresql_without_tables_is_not_taken_for_empty(
    pg_engine: sa.Engine, statement: str
) -> None:
    with pg_engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert "" != dump(pg_engine)


def test_the_catalogue_sees_what_pg_dump_sees(
    pg_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dump_module, "find_bindir", lambda: Path("/nonexistent"))
    empty = dump(pg_engine)
    shop().create_all(pg_engine)
    first = dump(pg_engine)
    shop().drop_all(pg_engine)
    assert empty == dump(pg_engine)
    for table in shop(reverse=True).tables.values():
        table.create(pg_engine)
    assert first == dump(pg_engine)
    for part in (
        "ix_a_table_1",
        "ck_a_table",
        "it''s 100 %",
        "ENUM mood_a_table ('sad', 'fine')",
        "NOT NULL",
    ):
        assert part in first
    shop().drop_all(pg_engine)
    shop(checked="qty > 1").create_all(pg_engine)
    assert first != dump(pg_engine)
