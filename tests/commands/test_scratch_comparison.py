"""`--scratch` of `check`, `revision` and `locate`: the scripts are run on an empty database."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from alembic_moltres.dialects.base.registry import impl_of
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.circles.conftest import new_database
from tests.commands.command_line import run
from tests.commands.hand import execute
from tests.history.scripts import write

__all__ = ["new_database"]

DATABASES = ["sqlite", "postgresql", "mariadb"]
MODELS = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
users = sa.Table(
    "users", metadata,
    sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer),
    sa.CheckConstraint("n IN (1, 2, 3)", name="ck_n"),
)
more = sa.Table("more", metadata, sa.Column("a", sa.Integer))
"""
UNREADABLE = """
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer()),
    sa.CheckConstraint("(n = 1) OR n IN (2, 3)", name="ck_n"),
)
op.execute("CREATE TABLE more AS SELECT n AS a FROM users")
"""
NOWHERE = {
    "sqlite": "sqlite:////nowhere/none.db",
    "postgresql": "postgresql+psycopg://nobody@host.invalid/none",
    "mariadb": "mysql+pymysql://nobody@host.invalid/none",
}


@pytest.fixture
def nowhere(
    database: str, new_database: Callable[[], str], alembic_project: ProjectFactory
) -> tuple[AlembicProject, str]:
    """Return a project whose database cannot be reached, and a scratch database."""
    scratch = new_database()
    project = alembic_project(MODELS, NOWHERE[database])
    write(project, "a1", UNREADABLE.replace("(n = 1) OR n IN (2, 3)", "n IN (1, 2, 3)"))
    return project, scratch


def contents(url: str) -> list[str]:
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        return impl_of(connection.dialect).contents(connection)


@pytest.mark.parametrize("database", DATABASES)
def test_check_knows_then_what_replay_cannot(nowhere: tuple[AlembicProject, str]) -> None:
    project, scratch = nowhere
    assert 2 == run(project, "check", "--offline").status
    done = run(project, "check", "--scratch", scratch)
    assert (0, "No new upgrade operations detected.\n", "") == (done.status, done.out, done.err)
    assert [] == contents(scratch)
    project.write_models(MODELS.replace('sa.Column("a", sa.Integer)', 'sa.Column("b", sa.Text)'))
    done = run(project, "check", "--scratch", scratch)
    assert (1, "") == (done.status, done.err)
    assert [each[:14] for each in done.out.splitlines()[1:]] == [
        "  more",
        "    - column a",
        "    + column b",
    ]
    assert [] == contents(scratch)


@pytest.mark.parametrize("database", DATABASES)
def test_a_revision_is_written_of_it(nowhere: tuple[AlembicProject, str]) -> None:
    project, scratch = nowhere
    options = ("revision", "--autogenerate", "-m", "x", "--scratch", scratch)
    done = run(project, *options)
    assert (0, "") == (done.status, done.err)
    assert done.out.endswith("no revision is created.\n")
    project.write_models(MODELS + "sa.Table('new', metadata, sa.Column('a', sa.Integer))\n")
    done = run(project, *options)
    assert (0, "") == (done.status, done.err)
    script = project.scripts()[-1].read_text()
    assert "op.moltres_create_table(New)" in script
    assert "more" not in script
    assert [] == contents(scratch)


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_spelling_is_asked_about(
    alembic_project: ProjectFactory, new_database: Callable[[], str]
) -> None:
    """Replay takes a difference of tokens for a change, the server does not."""
    project = alembic_project(MODELS.rpartition("more =")[0], NOWHERE["postgresql"])
    write(project, "a1", UNREADABLE.partition("op.execute")[0].replace(
        "(n = 1) OR n IN (2, 3)", "n = ANY (ARRAY[1, 2, 3])"
    ))  # fmt: skip
    assert 1 == run(project, "check", "--offline").status
    assert 0 == run(project, "check", "--scratch", new_database()).status


@pytest.mark.newest  # SQLAlchemy 2.0 has no postgresql_with for tables
@pytest.mark.parametrize("database", ["postgresql"])
def test_what_a_model_no_longer_states_is_found(
    alembic_project: ProjectFactory, new_database: Callable[[], str]
) -> None:
    project = alembic_project(MODELS.rpartition("more =")[0], NOWHERE["postgresql"])
    body = UNREADABLE.partition("op.execute")[0].replace(
        '"(n = 1) OR n IN (2, 3)", name="ck_n"),',
        '"n IN (1, 2, 3)", name="ck_n"), postgresql_with={"fillfactor": 50},',
    )
    write(project, "a1", body)
    done = run(project, "check", "--scratch", new_database())
    assert 1 == done.status
    assert "fillfactor" in done.out


def test_history_in_env_py_stands_back(alembic_project: ProjectFactory) -> None:
    project = alembic_project(
        MODELS, NOWHERE["sqlite"], configure='moltres={"compare_to": "history"},'
    )
    write(project, "a1", UNREADABLE.replace("(n = 1) OR n IN (2, 3)", "n IN (1, 2, 3)"))
    done = run(project, "check", "--scratch", "sqlite://")
    assert (0, "") == (done.status, done.err)


def test_one_scratch_database_is_for_one_database(alembic_project: ProjectFactory) -> None:
    models = MODELS + "target_metadata = {'engine1': metadata, 'engine2': metadata}\n"
    urls = dict.fromkeys(("engine1", "engine2"), NOWHERE["sqlite"])
    project = alembic_project(models, urls, template="multidb")
    done = run(project, "check", "--scratch", "sqlite://")
    assert (2, "") == (done.status, done.out)
    assert done.err.startswith("FAILED: --scratch takes one database, and env.py migrates ")


def test_a_script_that_fails_is_one_line(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, NOWHERE["sqlite"])
    write(project, "a1", 'op.execute("SELECT nothing FROM nowhere")')
    done = run(project, "check", "--scratch", "sqlite://")
    assert (2, "") == (done.status, done.out)
    assert "a1_.py" in done.err
    assert 1 == done.err.count("\n")


@pytest.mark.parametrize("database", DATABASES)
def test_locate_knows_then_what_replay_cannot(
    new_database: Callable[[], str], alembic_project: ProjectFactory
) -> None:
    url, scratch = new_database(), new_database()
    project = alembic_project(MODELS, url)
    write(project, "a1", UNREADABLE)
    write(project, "b2", "op.add_column('more', sa.Column('b', sa.Integer()))", down="a1")
    write(project, "c3", "op.add_column('users', sa.Column('c', sa.Integer()))", down="b2")
    project.upgrade("b2")
    execute(url, "DELETE FROM alembic_version")
    assert 2 == run(project, "locate").status
    done = run(project, "locate", "--scratch", scratch)
    assert (0, "") == (done.status, done.err)
    assert done.out.startswith("best match: b2\n  nothing differs\nrunner-up: ")
    assert [] == contents(scratch)
    found = json.loads(run(project, "locate", "--scratch", scratch, "--format", "json").out)
    assert [["b2"]] == found["best"]["revisions"]
