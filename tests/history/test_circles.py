"""For every circle: the replayed state is what reflection finds after the real upgrade.

The suite always takes the same sixth of them; `MOLTRES_HISTORY_CIRCLES=all` takes them all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.alembic_project import ProjectFactory
from tests.circles.cases import ALL, CASES, Case
from tests.circles.test_changes import HEAD, prepared, with_rows
from tests.history.agreement import differences, state_of

STEP = 1 if os.environ.get("MOLTRES_HISTORY_CIRCLES") == "all" else 6


def _parameters() -> Iterator[Any]:
    """Yield each case with its databases, or every sixth: other ones on other databases."""
    for number, database in enumerate(ALL):
        cases = [case for case in CASES if database in case.on]
        for case in cases[number % STEP :: STEP]:
            marks = (pytest.mark.newest,) if case.newest else ()
            yield pytest.param(case, database, id=f"{case.name} - {database}", marks=marks)


@pytest.mark.parametrize(("case", "database"), list(_parameters()))
def test_the_state_is_what_the_upgrade_makes(
    case: Case, database: str, new_engine: Callable[[], sa.Engine], alembic_project: ProjectFactory
) -> None:
    engine = prepared(case, new_engine())
    url = engine.url.render_as_string(hide_password=False)
    project = alembic_project(HEAD + case.before, url, configure=case.configure)
    project.revision("before", rev_id="a1")
    project.upgrade()
    before = state_of(project, "a1")
    with engine.connect() as connection:
        assert differences(connection, before) == []
    assert before.uncertain == ()
    with_rows(case, engine)
    if not case.finds or database in case.absent:
        return
    project.write_models(HEAD + case.after)
    project.revision("after", rev_id="b2")
    project.upgrade()
    after = state_of(project)
    with engine.connect() as connection:
        assert differences(connection, after) == []
    assert after.uncertain == ()
    assert state_of(project, "a1") == before
