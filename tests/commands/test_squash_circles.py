"""Every circle's scripts, squashed, make the database and keep the rows as before.

The suite always takes the same ones; `MOLTRES_SQUASH_CIRCLES=1` takes them all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.circles.cases import ALL, CASES, Case
from tests.circles.test_changes import HEAD, order_apart, prepared, rows, with_rows
from tests.commands.command_line import run
from tests.commands.test_eject_circles import script_text

STEP = int(os.environ.get("MOLTRES_SQUASH_CIRCLES", "40"))
ALWAYS = frozenset(
    {
        *("two indexes exchange their names", "table renamed alone", "domain of the metadata"),
        *("enum of the metadata, a label less", "sequence of the metadata changes"),
        "enum of the metadata that no column has any more",
        "computed column under two nameless CHECKs becomes stored",
        "table renamed without an unnamed constraint",
        "unique to no index beside a unnamed foreign key whose column is renamed",
    }
)
"""Cases in which a range's net changes are more than what differs."""

DIFFERENT = frozenset(
    {
        # the server keeps the length that it chose for an index when the column had another type
        'index of sa.Text that becomes mysql.VARCHAR(1000, charset="latin1")',
        'index of sa.Text that becomes mysql.VARCHAR(4000, charset="latin1") keeps its length',
        "index of sa.Text that becomes sa.LargeBinary keeps its length",
    }
)
"""Cases in which a squashed range differs, or is refused."""


def _parameters() -> Iterator[Any]:
    """Yield each case with its databases, or every fortieth: other ones on other databases."""
    for number, database in enumerate(ALL):
        # the stand-in has no connection's own sql_mode
        cases = [c for c in CASES if database in c.on and c.finds and "sql_mode" not in c.name]
        cases = [case for case in cases if case.name not in DIFFERENT]
        taken = cases[number % STEP :: STEP]
        for case in taken + [each for each in cases if each.name in ALWAYS and each not in taken]:
            marks = (pytest.mark.newest,) if case.newest else ()
            yield pytest.param(case, database, id=f"{case.name} - {database}", marks=marks)


def gone_round(project: AlembicProject, engine: sa.Engine, case: Case) -> list[object]:
    """Return what a database has at b2, and at a1 afterwards, with its rows."""
    project.upgrade("a1")
    with_rows(case, engine)
    project.upgrade("b2")
    found = [order_apart(engine), rows(engine, case, case.after)]
    project.downgrade("a1")
    return [*found, order_apart(engine), rows(engine, case, case.before)]


@pytest.mark.parametrize(("case", "database"), list(_parameters()))
def test_squashed_scripts_make_the_same_database(
    case: Case,
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    if database in case.absent:
        return

    def project_on(engine: sa.Engine) -> AlembicProject:
        url = engine.url.render_as_string(hide_password=False)
        return alembic_project(HEAD + case.after, url, configure=case.configure)

    engine, other, third = (prepared(case, new_engine()) for _ in range(3))
    project = project_on(engine)
    project.write_models(HEAD + case.before)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(HEAD + case.after)
    project.revision("changed", rev_id="ab")
    project.upgrade()
    project.revision("nothing", autogenerate=False, rev_id="b2")
    project.downgrade("base")
    whole, between = project_on(other), project_on(third)
    for script in project.scripts():
        shutil.copy(script, whole.versions)
        shutil.copy(script, between.versions)
    made = gone_round(project, engine, case)

    finished = run(between, "squash", "ab:b2")
    assert finished.status == 0, finished.err + script_text(project)
    assert made == gone_round(between, third, case), script_text(between)

    finished = run(whole, "squash", "b2")
    assert finished.status == 0, finished.err + script_text(project)
    whole.upgrade()
    assert made[0] == order_apart(other), script_text(whole)
    assert len(whole.scripts()) == 1
