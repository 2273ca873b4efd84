"""Creating and dropping tables: the same database as `create_all`, and nothing left of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import orm

from alembic_moltres.convert import model_to_schema
from alembic_moltres.schema import TableSchema, column, ddl, index
from tests.alembic_project import ProjectFactory
from tests.dump import dump
from tests.operations.context import offline, run

INTEGER_KEY = column("id", "INTEGER", primary_key=True)


def shop() -> sa.MetaData:
    """Return tables with one of everything that an operation has to make."""
    metadata = sa.MetaData()
    users = sa.Table(
        "Users",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("order", sa.String(20), comment='it\'s 100 % "quoted": \\ and\nmore'),
        sa.Column("mood", sa.Enum("sad", "50%", "it's", "a:b", "back\\slash", name="Mood")),
        sa.Column("n", sa.Integer),
        sa.Column("twice", sa.Integer, sa.Computed("n * 2", persisted=True)),
        sa.UniqueConstraint("order", name="uq_users_order"),
        sa.CheckConstraint("n > 0", name="ck_users_n", comment="positive: 100 %"),
        sa.CheckConstraint("n < 9", name="ck_sqlite").ddl_if(dialect="sqlite"),
        comment="the people: 100 %",
    )
    for name in ("ix_c", "ix_a", "ix_b"):
        sa.Index(name, users.c.id, users.c.order)
    sa.Index("ix_only_pg", users.c.order, postgresql_where=sa.text("id > 5")).ddl_if(
        dialect="postgresql"
    )
    sa.Index("ix_only_mssql", users.c.order).ddl_if(dialect="mssql")
    attached: Any = sa.DDL("CREATE VIEW seen AS SELECT id %% 2 AS odd FROM %(fullname)s")  # type: ignore[no-untyped-call]
    sa.event.listen(users, "after_create", attached)
    attached = sa.DDL("DROP VIEW seen")  # type: ignore[no-untyped-call]
    sa.event.listen(users, "before_drop", attached)
    sa.Table(
        "orders",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.ForeignKey("Users.id", ondelete="CASCADE"), nullable=False),
        sa.Column("mood", sa.Enum("sad", "50%", "it's", "a:b", "back\\slash", name="Mood")),
    )
    return metadata


def create(op: Any) -> None:
    for table in shop().sorted_tables:
        op.moltres_create_table(table)


def drop(op: Any) -> None:
    for table in reversed(shop().sorted_tables):
        op.moltres_drop_table(table)


def test_it_makes_what_create_all_makes(any_engine: sa.Engine) -> None:
    empty = dump(any_engine)
    shop().create_all(any_engine)
    expected = dump(any_engine)
    run(any_engine, drop)
    assert empty == dump(any_engine)
    run(any_engine, create)
    assert expected == dump(any_engine)
    run(any_engine, drop)
    assert empty == dump(any_engine)
    run(any_engine, create)
    assert expected == dump(any_engine)


def test_sql_mode_writes_what_is_executed(any_engine: sa.Engine) -> None:
    for script in (create, drop):
        executed = run(any_engine, script)
        written = offline(any_engine.url, script)
        assert written == "".join(f"{statement};\n\n" for statement in executed)


def test_indexes_come_in_the_order_of_their_names_and_only_where_they_belong(
    pg_engine: sa.Engine,
) -> None:
    executed = run(pg_engine, create)
    made = [found[1] for text in executed if (found := re.match(r"CREATE INDEX (\w+)", text))]
    assert ["ix_a", "ix_b", "ix_c", "ix_only_pg"] == made


def test_the_table_is_returned_for_bulk_insert(any_engine: sa.Engine) -> None:
    def script(op: Any) -> None:
        users = op.moltres_create_table(TableSchema("users", [INTEGER_KEY, column("n", "TEXT")]))
        op.bulk_insert(users, [{"id": 1, "n": "a"}, {"id": 2, "n": "b"}])

    run(any_engine, script)
    with any_engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM users")
        assert [(1, "a"), (2, "b")] == [tuple(row) for row in rows]


def test_a_value_a_model_and_a_table_make_the_same(pg_engine: sa.Engine) -> None:
    class Base(orm.DeclarativeBase):
        pass

    class Tag(Base):
        __tablename__ = "tags"
        id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
        name: orm.Mapped[str] = orm.mapped_column(sa.String(9), index=True)

    texts = [
        offline(pg_engine.url, lambda op, given=given: op.moltres_create_table(given))  # type: ignore[misc]
        for given in (Tag, Tag.__table__, model_to_schema(Tag))
    ]
    assert texts[0] == texts[1] == texts[2]
    assert "CREATE INDEX ix_tags_name" in texts[0]


def test_no_events_of_the_table_fire(pg_engine: sa.Engine) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("mood", sa.Enum("a", name="mood")))
    fired: list[object] = []
    sa.event.listen(table, "before_create", lambda *_, **__: fired.append(1))
    executed = run(pg_engine, lambda op: op.moltres_create_table(table))
    assert [] == fired
    assert 1 == sum("CREATE TYPE mood" in text for text in executed)


def test_attached_ddl_comes_first_and_last(any_engine: sa.Engine) -> None:
    schema = TableSchema(
        "t",
        [column("id", "INTEGER", comment="c")],
        indexes=[index("ix", "id")],
        ddl=[
            ddl("after_create", "INSERT INTO %(table)s VALUES (1)"),
            ddl("before_create", "CREATE TABLE before_t (id INTEGER)"),
            ddl("before_drop", "DELETE FROM t WHERE id %% 2 = 1"),
            ddl("after_drop", "DROP TABLE %(table)s_%(kind)s", context={"kind": "old"}),
            ddl("after_drop", "ELSEWHERE", ddl_if="oracle"),
            ddl("after_drop", "DROP TABLE before_t"),
        ],
    )
    with any_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t_old (id INTEGER)")
    made = run(any_engine, lambda op: op.moltres_create_table(schema))
    dropped = run(any_engine, lambda op: op.moltres_drop_table(schema))
    assert "CREATE TABLE before_t (id INTEGER)" == made[0]
    assert "INSERT INTO t VALUES (1)" == made[-1]
    expected = ["DELETE FROM t WHERE id % 2 = 1", "DROP TABLE t", "DROP TABLE t_old"]
    assert [*expected, "DROP TABLE before_t"] == dropped


def test_if_not_exists_leaves_what_there_is(any_engine: sa.Engine) -> None:
    schema = TableSchema("t", [INTEGER_KEY, column("n", "INTEGER")], indexes=[index("ix", "n")])
    run(any_engine, lambda op: op.moltres_create_table(schema))
    before = dump(any_engine)
    run(any_engine, lambda op: op.moltres_create_table(schema, if_not_exists=True))
    wishing = TableSchema("t", [INTEGER_KEY], if_not_exists=True)
    run(any_engine, lambda op: op.moltres_create_table(wishing))
    assert before == dump(any_engine)
    run(any_engine, lambda op: op.moltres_drop_table(schema))
    run(any_engine, lambda op: op.moltres_drop_table(schema, if_exists=True))


def test_if_not_exists_is_refused_where_it_cannot_be_said() -> None:
    schema = TableSchema("t", [INTEGER_KEY], indexes=[index("ix", "id")])
    for url in ("mssql+pyodbc://", "mysql+pymysql://"):
        with pytest.raises(CommandError, match=r"has no CREATE .* the table 't'.*; leave"):
            offline(url, lambda op: op.moltres_create_table(schema, if_not_exists=True))


def test_a_temporary_table_is_temporary(any_engine: sa.Engine) -> None:
    schema = TableSchema("t", [INTEGER_KEY], temporary=True)
    executed = run(any_engine, lambda op: op.moltres_create_table(schema))
    assert executed[0].startswith("CREATE TEMPORARY TABLE t")
    assert not sa.inspect(any_engine).has_table("t")


def test_other_operations_stand_in_the_same_script(any_engine: sa.Engine) -> None:
    def script(op: Any) -> None:
        op.moltres_create_table(TableSchema("a", [INTEGER_KEY]))
        op.add_column("a", sa.Column("n", sa.Integer))
        op.create_table("b", sa.Column("id", sa.Integer, primary_key=True))
        op.execute("INSERT INTO a (id, n) VALUES (1, 2)")

    run(any_engine, script)
    with any_engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, n FROM a")
        assert [(1, 2)] == [tuple(row) for row in rows]


def test_tables_of_other_schemas(pg_engine: sa.Engine, mariadb_engine: sa.Engine) -> None:
    schema = TableSchema(
        "t", [INTEGER_KEY, column("n", "INTEGER", comment="c")], schema="App", comment="c"
    )
    schema_ddl = ddl("before_create", 'CREATE SCHEMA "App"', ddl_if="postgresql")
    with_schema = TableSchema(
        "t", schema.columns, schema="App", indexes=[index("ix", "n")], ddl=[schema_ddl]
    )
    run(pg_engine, lambda op: op.moltres_create_table(with_schema))
    assert sa.inspect(pg_engine).has_table("t", schema="App")
    run(pg_engine, lambda op: op.moltres_drop_table(with_schema))
    assert not sa.inspect(pg_engine).has_table("t", schema="App")
    text = offline(mariadb_engine.url, lambda op: op.moltres_create_table(schema))
    assert "CREATE TABLE `App`.t (" in text


def test_schema_translate_map_holds(pg_engine: sa.Engine) -> None:
    mood = column("mood", "ENUM('a',name='mood',schema='app')")
    schema = TableSchema("t", [mood], schema="app", indexes=[index("ix", "mood")])
    with pg_engine.begin() as connection:
        connection.exec_driver_sql('CREATE SCHEMA "Tenant 1"')
    translated = pg_engine.execution_options(schema_translate_map={"app": "Tenant 1"})
    for _ in range(2):
        run(translated, lambda op: op.moltres_create_table(schema))
        run(translated, lambda op: op.moltres_create_table(schema, if_not_exists=True))
        assert sa.inspect(pg_engine).has_table("t", schema="Tenant 1")
        run(translated, lambda op: op.moltres_drop_table(schema))
    assert not sa.inspect(pg_engine).has_table("t", schema="Tenant 1")


def test_a_failing_statement_undoes_the_whole_operation_on_sqlite(
    sqlite_engine: sa.Engine,
) -> None:
    taken = TableSchema("a", [INTEGER_KEY], indexes=[index("ix", "id")])
    schema = TableSchema("b", [INTEGER_KEY], indexes=[index("ix", "id")])
    run(sqlite_engine, lambda op: op.moltres_create_table(taken))
    before = dump(sqlite_engine)
    with sqlite_engine.connect() as connection:
        op: Any = Operations(MigrationContext.configure(connection))
        with pytest.raises(CommandError, match="the index 'ix' of the table 'b' cannot be made"):
            op.moltres_create_table(schema)
        connection.commit()
    assert before == dump(sqlite_engine)


def test_schema_translate_map_is_refused_by_what_alters(pg_engine: sa.Engine) -> None:
    schema = TableSchema("t", [INTEGER_KEY], schema="app")
    with pg_engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA app")
        connection.exec_driver_sql("CREATE SCHEMA tenant")
    translated = pg_engine.execution_options(schema_translate_map={"app": "tenant"})
    for engine in (pg_engine, translated):
        run(engine, lambda op: op.moltres_create_table(schema))
    before = dump(pg_engine)

    def alter(op: Any) -> None:
        with op.moltres_alter_table("t", schema="app") as t:
            t.add_column(column("a", "INTEGER"))

    def rename(op: Any) -> None:
        op.moltres_rename_table("t", "u", schema="app")

    for script in (alter, rename):
        with pytest.raises(CommandError, match=r"schema_translate_map=.* is not followed"):
            run(translated, script)
    assert before == dump(pg_engine)
    run(pg_engine, alter)
    assert before != dump(pg_engine)


@pytest.mark.parametrize("server", [None, "postgresql 17", "postgresql 18"])
@pytest.mark.filterwarnings("ignore:Computed column:sqlalchemy.exc.SAWarning")
def test_sql_mode_writes_a_computed_column_that_the_server_takes(
    server: str | None, alembic_project: ProjectFactory
) -> None:
    models = (
        "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\nsa.Table('t', target_metadata, "
        "sa.Column('n', sa.Integer), sa.Column('twice', sa.Integer, sa.Computed('n * 2')))\n"
    )
    configure = f"moltres={{'server': {server!r}}}," if server else ""
    project = alembic_project(models, "postgresql+psycopg://nobody@nowhere/", configure=configure)
    project.write_script("r1", COMPUTED)
    written = project.upgrade(sql=True)
    virtual = server == "postgresql 18" and not sa.__version__.startswith("2.0")
    end = "" if virtual else " STORED"
    assert f"twice INTEGER GENERATED ALWAYS AS (n * 2){end}\n" in written


COMPUTED = """
import project_models
from alembic import op

revision, down_revision = "r1", None

def upgrade():
    op.moltres_create_table(project_models.target_metadata.tables["t"])

def downgrade():
    pass
"""


@pytest.mark.parametrize("url", ["postgresql://", "mysql+pymysql://", "sqlite://"])
def test_with_sql_a_literal_keeps_its_tabs(url: str) -> None:
    """Alembic writes spaces for them, so the database would get another value than online."""
    table = TableSchema("t", [column("a", "VARCHAR(9)", default="x\ty")])

    def script(op: Any) -> None:
        op.moltres_create_table(table)
        with op.moltres_alter_table("t") as t:
            t.add_column(column("b", "VARCHAR(9)", default="x\ty"))

    written = offline(url, script)
    assert (2, 2) == (written.count("x\ty"), written.count("\t"))
