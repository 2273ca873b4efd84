"""Every circle's scripts, ejected, change a database and its rows as before, up and down.

The suite always takes the same ones; `MOLTRES_EJECT_CIRCLES=1` takes them all.
"""

from __future__ import annotations

import ast
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.circles.cases import ALL, CASES, Case
from tests.circles.test_changes import HEAD, order_apart, prepared, rows, with_rows
from tests.commands.command_line import run

STEP = int(os.environ.get("MOLTRES_EJECT_CIRCLES", "16"))


def _parameters() -> Iterator[Any]:
    """Yield each case with its databases, or every sixteenth: other ones on other databases."""
    for number, database in enumerate(ALL):
        # SQL that is written out is quoted as with `--sql`, for a server's own sql_mode
        cases = [c for c in CASES if database in c.on and c.finds and "sql_mode" not in c.name]
        for case in cases[number % STEP :: STEP]:
            marks = (pytest.mark.newest,) if case.newest else ()
            yield pytest.param(case, database, id=f"{case.name} - {database}", marks=marks)


def gone_round(project: AlembicProject, engine: sa.Engine, case: Case) -> list[object]:
    """Return what a database has at each revision, up and down."""
    found: list[object] = []
    project.upgrade("a1")
    with_rows(case, engine)
    found += [order_apart(engine), rows(engine, case, case.before)]
    project.upgrade("b2")
    found += [order_apart(engine), rows(engine, case, case.after)]
    project.downgrade("a1")
    found += [order_apart(engine), rows(engine, case, case.before)]
    project.downgrade("base")
    found.append(order_apart(engine))
    return found


@pytest.mark.parametrize(("case", "database"), list(_parameters()))
def test_ejected_scripts_change_a_database_as_before(
    case: Case,
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    if database in case.absent:
        return
    engine, other = prepared(case, new_engine()), prepared(case, new_engine())
    url = engine.url.render_as_string(hide_password=False)
    project = alembic_project(HEAD + case.before, url, configure=case.configure)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(HEAD + case.after)
    project.revision("after", rev_id="b2")
    project.downgrade("base")
    plain = alembic_project(
        HEAD + case.after, other.url.render_as_string(hide_password=False), configure=case.configure
    )
    for script in project.scripts():
        shutil.copy(script, plain.versions)
    finished = run(plain, "eject")
    assert finished.err == "", script_text(project)
    text = script_text(plain)
    assert "alembic_moltres" not in text
    assert [] == [each for script in plain.scripts() for each in repeated_tests(script)], text
    assert gone_round(project, engine, case) == gone_round(plain, other, case), text


def repeated_tests(script: Path) -> Iterator[str]:
    """Yield the tests of a dialect inside the same test."""
    for outer in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        inside = ast.walk(outer) if isinstance(outer, ast.If) else ()
        for each in inside:
            if each is not outer and isinstance(each, ast.If) and isinstance(outer, ast.If):
                test = ast.unparse(each.test)
                if ".dialect.name" in test and test == ast.unparse(outer.test):
                    yield test


def script_text(project: AlembicProject) -> str:
    """Return the text of all scripts."""
    paths: list[Path] = project.scripts()
    return "\n".join(each.read_text(encoding="utf-8") for each in paths)
