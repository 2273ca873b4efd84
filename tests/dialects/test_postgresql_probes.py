"""PostgreSQL: asking leaves nothing behind, and where it cannot ask nothing is invented."""

from __future__ import annotations

import logging
import shutil
import subprocess

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from alembic_moltres import (
    TableSchema,
    check,
    computed,
    index,
    primary_key,
    reflect_table,
    reflect_tables,
    sql,
    unique,
)
from alembic_moltres.dialects.base.reflection import reflect_database, reflect_expected, table_keys
from alembic_moltres.errors import OperationError
from tests.dialects.postgresql_law import create, differences
from tests.dialects.postgresql_shapes import CHECKS, c, things

TABLE = things(
    c("id"),
    c("a", default=5),
    c("b", "VARCHAR(9)", default="x"),
    c("t", "TIMESTAMP(timezone=True)", default=sql.now()),
    c("S", "ENUM('x','y',name='kinds')", default="x"),
    c("g", computed=computed("a * 2", persisted=True)),
    primary_key("id"),
    unique("b"),
    *(check(text) for text in CHECKS if text != "checked IS NOT NULL"),
    check("a != 7", name="named"),
    index("ix", [sql("lower(b)")], dialect_options={"postgresql_where": sql("a > 0")}),
    name="checked",
)
OTHER = things(
    c("id"),
    c("v", "ENUM('x','z',name='kinds')", default="z"),
    c("w", "ENUM('p',name='unknown_yet')"),
    check("v = 'z'"),
    check("no_such_function(id)"),
)


def dump(engine: sa.Engine) -> str:
    url = engine.url
    pg_dump = shutil.which("pg_dump") or pytest.skip("no pg_dump")
    command = [
        pg_dump,
        "-h",
        url.host or "",
        "-p",
        str(url.port),
        "-U",
        url.username or "",
        url.database or "",
    ]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip(found.stderr)
    return "\n".join(line for line in found.stdout.splitlines() if "restrict" not in line)


def left_over(connection: sa.Connection) -> int:
    found: int = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()"
    ).scalar_one()
    return found


def test_asking_leaves_nothing_behind(pg_engine: sa.Engine, pg_connection: sa.Connection) -> None:
    create(pg_connection, TABLE)
    before = dump(pg_engine)
    reflect_expected(pg_connection, [TABLE, OTHER])
    assert left_over(pg_connection) == 0
    pg_connection.commit()
    assert left_over(pg_connection) == 0
    assert dump(pg_engine) == before


def test_an_interruption_leaves_nothing_behind(pg_connection: sa.Connection) -> None:
    def interrupt(conn: object, cursor: object, statement: str, *_: object) -> None:
        if "pg_my_temp_schema" in statement and "pg_get_indexdef" in statement:
            raise KeyboardInterrupt

    create(pg_connection, TABLE)
    event.listen(pg_connection, "before_cursor_execute", interrupt)
    with pytest.raises(KeyboardInterrupt):
        reflect_expected(pg_connection, [TABLE])
    event.remove(pg_connection, "before_cursor_execute", interrupt)
    pg_connection.rollback()  # SQLAlchemy 2.1 gives up a connection that was interrupted
    assert left_over(pg_connection) == 0
    assert differences(pg_connection, TABLE) == ()


def test_what_the_transaction_did_before_stays(pg_connection: sa.Connection) -> None:
    create(pg_connection, TABLE)
    pg_connection.exec_driver_sql("CREATE TABLE mine (id int); INSERT INTO mine VALUES (1)")
    reflect_expected(pg_connection, [TABLE, OTHER])
    assert pg_connection.exec_driver_sql("SELECT id FROM mine").scalars().all() == [1]


def test_what_the_database_refuses_is_said_once(
    pg_connection: sa.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        reflect_expected(pg_connection, [OTHER])
    assert len(caplog.records) == 1
    assert "no_such_function" in caplog.text


@pytest.mark.parametrize(
    ("wanted", "differs"), [("(b -> 'x')::integer", False), ("(b -> 'y')::integer", True)]
)
def test_an_index_whose_expression_is_refused_is_compared_token_by_token(
    wanted: str, *, differs: bool, pg_connection: sa.Connection
) -> None:
    current, desired = (
        things(c("b", "postgresql.JSONB"), index("ix", [sql(text)]))
        for text in ("CAST(b -> 'x' AS integer)", wanted)
    )
    create(pg_connection, current)
    assert differs == bool(differences(pg_connection, desired))


def silent(connection: sa.Connection, caplog: pytest.LogCaptureFixture, reason: str) -> None:
    with caplog.at_level(logging.WARNING):
        assert differences(connection, TABLE) == ()
    assert [reason in record.getMessage() for record in caplog.records] == [True]
    changed = TableSchema(
        "checked",
        [*TABLE.columns[1:], c("new"), c("id", "BIGINT")],
        constraints=TABLE.constraints,
        indexes=TABLE.indexes,
    )
    found = repr(differences(connection, changed))
    assert "AddColumn" in found
    assert "AlterColumn" in found
    assert "Constraint" not in found


def test_a_read_only_transaction_compares_token_by_token(
    pg_connection: sa.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    create(pg_connection, TABLE)
    pg_connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    silent(pg_connection, caplog, "read-only")


def test_an_autocommit_connection_compares_token_by_token(
    pg_engine: sa.Engine,
    pg_connection: sa.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    create(pg_connection, TABLE)
    with pg_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        silent(other, caplog, "AUTOCOMMIT")


def test_a_user_without_rights_compares_token_by_token(
    pg_connection: sa.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    create(pg_connection, TABLE)
    database = pg_connection.engine.url.database
    pg_connection.exec_driver_sql(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    pg_connection.exec_driver_sql("CREATE ROLE moltres_reader; SET LOCAL ROLE moltres_reader")
    silent(pg_connection, caplog, "temporary tables")
    pg_connection.rollback()


def test_the_number_of_queries_does_not_grow_with_the_tables(pg_connection: sa.Connection) -> None:
    def queries(tables: list[TableSchema]) -> int:
        sent: list[str] = []

        def note(conn: object, cursor: object, statement: str, *_: object) -> None:
            sent.append(statement)

        event.listen(pg_connection, "before_cursor_execute", note)
        reflect_database(pg_connection, table_keys(pg_connection, [None]))
        reflect_expected(pg_connection, tables)
        event.remove(pg_connection, "before_cursor_execute", note)
        return len(sent)

    tables = [
        things(c("id"), primary_key("id"), check(f"id > {n}"), name=f"t{n}") for n in range(200)
    ]
    create(pg_connection, *tables)
    assert queries(tables) == queries(tables[:1])


def test_partitions_and_tables_of_extensions_are_found_only_by_name(
    pg_connection: sa.Connection,
) -> None:
    pg_connection.exec_driver_sql(
        "CREATE TABLE whole (a int) PARTITION BY RANGE (a);"
        "CREATE TABLE part PARTITION OF whole FOR VALUES FROM (0) TO (9);"
        "CREATE EXTENSION citext; CREATE TABLE owned (a int); ALTER EXTENSION citext ADD TABLE owned;"
        "CREATE TEMPORARY TABLE passing (a int); CREATE VIEW seen AS SELECT 1"
    )
    assert [table.name for table in reflect_tables(pg_connection)] == ["whole"]
    assert [table.name for table in reflect_tables(pg_connection, names=["part", "none"])] == [
        "part"
    ]
    there = table_keys(pg_connection, [None])
    assert there == [(None, "whole")]
    found = reflect_database(pg_connection, [*there, (None, "part")])
    assert list(found) == [(None, "part"), (None, "whole")]
    assert reflect_table(pg_connection, "passing").temporary


def test_a_table_that_is_not_there_has_a_hint(pg_connection: sa.Connection) -> None:
    pg_connection.exec_driver_sql("CREATE TABLE users (id int)")
    with pytest.raises(OperationError, match=r"there is no table 'user' .*did you mean 'users'"):
        reflect_table(pg_connection, "user")


def test_an_inheriting_table_has_only_what_is_its_own(pg_connection: sa.Connection) -> None:
    parent = things(c("a"), check("a > 0"), name="parent")
    child = things(c("b"), name="child", dialect_options={"postgresql_inherits": "parent"})
    create(pg_connection, parent)
    create(pg_connection, child)
    assert differences(pg_connection, parent, child) == ()
    assert [column.name for column in reflect_table(pg_connection, "child").columns] == ["b"]
