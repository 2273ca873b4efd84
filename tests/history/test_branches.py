"""Branches, merges, dependencies, several heads, several databases."""

from __future__ import annotations

import subprocess
import sys

import pytest

from alembic_moltres.errors import HistoryError
from alembic_moltres.history import State
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.history.agreement import state_of, states_of
from tests.history.scripts import MODELS, write

NOWHERE = "postgresql+psycopg://nobody@host.invalid/none"


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    return alembic_project(MODELS, NOWHERE)


def table(name: str) -> str:
    return f'op.create_table({name!r}, sa.Column("id", sa.Integer))'


def test_the_state_of_each_revision(project: AlembicProject) -> None:
    write(project, "a1", table("a"))
    write(project, "b2", table("b"), down="a1")
    write(project, "c3", 'op.drop_table("a")', down="b2")
    assert list(state_of(project, "a1").tables) == ["a"]
    assert list(state_of(project, "b2").tables) == ["a", "b"]
    assert list(state_of(project).tables) == ["b"]
    assert state_of(project, "base") == State()


def test_branches_and_their_merge(project: AlembicProject) -> None:
    write(project, "a1", table("a"))
    write(project, "b2", table("b"), down="a1", labels=("left",))
    write(project, "c3", table("c"), down="a1")
    assert set(state_of(project).tables) == {"a", "b", "c"}
    assert set(state_of(project, "b2").tables) == {"a", "b"}
    assert set(state_of(project, "left@head").tables) == {"a", "b"}
    assert set(state_of(project, "b2,c3").tables) == {"a", "b", "c"}
    write(project, "d4", 'op.drop_table("b")', down=("b2", "c3"))
    assert set(state_of(project).tables) == {"a", "c"}


def test_a_dependency_comes_first(project: AlembicProject) -> None:
    write(project, "a1", table("a"))
    write(project, "b2", 'op.add_column("a", sa.Column("x", sa.Integer))', depends="a1")
    state = state_of(project, "b2")
    assert [each.name for each in state.tables["a"].columns] == ["id", "x"]
    assert state.uncertain == ()


def test_two_heads_that_disagree_are_named(project: AlembicProject) -> None:
    write(project, "a1", table("a"))
    left = write(project, "b2", table("b"), down="a1")
    right = write(project, "c3", table("b"), down="a1")
    (found,) = state_of(project).uncertain
    assert found.tables == ("b",)
    assert "the table 'b' already exists" in found.reason
    assert any(str(found).startswith(file) for file in (left, right))


def test_several_databases_have_a_state_each(alembic_project: ProjectFactory) -> None:
    models = "import sqlalchemy as sa\ntarget_metadata = {}\n"
    project = alembic_project(
        models, {"engine1": NOWHERE, "engine2": "sqlite:///none.db"}, template="multidb"
    )
    write(
        project,
        "a1",
        f'if engine_name == "engine1":\n    {table("a")}\nelse:\n    {table("b")}',
        arguments="engine_name",
    )
    states = states_of(project)
    assert {name: list(state.tables) for name, state in states.items()} == {
        "engine1": ["a"],
        "engine2": ["b"],
    }
    with pytest.raises(HistoryError, match=r"2 databases \(engine1, engine2\)"):
        state_of(project)
    assert not (project.directory / "none.db").exists()


@pytest.mark.parametrize("template", ["generic", "async", "pyproject"])
def test_env_py_of_every_template(alembic_project: ProjectFactory, template: str) -> None:
    if template == "pyproject":
        pytest.skip("its alembic.ini has no url")
    driver = "postgresql+asyncpg" if template == "async" else "postgresql+psycopg"
    project = alembic_project(MODELS, f"{driver}://nobody@host.invalid/none", template=template)
    write(project, "a1", table("a"))
    assert list(state_of(project).tables) == ["a"]


def test_no_driver_is_needed(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, "mysql+mysqlconnector://nobody@host.invalid/none")
    write(project, "a1", table("a"))
    assert list(state_of(project).tables) == ["a"]


def test_an_env_py_that_executes_before_it_configures(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, NOWHERE)
    text = project.env.read_text(encoding="utf-8")
    text = text.replace(
        "        context.configure(\n            connection=connection",
        '        connection.exec_driver_sql("SET lock_timeout = 4000")\n'
        "        context.configure(\n            connection=connection",
    )
    assert "lock_timeout" in text
    project.env.write_text(text, encoding="utf-8")
    write(project, "a1", table("a"))
    assert list(state_of(project).tables) == ["a"]


def test_the_naming_convention_of_the_models_holds(alembic_project: ProjectFactory) -> None:
    models = """
import sqlalchemy as sa
target_metadata = sa.MetaData(naming_convention={"uq": "uq__%(table_name)s__%(column_0_name)s"})
"""
    project = alembic_project(models, NOWHERE)
    write(project, "a1", 'op.create_table("t", sa.Column("a", sa.Integer, unique=True))')
    write(project, "b2", 'op.drop_constraint("uq__t__a", "t")', down="a1")
    assert [each.name for each in state_of(project, "a1").tables["t"].constraints] == ["uq__t__a"]
    assert state_of(project).uncertain == ()


def test_the_server_is_what_the_options_say(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, NOWHERE, configure='moltres={"server": "postgresql 11"},')
    body = """
    if op.get_bind().dialect.server_version_info >= (12,):
        op.create_table("new", sa.Column("id", sa.Integer))
    else:
        op.create_table("old", sa.Column("id", sa.Integer))
    """
    write(project, "a1", body)
    assert list(state_of(project).tables) == ["old"]


def test_a_driver_that_is_installed_stays_whole(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, NOWHERE)
    write(project, "a1", table("a"))
    code = (
        "from alembic.config import Config\n"
        "from alembic_moltres.history import state_at\n"
        "state_at(Config('alembic.ini', 'pyproject.toml'))\n"
        "import psycopg\n"
        "print(psycopg.pq.__impl__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project.directory,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() in {"binary", "c", "python"}
