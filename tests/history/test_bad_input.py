"""Scripts that cannot be replayed: one line that names the file."""

from __future__ import annotations

import pytest

from alembic_moltres.errors import HistoryError
from tests.alembic_project import AlembicProject, ProjectFactory
from tests.history.agreement import state_of
from tests.history.scripts import MODELS, write


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    return alembic_project(MODELS, "postgresql+psycopg://nobody@host.invalid/none")


def message(project: AlembicProject, revision: str = "heads") -> str:
    with pytest.raises(HistoryError) as raised:
        state_of(project, revision)
    text = str(raised.value)
    assert len(text.splitlines()) == 1
    return text


def test_a_revision_whose_file_is_gone(project: AlembicProject) -> None:
    file = write(project, "b2", "pass", down="a1")
    assert message(project).startswith(f"{file}: it follows the revision 'a1'")


def test_a_cycle(project: AlembicProject) -> None:
    write(project, "a1", "pass", down="b2")
    write(project, "b2", "pass", down="a1")
    found = message(project)
    assert "cycle" in found.lower()
    assert "a1_.py" in found


def test_an_edited_script_that_is_no_python(project: AlembicProject) -> None:
    write(project, "a1", "pass")
    path = project.write_script("b2", "revision = 'b2'\ndown_revision = 'a1'\ndef upgrade(:\n")
    assert message(project).startswith(f"{path.name}:3: the script cannot be loaded")


def test_a_script_that_raises_when_it_is_loaded(project: AlembicProject) -> None:
    file = write(project, "a1", "pass", before="import no_such_application.models")
    assert message(project).startswith(f"{file}:11: the script cannot be loaded, ModuleNotFound")


def test_a_script_without_upgrade(project: AlembicProject) -> None:
    path = project.write_script("a1", "revision = 'a1'\ndown_revision = None\n")
    (found,) = state_of(project).uncertain
    assert str(found) == f"{path.name}: revision uncertain, it has no function upgrade()"


def test_a_revision_that_is_not_there(project: AlembicProject) -> None:
    write(project, "a1", "pass")
    assert "zz" in message(project, "zz")


def test_an_env_py_that_raises(project: AlembicProject) -> None:
    write(project, "a1", "pass")
    project.env.write_text('raise RuntimeError("no settings")\n', encoding="utf-8")
    found = message(project)
    assert "env.py:1: it raises RuntimeError: no settings" in found


def test_an_env_py_that_migrates_nothing(project: AlembicProject) -> None:
    write(project, "a1", "pass")
    project.env.write_text("pass\n", encoding="utf-8")
    assert message(project).endswith("env.py: it never runs the migrations")
