"""Names in which models and databases differ without differing: case, length, schema, two of one key."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.dump import dump
from tests.operations.circle import execute, read

LONG = "long_" + "n" * 50
CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
LONG_NAMES = f"""
import sqlalchemy as sa

target_metadata = sa.MetaData(naming_convention={CONVENTION!r})
sa.Table(
    "{LONG}",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("indexed_column", sa.Integer, index=True),
    sa.Column("unique_column", sa.Integer, unique=True),
    sa.Column("{LONG}_id", sa.ForeignKey("{LONG}.id")),
    sa.CheckConstraint("indexed_column > 0", name="positive_column"),
)
"""
WITHOUT = LONG_NAMES.replace(", index=True", "").replace(", unique=True", "")
TWICE_UNIQUE = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
table = sa.Table(
    "t",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("it's 5%", sa.Integer, unique=True),
    sa.Index("first", "it's 5%", unique=True),
    sa.Index("second", "it's 5%", unique=True),
)
sa.Index("third", table.c["it's 5%"].desc())
"""


def create_all(models: str, engine: sa.Engine) -> None:
    names: dict[str, sa.MetaData] = {}
    exec(models, names)
    names["target_metadata"].create_all(engine)


def project_of(
    alembic_project: ProjectFactory, models: str, engine: sa.Engine, configure: str = ""
) -> AlembicProject:
    url = engine.url.render_as_string(hide_password=False)
    return alembic_project(models, url, configure=configure)


def test_names_that_a_dialect_shortens_are_found_and_dropped(
    alembic_project: ProjectFactory, any_engine: sa.Engine
) -> None:
    create_all(LONG_NAMES, any_engine)
    project = project_of(alembic_project, LONG_NAMES, any_engine)
    project.check()
    full = dump(any_engine)
    project.write_models(WITHOUT)
    project.revision("without")
    project.upgrade()
    project.check()
    project.downgrade()
    if any_engine.dialect.name != "sqlite":  # which keeps the layout of texts
        assert full == dump(any_engine)
    project.upgrade()


def test_a_unique_and_unique_indexes_of_the_same_column_are_told_apart(
    alembic_project: ProjectFactory, any_engine: sa.Engine
) -> None:
    create_all(TWICE_UNIQUE, any_engine)
    project_of(alembic_project, TWICE_UNIQUE, any_engine).check()


OTHER_CASE = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table(
    "users",
    target_metadata,
    sa.Column("Id", sa.Integer, primary_key=True),
    sa.Column("userName", sa.String(20), server_default="x"),
    sa.UniqueConstraint("userName", name="uq"),
    sa.Index("ix", "userName", "Id"),
)
"""


@pytest.fixture(params=["sqlite", "mariadb"])
def caseless_engine(request: pytest.FixtureRequest) -> sa.Engine:
    engine: sa.Engine = request.getfixturevalue(f"{request.param}_engine")
    return engine


def test_a_column_in_another_case_is_renamed_where_it_cannot_be_added(
    alembic_project: ProjectFactory, caseless_engine: sa.Engine
) -> None:
    create_all(OTHER_CASE, caseless_engine)
    execute(caseless_engine, "INSERT INTO users VALUES (1, 'ann')")
    before = dump(caseless_engine)
    models = OTHER_CASE.replace("Id", "id").replace("userName", "username")
    project = project_of(alembic_project, models, caseless_engine)
    script = project.revision("in lower case").read_text()
    assert script.count('users.rename_column("Id", "id")') == 1
    assert "add_column" not in script
    project.upgrade()
    project.check()
    assert [("id",), ("username",)] == [
        (column["name"],) for column in sa.inspect(caseless_engine).get_columns("users")
    ]
    project.downgrade()
    assert [(1, "ann")] == read(caseless_engine, "SELECT * FROM users")
    if caseless_engine.dialect.name == "mariadb":
        assert before == dump(caseless_engine)


def test_a_column_in_another_case_is_another_one_on_postgresql(
    alembic_project: ProjectFactory, pg_engine: sa.Engine
) -> None:
    create_all(OTHER_CASE, pg_engine)
    models = OTHER_CASE.replace("userName", "username")
    no_questions = 'moltres={"questions": False},'
    project = project_of(alembic_project, models, pg_engine, no_questions)
    script = project.revision("another").read_text()
    assert "rename_column" not in script
    assert 'users.add_column(column("username"' in script


def test_a_table_in_another_case_is_renamed_on_sqlite(
    alembic_project: ProjectFactory, sqlite_engine: sa.Engine
) -> None:
    create_all(OTHER_CASE.replace("users", "Users"), sqlite_engine)
    execute(
        sqlite_engine, "INSERT INTO users VALUES (1, 'ann')", "CREATE VIEW v AS SELECT * FROM Users"
    )
    project = project_of(alembic_project, OTHER_CASE, sqlite_engine)
    script = project.revision("in lower case").read_text()
    assert 'op.moltres_rename_table("Users", "users")' in script
    project.upgrade()
    project.check()
    assert ["users"] == [
        name for name in sa.inspect(sqlite_engine).get_table_names() if name != "alembic_version"
    ]
    assert [(1, "ann")] == read(sqlite_engine, "SELECT * FROM v")
    project.downgrade()
    assert "Users" in sa.inspect(sqlite_engine).get_table_names()


@pytest.mark.parametrize(("near", "far"), [("main", None), (None, "main"), ("main", "main")])
def test_a_key_between_tables_that_name_the_schema_differently_is_as_create_all_has_it(
    alembic_project: ProjectFactory,
    sqlite_engine: sa.Engine,
    near: str | None,
    far: str | None,
) -> None:
    models = f"""
import sqlalchemy as sa

target_metadata = sa.MetaData()
far = sa.Table("far", target_metadata, sa.Column("id", sa.Integer, primary_key=True), schema={far!r})
sa.Table("near", target_metadata, sa.Column("far_id", sa.ForeignKey(far.c.id)), schema={near!r})
"""
    create_all(models, sqlite_engine)
    project_of(alembic_project, models, sqlite_engine).check()
    for table in ("near", "far"):
        execute(sqlite_engine, f"DROP TABLE {table}")
    project = project_of(alembic_project, models, sqlite_engine)
    project.revision("both")
    project.upgrade()
    project.check()
    found = sa.inspect(sqlite_engine).get_foreign_keys("near")
    assert len(found) == (1 if near == far else 0)  # SQLAlchemy takes the two for two files


COMPLETED = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table(
    "t",
    target_metadata,
    sa.Column("n", sa.Integer),
    sa.Column("id", sa.Integer, primary_key=True, unique=True),
    sa.Column("code", sa.Integer),
    sa.UniqueConstraint("code", name="uq_elsewhere").ddl_if(dialect="oracle"),
    sa.Index("ix_elsewhere", "code").ddl_if(dialect="oracle"),
)
"""


def test_what_a_database_says_nothing_of_may_be_on_a_new_column(
    alembic_project: ProjectFactory, any_engine: sa.Engine
) -> None:
    with any_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (n INTEGER)")
    project = project_of(alembic_project, COMPLETED, any_engine)
    project.revision("key")
    project.upgrade()
    project.check()
    names = {index["name"] for index in sa.inspect(any_engine).get_indexes("t")}
    assert names.isdisjoint({"ix_elsewhere", "uq_elsewhere"})
    project.downgrade()
    assert ["n"] == [column["name"] for column in sa.inspect(any_engine).get_columns("t")]


def test_an_index_that_serves_a_foreign_key_gets_another_name_in_one_revision(
    alembic_project: ProjectFactory, any_engine: sa.Engine
) -> None:
    models = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
sa.Table(
    "t",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("t_id", sa.ForeignKey("t.id", name="fk")),
    sa.Index("ix_old", "t_id"),
)
"""
    create_all(models, any_engine)
    project = project_of(alembic_project, models.replace("ix_old", "ix_new"), any_engine)
    project.revision("another name")
    project.upgrade()
    project.check()
    assert ["ix_new"] == [index["name"] for index in sa.inspect(any_engine).get_indexes("t")]
    project.downgrade()
    assert ["ix_old"] == [index["name"] for index in sa.inspect(any_engine).get_indexes("t")]


SEARCH_PATH = """
import sqlalchemy

_engine = engine_from_config


def engine_from_config(*args, **options):
    engine = _engine(*args, **options)

    @sqlalchemy.event.listens_for(engine, "connect")
    def _(connection, _record):
        connection.execute("SET search_path = app")
        connection.commit()

    return engine
"""
IN_SEARCH_PATH = """
import sqlalchemy as sa

target_metadata = metadata = sa.MetaData()
numbers = sa.Sequence("numbers", metadata=metadata)
sa.Table("m", metadata, sa.Column("id", sa.Integer, primary_key=True))
sa.Table(
    "c",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("p", sa.ForeignKey("m.id")),
    sa.Column("e", sa.Enum("x", "y", name="e")),
    sa.Column("n", sa.Integer, numbers, server_default=numbers.next_value()),
)
"""


def test_a_search_path_that_a_listener_sets_is_where_names_without_a_schema_are(
    alembic_project: ProjectFactory, pg_engine: sa.Engine
) -> None:
    execute(pg_engine, "CREATE SCHEMA app")
    url = pg_engine.url.render_as_string(hide_password=False)
    project = alembic_project(IN_SEARCH_PATH, url, env=SEARCH_PATH)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.check()
    project.write_models(
        IN_SEARCH_PATH.replace('"m.id"', '"m.id", ondelete="CASCADE"').replace('"y"', '"y", "z"')
    )
    project.revision("after", rev_id="b2")
    project.upgrade()
    project.check()
    project.downgrade("base")
    assert [(0,)] == read(pg_engine, "SELECT count(*) FROM pg_tables WHERE tablename IN ('m', 'c')")
