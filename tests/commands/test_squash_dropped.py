"""`squash`: what a range drops and makes again under its name has none of the rows from before."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.commands.test_squash_between import scratch, write_all
from tests.history.scripts import MODELS

NAME = 'sa.Column("name", sa.String(9))'
LAST = f'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), {NAME})'
MIDDLE = f'{LAST[:-1]}, sa.Column("n", sa.Integer))'
TABLES = [pytest.param(LAST, id="last"), pytest.param(MIDDLE, id="middle")]
Bodies = tuple[tuple[str, str], ...]
DROP_T = 'op.drop_table("t")'
TEXT = 'sa.Column("name", sa.Text)'
ROW = "op.execute(\"INSERT INTO t (id, name) VALUES (1, 'x')\")"

PLAIN = (
    ('op.drop_column("t", "name")', f'op.add_column("t", {NAME})'),
    (f'op.add_column("t", {TEXT})', 'op.drop_column("t", "name")'),
)
BATCH = (
    (
        'with op.batch_alter_table("t", recreate="always") as t:\n    t.drop_column("name")',
        f'with op.batch_alter_table("t", recreate="always") as t:\n    t.add_column({NAME})',
    ),
    (
        f'with op.batch_alter_table("t", recreate="always") as t:\n    t.add_column({TEXT})',
        'with op.batch_alter_table("t", recreate="always") as t:\n    t.drop_column("name")',
    ),
)
IN_ONE_BATCH = (
    tuple(
        'with op.batch_alter_table("t", recreate="always") as t:\n'
        f'    t.drop_column("name")\n    t.add_column({added})'
        for added in (TEXT, NAME)
    ),
    ("pass", ""),
)
SQL = (
    ('op.execute("ALTER TABLE t DROP COLUMN name")', f'op.add_column("t", {NAME})'),
    ('op.execute("ALTER TABLE t ADD COLUMN name TEXT")', 'op.drop_column("t", "name")'),
)
OURS = (
    (
        'with op.moltres_alter_table("t") as t:\n    t.drop_column(column("name", "VARCHAR(9)"))',
        'with op.moltres_alter_table("t") as t:\n    t.add_column(column("name", "VARCHAR(9)"))',
    ),
    (
        'with op.moltres_alter_table("t") as t:\n    t.add_column(column("name", "TEXT"))',
        'with op.moltres_alter_table("t") as t:\n    t.drop_column(column("name", "TEXT"))',
    ),
)
DROP_NAME = 'op.drop_column("t", "name")'
RENAME = 'op.alter_column("t", "{}", new_column_name="{}", existing_type=sa.Text())'
RENAMED = (
    ('op.drop_column("t", "name")', f'op.add_column("t", {NAME})'),
    (
        f'op.add_column("t", {TEXT})\n{RENAME.format("name", "label")}\nop.add_column("t", {NAME})',
        f"{DROP_NAME}\n{RENAME.format('label', 'name')}\n{DROP_NAME}",
    ),
)
TABLE = (
    (DROP_T, LAST),
    (f'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), {TEXT})', DROP_T),
)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "bodies",
    [
        pytest.param(PLAIN, id="plain"),
        pytest.param(SQL, id="text"),
        pytest.param(OURS, id="ours"),
    ],
)
def test_a_column_that_is_dropped_and_added_again_is_empty(
    table: str,
    bodies: Bodies,
    alembic_project: ProjectFactory,
    any_url: str,
    any_engine: sa.Engine,
) -> None:
    check_column_is_empty(alembic_project(MODELS, any_url), any_url, any_engine, table, bodies)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "bodies",
    [pytest.param(BATCH, id="two"), pytest.param(IN_ONE_BATCH, id="one")],
)
def test_a_column_that_a_batch_drops_and_adds_again_is_empty(
    table: str,
    bodies: Bodies,
    alembic_project: ProjectFactory,
    sqlite_url: str,
    sqlite_engine: sa.Engine,
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    check_column_is_empty(project, sqlite_url, sqlite_engine, table, bodies)


def check_column_is_empty(
    project: AlembicProject, url: str, engine: sa.Engine, table: str, bodies: Bodies
) -> None:
    write_all(project, (f"{table}\n{ROW}", DROP_T), *bodies)
    assert run(project, "squash", "b2:c3", "--scratch", scratch(url)).err == ""
    project.upgrade()
    with engine.connect() as connection:
        assert [(1, None)] == connection.exec_driver_sql("SELECT id, name FROM t").all()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE t SET name = 'y'")
    project.downgrade("a1")
    with engine.connect() as connection:
        assert [(1, None)] == connection.exec_driver_sql("SELECT id, name FROM t").all()


def test_a_column_whose_name_another_has_for_a_time_is_empty(
    alembic_project: ProjectFactory, any_url: str, any_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, any_url)
    write_all(project, (f"{MIDDLE}\n{ROW}", DROP_T), *RENAMED)
    assert run(project, "squash", "b2:c3", "--scratch", scratch(any_url)).err == ""
    project.upgrade()
    with any_engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, name, label FROM t").all()
    assert [(1, None, None)] == rows


def test_a_table_that_is_dropped_and_created_again_is_empty(
    alembic_project: ProjectFactory, any_url: str, any_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, any_url)
    write_all(project, (f"{LAST}\n{ROW}", DROP_T), *TABLE)
    assert run(project, "squash", "b2:c3", "--scratch", scratch(any_url)).err == ""
    project.upgrade()
    with any_engine.connect() as connection:
        assert [] == connection.exec_driver_sql("SELECT id, name FROM t").all()


def test_a_statement_reads_a_column_before_it_is_dropped_and_added_again(
    alembic_project: ProjectFactory, any_url: str, any_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, any_url)
    table = f'{LAST[:-1]}, sa.Column("other", sa.String(9)))'
    update = 'op.execute("UPDATE t SET other = name")'
    back = 'op.execute("UPDATE t SET name = other")'
    (drop, add), (again, drop_again) = PLAIN
    bodies = (f"{update}\n{drop}", f"{add}\n{back}"), (again, drop_again)
    write_all(project, (f"{table}\n{ROW}", DROP_T), *bodies)
    assert run(project, "squash", "b2:c3").err == ""
    project.upgrade()
    with any_engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, name, other FROM t").all()
    assert [(1, None, "x")] == rows
    project.downgrade("a1")
    with any_engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, name, other FROM t").all()
    assert [(1, "x", "x")] == rows


def test_a_type_that_is_dropped_with_its_column_and_created_again_has_its_new_labels(
    alembic_project: ProjectFactory, pg_url: str, pg_engine: sa.Engine
) -> None:
    project = alembic_project(MODELS, pg_url)
    first, second = (f'postgresql.ENUM("a", "{each}", name="mood")' for each in "bc")
    drop = 'op.drop_column("t", "m")\nop.execute("DROP TYPE mood")'
    add = '{0}.create(op.get_bind())\nop.add_column("t", sa.Column("m", {0}))'
    table = f'op.create_table("t", sa.Column("id", sa.Integer), sa.Column("m", {first}))'
    row = "op.execute(\"INSERT INTO t VALUES (1, 'a')\")"
    write_all(
        project,
        (f"{table}\n{row}", 'op.drop_table("t")\nop.execute("DROP TYPE mood")'),
        (drop, add.format(first)),
        (add.format(second), drop),
    )
    assert run(project, "squash", "b2:c3", "--scratch", pg_url).err == ""
    project.upgrade()
    with pg_engine.connect() as connection:
        assert [(1, None)] == connection.exec_driver_sql("SELECT * FROM t").all()
        rows = connection.exec_driver_sql("SELECT unnest(enum_range(NULL::mood))::text").all()
    assert [("a",), ("c",)] == rows
