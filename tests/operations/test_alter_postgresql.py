"""What only PostgreSQL has: casts, identities, serials, enum types, domains, exclude constraints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from alembic_moltres.schema import (
    TableSchema,
    check,
    column,
    computed,
    exclude,
    identity,
    index,
    primary_key,
    sequence,
    sql,
    unique,
)
from tests.dump import dump
from tests.operations.circle import altering, circle, create, drop, execute, read
from tests.operations.context import offline, run

KEY = primary_key("id")
SERIAL = column("id", "INTEGER", nullable=False)
PLAIN = column("id", "INTEGER", nullable=False, autoincrement=False)
IDENTITY = column("id", "INTEGER", nullable=False, identity=identity())
ALWAYS = column(
    "id", "INTEGER", nullable=False, identity=identity(always=True, start=10, increment=5)
)


def t(*columns: Any, key: Any = PLAIN, **options: Any) -> TableSchema:
    constraints = [KEY, *options.pop("constraints", ())]
    return TableSchema("t", [key, *columns], constraints=constraints, **options)


def n(*args: Any, **options: Any) -> Any:
    return column("n", *args, **options)


def n_is(value: str) -> tuple[str, str]:
    return (f"INSERT INTO t (id, n) VALUES (1, {value})", "INSERT INTO t (id, n) VALUES (2, NULL)")


G = column("g", "INTEGER", computed=computed("n + 1", persisted=True))
RANGE = column("during", "postgresql.INT4RANGE")
NO = ("INSERT INTO t (id) VALUES (7)",)

CASES = [
    pytest.param(t(key=SERIAL), t(key=IDENTITY), NO, id="serial-to-identity"),
    pytest.param(t(key=PLAIN), t(key=IDENTITY), NO, id="plain-to-identity"),
    pytest.param(t(key=PLAIN), t(key=SERIAL), NO, id="plain-to-serial"),
    pytest.param(t(key=IDENTITY), t(key=ALWAYS), NO, id="identity-options"),
    pytest.param(
        t(key=SERIAL), t(key=column("id", "BIGINT", nullable=False)), NO, id="serial-to-bigserial"
    ),
    pytest.param(
        t(key=IDENTITY),
        t(key=column("id", "BIGINT", nullable=False, identity=identity())),
        NO,
        id="identity-to-bigint",
    ),
    pytest.param(t(n("INTEGER")), t(n("BOOLEAN")), n_is("1"), id="number-to-boolean"),
    pytest.param(t(n("BIGINT")), t(n("BOOLEAN")), n_is("1"), id="bigint-to-boolean"),
    pytest.param(t(n("VARCHAR(9)")), t(n("JSON")), n_is("'1'"), id="text-to-json"),
    pytest.param(t(n("JSON")), t(n("postgresql.JSONB")), n_is("'[1]'"), id="json-to-jsonb"),
    pytest.param(
        t(n("JSON", default="{}")),
        t(n("postgresql.JSONB", default="{}")),
        n_is("'[1]'"),
        id="json-default",
    ),
    pytest.param(
        t(n("postgresql.ARRAY(VARCHAR(5))")),
        t(n("postgresql.ARRAY(INTEGER)")),
        n_is("'{1}'"),
        id="array",
    ),
    pytest.param(
        t(n("TIMESTAMP")), t(n("TIMESTAMP(timezone=True)")), n_is("now()"), id="time-zone"
    ),
    pytest.param(t(n("VARCHAR(9)")), t(n("VARCHAR(9,collation='C')")), n_is("'a'"), id="collation"),
    pytest.param(
        t(n("VARCHAR(9)", default="a")),
        t(n("ENUM('a','b',name='mood')", default="a")),
        n_is("'a'"),
        id="text-to-enum",
    ),
    pytest.param(
        t(n("ENUM('a','b',name='mood')", default="a")),
        t(n("ENUM('a','b','c',name='feeling')", default="a")),
        n_is("'a'"),
        id="enum-to-enum",
    ),
    pytest.param(
        t(n("INTEGER")),
        t(n("postgresql.DOMAIN(INTEGER,name='positive',check='VALUE > 0')")),
        n_is("1"),
        id="domain",
    ),
    pytest.param(t(), t(n("ENUM('a:b','c%d',name='Mood')")), NO, id="enum-column-comes"),
    pytest.param(
        t(),
        t(n("INTEGER", default=sql("nextval('s')"), sequence=sequence("s", start=5))),
        NO,
        id="sequence",
    ),
    pytest.param(
        t(n("INTEGER"), G),
        t(n("INTEGER"), column("g", "INTEGER")),
        ("INSERT INTO t (id, n) VALUES (1, 5)",),
        id="generated-no-more",
    ),
    pytest.param(
        t(n("INTEGER"), G),
        t(n("INTEGER"), column("g", "BIGINT", computed=G.computed)),
        n_is("1"),
        id="generated-type",
    ),
    pytest.param(
        t(RANGE, constraints=[exclude(("during", "&&"), name="ex")]),
        t(RANGE, constraints=[exclude(("during", "&&"), name="ex", where=sql("id > 5"))]),
        NO,
        id="exclude",
    ),
    pytest.param(
        t(n("INTEGER"), constraints=[unique("n", name="uq")]),
        t(
            n("INTEGER"),
            constraints=[
                unique("n", name="uq", deferrable=True, initially="DEFERRED", comment="5%")
            ],
        ),
        n_is("1"),
        id="deferrable",
    ),
    pytest.param(
        t(n("INTEGER"), indexes=[index("ix", "n")]),
        t(
            n("INTEGER"),
            indexes=[
                index("ix", [sql("(n % 5)")], dialect_options={"postgresql_where": sql("n > 0")})
            ],
        ),
        n_is("1"),
        id="index-expression",
    ),
]


@pytest.mark.parametrize(("old", "new", "inserts"), CASES)
def test_a_table_becomes_the_other_and_itself_again(
    pg_engine: sa.Engine, old: TableSchema, new: TableSchema, inserts: Sequence[str]
) -> None:
    done = circle(pg_engine, old, new, *inserts)

    assert done.new == done.changed
    assert done.old == done.changed_back
    assert done.rows == done.rows_changed == done.rows_back != []
    executed = [text for text in done.statements if not text.startswith("SELECT")]
    assert "".join(f"{text};\n\n" for text in executed) == done.offline


def test_a_serials_numbers_go_on_in_an_identity(pg_engine: sa.Engine) -> None:
    run(pg_engine, create(t(n("INTEGER"), key=SERIAL)))
    execute(pg_engine, "INSERT INTO t (n) VALUES (1), (2), (3)", "DELETE FROM t WHERE id = 3")
    run(pg_engine, altering([t(n("INTEGER"), key=SERIAL)], [t(n("INTEGER"), key=IDENTITY)]))
    execute(pg_engine, "INSERT INTO t (n) VALUES (4)")

    assert [(4,)] == read(pg_engine, "SELECT id FROM t WHERE n = 4")


def test_too_long_a_text_is_refused_and_not_cut(pg_engine: sa.Engine) -> None:
    old, new = t(n("VARCHAR(9)")), t(n("VARCHAR(2)"))
    run(pg_engine, create(old))
    execute(pg_engine, "INSERT INTO t (id, n) VALUES (1, 'abc')")
    before = dump(pg_engine)

    with pytest.raises(CommandError, match="too long"):
        run(pg_engine, altering([old], [new]))
    assert before == dump(pg_engine)


def test_a_generated_column_goes_and_comes_around_a_change_of_type(pg_engine: sa.Engine) -> None:
    run(pg_engine, create(t(n("INTEGER"), G)))
    execute(pg_engine, "INSERT INTO t (id, n) VALUES (1, 5)")

    def up(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.drop_column(G)
            table.alter_column(n("INTEGER"), n("BIGINT"))
            table.add_column(G)

    query, statement = run(pg_engine, up)

    assert query.startswith("SELECT EXISTS")  # what no model states of the column
    assert statement.startswith(
        "ALTER TABLE t DROP COLUMN g, ALTER COLUMN n TYPE BIGINT, ADD COLUMN g"
    )
    assert [(5, 6)] == read(pg_engine, "SELECT n, g FROM t")


def enum_types(engine: sa.Engine) -> list[str]:
    return [enum["name"] for enum in sa.inspect(engine).get_enums()]  # type: ignore[attr-defined]


def test_a_dropped_columns_enum_type_goes_with_its_last_user(pg_engine: sa.Engine) -> None:
    mood = n("ENUM('a',name='mood')")
    other = TableSchema("other", [column("m", "ENUM('a',name='mood')")])
    run(pg_engine, create(t(mood), other))
    run(pg_engine, altering([t(mood)], [t()]))
    assert ["mood"] == enum_types(pg_engine)

    run(pg_engine, create(TableSchema("u", [column("id", "INTEGER"), mood])))
    run(pg_engine, drop(other))
    run(
        pg_engine,
        altering(
            [TableSchema("u", [column("id", "INTEGER"), mood])],
            [TableSchema("u", [column("id", "INTEGER")])],
        ),
    )
    assert [] == enum_types(pg_engine)


def test_not_null_without_a_default_is_refused_where_there_are_rows(pg_engine: sa.Engine) -> None:
    run(pg_engine, create(t()))
    execute(pg_engine, *NO)

    with pytest.raises(CommandError, match=r'the table \'t\': column "n" .* contains null values'):
        run(pg_engine, altering([t()], [t(n("INTEGER", nullable=False))]))


def test_offline_a_nameless_constraint_is_dropped_by_postgresqls_rule() -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.drop_constraint(unique(["a", "b"]))
            table.drop_constraint(primary_key("id"))

    assert "ALTER TABLE t DROP CONSTRAINT t_a_b_key, DROP CONSTRAINT t_pkey;\n\n" == offline(
        "postgresql://", script
    )


@pytest.mark.parametrize("url", ["postgresql://", "mysql+pymysql://"])
def test_offline_a_nameless_check_is_refused(url: str) -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.drop_constraint(check("a > 0"))

    with pytest.raises(
        CommandError,
        match=r"check constraint on .*'a > 0'.* of table 't' has no name, .*; pass the name",
    ):
        offline(url, script)


def test_nothing_happens_when_an_exception_leaves_the_block(pg_engine: sa.Engine) -> None:
    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.add_column(n("INTEGER"))
            raise KeyError

    with pytest.raises(KeyError):
        run(pg_engine, script)


def test_everything_is_compiled_before_the_first_statement(pg_engine: sa.Engine) -> None:
    run(pg_engine, create(t()))

    def script(op: Any) -> None:
        with op.moltres_alter_table("t") as table:
            table.add_column(n("INTEGER"))
            table.create_index(index("ix", "n"))
            table.add_column(column("x", "ENUM('a')"))

    with pytest.raises(CommandError, match=r"^cannot compile column 't\.x'"):
        run(pg_engine, script)
    with pg_engine.connect() as connection:
        assert ["id"] == [each["name"] for each in sa.inspect(connection).get_columns("t")]


def test_a_table_is_renamed_and_back(any_engine: sa.Engine) -> None:
    run(any_engine, create(t()))
    before = dump(any_engine)
    run(any_engine, lambda op: op.moltres_rename_table("t", "Order"))
    assert ["Order"] == sa.inspect(any_engine).get_table_names()
    run(any_engine, lambda op: op.moltres_rename_table("Order", "t"))
    assert before.replace('"t"', "t") == dump(any_engine).replace('"t"', "t")


def test_a_sequence_is_altered_and_back(pg_engine: sa.Engine) -> None:
    old, new = (
        sequence("s"),
        sequence("s", start=5, increment=10, cycle=True, maxvalue=99, data_type="INTEGER"),
    )
    execute(pg_engine, "CREATE SEQUENCE s")
    before = dump(pg_engine)
    run(pg_engine, lambda op: op.moltres_alter_sequence(old, new))
    with pg_engine.connect() as connection:
        assert 10 == connection.scalar(sa.text("SELECT seqincrement FROM pg_sequence"))
    run(pg_engine, lambda op: op.moltres_alter_sequence(new, old))
    assert before == dump(pg_engine)
