"""Sequences that fill a column: made if they are not there, dropped unless they are used."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from alembic_moltres.schema import TableSchema, column, sequence, sql
from tests.operations.context import offline, run

NUMBERS = sequence("Order numbers", start=1000)


def numbered(table: str, *, server_default: bool = False) -> TableSchema:
    default = sql("nextval('\"Order numbers\"')") if server_default else None
    number = column("number", "INTEGER", nullable=False, sequence=NUMBERS, default=default)
    return TableSchema(table, [number, column("note", "TEXT")])


def sequences(engine: sa.Engine) -> list[str]:
    return sa.inspect(engine).get_sequence_names()


@pytest.fixture(params=["pg_engine", "mariadb_engine"])
def engine(request: pytest.FixtureRequest) -> sa.Engine:
    made: sa.Engine = request.getfixturevalue(request.param)
    if made.dialect.name != "postgresql":
        with made.connect() as connection:
            assert connection.dialect.supports_sequences, "MySQL has none; use MariaDB"
    return made


def test_it_is_made_before_the_table_and_dropped_after_it(engine: sa.Engine) -> None:
    def script(op: Any) -> None:
        table = op.moltres_create_table(numbered("orders"))
        op.bulk_insert(table, [{"note": "a"}])

    for _ in range(2):
        executed = run(engine, script)
        assert executed[0].startswith("CREATE SEQUENCE IF NOT EXISTS")
        assert ["Order numbers"] == sequences(engine)
        with engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT * FROM orders")
            assert [(1000, "a")] == [tuple(row) for row in rows]
        run(engine, lambda op: op.moltres_drop_table(numbered("orders")))
        assert [] == sequences(engine)


def test_two_tables_of_one_script_share_it(engine: sa.Engine) -> None:
    def create(op: Any) -> None:
        op.moltres_create_table(numbered("a"))
        op.moltres_create_table(numbered("b"))

    def drop(op: Any) -> None:
        op.moltres_drop_table(numbered("b"))
        op.moltres_drop_table(numbered("a"))

    run(engine, create)
    run(engine, drop)
    assert [] == sequences(engine)


def test_sql_mode_writes_what_is_executed(engine: sa.Engine) -> None:
    primary = column("id", "INTEGER", primary_key=True, sequence=NUMBERS)
    schema = TableSchema("t", [primary])

    def both(op: Any) -> None:
        op.moltres_create_table(schema)
        op.moltres_drop_table(schema)

    executed = run(engine, both)
    written = offline(engine.url, both)
    assert written == "".join(f"{statement};\n\n" for statement in executed)
    assert "AUTO_INCREMENT" not in written


def test_one_that_the_database_knows_of_stays_for_the_other_table(pg_engine: sa.Engine) -> None:
    first, second = (numbered(name, server_default=True) for name in ("a", "b"))
    run(pg_engine, lambda op: op.moltres_create_table(first))
    run(pg_engine, lambda op: op.moltres_create_table(second))
    run(pg_engine, lambda op: op.moltres_drop_table(first))
    assert ["Order numbers"] == sequences(pg_engine)
    run(pg_engine, lambda op: op.moltres_drop_table(second))
    assert [] == sequences(pg_engine)


def test_an_optional_one_gives_way_to_serial(pg_engine: sa.Engine) -> None:
    optional = sequence("ids", optional=True)
    schema = TableSchema("t", [column("id", "INTEGER", primary_key=True, sequence=optional)])
    executed = run(pg_engine, lambda op: op.moltres_create_table(schema))
    assert "id SERIAL NOT NULL" in executed[0]
    assert ["t_id_seq"] == sequences(pg_engine)
    run(pg_engine, lambda op: op.moltres_drop_table(schema))
    assert [] == sequences(pg_engine)


def test_in_another_schema(pg_engine: sa.Engine) -> None:
    with pg_engine.begin() as connection:
        connection.exec_driver_sql('CREATE SCHEMA "App"')
    numbers = sequence("numbers", schema="App")
    schema = TableSchema("t", [column("id", "INTEGER", sequence=numbers)])
    run(pg_engine, lambda op: op.moltres_create_table(schema))
    assert ["numbers"] == sa.inspect(pg_engine).get_sequence_names(schema="App")
    run(pg_engine, lambda op: op.moltres_drop_table(schema))
    assert [] == sa.inspect(pg_engine).get_sequence_names(schema="App")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param(
            "mssql+pyodbc://", "CREATE SEQUENCE [Order numbers] START WITH 1000", id="mssql"
        ),
        pytest.param(
            "oracle+oracledb://", 'CREATE SEQUENCE "Order numbers" START WITH 1000', id="oracle"
        ),
        pytest.param("sqlite://", None, id="sqlite"),
        pytest.param("mysql+pymysql://", None, id="mysql"),
    ],
)
def test_other_dialects(url: str, expected: str | None) -> None:
    written = offline(url, lambda op: op.moltres_create_table(numbered("t")))
    assert (expected is not None) == ("SEQUENCE" in written)
    assert expected is None or written.startswith(expected)
