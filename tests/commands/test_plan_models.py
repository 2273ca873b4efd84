"""`plan --models`: what autogenerate would write, and nothing is written."""

from __future__ import annotations

import json
import shlex

import pytest

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run

BEFORE = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
users = sa.Table(
    "users", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(50)),
)
"""
AFTER = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
users = sa.Table(
    "users", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20), nullable=False),
)
tags = sa.Table("tags", metadata, sa.Column("id", sa.Integer, primary_key=True))
"""
LINES = [
    "New upgrade operations detected:",
    "  + table tags (id)",
    "  users",
    "    ~ column name: VARCHAR(50) -> VARCHAR(20), not null",
    "        fails if rows have NULL in name; correct them before",
    "        fails if a value of name does not fit into VARCHAR(20)",
    "revision --autogenerate asks, unless one of the lines is passed to it:",
    "  users.name becomes NOT NULL without a default; which value replaces NULL?",
    f"""      -x {shlex.quote("moltres.fill=users.name:''")}""",
    "      -x moltres.fill=none",
]


@pytest.fixture
def project(alembic_project: ProjectFactory, sqlite_url: str) -> AlembicProject:
    project = alembic_project(BEFORE, sqlite_url)
    project.revision("first")
    project.upgrade()
    return project


def test_the_same_is_said_and_0(project: AlembicProject) -> None:
    done = run(project, "plan", "--models")
    assert (0, "No new upgrade operations detected.\n", "") == (done.status, done.out, done.err)


@pytest.mark.parametrize("options", [(), ("--offline",), ("--scratch", "sqlite://")])
def test_differences_are_told_with_what_to_know_before(
    project: AlembicProject, options: tuple[str, ...]
) -> None:
    project.write_models(AFTER)
    before = project.scripts()
    done = run(project, "plan", "--models", *options)
    assert (1, "") == (done.status, done.err)
    assert LINES == done.out.splitlines()
    assert before == project.scripts()


def test_markdown_has_the_lines_in_a_block(project: AlembicProject) -> None:
    project.write_models(AFTER)
    done = run(project, "plan", "--models", "--format", "markdown")
    assert [LINES[0], "```", *LINES[1:], "```"] == done.out.splitlines()


def test_json_has_the_same(project: AlembicProject) -> None:
    project.write_models(AFTER)
    done = run(project, "plan", "--models", "--format", "json")
    assert 1 == done.status
    written = json.loads(done.out)
    table, column = written["differences"]
    assert [
        {
            "question": "users.name becomes NOT NULL without a default; which value replaces NULL?",
            "x": "moltres.fill",
            "answers": ["users.name:''"],
        }
    ] == written["questions"]
    assert ("add", "table", "tags") == (table["action"], table["kind"], table["name"])
    assert ["fails if rows have NULL in name; correct them before"] == column["remarks"][:1]


@pytest.mark.parametrize(
    "options",
    [("--models", "base:head"), ("--models", "--url", "sqlite://"), ("--offline",)],
)
def test_what_does_not_go_together_is_refused(
    project: AlembicProject, options: tuple[str, ...]
) -> None:
    done = run(project, "plan", *options)
    assert (2, "") == (done.status, done.out)
    assert "--models" in done.err
    assert 1 == done.err.count("\n")


def test_what_revision_asks_is_told_and_nobody_is_asked(project: AlembicProject) -> None:
    project.write_models(BEFORE.replace('"name"', '"nick"'))
    done = run(project, "plan", "--models")
    assert (1, "") == (done.status, done.err)
    asked = done.out.partition("revision --autogenerate asks")[2].splitlines()
    assert (
        [
            "  users.name ? users.nick: rename?",  # an arrow, which this output does not have
            "      -x moltres.rename=users.name:nick",
            "      -x moltres.rename=none",
        ]
        == asked[1:]
    )
    assert "revision --autogenerate asks" not in run(project, "check").out
