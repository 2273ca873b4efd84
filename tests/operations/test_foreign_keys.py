"""Foreign keys in a cycle: added after the tables, dropped before them, inline on SQLite."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy.schema import SetConstraintComment

from alembic_moltres.convert import schema_to_table
from alembic_moltres.dialects.postgresql.constraint_names import default_name
from alembic_moltres.schema import TableSchema, column, foreign_key
from tests.dump import dump
from tests.operations.context import offline, run

KEY = column("id", "INTEGER", primary_key=True)


def cycle(name: str | None = "fk_a_b") -> tuple[TableSchema, TableSchema]:
    to_b = foreign_key(
        "b_id", "b", "id", name=name, use_alter=True, comment="to b" if name else None
    )
    elsewhere = foreign_key("b_id", "b", "id", name="fk_x", use_alter=True, ddl_if="oracle")
    to_a = foreign_key("a_id", "a", "id", name="fk_b_a")
    number = column("b_id", "INTEGER")
    a = TableSchema("a", [KEY, number], constraints=[to_b, elsewhere])
    b = TableSchema("b", [KEY, column("a_id", "INTEGER")], constraints=[to_a])
    return a, b


def create(op: Any, name: str | None = "fk_a_b") -> None:
    a, b = cycle(name)
    op.moltres_create_table(a)
    op.moltres_create_table(b)
    op.moltres_add_foreign_keys(a)


def drop(op: Any, name: str | None = "fk_a_b") -> None:
    a, b = cycle(name)
    op.moltres_drop_foreign_keys(a)
    op.moltres_drop_table(b)
    op.moltres_drop_table(a)


@pytest.mark.parametrize("name", ["fk_a_b", None], ids=["named", "nameless"])
def test_a_cycle_is_made_and_dropped(any_engine: sa.Engine, name: str | None) -> None:
    empty = dump(any_engine)
    for _ in range(2):
        run(any_engine, lambda op: create(op, name))
        keys = sa.inspect(any_engine).get_foreign_keys("a")
        assert [["b_id"]] == [key["constrained_columns"] for key in keys]
        run(any_engine, lambda op: drop(op, name))
        assert empty == dump(any_engine)


def test_it_is_what_create_all_makes(any_engine: sa.Engine) -> None:
    metadata = sa.MetaData()
    for schema in cycle():
        schema_to_table(schema, metadata)
    to_b, oracles = sorted(
        metadata.tables["a"].foreign_key_constraints, key=lambda key: str(key.name)
    )
    metadata.tables["a"].constraints.remove(oracles)
    comment, to_b.comment = to_b.comment, None  # create_all comments on it before it is there
    metadata.create_all(any_engine)
    if any_engine.dialect.name == "postgresql":
        with any_engine.begin() as connection:
            to_b.comment = comment
            connection.execute(SetConstraintComment(to_b))
    expected = dump(any_engine)
    run(any_engine, drop)
    run(any_engine, create)
    assert expected == dump(any_engine)


def test_on_sqlite_they_stand_in_the_table_and_nothing_is_added(sqlite_engine: sa.Engine) -> None:
    executed = run(sqlite_engine, create)
    assert 2 == len(executed)
    assert "CONSTRAINT fk_a_b FOREIGN KEY(b_id) REFERENCES b (id)" in executed[0]
    assert 2 == len(run(sqlite_engine, drop))


def test_sql_mode_writes_what_is_executed(
    pg_engine: sa.Engine, mariadb_engine: sa.Engine, sqlite_engine: sa.Engine
) -> None:
    for engine, name in ((pg_engine, None), (mariadb_engine, "fk_a_b"), (sqlite_engine, None)):
        for script in (create, drop):
            text = offline(engine.url, lambda op, script=script, name=name: script(op, name))  # type: ignore[misc]
            executed = run(engine, lambda op, script=script, name=name: script(op, name))  # type: ignore[misc]
            ddl = [
                statement for statement in executed if not statement.startswith(("SELECT", "SHOW"))
            ]
            assert text == "".join(f"{statement};\n\n" for statement in ddl)


def test_a_nameless_key_is_refused_where_nothing_says_its_name(mariadb_engine: sa.Engine) -> None:
    with pytest.raises(
        CommandError, match=r"on \(b_id\) of table 'a' has no name.*; pass the name"
    ):
        offline(mariadb_engine.url, lambda op: op.moltres_drop_foreign_keys(cycle(None)[0]))


def test_a_nameless_key_that_is_not_there(pg_engine: sa.Engine) -> None:
    a = TableSchema("a", cycle()[0].columns)
    run(pg_engine, lambda op: op.moltres_create_table(a))
    with pytest.raises(
        CommandError, match=r"^no foreign key constraint on \(b_id\) matches in table 'a'"
    ):
        run(pg_engine, lambda op: op.moltres_drop_foreign_keys(cycle(None)[0]))


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        pytest.param("t" * 40, ["c" * 40], id="both-cut"),
        pytest.param("t" * 60, ["c"], id="table-cut"),
        pytest.param("t", ["c" * 30, "d" * 33], id="columns-cut"),
        pytest.param("é" * 31, ["ü" * 20], id="inside-a-letter"),
    ],
)
def test_postgresql_names_keys_by_its_rule(
    pg_engine: sa.Engine, table: str, columns: list[str]
) -> None:
    listed = ", ".join(f'"{name}"' for name in columns)
    with pg_engine.begin() as connection:
        integers = ", ".join(f'"{name}" INTEGER' for name in columns)
        connection.exec_driver_sql(f"CREATE TABLE r ({integers}, PRIMARY KEY ({listed}))")
        connection.exec_driver_sql(
            f'CREATE TABLE "{table}" ({integers}, FOREIGN KEY ({listed}) REFERENCES r)'
        )
    (key,) = sa.inspect(pg_engine).get_foreign_keys(table)
    assert key["name"] == default_name(table, "_".join(columns), "fkey")
