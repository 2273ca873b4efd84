"""Bad input: an error that names the place and the remedy, and nothing changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy.ext.asyncio import create_async_engine

from alembic_moltres.dialects.base import driver_messages as refusals
from alembic_moltres.schema import TableSchema, column, ddl, foreign_key, index
from tests.dump import dump
from tests.operations.context import offline, run

KEY = column("id", "INTEGER", primary_key=True)
USERS = TableSchema("users", [KEY])


def failing(engine: sa.Engine, script: Callable[[Any], object]) -> str:
    """Return the message of a script that fails; the database is as before."""
    before = dump(engine)
    with pytest.raises(CommandError) as raised:
        run(engine, script)
    assert before == dump(engine)
    return str(raised.value)


def test_a_table_that_exists(any_engine: sa.Engine) -> None:
    run(any_engine, lambda op: op.moltres_create_table(USERS))
    message = failing(any_engine, lambda op: op.moltres_create_table(USERS))
    assert message.startswith("the table 'users' cannot be made: ")
    assert "already exists; drop or rename one of the two, pass if_not_exists=True" in message


def test_a_table_that_does_not_exist(any_engine: sa.Engine) -> None:
    message = failing(any_engine, lambda op: op.moltres_drop_table(USERS))
    assert message.startswith("the table 'users' cannot be dropped: ")
    assert "users" in message.partition(": ")[2]
    assert "; pass if_exists=True" in message


def test_an_index_name_that_is_taken(pg_engine: sa.Engine, sqlite_engine: sa.Engine) -> None:
    for engine in (pg_engine, sqlite_engine):
        taken = TableSchema("a", [KEY], indexes=[index("ix", "id")])
        run(engine, lambda op, taken=taken: op.moltres_create_table(taken))  # type: ignore[misc]
        again = TableSchema("b", [KEY], indexes=[index("ix", "id")])
        message = failing(engine, lambda op, again=again: op.moltres_create_table(again))  # type: ignore[misc]
        assert message.startswith("the index 'ix' of the table 'b' cannot be made: ")


@pytest.mark.parametrize(
    ("type_name", "expected"),
    [
        pytest.param("ENUM('a')", "an enum type needs a name; pass name=...", id="enum"),
        pytest.param("mysql.SET('a')", "type_variants or ddl_if", id="other-dialect"),
    ],
)
def test_what_postgresql_cannot_say_is_found_before_the_first_statement(
    pg_engine: sa.Engine, type_name: str, expected: str
) -> None:
    before = ddl("before_create", "CREATE TABLE too_early (id INTEGER)")
    good = column("y", "ENUM('b',name='made_too_early')")
    schema = TableSchema("t", [KEY, good, column("x", type_name)], ddl=[before])
    executed: list[str] = []

    def script(op: Any) -> None:
        sa.event.listen(
            op.get_bind(), "before_cursor_execute", lambda *args: executed.append(args[2])
        )
        op.moltres_create_table(schema)

    with pytest.raises(
        CommandError, match=f"cannot compile column 't.x' for postgresql: .*{expected}"
    ):
        run(pg_engine, script)
    assert [] == executed


def test_a_varchar_without_length(mariadb_engine: sa.Engine) -> None:
    schema = TableSchema("t", [KEY, column("x", "VARCHAR")])
    message = failing(mariadb_engine, lambda op: op.moltres_create_table(schema))
    assert "column 't.x'" in message
    assert message.endswith("; give it a length, here or in type_variants")


def test_a_name_that_is_too_long(pg_engine: sa.Engine) -> None:
    message = failing(pg_engine, lambda op: op.moltres_create_table(TableSchema("t" * 64, [KEY])))
    assert message.endswith("; shorten it")


def test_what_the_database_refuses(any_engine: sa.Engine) -> None:
    schema = TableSchema("t", [KEY], ddl=[ddl("before_create", "NONSENSE")])
    message = failing(any_engine, lambda op: op.moltres_create_table(schema))
    assert message.startswith("the database refuses the before_create DDL of the table 't': ")


def test_a_varchar_that_is_too_long(pg_engine: sa.Engine, mariadb_engine: sa.Engine) -> None:
    for engine in (pg_engine, mariadb_engine):
        schema = TableSchema("t", [KEY, column("x", "VARCHAR(99999999)")])
        message = failing(engine, lambda op, schema=schema: op.moltres_create_table(schema))  # type: ignore[misc]
        assert message.startswith("the database refuses the table 't': ")
        assert message.endswith("; make it shorter or smaller")


def test_mariadb_says_what_it_has_committed(mariadb_engine: sa.Engine) -> None:
    schema = TableSchema("t", [KEY], ddl=[ddl("after_create", "NONSENSE")])
    with pytest.raises(CommandError) as raised:
        run(mariadb_engine, lambda op: op.moltres_create_table(schema))
    assert "has committed the table 't': when this is run again" in str(raised.value)


def test_a_lock_that_is_not_granted_is_sqlalchemy_class_exception(pg_engine: sa.Engine) -> None:
    run(pg_engine, lambda op: op.moltres_create_table(USERS))

    def waiting(op: Any) -> None:
        op.execute("SET lock_timeout = '50ms'")
        op.moltres_drop_table(USERS)

    with pg_engine.begin() as connection:
        connection.exec_driver_sql("SELECT * FROM users")
        with pytest.raises(sa.exc.OperationalError) as raised:
            run(pg_engine, waiting)
    assert isinstance(raised.value, CommandError)
    assert "55P03" == refusals.error_code(raised.value)


def test_a_key_that_refers_to_nothing(pg_engine: sa.Engine) -> None:
    key = foreign_key("id", "nowhere", "id", name="fk")
    schema = TableSchema("t", [KEY], constraints=[key])
    message = failing(pg_engine, lambda op: op.moltres_create_table(schema))
    assert message.startswith("the database refuses the table 't': ")
    assert "nowhere" in message


def test_neither_a_model_nor_a_table(sqlite_engine: sa.Engine) -> None:
    for name in ("create_table", "drop_table", "add_foreign_keys", "drop_foreign_keys"):
        with pytest.raises(CommandError, match="is neither a mapped class nor a Table"):
            run(sqlite_engine, lambda op, name=name: getattr(op, f"moltres_{name}")(42))  # type: ignore[misc]


def test_an_unknown_type_is_an_error_of_alembic() -> None:
    schema = TableSchema("t", [column("x", "VARCHR(3)")])
    with pytest.raises(CommandError, match="did you mean"):
        offline("sqlite://", lambda op: op.moltres_create_table(schema))


def test_codes_are_read_from_every_kind_of_driver() -> None:
    class Driver(Exception):  # noqa: N818  (what asyncpg's adapter of SQLAlchemy looks like)
        pgcode = sqlstate = "42P07"

    said = Driver("<class 'asyncpg.exceptions.X'>: relation exists\nHINT: no")
    err = sa.exc.ProgrammingError("CREATE", {}, said)
    assert "42P07" == refusals.error_code(err)
    assert "relation exists" == refusals.database_message(err)


MADE = TableSchema("users", [KEY, column("a", "INTEGER"), column("b", "VARCHAR(9)")])
A, B = MADE.columns[1:]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda t: t.drop_column(B), id="drop"),
        pytest.param(lambda t: t.alter_column(B, column("b", "TEXT")), id="type"),
    ],
)
def test_a_view_that_depends(pg_engine: sa.Engine, change: Callable[[Any], object]) -> None:
    def alter(op: Any) -> None:
        with op.moltres_alter_table("users") as t:
            change(t)

    run(pg_engine, lambda op: op.moltres_create_table(MADE))
    run(pg_engine, lambda op: op.execute("CREATE VIEW v AS SELECT b FROM users"))
    message = failing(pg_engine, alter)
    assert "view v depends on column" in message
    assert message.endswith("; drop the dependent object first and create it again afterwards")


def test_a_user_without_the_right(pg_engine: sa.Engine) -> None:
    def script(op: Any) -> None:
        op.execute("CREATE ROLE moltres_reader")
        op.execute("SET LOCAL ROLE moltres_reader")
        op.moltres_create_table(TableSchema("pg_mine", [KEY], schema="pg_catalog"))

    message = failing(pg_engine, script)
    assert message.endswith("; give this user the right, or migrate as a user who has it")


PG8000 = {
    "S": "ERROR",
    "C": "23505",
    "M": 'could not create unique index "uq"',
    "D": "Key (s)=(a) is duplicated.",
}
"""What pg8000 raises: the fields of PostgreSQL's protocol."""


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(
            (PG8000,),
            "23505",
            'could not create unique index "uq" (Key (s)=(a) is duplicated.)',
            id="pg8000",
        ),
        pytest.param(
            (1050, "1050 (42S01): Table 't' already exists", "42S01"),
            "1050",
            "Table 't' already exists",
            id="mysql-connector",
        ),
        pytest.param(
            (1050, "Table 't' already exists"), "1050", "Table 't' already exists", id="pymysql"
        ),
    ],
)
def test_an_error_is_read_whatever_the_driver(
    arguments: tuple[object, ...], code: str, message: str
) -> None:
    error = sa.exc.DBAPIError("CREATE ...", {}, Exception(*arguments))
    assert (code, message) == (refusals.error_code(error), refusals.database_message(error))


def test_the_number_of_an_error_of_mariadb_s_own_driver_is_an_attribute() -> None:
    class Driver(Exception):  # noqa: N818  (what MariaDB Connector/Python 1.1 raises)
        errno, sqlstate, errmsg = 1050, "42S01", "Table 't' already exists"

    error = sa.exc.DBAPIError("CREATE ...", {}, Driver(Driver.errmsg))
    found = (refusals.error_code(error), refusals.database_message(error))
    assert ("1050", "Table 't' already exists") == found


def test_asyncpg_has_the_detail_too(pg_engine: sa.Engine) -> None:
    async def refused() -> str:
        engine = create_async_engine(
            pg_engine.url.set(drivername="postgresql+asyncpg"), poolclass=sa.NullPool
        )
        async with engine.connect() as connection:
            await connection.exec_driver_sql("CREATE TABLE d (a integer)")
            await connection.exec_driver_sql("INSERT INTO d VALUES (1), (1)")
            with pytest.raises(sa.exc.DBAPIError) as raised:
                await connection.exec_driver_sql("CREATE UNIQUE INDEX uq ON d (a)")
        return refusals.database_message(raised.value)

    found = asyncio.run(refused())
    assert 'could not create unique index "uq" (Key (a)=(1) is duplicated.)' == found
