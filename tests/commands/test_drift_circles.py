"""Every circle's change, done by hand, is found by `drift`; without one it finds nothing.

The suite always takes the same ones; `MOLTRES_DRIFT_CIRCLES=all` takes them all.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.config import Config

from alembic_moltres.autogenerate.states.drift import Drift, find_drift
from alembic_moltres.commands.databases import current_states, known_databases, use_databases
from tests.alembic_project import AlembicProject, ProjectFactory, fresh_imports
from tests.circles.cases import ALL, CASES, Case
from tests.circles.test_changes import HEAD, prepared, with_rows

STEP = 1 if os.environ.get("MOLTRES_DRIFT_CIRCLES") == "all" else 12


def _parameters() -> Iterator[Any]:
    """Yield each case with its databases, or every twelfth: other ones on other databases."""
    for number, database in enumerate(ALL):
        cases = [case for case in CASES if database in case.on]
        for case in cases[number % STEP :: STEP]:
            marks = (pytest.mark.newest,) if case.newest else ()
            yield pytest.param(case, database, id=f"{case.name} - {database}", marks=marks)


def drift_of(project: AlembicProject) -> Drift:
    """Return what differs between a project's database and the state of its revision."""
    found: list[Drift] = []
    with contextlib.chdir(project.directory), fresh_imports():
        config = Config("alembic.ini", "pyproject.toml")
        states = current_states(config, known_databases(config))
        use_databases(config, lambda db: found.append(find_drift(db.context, states[db.name])))
    (drift,) = found
    return drift


@pytest.mark.parametrize(("case", "database"), list(_parameters()))
def test_a_change_done_by_hand_is_found_and_nothing_else(
    case: Case, database: str, new_engine: Callable[[], sa.Engine], alembic_project: ProjectFactory
) -> None:
    engine = prepared(case, new_engine())
    url = engine.url.render_as_string(hide_password=False)
    project = alembic_project(HEAD + case.before, url, configure=case.configure)
    project.revision("before", rev_id="a1")
    project.upgrade()
    before = drift_of(project)
    assert (before.rows(), before.outside, before.uncertain) == ([], (), ())
    with_rows(case, engine)
    if not case.finds or database in case.absent:
        return
    project.write_models(HEAD + case.after)
    script = project.revision("after", rev_id="b2")
    project.upgrade()
    after = drift_of(project)
    assert (after.rows(), after.outside, after.uncertain) == ([], (), ())
    script.unlink()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'a1'")
    assert drift_of(project)
