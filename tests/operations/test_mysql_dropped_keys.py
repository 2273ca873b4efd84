"""The index that InnoDB created for a foreign key goes with the key, online and with `--sql`."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from alembic_moltres.schema import TableSchema, column, foreign_key, index, primary_key, unique
from tests.operations.circle import altering, create, drop
from tests.operations.context import offline, run

PARENTS = (
    TableSchema("p", [column("id", "INTEGER", nullable=False)], constraints=[primary_key("id")]),
    TableSchema(
        "q",
        [column("x", "INTEGER", nullable=False), column("y", "INTEGER", nullable=False)],
        constraints=[primary_key(["x", "y"])],
    ),
)
ITEMS: dict[str, Any] = {
    "f1": foreign_key("a", "p", "id", name="f1"),
    "f2": foreign_key("a", "p", "id", name="f2"),
    "fc": foreign_key(["a", "b"], "q", ["x", "y"], name="fc"),
    "uq": unique(["a", "b"], name="uq"),
    "ix": index("ix", "a"),
    "ix_f1": index("f1", "a"),
}
"""`ix_f1` is an index that replaces that of a key, as autogenerate writes it."""

CASES = [
    ("f1", ""),
    ("f1 f2", "f2"),
    ("f1 f2", "f1"),
    ("f1 f2", ""),
    ("f1 f2 ix", "f2 ix"),
    ("f1 f2 uq", "f2 uq"),
    ("f1 fc", "fc"),
    ("f1 fc", "f1"),
    ("f1 fc", "f1 ix_f1"),
    ("f1 f2 fc", "fc"),
    ("fc", ""),
]


def t(items: str) -> TableSchema:
    """Return a table with these items."""
    every = [ITEMS[each] for each in items.split()]
    return TableSchema(
        "t",
        [column("a", "INTEGER"), column("b", "INTEGER")],
        constraints=[each for each in every if not hasattr(each, "elements")],
        indexes=[each for each in every if hasattr(each, "elements")],
    )


def keys_and_indexes(engine: sa.Engine) -> set[tuple[str | None, tuple[str, ...]]]:
    """Return the names and the columns of the foreign keys and the indexes."""
    found = sa.inspect(engine)
    return {
        *(
            (each["name"], tuple(each["constrained_columns"]))
            for each in found.get_foreign_keys("t")
        ),
        *((each["name"], tuple(map(str, each["column_names"]))) for each in found.get_indexes("t")),
    }


def execute_as_a_client_does(engine: sa.Engine, script: str) -> None:
    with engine.connect() as connection:
        for statement in script.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement.replace("%", "%%"))


@pytest.mark.parametrize(("old", "new"), CASES, ids=[" to ".join(case) for case in CASES])
def test_a_dropped_key_leaves_what_the_others_need(
    mariadb_engine: sa.Engine, old: str, new: str
) -> None:
    script = altering((t(old),), (t(new),))
    run(mariadb_engine, create(*PARENTS, t(old)))
    run(mariadb_engine, script)
    online = keys_and_indexes(mariadb_engine)
    served = {columns for name, columns in online if name not in {"f1", "f2", "fc"}}
    assert {ITEMS[each].name for each in new.split()} <= {name for name, _ in online} | served
    run(mariadb_engine, drop(t(new)))
    run(mariadb_engine, create(t(old)))
    execute_as_a_client_does(mariadb_engine, offline(mariadb_engine.url, script))
    assert online == keys_and_indexes(mariadb_engine)


@pytest.mark.parametrize("name", ["f`'%1\\", "ibfk", "t_ibfk_1"])
@pytest.mark.parametrize("as_sql", [False, True], ids=["online", "--sql"])
def test_names_are_quoted(mariadb_engine: sa.Engine, name: str, *, as_sql: bool) -> None:
    columns = [column("a`,'%", "INTEGER")]
    old = TableSchema(
        "t",
        columns,
        constraints=[
            foreign_key("a`,'%", "p", "id", name=name),
            foreign_key("a`,'%", "p", "id", name="other"),
        ],
    )
    new = TableSchema("t", columns, constraints=old.constraints[1:])
    run(mariadb_engine, create(PARENTS[0], old))
    script = altering((old,), (new,))
    if as_sql:
        execute_as_a_client_does(mariadb_engine, offline(mariadb_engine.url, script))
    else:
        run(mariadb_engine, script)
    with mariadb_engine.connect() as connection:
        left = connection.exec_driver_sql(
            "SELECT constraint_name FROM information_schema.key_column_usage "
            "WHERE table_name = 't' AND table_schema = DATABASE()"
        ).scalars()
        assert ["other"] == list(left)


def test_a_client_in_safe_mode_fills_rows(mariadb_engine: sa.Engine) -> None:
    """`mysql --safe-updates` refuses an UPDATE without a key or a LIMIT."""
    old = TableSchema("t", [column("a", "INTEGER")])
    new = TableSchema("t", [column("a", "INTEGER", nullable=False, default=7)])
    run(mariadb_engine, create(old))
    with mariadb_engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (NULL), (1)")

    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as block:
            block.alter_column(old.columns[0], new.columns[0], fill_null=True)
            block.add_column(column("b", "INTEGER", nullable=False), fill=3)

    safe = sa.create_engine(
        mariadb_engine.url,
        poolclass=sa.NullPool,
        connect_args={"init_command": "SET sql_safe_updates = 1"},
    )
    run(safe, script)
    with mariadb_engine.connect() as connection:
        assert {(7, 3), (1, 3)} == set(connection.exec_driver_sql("SELECT a, b FROM t"))
