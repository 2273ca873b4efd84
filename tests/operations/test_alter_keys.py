"""Keys in a block: constraints that only get another name, and which columns of a new key count."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from alembic_moltres.schema import (
    TableSchema,
    check,
    column,
    foreign_key,
    identity,
    primary_key,
    unique,
)
from tests.operations.circle import circle, create, execute
from tests.operations.context import offline, run

ID = column("id", "INTEGER", nullable=False, autoincrement=False)
N, A, B = (column(name, "INTEGER") for name in "nab")
CHILD = TableSchema(
    "child", [column("t_id", "INTEGER")], constraints=[foreign_key("t_id", "t", "id", name="fk")]
)


def named(*names: str | None, comment: str | None = None) -> TableSchema:
    key, same, positive, referring = names
    return TableSchema(
        "t",
        [ID, N],
        constraints=[
            primary_key("id", name=key),
            unique("n", name=same, comment=comment),
            check("n > 0", name=positive),
            foreign_key("n", "t", "id", name=referring),
        ],
    )


NEW_NAMES = ("pk_t", "uq t", "ck_t_%", "fk_t_n")
OLD = named("pk", "uq", "ck", "fk_n", comment="it's 5%")
NEW = named(*NEW_NAMES, comment="it's 5%")


def test_constraints_get_other_names_where_a_foreign_key_refers_to_them(
    pg_engine: sa.Engine,
) -> None:
    done = circle(pg_engine, (OLD, CHILD), (NEW, CHILD), "INSERT INTO t (id, n) VALUES (1, 1)")

    assert done.new == done.changed
    assert done.old == done.changed_back
    assert done.rows == done.rows_changed == done.rows_back != []
    assert [
        "ALTER TABLE t RENAME CONSTRAINT pk TO pk_t",
        'ALTER TABLE t RENAME CONSTRAINT uq TO "uq t"',
        'ALTER TABLE t RENAME CONSTRAINT ck TO "ck_t_%"',
        "ALTER TABLE t RENAME CONSTRAINT fk_n TO fk_t_n",
    ] == done.statements
    assert "".join(f"{text};\n\n" for text in done.statements) == done.offline


def test_nameless_constraints_get_names(pg_engine: sa.Engine) -> None:
    nameless = named(None, None, None, None)
    run(pg_engine, create(nameless, CHILD))

    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as t:
            for constraint in nameless.constraints:
                t.drop_constraint(constraint)
            for constraint in named(*NEW_NAMES).constraints:
                t.add_constraint(constraint)

    sent = [each for each in run(pg_engine, script) if each.startswith("ALTER")]
    assert [
        "ALTER TABLE t RENAME CONSTRAINT t_pkey TO pk_t",
        'ALTER TABLE t RENAME CONSTRAINT t_n_key TO "uq t"',
        'ALTER TABLE t RENAME CONSTRAINT t_n_check TO "ck_t_%"',
        "ALTER TABLE t RENAME CONSTRAINT t_n_fkey TO fk_t_n",
    ] == sent


def test_of_two_alike_the_nameless_one_is_dropped(pg_engine: sa.Engine) -> None:
    run(pg_engine, create(TableSchema("t", [A], constraints=[unique("a", name="named")])))
    execute(pg_engine, "ALTER TABLE t ADD UNIQUE (a)")

    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as t:
            t.drop_constraint(unique("a"))

    assert "ALTER TABLE t DROP CONSTRAINT t_a_key" == run(pg_engine, script)[-1]


def test_constraints_that_exchange_their_names_are_made_anew(pg_engine: sa.Engine) -> None:
    def of(first: str, second: str) -> TableSchema:
        constraints = [unique("a", name=first), unique("b", name=second)]
        return TableSchema("t", [ID, A, B], constraints=constraints)

    done = circle(pg_engine, of("x", "y"), of("y", "x"), "INSERT INTO t VALUES (1, 1, 1)")
    assert done.new == done.changed
    assert done.old == done.changed_back


def test_a_constraint_on_a_column_that_is_exchanged_is_another_one() -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as t:
            t.drop_constraint(unique("a", name="old"))
            t.drop_constraint(check("a > 0", name="ck_old"))
            t.rename_column("a", "b")
            t.add_column(A)
            t.add_constraint(unique("a", name="new"))
            t.add_constraint(check("a > 0", name="ck_new"))

    written = offline("postgresql://", script)
    assert "RENAME CONSTRAINT" not in written
    assert 'ADD CONSTRAINT "new" UNIQUE (a)' in written
    assert "ADD CONSTRAINT ck_new CHECK (a > 0)" in written


KEYLESS = TableSchema("t", [N])
P, Q = (column(name, "INTEGER", nullable=False) for name in "pq")
CHILD_KEY = [primary_key("p", name="t_pkey"), foreign_key("p", "far", "id", name="fk")]
FAR = TableSchema("far", [ID], constraints=[primary_key("id", name="far_pkey")])
KEYS = {
    "alone": ([P], [primary_key("p", name="t_pkey")], True),
    "of-two": ([P, Q], [primary_key(["p", "q"], name="t_pkey")], False),
    "with-an-old-one": (
        [P],
        [primary_key(["p", "n"], name="t_pkey")],
        False,
    ),
    "referring": ([P], CHILD_KEY, False),
    "identity": (
        [column("p", "INTEGER", nullable=False, identity=identity())],
        [primary_key("p", name="t_pkey")],
        True,
    ),
    "told-so": (
        [column("p", "INTEGER", nullable=False, autoincrement=True), Q],
        [primary_key(["p", "q"], name="t_pkey")],
        True,
    ),
}


COUNTING = ("nextval", "AS IDENTITY", "AUTO_INCREMENT")


@pytest.fixture(params=["pg_engine", "mariadb_engine"])
def engine(request: pytest.FixtureRequest) -> sa.Engine:
    found: sa.Engine = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize(
    ("columns", "constraints", "counts"),
    [pytest.param(*case, id=name) for name, case in KEYS.items()],
)
def test_a_new_column_counts_where_create_table_lets_it_count(
    engine: sa.Engine, columns: list[Any], constraints: list[Any], *, counts: bool
) -> None:
    n = column("n", "INTEGER", nullable=False, autoincrement=False)
    old, new = TableSchema("t", [n]), TableSchema("t", [n, *columns], constraints=constraints)

    done = circle(engine, (FAR, old), (FAR, new), query="SELECT n FROM t")

    assert done.new == done.changed
    assert done.old == done.changed_back
    assert counts == any(word in done.new for word in COUNTING)
