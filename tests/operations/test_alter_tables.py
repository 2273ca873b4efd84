"""Altering tables: afterwards they are as if made anew, and back again as they were, with their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from alembic_moltres.schema import (
    TableSchema,
    check,
    column,
    computed,
    foreign_key,
    index,
    primary_key,
    sql,
    unique,
)
from tests.dump import dump
from tests.operations.circle import altering, circle, create, drop, execute, read
from tests.operations.context import run

ID = column("id", "INTEGER", nullable=False, autoincrement=False)
KEY = primary_key("id", name="t_pkey")


def t(*columns: Any, constraints: Sequence[Any] = (), **options: Any) -> TableSchema:
    return TableSchema("t", [ID, *columns], constraints=[KEY, *constraints], **options)


def n(*args: Any, **options: Any) -> Any:
    return column("n", *args, **options)


A = column("a", "INTEGER")
NUMBERS = ("INSERT INTO t (id, n) VALUES (1, 5)", "INSERT INTO t (id, n) VALUES (2, NULL)")
TEXTS = ("INSERT INTO t (id, n) VALUES (1, '5')", "INSERT INTO t (id, n) VALUES (2, NULL)")

CASES = [
    pytest.param(t(n("VARCHAR(10)")), t(n("VARCHAR(20)")), TEXTS, id="longer"),
    pytest.param(t(n("VARCHAR(20)")), t(n("VARCHAR(10)")), TEXTS, id="shorter"),
    pytest.param(t(n("INTEGER")), t(n("BIGINT")), NUMBERS, id="implicit-cast"),
    pytest.param(t(n("VARCHAR(10)")), t(n("INTEGER")), TEXTS, id="explicit-cast"),
    pytest.param(
        t(n("VARCHAR(10)", default="7")), t(n("INTEGER", default=8)), TEXTS, id="type-and-default"
    ),
    pytest.param(
        t(n("VARCHAR(10)", default="7")),
        t(n("INTEGER", default=sql("7"))),
        TEXTS,
        id="type-default-stays",
    ),
    pytest.param(t(n("DECIMAL(10,2)")), t(n("DECIMAL(12,4)")), NUMBERS, id="precision"),
    pytest.param(t(n("INTEGER")), t(n("INTEGER", default=3)), NUMBERS, id="default-comes"),
    pytest.param(
        t(n("VARCHAR(9)", default="a")),
        t(n("VARCHAR(9)", default="it's 5%:x")),
        TEXTS,
        id="default",
    ),
    pytest.param(
        t(n("INTEGER")), t(n("INTEGER", nullable=False, default=3)), NUMBERS, id="not-null-filled"
    ),
    pytest.param(
        t(n("VARCHAR(9)")), t(n("INTEGER", nullable=False, default=3)), TEXTS, id="typed-and-filled"
    ),
    pytest.param(
        t(n("INTEGER", comment="a%")), t(n("INTEGER", comment="it's :b")), NUMBERS, id="comment"
    ),
    pytest.param(
        t(n("INTEGER")), t(n("INTEGER"), comment="it's 5% :b"), NUMBERS, id="table-comment"
    ),
    pytest.param(t(n("INTEGER")), t(n("INTEGER"), A), NUMBERS, id="column-comes"),
    pytest.param(
        t(n("INTEGER")),
        t(n("INTEGER"), column("b", "VARCHAR(5)", nullable=False, default="b", comment="c")),
        NUMBERS,
        id="not-null-column-comes",
    ),
    pytest.param(
        t(n("INTEGER")),
        t(n("INTEGER"), A, constraints=[check("a > 0", name="ck")], indexes=[index("ix", "a")]),
        NUMBERS,
        id="column-with-check-and-index",
    ),
    pytest.param(
        t(n("INTEGER")),
        t(n("INTEGER"), column("g", "INTEGER", computed=computed("n + 1", persisted=True))),
        NUMBERS,
        id="generated-comes",
    ),
    pytest.param(
        t(n("INTEGER"), column("g", "INTEGER", computed=computed("n + 1", persisted=True))),
        t(n("INTEGER"), column("g", "INTEGER", computed=computed("n + 2", persisted=True))),
        NUMBERS,
        id="generated",
    ),
    pytest.param(
        t(n("INTEGER"), constraints=[unique("n", name="uq")]),
        t(n("INTEGER"), constraints=[unique(["id", "n"], name="uq")]),
        NUMBERS,
        id="unique",
    ),
    pytest.param(
        t(n("INTEGER"), constraints=[check("n > 0", name="ck")]),
        t(n("INTEGER"), constraints=[check("n > 1", name="ck")]),
        NUMBERS,
        id="check",
    ),
    pytest.param(
        t(n("INTEGER"), constraints=[check("n % 2 = 1", name="ck")]),
        t(n("INTEGER")),
        NUMBERS,
        id="check-goes",
    ),
    pytest.param(
        t(n("INTEGER"), indexes=[index("ix", "n")]),
        t(n("INTEGER"), indexes=[index("ix", ["n", "id"], unique=True)]),
        NUMBERS,
        id="index",
    ),
    pytest.param(
        TableSchema("t", [ID, n("INTEGER", nullable=False)], constraints=[KEY]),
        TableSchema(
            "t",
            [ID, n("INTEGER", nullable=False)],
            constraints=[primary_key(["id", "n"], name="t_pkey")],
        ),
        NUMBERS[:1],
        id="primary-key",
    ),
    pytest.param(
        TableSchema("t", [replace(ID, autoincrement=True)], constraints=[KEY]),
        TableSchema("t", [replace(ID, type_name="BIGINT", autoincrement=True)], constraints=[KEY]),
        ("INSERT INTO t (id) VALUES (5)",),
        id="counting",
    ),
    pytest.param(
        TableSchema("t", [replace(ID, autoincrement="auto")], constraints=[KEY]),
        TableSchema("t", [ID], constraints=[KEY]),
        ("INSERT INTO t (id) VALUES (5)",),
        id="counts-no-more",
    ),
    pytest.param(
        t(column("Order", "VARCHAR(9)", default="a")),
        t(
            column("Order", "VARCHAR(8)", nullable=False, default='"%b'),
            indexes=[index("Ix", "Order")],
        ),
        ("INSERT INTO t (id) VALUES (1)",),
        id="quoted",
    ),
]


@pytest.fixture(params=["postgresql", "mariadb"])
def engine(request: pytest.FixtureRequest) -> sa.Engine:
    name = {"postgresql": "pg_engine", "mariadb": "mariadb_engine"}[request.param]
    found: sa.Engine = request.getfixturevalue(name)
    return found


PARENT = TableSchema(
    "p", [column("id", "INTEGER", nullable=False)], constraints=[primary_key("id")]
)


@pytest.mark.parametrize(("old", "new", "inserts"), CASES)
def test_a_table_becomes_the_other_and_itself_again_with_its_rows(
    engine: sa.Engine, old: TableSchema, new: TableSchema, inserts: Sequence[str]
) -> None:
    done = circle(engine, old, new, *inserts)

    assert done.new == done.changed
    assert done.old == done.changed_back
    assert done.rows == done.rows_changed == done.rows_back != []
    executed = [text for text in done.statements if not text.startswith(("SHOW", "SELECT"))]
    assert "".join(f"{text};\n\n" for text in executed) == done.offline


def test_a_column_is_renamed_and_changed_in_one_block(engine: sa.Engine) -> None:
    run(engine, create(t(column("mail", "VARCHAR(9)"), indexes=[index("ix", "mail")])))
    before = dump(engine)
    execute(engine, "INSERT INTO t (id, mail) VALUES (1, 'x')")

    def up(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.drop_index(index("ix", "mail"))
            table.rename_column("mail", "email")
            table.alter_column(column("email", "VARCHAR(9)"), column("email", "VARCHAR(20)"))
            table.create_index(index("ix", "email"))

    def down(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.drop_index(index("ix", "email"))
            table.alter_column(column("email", "VARCHAR(20)"), column("email", "VARCHAR(9)"))
            table.rename_column("email", "mail")
            table.create_index(index("ix", "mail"))

    run(engine, up)
    assert [("x",)] == read(engine, "SELECT email FROM t")
    run(engine, down)
    assert before == dump(engine)


def test_a_foreign_key_is_replaced_by_one_of_its_name(engine: sa.Engine) -> None:
    old, new = (
        t(n("INTEGER"), constraints=[foreign_key("n", "p", "id", name="fk", on_delete=action)])
        for action in (None, "CASCADE")
    )

    done = circle(engine, (PARENT, old), (PARENT, new), "INSERT INTO t (id) VALUES (1)")

    assert done.new == done.changed
    assert done.old == done.changed_back


def test_a_foreign_key_comes_and_goes_with_its_index(engine: sa.Engine) -> None:
    old, new = (
        t(n("INTEGER")),
        t(n("INTEGER"), constraints=[foreign_key("n", "p", "id", name="fk")]),
    )

    done = circle(engine, (PARENT, old), (PARENT, new), "INSERT INTO t (id) VALUES (1)")

    assert done.new == done.changed
    assert done.old == done.changed_back


@pytest.mark.parametrize(
    "constraint",
    [unique("n"), check("n > 0"), foreign_key("n", "p", "id")],
    ids=["unique", "check", "foreign-key"],
)
def test_a_nameless_constraint_is_found(engine: sa.Engine, constraint: Any) -> None:
    old, new = t(n("INTEGER"), constraints=[constraint]), t(n("INTEGER"))
    run(engine, create(PARENT, new))
    wanted = dump(engine)
    run(engine, drop(PARENT, new))
    run(engine, create(PARENT, old))
    run(engine, altering((PARENT, old), (PARENT, new)))
    if engine.dialect.name == "postgresql" or constraint.function != "foreign_key":
        assert wanted == dump(engine)
