"""`drift --write`: a revision for the other databases, which skips what exists."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.circles.conftest import new_database
from tests.commands.command_line import run
from tests.commands.hand import execute
from tests.commands.test_drift import with_users
from tests.history.scripts import MODELS, write

__all__ = ["new_database"]

BY_HAND = (
    "ALTER TABLE users ADD COLUMN age INTEGER",
    "CREATE INDEX ix_born ON users (born)",
    "CREATE TABLE audit (id INTEGER)",
)


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_other_databases_get_there_and_what_exists_is_skipped(
    database: str, new_database: Callable[[], str], alembic_project: ProjectFactory
) -> None:
    one, other = new_database(), new_database()
    project = with_users(alembic_project(MODELS, one))
    second = with_users(alembic_project(MODELS, other))
    execute(one, *BY_HAND)
    done = run(project, "drift", "--write", "--rev-id", "b2", "--include", "audit")
    assert (1, "") == (done.status, done.err)
    (script,) = (each for each in project.scripts() if each.name.startswith("b2"))
    (second.versions / script.name).write_text(script.read_text(encoding="utf-8"))

    second.upgrade()
    assert (0, "") == (run(second, "drift").status, run(second, "drift").err)
    project.upgrade()
    assert (0, "") == (run(project, "drift").status, run(project, "drift").err)

    for each in (second, project):
        each.downgrade("a1")
        assert (0, "") == (run(each, "drift").status, run(each, "drift").err)
        each.downgrade("a1")


REPLACED = """
op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "t",
    sa.Column("a", sa.Integer),
    sa.Column("b", sa.Integer),
    sa.Column("p_id", sa.Integer),
    sa.CheckConstraint("a > 0", name="ck"),
    sa.UniqueConstraint("a", name="uq_a"),
    sa.ForeignKeyConstraint(["p_id"], ["p.id"], name="fk", ondelete="CASCADE"),
)
op.create_index("ix", "t", ["a", "b"])
"""
REPLACED_BY_HAND = {
    "postgresql": (
        "ALTER TABLE t DROP CONSTRAINT ck, ADD CONSTRAINT ck CHECK (a > 1)",
        "ALTER TABLE t RENAME CONSTRAINT uq_a TO uq_b",
        "ALTER TABLE t DROP CONSTRAINT fk, ADD CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id)",
        "DROP INDEX ix",
        "CREATE INDEX ix ON t (b)",
    ),
    "mariadb": (
        "ALTER TABLE t DROP CONSTRAINT ck, ADD CONSTRAINT ck CHECK (a > 1)",
        "ALTER TABLE t RENAME INDEX uq_a TO uq_b",
        "ALTER TABLE t DROP FOREIGN KEY fk",
        "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id)",
        "DROP INDEX ix ON t",
        "CREATE INDEX ix ON t (b)",
    ),
    "sqlite": ("DROP INDEX ix", "CREATE INDEX ix ON t (b)"),
}


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mariadb"])
def test_what_was_replaced_under_its_name_is_skipped_or_replaced(
    database: str, new_database: Callable[[], str], alembic_project: ProjectFactory
) -> None:
    one, other = new_database(), new_database()
    project, second = alembic_project(MODELS, one), alembic_project(MODELS, other)
    for each in (project, second):
        write(each, "a1", REPLACED)
        each.upgrade()
    execute(one, *REPLACED_BY_HAND[database])
    done = run(project, "drift", "--write", "--rev-id", "b2")
    assert (1, "") == (done.status, done.err)
    (script,) = (each for each in project.scripts() if each.name.startswith("b2"))
    (second.versions / script.name).write_text(script.read_text(encoding="utf-8"))

    for each in (second, project):
        each.upgrade()
        assert (0, "") == (run(each, "drift").status, run(each, "drift").err)
        each.downgrade("a1")
        assert (0, "") == (run(each, "drift").status, run(each, "drift").err)


NAMELESS = """
op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "t",
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.Integer) for name in "abcd"),
    sa.ForeignKeyConstraint(["a"], ["p.id"]),
    sa.UniqueConstraint("b"),
    sa.CheckConstraint("c > 0"),
    sa.ForeignKeyConstraint(["d"], ["p.id"]),
)
"""
NAMELESS_BY_HAND = {
    "postgresql": (
        "ALTER TABLE t DROP CONSTRAINT t_b_key, DROP CONSTRAINT t_c_check",
        "ALTER TABLE t RENAME CONSTRAINT t_a_fkey TO fk_a",
        "ALTER TABLE t DROP CONSTRAINT t_d_fkey",
        "ALTER TABLE t ADD FOREIGN KEY (d) REFERENCES p (id) ON DELETE CASCADE",
    ),
    "mariadb": (
        "ALTER TABLE t DROP INDEX b, DROP CONSTRAINT CONSTRAINT_1",
        "ALTER TABLE t DROP FOREIGN KEY t_ibfk_1, DROP INDEX a",
        "ALTER TABLE t ADD CONSTRAINT fk_a FOREIGN KEY (a) REFERENCES p (id)",
        "ALTER TABLE t DROP FOREIGN KEY t_ibfk_2, DROP INDEX d",
        "ALTER TABLE t ADD FOREIGN KEY (d) REFERENCES p (id) ON DELETE CASCADE",
    ),
}


@pytest.mark.parametrize("database", ["postgresql", "mariadb"])
def test_constraints_without_a_name_are_skipped_or_changed(
    database: str, new_database: Callable[[], str], alembic_project: ProjectFactory
) -> None:
    one, other = new_database(), new_database()
    project, second = alembic_project(MODELS, one), alembic_project(MODELS, other)
    for each in (project, second):
        write(each, "a1", NAMELESS)
        each.upgrade()
    execute(one, *NAMELESS_BY_HAND[database])
    done = run(project, "drift", "--write", "--rev-id", "b2")
    assert (1, "") == (done.status, done.err)
    (script,) = (each for each in project.scripts() if each.name.startswith("b2"))
    (second.versions / script.name).write_text(script.read_text(encoding="utf-8"))

    for _ in range(2):
        for each in (second, project):
            each.upgrade()
            assert (0, "") == (run(each, "drift").status, run(each, "drift").err)
        for each in (second, project):
            each.downgrade("a1")
            assert (0, "") == (run(each, "drift").status, run(each, "drift").err)


def test_the_script_says_what_was_done(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    project = with_users(alembic_project(MODELS, sqlite_url))
    execute(sqlite_url, *BY_HAND)
    run(project, "drift", "--write", "--rev-id", "b2", "-m", "from production")
    text = (project.versions / "b2_from_production.py").read_text(encoding="utf-8")
    assert (
        "    with op.moltres_idempotent():\n"
        '        with op.moltres_alter_table("users") as users:\n'
        '            users.add_column(column("age", "INTEGER"))\n'
        '            users.create_index(index("ix_born", "born"))\n'
    ) in text
    assert "audit" not in text
    assert "\n\n\n    #" not in text


def test_a_database_that_is_not_at_head_writes_nothing(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = with_users(alembic_project(MODELS, sqlite_url))
    write(project, "b2", "pass", down="a1")
    execute(sqlite_url, *BY_HAND)
    done = run(project, "drift", "--write")
    assert (2, "") == (done.status, done.out)
    assert "the database is at a1, not at head (b2)" in done.err
    assert 2 == len(project.scripts())


def test_without_a_drift_there_is_no_revision(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = with_users(alembic_project(MODELS, sqlite_url))
    assert 0 == run(project, "drift", "--write").status
    assert 1 == len(project.scripts())


def test_a_table_that_is_not_outside_is_not_included(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = with_users(alembic_project(MODELS, sqlite_url))
    execute(sqlite_url, *BY_HAND)
    done = run(project, "drift", "--write", "--include", "audits")
    assert (2, "") == (done.status, done.out)
    assert "there is no table 'audits' outside the history; did you mean 'audit'?" in done.err


IDEMPOTENT = """
with op.moltres_idempotent():
    with op.moltres_alter_table("users") as users:
        users.drop_constraint(check("mail <> ''", name="ck_mail"))
        users.alter_column(column("mail", "VARCHAR(50)", default="x"), column("mail", "VARCHAR(80)"))
        users.add_constraint(unique("born", name="uq_born"))
"""


@pytest.fixture
def project(alembic_project: ProjectFactory, any_url: str) -> AlembicProject:
    project = with_users(alembic_project(MODELS, any_url))
    write(project, "b2", IDEMPOTENT, down="a1")
    return project


def test_half_of_a_block_that_is_there_is_skipped(project: AlembicProject, any_url: str) -> None:
    if not any_url.startswith("sqlite"):
        execute(any_url, "ALTER TABLE users ADD CONSTRAINT uq_born UNIQUE (born)")
    project.upgrade()
    assert 0 == run(project, "drift").status
    execute(any_url, "UPDATE alembic_version SET version_num = 'a1'")
    project.upgrade()
    assert 0 == run(project, "drift").status


def test_what_is_neither_old_nor_new_is_refused(
    alembic_project: ProjectFactory, pg_url: str
) -> None:
    project = with_users(alembic_project(MODELS, pg_url))
    write(project, "b2", IDEMPOTENT, down="a1")
    execute(pg_url, "ALTER TABLE users ALTER mail SET NOT NULL")
    done = run(project, "upgrade", "head")
    assert "the column 'users.mail' is neither as before this revision nor as after it" in done.out
    assert 0 != done.status


def test_sql_passes_over_nothing(alembic_project: ProjectFactory, pg_url: str) -> None:
    project = with_users(alembic_project(MODELS, pg_url))
    write(project, "b2", IDEMPOTENT, down="a1")
    project.upgrade()
    assert "ADD CONSTRAINT uq_born" in project.upgrade("a1:b2", sql=True)


def test_an_operation_of_alembics_does_not_belong_inside(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = with_users(alembic_project(MODELS, sqlite_url))
    body = 'with op.moltres_idempotent():\n    op.add_column("users", sa.Column("a", sa.Integer()))'
    write(project, "b2", body, down="a1")
    done = run(project, "upgrade", "head")
    assert "AddColumnOp is in moltres_idempotent()" in done.out


def test_a_created_table_is_given_to_the_script(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = with_users(alembic_project(MODELS, sqlite_url))
    body = (
        "with op.moltres_idempotent():\n"
        '    t = op.moltres_create_table(TableSchema("tags", [column("a", "INTEGER")]))\n'
        'op.bulk_insert(t, [{"a": 1}])'
    )
    write(project, "b2", body, down="a1")
    execute(sqlite_url, "CREATE TABLE tags (a INTEGER)")
    project.upgrade()
    with sa.create_engine(sqlite_url, poolclass=sa.NullPool).connect() as connection:
        assert 1 == connection.exec_driver_sql("SELECT a FROM tags").scalar_one()
