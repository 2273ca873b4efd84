"""`add_column(..., fill=...)`: the rows that there are get a value, on every database, with `--sql`, and again after a downgrade."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError

from alembic_moltres.diff import AddColumn, DropColumn
from alembic_moltres.operations import MoltresAlterTableOp
from alembic_moltres.schema import TableSchema, column, computed, index, sql, unique
from tests.operations.context import offline, run

USERS = TableSchema(
    "users", [column("id", "INTEGER", primary_key=True), column("name", "VARCHAR(20)")]
)


@pytest.fixture
def filled(any_engine: sa.Engine) -> sa.Engine:
    """Give each database, with a table of two rows."""
    rows = [{"id": 1, "name": "ann"}, {"id": 2, "name": "bob"}]
    run(any_engine, lambda op: op.bulk_insert(op.moltres_create_table(USERS), rows))
    return any_engine


def add(engine: sa.Engine, *columns: tuple[Any, Any]) -> list[str]:
    def script(op: Any) -> None:
        with op.moltres_alter_table("users") as users:
            for definition, fill in columns:
                users.add_column(definition, fill=fill)

    return run(engine, script)


def values(engine: sa.Engine, name: str) -> list[Any]:
    with engine.connect() as connection:
        rows = connection.execute(sa.text(f"SELECT {name} FROM users ORDER BY id"))
        return list(rows.scalars())


def described(engine: sa.Engine, name: str) -> Any:
    columns = sa.inspect(engine).get_columns("users")
    return next(each for each in columns if each["name"] == name)


CASES: list[Any] = [
    (column("x", "INTEGER", nullable=False), 7, [7, 7]),
    (column("x", "INTEGER"), 7, [7, 7]),
    (column("x", "INTEGER", nullable=False, default=1), 7, [7, 7]),
    (column("x", "VARCHAR(40)", nullable=False), "it's 100%, \\ é", ["it's 100%, \\ é"] * 2),
    (column("x", "VARCHAR(40)", nullable=False), sql("upper(name)"), ["ANN", "BOB"]),
    (column("x", "INTEGER", nullable=False), sql("id + 1"), [2, 3]),
    (column("x", "DECIMAL(5,2)", nullable=False), Decimal("1.50"), [Decimal("1.50")] * 2),
    (column("x", "BOOLEAN", nullable=False), True, [1, 1]),
    (column("x", "VARCHAR(9)", nullable=False, default="new"), "old", ["old"] * 2),
    (column("x", "ENUM('a','b',name='letter')", nullable=False), "b", ["b", "b"]),
]  # fmt: skip


@pytest.mark.parametrize(("definition", "fill", "expected"), CASES)
def test_rows_get_the_value_and_the_column_is_as_it_says(
    filled: sa.Engine, definition: Any, fill: Any, expected: list[Any]
) -> None:
    add(filled, (definition, fill))
    found = values(filled, "x")
    assert expected == [
        type(e)(str(f)) if isinstance(e, Decimal) else f
        for e, f in zip(expected, found, strict=True)
    ]
    made = described(filled, "x")
    assert definition.nullable == made["nullable"]
    default = None if made["default"] == "NULL" else made["default"]
    assert (definition.default is None) == (default is None), default


def test_now_fills_the_present_time(filled: sa.Engine) -> None:
    add(filled, (column("x", "TIMESTAMP", nullable=False), sql.now()))
    assert all(values(filled, "x"))


def test_several_columns_and_what_hangs_on_them(filled: sa.Engine) -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("users") as users:
            users.rename_column("name", "called")
            users.add_column(column("x", "VARCHAR(40)", nullable=False), fill=sql("upper(called)"))
            users.add_column(column("y", "INTEGER", nullable=False), fill=0)
            users.add_constraint(unique("x", name="uq_x"))
            users.create_index(index("ix_y", "y"))

    run(filled, script)
    assert ["ANN", "BOB"] == values(filled, "x")
    assert [0, 0] == values(filled, "y")
    assert {"called", "x", "y", "id"} == {
        each["name"] for each in sa.inspect(filled).get_columns("users")
    }


def test_it_is_filled_again_when_the_removal_is_undone(filled: sa.Engine) -> None:
    with filled.begin() as connection:
        operations: Any = Operations(MigrationContext.configure(connection))
        with operations.moltres_alter_table("users") as users:
            users.add_column(column("x", "INTEGER", nullable=False), fill=7)
        block: MoltresAlterTableOp = users._block
        assert block.reverse().reverse() == block
        operations.invoke(block.reverse())
        operations.invoke(block.reverse().reverse())
    assert [7, 7] == values(filled, "x")


def test_the_change_knows_its_reverse_and_how_it_is_written() -> None:
    change = AddColumn(column("x", "INTEGER"), 7)
    assert DropColumn(column("x", "INTEGER"), 7) == change.reverse()
    assert change == change.reverse().reverse()
    assert {"fill": 7} == dict(change.keywords())
    assert {} == dict(change.reverse().keywords())
    assert AddColumn(column("x", "INTEGER"), 1) != AddColumn(column("x", "INTEGER"), fill=True)
    assert change == eval(repr(change), {"AddColumn": AddColumn, "column": column})


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://", ["ADD COLUMN x INTEGER DEFAULT '7' NOT NULL", "ALTER COLUMN x DROP DEFAULT"]),
        ("mysql+pymysql://", ["ADD COLUMN x INTEGER", "UPDATE users SET x = '7'", "MODIFY x INTEGER NOT NULL"]),
        ("mssql+pyodbc://", ["ADD x INTEGER NULL", "UPDATE users SET x = '7'", "ALTER COLUMN x INTEGER NOT NULL"]),
        ("oracle+oracledb://", ["ADD x INTEGER", "UPDATE users SET x = 7", "MODIFY x NOT NULL"]),
    ],
)  # fmt: skip
def test_with_sql(url: str, expected: list[str]) -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("users") as users:
            users.add_column(column("x", "INTEGER", nullable=False), fill=7)

    written = offline(url, script).replace("'7'", "7")
    places = [written.find(each.replace("'7'", "7")) for each in expected]
    assert places == sorted(places), written
    assert -1 not in places, written


def test_with_sql_on_sqlite_where_no_copy_is_needed() -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("users") as users:
            users.add_column(column("x", "INTEGER", nullable=False, default=1), fill=sql("id"))

    assert (
        "ALTER TABLE users ADD COLUMN x INTEGER DEFAULT '1' NOT NULL;\n\n"
        "UPDATE users SET x = id;\n\n"
    ).replace("'1'", "1") == offline("sqlite://", script).replace("'1'", "1")


def test_duckdb() -> None:
    pytest.importorskip("duckdb_engine")
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.pool.StaticPool)
    run(
        engine,
        lambda op: op.bulk_insert(
            op.moltres_create_table(
                USERS.__class__("users", [column("id", "INTEGER"), column("name", "VARCHAR(20)")])
            ),
            [{"id": 1}, {"id": 2}],
        ),
    )
    add(engine, (column("x", "INTEGER", nullable=False), 7))
    assert [7, 7] == values(engine, "x")
    engine.dispose()


def test_a_column_that_computes_its_values_is_refused(sqlite_engine: sa.Engine) -> None:
    with pytest.raises(
        CommandError,
        match="the column 'x' of the table 'users' is generated; leave fill= out",
    ):
        add(sqlite_engine, (column("x", "INTEGER", computed=computed("id + 1")), 7))
