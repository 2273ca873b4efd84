"""`alembic-moltres locate`: which revision a database is at, by its tables alone."""

from __future__ import annotations

import json

import pytest

from tests.alembic_project import AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.commands.hand import execute
from tests.history.scripts import MODELS, write

ID = 'sa.Column("id", sa.Integer(), primary_key=True)'


@pytest.fixture
def project(alembic_project: ProjectFactory, any_url: str) -> AlembicProject:
    return with_history(alembic_project(MODELS, any_url))


def with_history(project: AlembicProject) -> AlembicProject:
    write(project, "a1", f'op.create_table("users", {ID}, sa.Column("name", sa.String(20)))')
    write(project, "b2", 'op.add_column("users", sa.Column("mail", sa.String(50)))', down="a1")
    write(project, "c3", "op.execute(\"UPDATE users SET mail = 'x'\")", down="b2")
    write(project, "d4", f'op.create_table("orders", {ID})', down="c3")
    write(project, "e5", 'op.create_index("ix_mail", "users", ["mail"])', down="d4")
    return project


def lost(url: str) -> None:
    """Forget which revision a database is at."""
    execute(url, "DELETE FROM alembic_version")


@pytest.mark.parametrize(
    ("revision", "found"),
    [
        ("a1", "best match: a1"),
        ("b2", "best match: c3 (the same tables: b2)"),
        ("d4", "best match: d4"),
        ("e5", "best match: e5"),
    ],
)
def test_each_revision_is_found(
    project: AlembicProject, any_url: str, revision: str, found: str
) -> None:
    project.upgrade(revision)
    lost(any_url)
    done = run(project, "locate")
    assert (0, "") == (done.status, done.err)
    lines = done.out.splitlines()
    assert [found, "  nothing differs"] == lines[:2]
    assert lines[2].startswith("runner-up: ")
    assert "alembic_version: empty" == lines[-1]


def test_a_change_by_hand_is_named_exactly(project: AlembicProject, any_url: str) -> None:
    project.upgrade("d4")
    execute(any_url, "ALTER TABLE orders ADD COLUMN note VARCHAR(9)")
    done = run(project, "locate")
    assert (1, "") == (done.status, done.err)
    assert done.out.splitlines() == [
        "best match: d4",
        "  orders",
        "    + column note VARCHAR(9)",
        "runner-up: e5",
        "  orders",
        "    + column note VARCHAR(9)",
        "  users",
        "    - index ix_mail (mail)",
        "alembic_version: d4",
    ]


def test_a_database_without_tables_is_at_base(project: AlembicProject) -> None:
    done = run(project, "locate")
    assert ["best match: base", "  nothing differs"] == done.out.splitlines()[:2]
    assert 0 == done.status


def test_of_several_heads_one_a_branch_is_found(project: AlembicProject, any_url: str) -> None:
    write(project, "f6", f'op.create_table("left1", {ID})', down="e5")
    write(project, "g7", 'op.add_column("left1", sa.Column("a", sa.Integer()))', down="f6")
    write(project, "h8", f'op.create_table("right1", {ID})', down="e5")
    write(project, "i9", 'op.add_column("users", sa.Column("age", sa.Integer()))', down="h8")
    project.upgrade("f6")
    project.upgrade("i9")
    lost(any_url)
    done = run(project, "locate")
    assert (0, "") == (done.status, done.err)
    assert ["best match: i9, f6", "  nothing differs"] == done.out.splitlines()[:2]


def test_before_the_branches_a_revision_of_all_is_found(
    project: AlembicProject, any_url: str
) -> None:
    write(project, "f6", f'op.create_table("left1", {ID})', down="e5")
    write(project, "h8", f'op.create_table("right1", {ID})', down="e5")
    project.upgrade("d4")
    lost(any_url)
    assert "best match: d4" == run(project, "locate").out.splitlines()[0]


def test_branches_that_are_merged_are_found(project: AlembicProject, any_url: str) -> None:
    write(project, "f6", f'op.create_table("left1", {ID})', down="e5")
    write(project, "h8", f'op.create_table("right1", {ID})', down="e5")
    write(project, "m9", 'op.add_column("right1", sa.Column("a", sa.Integer()))', down=("f6", "h8"))
    project.upgrade("h8")
    assert "best match: h8" == run(project, "locate").out.splitlines()[0]
    project.upgrade("m9")
    assert "best match: m9" == run(project, "locate").out.splitlines()[0]


@pytest.mark.parametrize(
    ("upgraded", "found"),
    [
        pytest.param((), "base", id="none"),
        pytest.param(("j1",), "j1", id="the needed one"),
        pytest.param(("k1",), "k1", id="the one before it is needed"),
        pytest.param(("j1", "k1"), "k1, j1", id="both first ones"),
        pytest.param(("j2",), "j2", id="one branch"),
        pytest.param(("j2", "k1"), "k1, j2", id="one branch and a first one"),
        pytest.param(("k2",), "k2", id="the one that needs another"),
        pytest.param(("j2", "k2"), "k2, j2", id="both"),
    ],
)
def test_branches_of_which_one_needs_the_other_are_found(
    alembic_project: ProjectFactory, any_url: str, upgraded: tuple[str, ...], found: str
) -> None:
    project = alembic_project(MODELS, any_url)
    write(project, "j1", f'op.create_table("one", {ID}, sa.Column("a", sa.Integer()))')
    write(project, "j2", 'op.add_column("one", sa.Column("b", sa.Integer()))', down="j1")
    write(project, "k1", f'op.create_table("two", {ID})')
    added = 'op.add_column("two", sa.Column("b", sa.Integer()))'
    write(project, "k2", added, down="k1", depends="j1")
    for each in upgraded:
        project.upgrade(each)
    if upgraded:
        lost(any_url)
    done = run(project, "locate")
    assert (0, "") == (done.status, done.err)
    best, same = done.out.splitlines()[:2]
    assert [set(found.split(", ")), "  nothing differs"] == [
        set(best.removeprefix("best match: ").split(", ")),
        same,
    ]


def test_a_revision_of_which_all_is_known_goes_before_an_equal_one(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = with_history(alembic_project(MODELS, sqlite_url))
    project.upgrade("e5")
    write(project, "f6", "{}['key']; op.drop_column('users', 'mail')", down="e5")
    write(project, "g7", "pass", down="f6")
    lost(sqlite_url)
    done = run(project, "locate")
    assert (0, "") == (done.status, done.err)
    lines = done.out.splitlines()
    assert ["best match: e5", "  nothing differs"] == lines[:2]
    assert "runner-up: g7 (the same tables: f6)" == lines[2]
    assert lines[3].startswith(
        "  not compared: f6_.py:14: table users uncertain, it raises KeyError"
    )


def test_a_match_is_json_for_programs(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    project = with_history(alembic_project(MODELS, sqlite_url))
    project.upgrade("c3")
    execute(sqlite_url, "CREATE TABLE audit (id INTEGER)")
    done = run(project, "locate", "--format", "json")
    found = json.loads(done.out)
    assert 1 == done.status
    assert {
        "revisions": [["c3", "b2"]],
        "differences": [],
        "outside": ["audit"],
        "uncertain": [],
    } == found["best"]
    assert [["a1"]] == found["runner_up"]["revisions"]
    assert ["c3"] == found["alembic_version"]


def test_a_history_without_scripts_is_at_base(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    done = run(alembic_project(MODELS, sqlite_url), "locate")
    assert (0, "best match: base") == (done.status, done.out.splitlines()[0])


def test_a_script_that_cannot_be_loaded_is_named(project: AlembicProject) -> None:
    project.write_script("zz", "def upgrade(:\n")
    done = run(project, "locate")
    assert (2, "") == (done.status, done.out)
    assert done.err.startswith("FAILED: zz_.py:1: the script cannot be loaded")
