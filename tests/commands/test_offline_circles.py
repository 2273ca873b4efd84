"""For circles: the script written without a database, and the one written with it at head."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.circles.cases import ALL, CASES, MARIADB, Case
from tests.circles.test_changes import HEAD, prepared
from tests.commands.command_line import run

ALWAYS = {"check in a column removed", "check in a column changed", "table with a sequence dropped"}
"""Those that only this test has seen fail."""
STEP = 1 if os.environ.get("MOLTRES_OFFLINE_CIRCLES") == "all" else 9


def _parameters() -> Iterator[Any]:
    """Yield each case with its databases, or every ninth: other ones on other databases."""
    for number, database in enumerate(ALL):
        cases = [case for case in CASES if database in case.on]
        taken = cases[number % STEP :: STEP]
        taken += [case for case in cases if case.name in ALWAYS and case not in taken]
        for case in taken:
            marks = (pytest.mark.newest,) if case.newest else ()
            yield pytest.param(case, database, id=f"{case.name} - {database}", marks=marks)


NO = [word for kind in ("rename", "fill", "label") for word in ("-x", f"moltres.{kind}=none")]
"""The answer to all questions."""
RENAMED_UNDER = ("column renamed under a computed column", "renamed and of another type under")
"""MariaDB's text of the computed column differs from the model's, so it is made again there."""
DEPENDS = "table that is dependent on"
"""History knows what a table depends on, which gives the order; no database does."""
SPELT_BY_MARIADB = {
    "expression to constant",  # the former default
    'index of sa.Text that becomes mysql.VARCHAR(1000, charset="latin1")',  # the former prefix
    # the former collation, also of the columns
    "a collation beside a stated character set, which is not the database's",
    "another collation beside a stated character set, which is not the database's",
}


@pytest.mark.parametrize(("case", "database"), list(_parameters()))
def test_it_is_the_same_script(
    case: Case, database: str, new_engine: Callable[[], sa.Engine], alembic_project: ProjectFactory
) -> None:
    """The same bytes but for a former value that only the server has spelt."""
    if "sql_mode" in case.name:
        pytest.skip("which escapes a server takes is not known without it")
    engine = prepared(case, new_engine())
    url = engine.url.render_as_string(hide_password=False)
    project = alembic_project(HEAD + case.before, url, configure=case.configure)
    project.revision("before", rev_id="a1")
    project.upgrade()
    unchanged = run(project, "check", "--offline")
    assert (unchanged.status, unchanged.err) == (0, ""), unchanged.out
    project.write_models(HEAD + case.after)
    expected = written(project)
    offline = written(project, "--offline")
    if case.name.startswith(DEPENDS) or case.name == "domain of a text":
        return
    if database == MARIADB and (
        case.name in SPELT_BY_MARIADB or case.name.startswith(RENAMED_UNDER)
    ):
        return
    assert calls(expected) == calls(offline)
    if database == MARIADB or case.name in SPELT_BY_POSTGRESQL:
        return
    assert expected == offline


SPELT_BY_POSTGRESQL = {
    "index expression",
    "index fillfactor changed",
    "new label that a generated column uses now",
    "removed label that a generated column used",
    "sequence of a wider type and range",
    "table that inherits from a later one removed",
    "type and the cast in its default, a cast number",
    "type and the cast in its default, a cast time",
    "unnamed check beside another that the database spells otherwise",
    "domain dropped",
    "table with a sequence dropped",
    "number default of decimals",  # by SQLite, with the parentheses that DDL has
}


def written(project: AlembicProject, *options: str) -> list[str]:
    """Return the script that is written, without the time of its creation, and remove it."""
    done = run(project, *NO, "revision", "--autogenerate", *options, "--rev-id", "b2", "-m", "x")
    assert done.status == 0, done.err
    script = project.versions / "b2_x.py"
    text = script.read_text(encoding="utf-8") if script.exists() else ""
    script.unlink(missing_ok=True)
    return [line for line in text.splitlines() if not line.startswith("Create Date")]


def calls(script: list[str]) -> list[tuple[str, ...]]:
    """Return the methods that a script calls, with the names that their first argument begins with."""
    found = []
    for node in ast.walk(ast.parse("\n".join(script))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            names = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
            found.append((node.func.attr, str(names[0]) if names and named(node) else ""))
    return sorted(found)


def named(call: ast.Call) -> bool:
    """Does a call name what it is about first? A CHECK says its expression."""
    first = call.args[0] if call.args else None
    return not (isinstance(first, ast.Call) and getattr(first.func, "id", "") in {"check", "sql"})
