"""DuckDB: whole circles with Alembic's own commands, what is refused by name, and what a comparison costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util import CommandError

from alembic_moltres import reflect_table
from alembic_moltres.dialects.base.registry import impl_of
from alembic_moltres.dialects.duckdb.alembic_impl import MORE_RESERVED
from alembic_moltres.schema import (
    TableSchema,
    check,
    column,
    computed,
    foreign_key,
    index,
    primary_key,
    unique,
)
from tests.alembic_project import AlembicProject, ProjectFactory, script_module

duckdb = pytest.importorskip("duckdb")
pytest.importorskip("duckdb_engine")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:duckdb_engine")

MODELS = """
import sqlalchemy as sa
from duckdb_engine.datatypes import HugeInteger, Map, Struct, UTinyInteger

target_metadata = sa.MetaData()
ids = sa.Sequence("ids", start=5)
parents = sa.Table(
    "parents",
    target_metadata,
    sa.Column("id", sa.Integer, ids, server_default=ids.next_value(), primary_key=True),
    sa.Column("code", sa.String(20), unique=True, comment="it's 100%"),
    sa.Column("mood", sa.Enum("sad", "it's", name="mood"), server_default="sad"),
    comment="who has children",
)
children = sa.Table(
    "children",
    target_metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("parent_id", sa.ForeignKey("parents.id", name="fk_parent")),
    sa.Column("mood", sa.Enum("sad", "it's", name="mood")),
    sa.Column("price", sa.Numeric(10, 2), server_default="5"),
    sa.Column("made", sa.DateTime, server_default=sa.func.now(), nullable=False),
    sa.Column("seen", sa.DateTime(timezone=True)),
    sa.Column("day", sa.Date, server_default=sa.text("current_date")),
    sa.Column("clock", sa.Time),
    sa.Column("took", sa.Interval),
    sa.Column("good", sa.Boolean, server_default=sa.true(), nullable=False),
    sa.Column("ratio", sa.Float),
    sa.Column("exact", sa.Double, server_default=sa.text("1 + 1")),
    sa.Column("raw", sa.LargeBinary),
    sa.Column("key", sa.Uuid, server_default=sa.text("gen_random_uuid()")),
    sa.Column("extra", sa.JSON),
    sa.Column("words", sa.ARRAY(sa.String)),
    sa.Column("big", HugeInteger),
    sa.Column("small", UTinyInteger),
    sa.Column("place", Struct({"x": sa.Integer, "the y": sa.String})),
    sa.Column("counts", Map(sa.String, sa.Integer)),
    sa.Column("name", sa.String(collation="nocase"), server_default="50%"),
    sa.Column("Some Text", sa.Text),
    sa.CheckConstraint("price > 0 AND lower(\\"Some Text\\") <> 'x%'", name="ck_price"),
    sa.UniqueConstraint("price", "mood", name="uq"),
    sa.Index("ix_made", "made", "good"),
    sa.Index("ux_name", sa.text("lower(name)"), unique=True),
    sa.Index("ix_ratio", sa.desc("ratio")),
)
"""

WITH_COMPUTED = """
sa.Table("sums", target_metadata, sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, sa.Computed("a * 2")))
"""

CATALOGUE = """
SELECT 'table', table_name, comment, NULL, NULL FROM duckdb_tables() WHERE table_name <> 'alembic_version'
UNION ALL
SELECT 'column', table_name, column_name, data_type, concat_ws('/', column_default, is_nullable, comment)
FROM duckdb_columns() WHERE NOT internal AND table_name <> 'alembic_version'
UNION ALL
SELECT 'constraint', table_name, constraint_text, NULL, NULL
FROM duckdb_constraints() WHERE table_name <> 'alembic_version'
UNION ALL
SELECT 'index', table_name, sql, comment, NULL FROM duckdb_indexes()
UNION ALL
SELECT 'sequence', sequence_name, start_value::VARCHAR, NULL, NULL FROM duckdb_sequences()
UNION ALL
SELECT 'type', type_name, labels::VARCHAR, NULL, NULL FROM duckdb_types() WHERE NOT internal
ORDER BY ALL
"""


def catalogue(url: str) -> list[tuple[Any, ...]]:
    """Return all that the database has."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.exec_driver_sql(CATALOGUE)]
    engine.dispose()
    return found


def execute(url: str, *statements: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def created(models: str, directory: Path) -> list[tuple[Any, ...]]:
    """Return what `create_all` makes of the models."""
    names: dict[str, Any] = {}
    exec(models, names)
    url = f"duckdb:///{directory / 'wanted.db'}"
    engine = sa.create_engine(url)
    names["target_metadata"].create_all(engine)
    engine.dispose()
    return catalogue(url)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"duckdb:///{tmp_path / 'have.db'}"


def assert_nothing_left(project: AlembicProject) -> None:
    """Prove that the next revision is empty."""
    project.check()
    script = project.revision("empty")
    source = script.read_text(encoding="utf-8")
    assert "op." not in source.partition("def upgrade")[2]
    script.unlink()


def with_computed(models: str) -> str:
    """Return the models with a computed column, which SQLAlchemy 2.0 writes as STORED on PostgreSQL's dialects."""
    return models + WITH_COMPUTED if sa.__version__ >= "2.1" else models


class TestCircles:
    def test_a_first_revision_makes_what_create_all_makes_and_leaves_nothing(
        self, alembic_project: ProjectFactory, url: str, tmp_path: Path
    ) -> None:
        models = with_computed(MODELS)
        project = alembic_project(models, url)
        project.revision("first")
        project.upgrade()
        assert created(models, tmp_path) == catalogue(url)
        assert_nothing_left(project)
        project.downgrade()
        assert catalogue(url) == []
        project.upgrade()
        assert created(models, _other(tmp_path)) == catalogue(url)

    def test_sql_makes_the_same(
        self, alembic_project: ProjectFactory, url: str, tmp_path: Path
    ) -> None:
        project = alembic_project(MODELS, url)
        revision = script_module(project.revision("first"))["revision"]
        statements = project.upgrade(sql=True)
        with duckdb.connect(url.removeprefix("duckdb:///")) as connection:
            connection.execute("DROP TABLE alembic_version")
            connection.execute(statements)
        assert created(MODELS, tmp_path) == catalogue(url)
        assert_nothing_left(project)
        undone = project.downgrade(f"{revision}:base", sql=True)
        assert "DROP TYPE IF EXISTS mood" in undone

    def test_a_change_goes_up_and_down_and_keeps_the_rows(
        self, alembic_project: ProjectFactory, url: str, tmp_path: Path
    ) -> None:
        project = alembic_project(BEFORE, url)
        project.revision("before", rev_id="a1")
        project.upgrade()
        first = catalogue(url)
        execute(url, "INSERT INTO users VALUES (1, 'ann', '7', NULL, 'low', 'gone')")
        project.write_models(AFTER)
        project.revision("after")
        project.upgrade()
        assert_nothing_left(project)
        assert _text(created(AFTER, tmp_path)) == _text(catalogue(url))
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            row = connection.exec_driver_sql(
                "SELECT id, mail, age, level, rank, plan FROM users"
            ).one()
        engine.dispose()
        assert tuple(row) == (1, "ann", 7, 3, "low", "free")
        project.write_models(
            AFTER.replace('comment="people"', "sa.Index('ix', 'mail', unique=True)")
        )
        project.revision("index", rev_id="c3")
        project.upgrade()
        assert_nothing_left(project)
        project.downgrade("-1")
        project.downgrade("a1")
        assert _text(first) == _text(catalogue(url))
        project.downgrade()
        assert catalogue(url) == []


def _other(directory: Path) -> Path:
    other = directory / "other"
    other.mkdir()
    return other


def _text(rows: list[tuple[Any, ...]]) -> list[str]:
    """Return rows as text; names of indexes and the order of columns are not in them."""
    return sorted(map(str, rows))


BEFORE = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table(
    "users",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String),
    sa.Column("age", sa.String, server_default="1"),
    sa.Column("level", sa.Integer),
    sa.Column("rank", sa.Enum("low", "high", name="rank")),
    sa.Column("old", sa.Text),
)
"""

AFTER = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table(
    "users",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("mail", sa.String, comment="where to", info={"renamed_from": "name"}),
    sa.Column("age", sa.Integer, server_default="2"),
    sa.Column("level", sa.Integer, server_default="3", nullable=False),
    sa.Column("rank", sa.Enum("low", "high", "top", name="rank"), server_default="top"),
    sa.Column("plan", sa.Enum("free", "paid", name="plan"), server_default="free", nullable=False),
    comment="people",
)
"""


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("duckdb:///:memory:")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def altered(connection: sa.Connection, change: Callable[[Any], object]) -> None:
    op: Any = Operations(MigrationContext.configure(connection))
    with op.moltres_alter_table("t") as table:
        change(table)


PLAIN = "CREATE TABLE t (a INTEGER NOT NULL, b VARCHAR, c INTEGER DEFAULT 1)"
REFUSED: dict[str, tuple[list[str], Callable[[Any], object], str]] = {
    "a check": (
        [PLAIN],
        lambda t: t.add_constraint(check("a > 0", name="ck")),
        "DuckDB adds no check to a table",
    ),
    "a foreign key": (
        [PLAIN, "CREATE TABLE o (id INTEGER PRIMARY KEY)"],
        lambda t: t.add_constraint(foreign_key("c", "o", "id")),
        "DuckDB adds no foreign key to a table",
    ),
    "a constraint that goes": (
        ["CREATE TABLE t (a INTEGER UNIQUE)"],
        lambda t: t.drop_constraint(unique("a")),
        "DuckDB drops no constraint",
    ),
    "a computed column": (
        [PLAIN],
        lambda t: t.add_column(column("d", "INTEGER", computed=computed("a + 1"))),
        "does not add a computed column",
    ),
    "a rename with an index": (
        [PLAIN, "CREATE INDEX ix ON t (c)"],
        lambda t: t.rename_column("a", "d"),
        "while the index 'ix' is there .* drop it in a revision before",
    ),
    "a type with an index that goes": (
        [PLAIN, "CREATE INDEX ix ON t (c)"],
        lambda t: (
            t.drop_index(index("ix", "c")),
            t.alter_column(column("c", "INTEGER"), column("c", "BIGINT")),
        ),
        "while the index 'ix' is there",
    ),
    "a table that is referred to": (
        [
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b VARCHAR)",
            "CREATE TABLE o (a INTEGER REFERENCES t (a))",
        ],
        lambda t: t.drop_column(column("b", "VARCHAR")),
        "while the table 'o' refers to it",
    ),
    "the type of a key": (
        ["CREATE TABLE t (a INTEGER PRIMARY KEY)"],
        lambda t: t.alter_column(
            column("a", "INTEGER", nullable=False), column("a", "BIGINT", nullable=False)
        ),
        r"the primary key on \(a\) uses it",
    ),
    "the type of a renamed column with a check": (
        ["CREATE TABLE t (a INTEGER CHECK (a > 0))"],
        lambda t: (
            t.rename_column("a", "b"),
            t.alter_column(column("b", "INTEGER"), column("b", "BIGINT")),
        ),
        r"the check \(a > 0\) uses it",
    ),
    "a column before a key": (
        ["CREATE TABLE t (a INTEGER, b INTEGER UNIQUE)"],
        lambda t: t.drop_column(column("a", "INTEGER")),
        "has a later column",
    ),
    "what a column is computed of": (
        ["CREATE TABLE t (a INTEGER, c INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1))"],
        lambda t: t.drop_column(column("a", "INTEGER")),
        "the column 'b' is computed from it",
    ),
}


class TestRefusals:
    @pytest.mark.parametrize(
        ("before", "change", "message"),
        [pytest.param(*each, id=name) for name, each in REFUSED.items()],
    )
    def test_it_is_refused_by_name_before_anything_runs(
        self,
        connection: sa.Connection,
        before: list[str],
        change: Callable[[Any], object],
        message: str,
    ) -> None:
        for statement in before:
            connection.exec_driver_sql(statement)
        connection.commit()

        def first_comment_then_change(table: Any) -> None:
            table.add_column(column("added", "INTEGER"))
            change(table)

        with pytest.raises(CommandError, match=message) as raised:
            altered(connection, first_comment_then_change)
        assert "table 't'" in str(raised.value)
        names = [each.name for each in reflect_table(connection, "t").columns]
        assert "added" not in names  # and the transaction is not aborted

    @pytest.mark.parametrize(
        ("stated", "message"),
        [
            pytest.param(
                [sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)],
                "has no SERIAL",
                id="serial",
            ),
            pytest.param(
                [sa.Column("id", sa.Integer, sa.Identity())], "has no IDENTITY", id="identity"
            ),
            pytest.param(
                [
                    sa.Column("a", sa.Integer),
                    sa.Column("b", sa.Integer, sa.Computed("a", persisted=True)),
                ],
                "stores no computed column",
                id="stored",
            ),
            pytest.param(
                [
                    sa.Column("a", sa.Integer),
                    sa.ForeignKeyConstraint(["a"], ["o.id"], ondelete="CASCADE"),
                ],
                "has no CASCADE",
                id="cascade",
            ),
            pytest.param(
                [
                    sa.Column("a", sa.Integer),
                    sa.Index("ix", "a", postgresql_where=sa.text("a > 0")),
                ],
                "has no such index .postgresql_where.",
                id="partial index",
            ),
            pytest.param(
                [sa.Column("a", sa.Integer), sa.Index("ix", "a", postgresql_using="gin")],
                "has no index USING gin",
                id="gin",
            ),
        ],
    )
    def test_a_table_that_cannot_be_is_refused_before_its_types_are_made(
        self, connection: sa.Connection, stated: list[Any], message: str
    ) -> None:
        metadata = sa.MetaData()
        sa.Table("o", metadata, sa.Column("id", sa.Integer, primary_key=True))
        table = sa.Table("t", metadata, sa.Column("m", sa.Enum("a", name="mood")), *stated)
        op: Any = Operations(MigrationContext.configure(connection))
        with pytest.raises(CommandError, match=message):
            op.moltres_create_table(table)
        assert connection.exec_driver_sql(CATALOGUE).all() == []

    def test_types_and_sequences_of_their_own_are_refused(self, connection: sa.Connection) -> None:
        op: Any = Operations(MigrationContext.configure(connection))
        with pytest.raises(
            CommandError, match=r"duckdb cannot alter an enum type .* alter each column"
        ):
            op.moltres_alter_enum("ENUM('a',name='m')", "ENUM('a','b',name='m')")
        with pytest.raises(CommandError, match=r"duckdb cannot rename a type \(at 'm'\)"):
            op.moltres_rename_type("m", "n")

    def test_a_rename_that_the_database_refuses_names_the_remedy(
        self, connection: sa.Connection
    ) -> None:
        connection.exec_driver_sql(PLAIN)
        connection.exec_driver_sql("CREATE INDEX ix ON t (a)")
        connection.commit()
        op: Any = Operations(MigrationContext.configure(connection))
        with pytest.raises(
            CommandError, match=r"refuses the rename of 't'.* drop the dependent object first"
        ):
            op.moltres_rename_table("t", "u")


class TestAltering:
    @pytest.mark.parametrize("word", sorted(MORE_RESERVED))
    def test_a_reserved_word_is_quoted(self, connection: sa.Connection, word: str) -> None:
        table = TableSchema(word, [column("id", "INTEGER"), column(word, "INTEGER")])
        op: Any = Operations(MigrationContext.configure(connection))
        op.moltres_create_table(table)
        with op.moltres_alter_table(word) as altered:
            altered.rename_column(word, "other")
            altered.rename_column("other", word)
            altered.create_index(index("ix", word))
        assert ["id", word] == [str(each.name) for each in reflect_table(connection, word).columns]
        op.moltres_drop_table(table)

    def test_a_key_is_a_plain_number_and_a_warning_says_that_it_does_not_count(
        self, connection: sa.Connection, caplog: pytest.LogCaptureFixture
    ) -> None:
        op: Any = Operations(MigrationContext.configure(connection))
        op.moltres_create_table(
            sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
        )
        assert "DuckDB does not autoincrement: t.id needs a value" in caplog.text
        assert reflect_table(connection, "t").columns[0].type_name == "INTEGER"

    def test_unique_and_primary_keys_are_added(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(PLAIN)
        altered(
            connection,
            lambda t: (
                t.add_constraint(primary_key("a")),
                t.add_constraint(unique(["b", "c"])),
            ),
        )
        found = reflect_table(connection, "t")
        assert found.constraints == (primary_key("a"), unique(["b", "c"]))

    def test_a_type_that_another_table_uses_stays(self, connection: sa.Connection) -> None:
        for statement in (
            "CREATE TYPE mood AS ENUM ('a')",
            "CREATE TABLE t (m mood, n INTEGER)",
            "CREATE TABLE other (m mood)",
        ):
            connection.exec_driver_sql(statement)
        altered(connection, lambda t: t.drop_column(column("m", "ENUM('a',name='mood')")))
        types = connection.exec_driver_sql(
            "SELECT type_name FROM duckdb_types() WHERE NOT internal"
        )
        assert types.scalars().all() == ["mood"]


class TestReading:
    def test_what_the_catalogue_has_is_read_as_values(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(
            """CREATE TABLE t (
            a TINYINT[][], b STRUCT(x INTEGER), c DECIMAL(8,3) DEFAULT -1.5, d ENUM('q'),
            e VARCHAR COLLATE nocase DEFAULT 'it''s', f TIMESTAMP_S, g INTEGER[3], h TIMETZ,
            i INTEGER DEFAULT 7, "J k" INTEGER GENERATED ALWAYS AS (i + 1)
            )"""
        )
        found = {str(each.name): each for each in reflect_table(connection, "t").columns}
        assert {
            "a": "sql.ARRAY(duckdb.TINYINT,dimensions=2)",
            "b": "CUSTOM('STRUCT(x INTEGER)')",
            "c": "DECIMAL(8,3)",
            "d": "CUSTOM('ENUM(''q'')')",
            "e": "VARCHAR(collation='nocase')",
            "f": "CUSTOM('TIMESTAMP_S')",
            "g": "CUSTOM('INTEGER[3]')",
            "h": "TIME(timezone=True)",
            "i": "INTEGER",
            "J k": "INTEGER",
        } == {
            name: re.sub(r'"(.*)"', lambda m: "'" + m[1].replace("'", "''") + "'", each.type_name)
            for name, each in found.items()
        }
        assert ("it's", 7) == (found["e"].default, found["i"].default)

    @pytest.mark.parametrize("number", [1, 50])
    def test_a_comparison_costs_the_same_for_one_table_and_for_many(
        self, connection: sa.Connection, number: int
    ) -> None:
        names = [f"t{at}" for at in range(number)]
        for name in names:
            connection.exec_driver_sql(
                f"CREATE TABLE {name} (a INTEGER CHECK (a > 1), m ENUM('a'))"
            )
        statements: list[str] = []
        impl = impl_of(connection.dialect)
        sa.event.listen(
            connection, "before_cursor_execute", lambda *given: statements.append(given[2])
        )
        tables = [each.table for each in impl.read(connection, None, names)]
        impl.reflect_expected(connection, tables)
        assert len(statements) == 6

    def test_a_probe_that_fails_leaves_the_transaction_as_it_is(
        self, connection: sa.Connection, caplog: pytest.LogCaptureFixture
    ) -> None:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER)")
        table = reflect_table(connection, "t")
        wrong = type(table)("t", table.columns, constraints=[check("no_such_function(a)")])
        impl_of(connection.dialect).reflect_expected(connection, [wrong])
        assert "The database rejects these parts of the models" in caplog.text
        assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
