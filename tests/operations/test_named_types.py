"""Enum types and domains of PostgreSQL: made with the first table, dropped with the last."""

from __future__ import annotations

import asyncio
import subprocess
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import create_async_engine

from alembic_moltres.dialects.postgresql.do_block import do_block
from alembic_moltres.schema import TableSchema, column
from tests.dump import dump
from tests.operations.context import offline, run
from tests.servers.postgresql import find_bindir

KEY = column("id", "INTEGER", primary_key=True)
AWKWARD = (
    "a:b",
    "50%",
    "%(x)s",
    "it's",
    '"',
    "$moltres$",
    "$moltres1$",
    "back\\slash",
    "é\n;--",
    ")",
)


def types(engine: sa.Engine) -> dict[str, list[str]]:
    """Return the labels of the enum types and domains of a database."""
    query = sa.text(
        "SELECT t.oid::regtype::text, array_remove(array_agg(e.enumlabel::text ORDER BY "
        "e.enumsortorder), NULL) FROM pg_type t LEFT JOIN pg_enum e ON e.enumtypid = t.oid "
        "WHERE typtype IN ('e', 'd') AND typnamespace::regnamespace::text !~ '^(pg_|information)' "
        "GROUP BY t.oid"
    )
    with engine.connect() as connection:
        return {name: labels for name, labels in connection.execute(query)}  # noqa: C416


def with_type(table: str, type_: Any) -> sa.Table:
    return sa.Table(
        table, sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", type_)
    )


class Decorated(sa.TypeDecorator[str]):
    impl = sa.Enum("a", "b", name="mood")
    cache_ok = True


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        pytest.param(sa.Enum("a", "b", name="mood"), {"mood": ["a", "b"]}, id="enum"),
        pytest.param(sa.Enum("a", name="Mood"), {'"Mood"': ["a"]}, id="upper-case"),
        pytest.param(sa.Enum("a", name='or"der'), {'"or""der"': ["a"]}, id="quoted"),
        pytest.param(sa.Enum("a", name="it's 100%"), {'"it\'s 100%"': ["a"]}, id="apostrophe"),
        pytest.param(sa.Enum("a", name="m", schema="App"), {'"App".m': ["a"]}, id="other-schema"),
        pytest.param(sa.Enum(*AWKWARD, name="m"), {"m": list(AWKWARD)}, id="awkward-labels"),
        pytest.param(pg.ARRAY(sa.Enum("a", name="m")), {"m": ["a"]}, id="array"),
        pytest.param(sa.ARRAY(pg.ENUM("a", name="m")), {"m": ["a"]}, id="portable-array"),
        pytest.param(Decorated(), {"mood": ["a", "b"]}, id="decorator"),
        pytest.param(
            sa.String(9).with_variant(pg.ENUM("a", name="m"), "postgresql"),
            {"m": ["a"]},
            id="variant",
        ),
        pytest.param(
            sa.Enum("a", name="m").with_variant(sa.String(9), "sqlite"),
            {"m": ["a"]},
            id="other-variant",
        ),
        pytest.param(
            sa.Enum("a", name="m").with_variant(sa.Text(), "postgresql"), {}, id="not-here"
        ),
        pytest.param(sa.Enum("a", name="m", native_enum=False), {}, id="not-native"),
        pytest.param(pg.DOMAIN("d", sa.Integer, check="VALUE % 2 > 0"), {"d": []}, id="domain"),
        pytest.param(
            pg.DOMAIN("d", pg.ENUM("a", name="m"), not_null=True),
            {"d": [], "m": ["a"]},
            id="domain-of-enum",
        ),
        pytest.param(
            pg.DOMAIN(
                "d", sa.Text, collation="C", default="x:y", constraint_name="ck", not_null=True
            ),
            {"d": []},
            id="options",
        ),
    ],
)
def test_it_is_made_once_shared_and_dropped_with_the_last_table(
    pg_engine: sa.Engine, type_: Any, expected: dict[str, list[str]]
) -> None:
    with pg_engine.begin() as connection:
        connection.exec_driver_sql('CREATE SCHEMA "App"')
    first, second = with_type("first", type_), with_type("second", type_)
    for _ in range(2):
        run(pg_engine, lambda op: op.moltres_create_table(first))
        assert expected == types(pg_engine)
        run(pg_engine, lambda op: op.moltres_create_table(second))
        run(pg_engine, lambda op: op.moltres_drop_table(first))
        assert expected == types(pg_engine)
        run(pg_engine, lambda op: op.moltres_drop_table(second))
        assert {} == types(pg_engine)


def test_a_domain_is_what_create_all_makes(pg_engine: sa.Engine) -> None:
    checked = pg.DOMAIN("d", sa.Integer, check="VALUE % 2 > 0", not_null=True, default="3")
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("x", checked), sa.Column("y", pg.ARRAY(checked)))
    metadata.create_all(pg_engine)
    expected = dump(pg_engine)
    run(pg_engine, lambda op: op.moltres_drop_table(table))
    run(pg_engine, lambda op: op.moltres_create_table(table))
    assert expected == dump(pg_engine)


def test_it_is_made_once_for_a_table_that_uses_it_twice(pg_engine: sa.Engine) -> None:
    mood = "ENUM('a',name='mood')"
    schema = TableSchema("t", [column("x", mood), column("y", f"postgresql.ARRAY({mood})")])
    executed = run(pg_engine, lambda op: op.moltres_create_table(schema))
    assert 1 == sum("CREATE TYPE" in text for text in executed)


def test_create_type_false_is_never_made_and_never_dropped(pg_engine: sa.Engine) -> None:
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TYPE mood AS ENUM ('a')")
        connection.exec_driver_sql("CREATE DOMAIN d AS INTEGER")
    columns: list[sa.Column[Any]] = [
        sa.Column("x", pg.ENUM("a", name="mood", create_type=False)),
        sa.Column("y", pg.DOMAIN("d", sa.Integer, create_type=False)),
    ]
    table = sa.Table("t", sa.MetaData(), *columns)
    made = run(pg_engine, lambda op: op.moltres_create_table(table))
    dropped = run(pg_engine, lambda op: op.moltres_drop_table(table))
    assert not any("TYPE" in text or "DOMAIN" in text for text in made + dropped)
    assert {"mood": ["a"], "d": []} == types(pg_engine)


def test_an_enum_type_that_exists_with_other_labels(pg_engine: sa.Engine) -> None:
    for labels in ("'a'", "'b', 'a'", "'a', 'b', 'c'"):
        with pg_engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE TYPE mood AS ENUM ({labels})")
        with pytest.raises(CommandError) as raised:
            run(pg_engine, lambda op: op.moltres_create_table(with_type("t", Decorated())))
        found = "{" + labels.replace("'", "").replace(" ", "") + "}"
        assert (
            f"the enum type mood exists with the labels {found}, and {{a,b}} are wanted "
            "(at the type 'mood' of the table 't'); "
            "rename one of the two types, or give them the same definition"
        ) == str(raised.value)
        assert not sa.inspect(pg_engine).has_table("t")
        with pg_engine.begin() as connection:
            connection.exec_driver_sql("DROP TYPE mood")


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        pytest.param("CREATE DOMAIN d AS BIGINT CHECK (VALUE > 0)", "bigint", id="type"),
        pytest.param("CREATE DOMAIN d AS INTEGER CHECK (VALUE > 1)", "(VALUE > 1)", id="check"),
        pytest.param("CREATE DOMAIN d AS INTEGER", "exists as integer, and", id="no-check"),
        pytest.param("CREATE TYPE d AS ENUM ('a')", "another kind of type", id="enum"),
        pytest.param(
            "CREATE DOMAIN d AS INTEGER NOT NULL CHECK (VALUE > 0)", "NOT NULL", id="not-null"
        ),
        pytest.param(
            "CREATE DOMAIN d AS INTEGER DEFAULT 1 CHECK (VALUE > 0)", "DEFAULT 1", id="default"
        ),
    ],
)
def test_a_domain_that_exists_with_another_definition(
    pg_engine: sa.Engine, other: str, shown: str
) -> None:
    with pg_engine.begin() as connection:
        connection.exec_driver_sql(other)
    table = with_type("t", pg.DOMAIN("d", sa.Integer, check="VALUE > 0"))
    with pytest.raises(CommandError) as raised:
        run(pg_engine, lambda op: op.moltres_create_table(table))
    assert shown in str(raised.value)
    assert "integer CHECK ((VALUE > 0)) is wanted (at the type 'd' of" in str(raised.value)


def test_a_type_that_a_function_uses_stays(pg_engine: sa.Engine) -> None:
    table = with_type("t", Decorated())
    run(pg_engine, lambda op: op.moltres_create_table(table))
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("CREATE FUNCTION f(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'")
    run(pg_engine, lambda op: op.moltres_drop_table(table))
    assert {"mood": ["a", "b"]} == types(pg_engine)


def test_sql_mode_runs_in_psql(pg_engine: sa.Engine) -> None:
    bindir = find_bindir()
    if bindir is None or not (bindir / "psql").exists():
        pytest.skip("there is no psql; install PostgreSQL's client programs")
    domain = pg.DOMAIN("d", sa.Integer, check="VALUE % 2 > 0")
    tables = [
        with_type("a", sa.Enum(*AWKWARD, name="m")),
        with_type("b", sa.Enum(*AWKWARD, name="m")),
    ]
    tables += [with_type("y", domain), with_type("z", domain)]

    def create(op: Any) -> None:
        for table in tables:
            op.moltres_create_table(table)

    def drop(op: Any) -> None:
        for table in tables:
            op.moltres_drop_table(table)

    url = pg_engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [str(bindir / "psql"), "-X", "-v", "ON_ERROR_STOP=1", url]
    for script, expected in ((create, {"m": list(AWKWARD), "d": []}), (drop, {})):
        text = offline(pg_engine.url, script)
        done = subprocess.run(command, input=text, check=False, text=True, capture_output=True)
        assert (0, "") == (done.returncode, done.stderr)
        assert expected == types(pg_engine)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_asyncpg_takes_the_same_text(pg_engine: sa.Engine) -> None:
    table = with_type("t", sa.Enum(*AWKWARD, name="m"))
    other = with_type("u", sa.Enum("z", name="m"))

    def migrate(connection: sa.Connection) -> None:
        op: Any = Operations(MigrationContext.configure(connection))
        op.moltres_create_table(table)
        with pytest.raises(CommandError) as raised, connection.begin_nested():
            op.moltres_create_table(other)
        message = str(raised.value)
        assert message.startswith("the enum type m exists with the labels {")
        assert message.endswith("or give them the same definition")

    async def main() -> None:
        engine = create_async_engine(pg_engine.url.set(drivername="postgresql+asyncpg"))
        async with engine.connect() as connection:
            await connection.run_sync(migrate)
        await engine.dispose()

    asyncio.run(main())


@pytest.mark.parametrize(
    "type_", [sa.Enum("a", "b", name="mood"), pg.DOMAIN("mood", sa.Text, check="VALUE <> ''")]
)
def test_a_renamed_type_keeps_its_columns_and_rows(type_: Any, pg_engine: sa.Engine) -> None:
    def script(op: Any) -> None:
        op.moltres_create_table(with_type("t", type_))
        op.execute("INSERT INTO t (id, x) VALUES (1, 'a')")
        op.moltres_rename_type("mood", "My feel")

    run(pg_engine, script)
    assert ['"My feel"'] == list(types(pg_engine))
    (statement,) = run(pg_engine, lambda op: op.moltres_rename_type("My feel", "mood", "public"))
    assert statement == 'ALTER TYPE public."My feel" RENAME TO mood'
    with pg_engine.connect() as connection:
        assert "a" == connection.exec_driver_sql("SELECT x FROM t").scalar()
    with pytest.raises(CommandError, match="the type 'no': type \"no\" does not exist"):
        run(pg_engine, lambda op: op.moltres_rename_type("no", "yes"))


@pytest.mark.parametrize("url", ["postgresql://", "cockroachdb+psycopg://"])
def test_a_renamed_type_offline(url: str) -> None:
    written = offline(url, lambda op: op.moltres_rename_type("mood", "feel", schema="s"))
    assert "ALTER TYPE s.mood RENAME TO feel;" in written


@pytest.mark.parametrize("url", ["sqlite://", "mysql+pymysql://", "mssql+pyodbc://"])
def test_databases_without_types_rename_none(url: str) -> None:
    assert "" == offline(url, lambda op: op.moltres_rename_type("mood", "feel")).strip()


def test_a_type_that_was_renamed_before_is_passed_over(pg_engine: sa.Engine) -> None:
    def script(op: Any) -> None:
        with op.moltres_idempotent():
            op.moltres_rename_type("mood", "feel")

    run(pg_engine, lambda op: op.moltres_create_type("ENUM('a',name='mood')"))
    for _ in range(2):
        run(pg_engine, script)
        assert ["feel"] == list(types(pg_engine))


def test_cockroachdb_has_no_blocks_with_handlers() -> None:
    written = offline("cockroachdb+psycopg://", _make_and_drop)
    assert "CREATE TYPE IF NOT EXISTS mood AS ENUM ('a', 'b');" in written
    assert "DROP TYPE IF EXISTS mood;" in written
    assert "DO $" not in written


@pytest.mark.parametrize(
    "url", ["sqlite://", "mysql+pymysql://", "mssql+pyodbc://", "oracle+oracledb://"]
)
def test_other_dialects_have_no_types_of_their_own(url: str) -> None:
    written = offline(url, _make_and_drop)
    assert "TYPE" not in written


def _make_and_drop(op: Any) -> None:
    table = with_type("t", Decorated())
    op.moltres_create_table(table)
    op.moltres_drop_table(table)


def test_a_dollar_quote_never_occurs_in_what_it_quotes() -> None:
    assert "DO $moltres2$\n$moltres$ $moltres1$\n$moltres2$" == do_block("$moltres$ $moltres1$")
