"""`alembic-moltres history`: Alembic's, with marks of what is applied."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.commands.hand import execute
from tests.history.scripts import MODELS, write


@pytest.fixture
def project(alembic_project: ProjectFactory, sqlite_url: str) -> AlembicProject:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "a1", "pass")
    write(project, "b2", "pass", down="a1")
    write(project, "c3", "pass", down="b2")
    write(project, "d4", "pass", down="a1")
    return project


def test_without_an_option_it_is_alembics(project: AlembicProject) -> None:
    assert run(project, "history").out == project.run("history")
    assert run(project, "history", "-r", "a1:c3", "-v").out == project.run(
        "history", "-r", "a1:c3", "-v"
    )


def test_what_is_applied_is_marked(project: AlembicProject) -> None:
    project.upgrade("b2")
    done = run(project, "history", "-i")
    assert done.status == 0
    marks = {line[line.index("->") + 3 :][:2]: line[:3] for line in done.out.splitlines()}
    assert marks == {"a1": "[X]", "b2": "[X]", "c3": "[ ]", "d4": "[ ]"}
    assert [line for line in done.out.splitlines() if "(current)" in line] == [
        line for line in done.out.splitlines() if "-> b2" in line
    ]


def test_an_empty_database_has_nothing(project: AlembicProject) -> None:
    assert "[X]" not in run(project, "history", "-i").out


def test_two_heads_of_a_database_are_both_marked(project: AlembicProject) -> None:
    project.upgrade("heads")
    assert "[ ]" not in run(project, "history", "-i").out


def test_a_range_may_begin_at_the_current_revision(project: AlembicProject) -> None:
    project.upgrade("b2")
    ours = run(project, "history", "-r", "current:c3").out
    assert ours == project.run("history", "-r", "current:c3")
    assert "[ ] b2 -> c3" in run(project, "history", "-i", "-r", "current:c3").out


def test_json(project: AlembicProject) -> None:
    project.upgrade("b2")
    found = json.loads(run(project, "history", "-i", "--format", "json").out)
    assert {each["revision"]: each["applied"] for each in found} == {
        "a1": True,
        "b2": True,
        "c3": False,
        "d4": False,
    }
    plain = json.loads(run(project, "history", "--format", "json").out)
    assert "applied" not in plain[0]


def test_a_range_without_a_colon_is_one_line(project: AlembicProject) -> None:
    done = run(project, "history", "-r", "a1")
    assert done.status == 2
    assert "[start]:[end]" in done.err


def test_a_message_cannot_act_on_the_terminal_nor_make_a_line(project: AlembicProject) -> None:
    script = project.versions / "a1_.py"
    message = r'"""of two' "\nlines" r'\r\x0c\x1b[2J\u2028."""' "\n"
    script.write_text(message + script.read_text(encoding="utf-8"), encoding="utf-8")
    out = run(project, "history", "-i").out
    assert out.endswith("[ ] <base> -> a1 (branchpoint), of two\nlines\\r\\x0c\\x1b[2J\\u2028.\n")


def test_several_databases_are_marked_each(alembic_project: ProjectFactory, tmp_path: Path) -> None:
    urls = {name: f"sqlite:///{tmp_path}/{name}.db" for name in ("engine1", "engine2")}
    models = MODELS.replace("sa.MetaData()", "dict.fromkeys(('engine1', 'engine2'), sa.MetaData())")
    project = alembic_project(models, urls, template="multidb")
    write(project, "a1", "pass", arguments="engine_name", downgrade="pass")
    write(project, "b2", "pass", arguments="engine_name", downgrade="pass", down="a1")
    project.upgrade("b2")
    execute(urls["engine2"], "UPDATE alembic_version SET version_num = 'a1'")
    written = run(project, "history", "-i").out.splitlines()
    assert ["-- engine1", "[X]", "[X]", "-- engine2", "[ ]", "[X]"] == [
        line if line.startswith("--") else line[:3] for line in written
    ]
    found = json.loads(run(project, "history", "-i", "--format", "json").out)
    assert {"engine1": [True, True], "engine2": [False, True]} == {
        name: [each["applied"] for each in scripts] for name, scripts in found.items()
    }
