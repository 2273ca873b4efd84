"""A project that has plain Alembic's scripts: without a database nothing differs, either."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests.alembic_project import PLUGINS, AlembicProject, ProjectFactory
from tests.circles.cases import ALL, CASES, Case
from tests.circles.test_changes import HEAD, prepared
from tests.commands.command_line import run

STEP = 1 if os.environ.get("MOLTRES_OFFLINE_CIRCLES") == "all" else 19


NOT = {
    "custom type dropped",  # plain Alembic's script does not import the type
    "cycle dropped",  # plain Alembic cannot order the tables
}


def _parameters() -> Iterator[Any]:
    for number, database in enumerate(ALL):
        cases = [case for case in CASES if database in case.on and case.name not in NOT]
        for case in cases[number % STEP :: STEP]:
            marks = (pytest.mark.newest,) if case.newest else ()
            yield pytest.param(case, database, id=f"{case.name} - {database}", marks=marks)


@contextlib.contextmanager
def plain(project: AlembicProject) -> Iterator[None]:
    """Let the project be one that has never heard of the plugin."""
    env = project.env.read_text(encoding="utf-8")
    project.env.write_text(env.replace(PLUGINS, ""), encoding="utf-8")
    try:
        yield
    finally:
        project.env.write_text(env, encoding="utf-8")


@pytest.mark.parametrize(("case", "database"), list(_parameters()))
def test_what_does_not_differ_from_the_database_does_not_differ_from_the_scripts(
    case: Case, database: str, new_engine: Callable[[], sa.Engine], alembic_project: ProjectFactory
) -> None:
    if "sql_mode" in case.name:
        pytest.skip("which escapes a server takes is not known without it")
    engine = prepared(case, new_engine())
    url = engine.url.render_as_string(hide_password=False)
    project = alembic_project(HEAD + case.before, url, configure=case.configure)
    with plain(project):
        try:
            project.revision("plain", rev_id="a1")
            project.upgrade()
        except (CommandError, sa.exc.SQLAlchemyError) as err:
            pytest.skip(f"plain Alembic cannot: {str(err)[:80]}")
    online = run(project, "check")
    if online.status != 0:
        pytest.skip("plain Alembic's script does not make the models' tables")
    offline = run(project, "check", "--offline")
    assert (offline.status, offline.err) == (0, ""), offline.out
