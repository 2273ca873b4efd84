"""What an env.py does around its migrations, on the stand-in of each database."""

from __future__ import annotations

import contextlib

import pytest
import sqlalchemy as sa
from alembic.config import Config

from alembic_moltres.history import state_at
from tests.alembic_project import AlembicProject, ProjectFactory, fresh_imports
from tests.commands.command_line import run
from tests.commands.test_offline import CREATED, USERS
from tests.history.scripts import write

URLS = {
    "sqlite": "sqlite:////nowhere/none.db",
    "postgresql": "postgresql+psycopg://nobody@host.invalid/none",
    "mariadb": "mysql+pymysql://nobody@host.invalid/none",
}
ENV = """\
import sqlalchemy as sa
from alembic import context
from project_models import target_metadata
from sqlalchemy import text

def hook(context_of_run, revision, directives):
    {hook}

engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url"))
{first}
with engine.connect() as connection:
    {before}
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        autogenerate_plugins=["alembic.autogenerate.*", "alembic_moltres"],
        process_revision_directives=hook,
    )
    {after}
    with context.begin_transaction():
        context.run_migrations()
    {last}
"""
STEPS = {
    "the engine is inspected": {
        "first": "assert sa.inspect(engine).get_table_names() == []",
        "before": "assert not sa.inspect(engine).has_table('users')",
    },
    "the version of the server is required": {
        "before": "assert connection.dialect.server_version_info >= (3, 35)",
        "after": "assert context.get_context().dialect.server_version_info >= (3, 35)",
    },
    "the version table is made": {"after": "context.get_context()._ensure_version_table()"},
    "tables are made": {
        "before": "target_metadata.create_all(connection)",
        "after": "connection.execute(text('CREATE TABLE locks (id INTEGER)'))",
        "last": "target_metadata.create_all(connection)\n    sa.inspect(engine).has_table('users')",
    },
    "a function of the server is called": {
        "after": "connection.execute(text('SELECT begin_migration()'))"
    },
    "a hook reads the revision": {
        "hook": "assert context_of_run.get_current_revision() == revision[0] == 'a1'",
    },
    "the engine has options": {
        "first": "engine = engine.execution_options(isolation_level='AUTOCOMMIT')",
        "before": "connection.begin()",
    },
}


def project_with(
    alembic_project: ProjectFactory, url: str, steps: dict[str, str]
) -> AlembicProject:
    project = alembic_project(USERS, url)
    write(project, "a1", CREATED)
    whole = dict.fromkeys(("hook", "first", "before", "after", "last"), "pass") | steps
    project.env.write_text(ENV.format(**whole), encoding="utf-8")
    return project


@pytest.mark.parametrize("database", URLS)
@pytest.mark.parametrize("step", STEPS)
def test_what_env_does_beside_its_migrations_is_no_difference(
    step: str, database: str, alembic_project: ProjectFactory
) -> None:
    project = project_with(alembic_project, URLS[database], STEPS[step])
    checked = run(project, "check", "--offline")
    assert (0, "", "No new upgrade operations detected.\n") == (
        checked.status,
        checked.err,
        checked.out,
    )
    stated = run(project, "state")
    assert (0, "") == (stated.status, stated.err)
    assert "locks" not in stated.out
    assert stated.out.startswith("users\n")


def test_the_default_schema_that_env_sets_is_that_of_the_scripts(
    alembic_project: ProjectFactory,
) -> None:
    before = "connection.dialect.default_schema_name = 'tenant'"
    project = project_with(alembic_project, URLS["postgresql"], {"before": before})
    write(project, "b2", "op.execute('ALTER TABLE tenant.users ADD COLUMN age INTEGER')", down="a1")
    stated = run(project, "state")
    assert (0, "") == (stated.status, stated.err)
    assert "  age     INTEGER" in stated.out


def test_an_engine_of_the_application_connects_afterwards_as_before(
    alembic_project: ProjectFactory,
) -> None:
    first = "engine = context.config.attributes['engine']\nsa.inspect(engine).get_table_names()"
    project = project_with(alembic_project, "sqlite://", {"first": first})
    engine = sa.create_engine("sqlite://")
    config = Config(project.directory / "alembic.ini", attributes={"engine": engine})
    with contextlib.chdir(project.directory), fresh_imports():
        state = state_at(config)
    assert ["users"] == list(state.tables)
    with engine.connect() as connection:
        assert 2 == connection.scalar(sa.text("SELECT 1 + 1"))
