"""What scripts do with `op.get_bind()` works on the stand-in, without a driver."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from alembic_moltres.history.environment import dialect_of
from alembic_moltres.history.recording import Recorder
from alembic_moltres.history.stand_in.engine import stand_in

metadata = sa.MetaData()
users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20), nullable=False, server_default="x", index=True),
    sa.Column("boss_id", sa.Integer, sa.ForeignKey("users.id", name="fk_boss")),
    sa.CheckConstraint("id > 0", name="ck_id"),
    sa.UniqueConstraint("name", name="uq_name"),
    comment="People",
)
MOOD = sa.Enum("sad", "ok", name="mood")


class Base(orm.DeclarativeBase):
    """The base of a model that a script may define."""


class Tag(Base):
    __tablename__ = "tags"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(20))


@pytest.fixture(params=["postgresql", "mysql", "mariadb", "sqlite", "oracle", "mssql"])
def connection(request: pytest.FixtureRequest) -> Any:
    engine = stand_in(dialect_of(f"{request.param}://"), Recorder)
    with engine.connect() as opened:
        metadata.create_all(opened)
        Base.metadata.create_all(opened)
        yield opened


def recorder(connection: sa.Connection) -> Recorder:
    found: Recorder = connection.dialect.database  # type: ignore[attr-defined]
    return found


QUERIES = [
    (sa.select(users.c.name), []),
    (sa.select(sa.func.count()).select_from(users), [(0,)]),
    (sa.select(sa.func.max(users.c.id), sa.func.count(users.c.id)), [(None, 0)]),
    (sa.select(sa.func.coalesce(sa.func.max(users.c.id), 7)), [(7,)]),
    (sa.select(sa.exists(sa.select(users.c.id))), [(False,)]),
    (sa.select(sa.func.count() > 0).select_from(users), [(False,)]),
    (sa.select(sa.func.count().label("n")).select_from(users).group_by(users.c.name), []),
    (sa.select(sa.literal(3)), [(3,)]),
    (sa.text("SELECT name FROM users"), []),
    (sa.text("SELECT count(*), max(id) FROM users"), [(0, None)]),
    (sa.text("select coalesce(max(id), 5) from users"), [(5,)]),
    (sa.text("SELECT EXISTS (SELECT 1 FROM users)"), [(False,)]),
    (sa.text("SELECT name, count(*) FROM users GROUP BY name"), []),
    (sa.text("WITH a AS (SELECT name FROM users) SELECT count(*) FROM a"), [(0,)]),
    (sa.text("SELECT 1"), [(1,)]),
]


@pytest.mark.parametrize(("query", "rows"), QUERIES)
def test_a_query_finds_no_rows(connection: sa.Connection, query: Any, rows: Any) -> None:
    assert [tuple(row) for row in connection.execute(query)] == rows


def test_rows_are_written_and_counted_as_none(connection: sa.Connection) -> None:
    assert connection.execute(users.insert().values(name="a")).inserted_primary_key is not None
    assert connection.execute(users.update().values(name="b")).rowcount == 0
    assert connection.execute(sa.text("DELETE FROM users")).rowcount == 0
    connection.execute(users.insert(), [{"name": "a"}, {"name": "b"}])


def test_a_session_adds_and_queries(connection: sa.Connection) -> None:
    session = orm.Session(bind=connection)
    assert session.query(Tag).all() == []
    assert session.query(Tag).filter_by(name="a").one_or_none() is None
    session.add(Tag(name="a"))
    session.flush()
    session.commit()
    assert session.query(Tag).count() == 0


def test_an_inspector_sees_the_state(connection: sa.Connection) -> None:
    inspector = sa.inspect(connection)
    assert {"tags", "users"} == set(inspector.get_table_names())
    assert inspector.has_table("users")
    assert not inspector.has_table("nothing")
    assert [each["name"] for each in inspector.get_columns("users")] == ["id", "name", "boss_id"]
    assert inspector.get_pk_constraint("users")["constrained_columns"] == ["id"]
    assert [each["name"] for each in inspector.get_foreign_keys("users")] == ["fk_boss"]
    assert [each["name"] for each in inspector.get_unique_constraints("users")] == ["uq_name"]
    assert [each["name"] for each in inspector.get_check_constraints("users")] == ["ck_id"]
    name = connection.dialect.name
    unique = [] if name in {"sqlite", "mssql"} else ["uq_name"]
    foreign = ["fk_boss"] if name in {"mysql", "mariadb"} else []
    indexes = [each["name"] for each in inspector.get_indexes("users")]
    assert indexes == [*foreign, "ix_users_name", *unique]
    with pytest.raises(sa.exc.NoSuchTableError):
        inspector.get_columns("nothing")


def test_tables_are_reflected(connection: sa.Connection) -> None:
    found = sa.MetaData()
    found.reflect(connection)
    assert set(found.tables) == {"tags", "users"}
    name_type = found.tables["users"].c.name.type
    assert isinstance(name_type, sa.String)
    assert name_type.length == 20
    assert sa.Table("users", sa.MetaData(), autoload_with=connection).c.boss_id.foreign_keys


def test_tables_are_dropped(connection: sa.Connection) -> None:
    metadata.drop_all(connection)
    Base.metadata.drop_all(connection)
    assert recorder(connection).state().tables == {}


def test_a_cursor_of_the_driver(connection: sa.Connection) -> None:
    cursor: Any = connection.connection.cursor()
    cursor.execute("SELECT count(*) FROM users")
    assert cursor.fetchone() == (0,)
    cursor.close()


def test_a_plain_string_is_a_statement_as_it_once_was(connection: sa.Connection) -> None:
    given: Any = "SELECT count(*) FROM users WHERE name = 'a:b'"
    assert connection.execute(given).scalar() == 0


@pytest.mark.parametrize(
    ("text", "args", "by_name"),
    [
        ("INSERT INTO users (name) VALUES (%s)", [("x",)], {}),
        ("INSERT INTO users (name) VALUES (%s)", [[("x",), ("y",)]], {}),
        ("SELECT name FROM users WHERE name = %(name)s", [{"name": "x"}], {}),
        ("SELECT name FROM users WHERE name = %(name)s", [], {"name": "x"}),
        (sa.select(users.c.name).where(users.c.name == sa.bindparam("n")), [], {"n": "x"}),
    ],
)
def test_parameters_are_taken_as_they_once_were(
    connection: sa.Connection, text: Any, args: list[Any], by_name: dict[str, Any]
) -> None:
    result = connection.execute(text, *args, **by_name)
    assert not result.returns_rows or result.all() == []
    assert recorder(connection).state().uncertain == ()


def test_transactions_and_savepoints_pass(connection: sa.Connection) -> None:
    connection.commit()
    with connection.begin(), connection.begin_nested():
        connection.execute(sa.text("SELECT 1"))
    connection.rollback()
    autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
    assert autocommit.execute(sa.text("SELECT 1")).scalar() == 1


def test_enum_types_create_themselves() -> None:
    engine = stand_in(dialect_of("postgresql://"), Recorder)
    with engine.connect() as connection:
        MOOD.create(connection)
        MOOD.create(connection, checkfirst=True)
        assert recorder(connection).state().types == (
            "postgresql.ENUM('sad','ok',name='mood')",
        ) or (recorder(connection).state().types == ("ENUM('sad','ok',name='mood')",))
        inspector: Any = sa.inspect(connection)
        assert [each["labels"] for each in inspector.get_enums()] == [["sad", "ok"]]
        postgresql.ENUM(name="mood").drop(connection)
        assert recorder(connection).state().types == ()


CATALOGUE = [
    ("SELECT column_name FROM information_schema.columns WHERE table_name = 'users'", 3),
    (
        (
            "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = 'users' AND column_name = 'nothing'"
        ),
        0,
    ),
    ("SELECT constraint_name FROM information_schema.table_constraints", 5),
    ("SELECT indexname FROM pg_indexes WHERE tablename = 'users'", 3),
    ("SELECT 1 FROM pg_catalog.pg_type WHERE typname = 'mood'", 0),
    ("SELECT conname FROM pg_constraint WHERE conname = 'fk_boss'", 1),
    ("SELECT column_default FROM information_schema.columns WHERE column_name = 'boss_id'", 1),
    (
        (
            "SELECT 1 FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid"
            " JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE t.relname = 'users' AND i.indisvalid AND n.nspname = 'public'"
        ),
        3,
    ),
    ("SELECT 1 FROM pg_index WHERE NOT indisvalid", 0),
    (
        (
            "SELECT conname FROM pg_constraint c JOIN pg_class t ON c.conrelid = t.oid"
            " WHERE t.relname = 'users' AND contype = 'p'"
        ),
        1,
    ),
    (
        (
            "SELECT enumlabel FROM pg_enum e JOIN pg_type t ON e.enumtypid = t.oid"
            " WHERE t.typname = 'mood'"
        ),
        0,
    ),
]


@pytest.mark.parametrize(("query", "count"), CATALOGUE)
def test_a_query_of_the_catalogue_is_answered(query: str, count: int) -> None:
    engine = stand_in(dialect_of("postgresql://"), Recorder)
    with engine.connect() as connection:
        metadata.create_all(connection)
        Base.metadata.create_all(connection)
        assert len(connection.execute(sa.text(query)).all()) == count
        assert recorder(connection).state().uncertain == ()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT unnest(enum_range(NULL::mood))",
        'select UNNEST(enum_range(null::public."mood"))::text;',
    ],
)
def test_the_labels_of_a_type_are_those_of_the_state(query: str) -> None:
    with stand_in(dialect_of("postgresql://"), Recorder).connect() as connection:
        MOOD.create(connection)
        assert ["sad", "ok"] == list(connection.execute(sa.text(query)).scalars())
        assert recorder(connection).state().uncertain == ()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT unnest(enum_range(NULL::mood, 'ok'))",
        "SELECT unnest(enum_range(NULL::mood)) WHERE change()",
        "SELECT unnest(enum_range(change()))",
    ],
)
def test_other_calls_beside_the_labels_are_uncertain(query: str) -> None:
    with stand_in(dialect_of("postgresql://"), Recorder).connect() as connection:
        MOOD.create(connection)
        connection.execute(sa.text(query))
        (found,) = recorder(connection).state().uncertain
        assert found.reason == "unnest() may change tables"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT reltuples FROM pg_class WHERE relname = 'users'",
        "SELECT column_default FROM information_schema.columns WHERE column_name = 'id'",
        "SELECT 1 FROM information_schema.columns WHERE column_default LIKE 'next%'",
    ],
)
def test_a_query_of_the_catalogue_that_only_a_server_answers_is_uncertain(query: str) -> None:
    engine = stand_in(dialect_of("postgresql://"), Recorder)
    with engine.connect() as connection:
        metadata.create_all(connection)
        connection.execute(sa.text(query)).all()
        (found,) = recorder(connection).state().uncertain
    assert found.reason == "it queries the database's catalogue"


@pytest.mark.parametrize("database", ["cockroachdb", "duckdb"])
def test_a_show_whose_result_only_a_server_knows_is_uncertain(database: str) -> None:
    if database == "duckdb":
        pytest.importorskip("duckdb_engine")
    engine = stand_in(dialect_of(f"{database}://"), Recorder)
    with engine.connect() as connection:
        connection.execute(sa.text("SHOW TABLES")).all()
        (found,) = recorder(connection).state().uncertain
    assert found.reason == "it queries the database's catalogue"


ASKED = [
    ("postgresql", "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'users')", [(1,)]),
    ("postgresql", "SELECT to_regclass('public.users') IS NOT NULL", [(1,)]),
    ("postgresql", "SELECT to_regclass('nothing')", [(None,)]),
    (
        "postgresql",
        "SELECT conname FROM pg_constraint WHERE conrelid = 'users'::regclass AND contype = 'f'",
        [("fk_boss",)],
    ),
    (
        "postgresql",
        "SELECT 1 FROM pg_class WHERE oid = to_regclass('users') AND relkind = 'r'",
        [(1,)],
    ),
    ("mysql", "SHOW TABLES LIKE 'users'", [("users",)]),
    ("mysql", "SHOW TABLES LIKE 'nothing'", []),
    (
        "mysql",
        "SHOW COLUMNS FROM `users` LIKE 'boss_id'",
        [("boss_id", "int", "YES", "MUL", None, "")],
    ),
    (
        "mysql",
        "DESCRIBE tags",
        [
            ("id", "int", "NO", "PRI", None, "auto_increment"),
            ("name", "varchar(20)", "NO", "", None, ""),
        ],
    ),
    (
        "mysql",
        "SHOW INDEX FROM users WHERE Key_name = 'uq_name'",
        [("users", 0, "uq_name", 1, "name")],
    ),
    (
        "mysql",
        (
            "SELECT index_name FROM information_schema.statistics"
            " WHERE table_name = 'users' AND column_name = 'boss_id'"
        ),
        [("fk_boss",)],
    ),
    (
        "sqlite",
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'tags'",
        [("tags",)],
    ),
    ("sqlite", "SELECT name FROM pragma_table_info('tags')", [("id",), ("name",)]),
    ("sqlite", "PRAGMA foreign_key_list(tags)", []),
]


@pytest.mark.parametrize(("database", "query", "rows"), ASKED)
def test_the_catalogue_is_asked_as_each_database_has_it(
    database: str, query: str, rows: list[Any]
) -> None:
    engine = stand_in(dialect_of(f"{database}://"), Recorder)
    with engine.connect() as connection:
        metadata.create_all(connection)
        Base.metadata.create_all(connection)
        found = connection.execute(sa.text(query)).all()
        uncertain = recorder(connection).state().uncertain
    assert (found, uncertain) == (rows, ())


def test_a_column_of_a_text_query_has_its_name(connection: sa.Connection) -> None:
    query = sa.text("SELECT count(*) AS n, u.name, max(id) FROM users u GROUP BY name")
    assert list(connection.execute(query).keys()) == ["n", "name", "max"]
    assert connection.execute(sa.text("SELECT count(*) AS n FROM users")).one().n == 0
