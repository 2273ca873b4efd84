"""`op.moltres_tables()`: the tables as they are at a line of a script, for statements about rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from alembic_moltres.history.lazy_tables import CreatedTable
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.history.agreement import state_of
from tests.history.scripts import MODELS, write

USERS = """
User = TableSchema(
    "users",
    [column("id", "INTEGER", nullable=False), column("mail", "VARCHAR(50)")],
    constraints=[primary_key("id")],
)
"""
DATABASES = ["sqlite", "postgresql", "mariadb"]


def history(project: AlembicProject) -> None:
    """Write scripts: a table, rows in it, a column that is renamed, rows by the new name."""
    write(
        project,
        "a1",
        "op.moltres_create_table(User)",
        before=USERS,
        downgrade="op.moltres_drop_table(User)",
    )
    write(
        project,
        "b2",
        """
        users = op.moltres_tables()["users"]
        op.bulk_insert(users, [{"id": 1, "mail": "A"}, {"id": 2, "mail": "B"}])
        op.execute(users.update().values(mail=sa.func.lower(users.c.mail)))
        """,
        down="a1",
        downgrade='op.execute(op.moltres_tables()["users"].delete())',
    )
    write(
        project,
        "c3",
        """
        before = op.moltres_tables()["users"]
        op.execute(before.update().where(before.c.id == 1).values(mail="c"))
        with op.moltres_alter_table("users") as users:
            users.rename_column("mail", "email")
        after = op.moltres_tables()["users"]
        op.execute(after.update().where(after.c.id == 2).values(email="d"))
        """,
        down="b2",
        downgrade="""
        users = op.moltres_tables()["users"]
        op.execute(users.update().values(email="back"))
        with op.moltres_alter_table("users") as block:
            block.rename_column("email", "mail")
        users = op.moltres_tables()["users"]
        op.execute(users.update().where(users.c.id == 2).values(mail="again"))
        """,
    )


@pytest.mark.parametrize("database", DATABASES)
def test_a_script_reads_the_table_of_its_own_time(
    database: str, new_engine: Callable[[], sa.Engine], alembic_project: ProjectFactory
) -> None:
    engine = new_engine()
    project = alembic_project(MODELS, engine.url.render_as_string(hide_password=False))
    history(project)
    project.upgrade("b2")
    assert rows(engine, "mail") == [(1, "a"), (2, "b")]
    project.upgrade()
    assert rows(engine, "email") == [(1, "c"), (2, "d")]
    project.downgrade("b2")
    assert rows(engine, "mail") == [(1, "back"), (2, "again")]
    project.downgrade("a1")
    assert rows(engine, "mail") == []
    project.upgrade()
    assert rows(engine, "email") == [(1, "c"), (2, "d")]


def rows(engine: sa.Engine, column: str) -> list[Any]:
    with engine.connect() as connection:
        found = connection.execute(sa.text(f"SELECT id, {column} FROM users ORDER BY id"))
        return [tuple(row) for row in found]


def test_with_sql_the_statements_are_written(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, "postgresql+psycopg://nobody@host.invalid/none")
    history(project)
    text = project.upgrade(sql=True)
    assert "INSERT INTO users (id, mail) VALUES (1, 'A');" in text
    assert "UPDATE users SET mail=lower(users.mail);" in text
    assert "UPDATE users SET email='d' WHERE users.id = 2;" in text


def test_the_state_does_not_ask_for_rows(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, "postgresql+psycopg://nobody@host.invalid/none")
    history(project)
    state = state_of(project)
    assert state.uncertain == ()
    assert [each.name for each in state.tables["users"].columns] == ["id", "email"]


def test_a_line_in_a_loop_over_rows(sqlite_url: str, alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", "op.moltres_create_table(User)", before=USERS)
    write(
        project,
        "b2",
        """
        op.bulk_insert(op.moltres_tables()["users"], [{"id": 1}, {"id": 2}])
        bind = op.get_bind()
        for row in bind.execute(sa.text("SELECT id FROM users")).all():
            users = op.moltres_tables()["users"]
            op.execute(users.update().where(users.c.id == row.id).values(mail=f"m{row.id}"))
        for name in ("x", "y"):
            with op.moltres_alter_table("users") as block:
                block.add_column(column(name, "INTEGER"))
            users = op.moltres_tables()["users"]
            op.execute(users.update().values({name: 7}))
        """,
        down="a1",
    )
    project.upgrade()
    engine = sa.create_engine(sqlite_url)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT id, mail, x, y FROM users ORDER BY id")).all()
    engine.dispose()
    assert [tuple(row) for row in found] == [(1, "m1", 7, 7), (2, "m2", 7, 7)]


def test_a_table_of_another_branch_is_not_there(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", "op.moltres_create_table(User)", before=USERS)
    write(project, "b2", 'op.moltres_tables()["users"]')
    with pytest.raises(CommandError, match="there is no table 'users' at this line"):
        project.upgrade("b2")


def test_a_dependency_is_there(sqlite_url: str, alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", "op.moltres_create_table(User)", before=USERS)
    body = 'op.bulk_insert(op.moltres_tables()["users"], [{"id": 5, "mail": "x"}])'
    write(project, "b2", body, depends="a1")
    project.upgrade("heads")
    engine = sa.create_engine(sqlite_url)
    assert rows(engine, "mail") == [(5, "x")]
    engine.dispose()


def test_an_uncertain_table_is_refused(sqlite_url: str, alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", 'op.execute("CREATE TABLE t AS SELECT 1 AS a")')
    write(project, "b2", 'op.moltres_tables()["t"]', down="a1")
    with pytest.raises(CommandError, match=r"the table 't' is uncertain \(a1_.py:14"):
        project.upgrade()


def test_state_only_runs_nothing(sqlite_url: str, alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, sqlite_url)
    body = """
    op.execute("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, mail VARCHAR(50))")
    with op.moltres_state_only():
        op.moltres_create_table(User)
        with op.moltres_alter_table("users") as users:
            users.create_index(index("ix", "mail"))
            users.drop_index(index("ix", "mail"))
    op.bulk_insert(op.moltres_tables()["users"], [{"id": 1, "mail": "a"}])
    """
    write(project, "a1", body, before=USERS)
    project.upgrade()
    engine = sa.create_engine(sqlite_url)
    assert rows(engine, "mail") == [(1, "a")]
    engine.dispose()
    assert state_of(project).uncertain == ()


def test_state_only_refuses_what_would_run(
    sqlite_url: str, alembic_project: ProjectFactory
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", 'with op.moltres_state_only():\n    op.execute("DROP TABLE t")')
    with pytest.raises(CommandError, match="ExecuteSQLOp is in moltres_state_only"):
        project.upgrade()


def test_a_created_table_is_a_table_while_scripts_are_replayed() -> None:
    made: list[sa.Table] = []

    def make() -> sa.Table:
        made.append(sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer)))
        return made[-1]

    table: Any = CreatedTable(make)
    assert isinstance(table, sa.Table)
    assert [] == made
    assert "INSERT INTO t (a) VALUES (:a)" == str(sa.insert(table))
    assert "SELECT t.a \nFROM t" == str(sa.select(table))
    assert "UPDATE t SET a=:a" == str(table.update())
    assert 1 == len(made)
