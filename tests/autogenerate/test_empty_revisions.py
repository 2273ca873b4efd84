"""`moltres={"empty_revisions": False}`: stock `alembic revision --autogenerate` writes no empty script."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.util import CommandError

from tests.alembic_project import AlembicProject, ProjectFactory

MODELS = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
users = sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
"""
NONE = 'moltres={"empty_revisions": False},'
NOTHING = "No new upgrade operations detected; no revision is created.\n"
HOOK = """
from alembic.operations import ops

def hook(context, revision, directives):
    directives[0].upgrade_ops.ops.append(ops.ExecuteSQLOp("SELECT 1"))
"""
EMPTYING = """
def hook(context, revision, directives):
    directives[0].upgrade_ops.ops.clear()
    directives[0].downgrade_ops.ops.clear()
"""
DIRECTIVES = "process_revision_directives=hook,"


def autogenerate(project: AlembicProject, *options: str) -> tuple[str, int]:
    """Return what is written to the output, and how many scripts are new."""
    before = set(project.scripts())
    out = project.run("revision", "--autogenerate", "-m", "x", *options)
    return out, len(set(project.scripts()) - before)


@pytest.fixture
def project(alembic_project: ProjectFactory, sqlite_url: str) -> AlembicProject:
    project = alembic_project(MODELS, sqlite_url, configure=NONE)
    project.revision("first")
    project.upgrade()
    return project


def test_without_a_difference_no_script_is_written_and_it_is_said(project: AlembicProject) -> None:
    assert (NOTHING, 0) == autogenerate(project)


def test_with_a_difference_a_script_is_written(project: AlembicProject) -> None:
    project.write_models(MODELS.replace("users", "people"))
    out, written = autogenerate(project)
    assert 1 == written
    assert NOTHING not in out


def test_by_default_alembic_does_as_it_always_did(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    project.revision("first")
    project.upgrade()
    out, written = autogenerate(project)
    assert 1 == written
    assert NOTHING not in out


def test_a_revision_by_hand_is_written_as_always(project: AlembicProject) -> None:
    assert "pass" in project.revision("by hand", autogenerate=False).read_text()


def test_check_is_as_always(project: AlembicProject) -> None:
    assert "No new upgrade operations detected.\n" == project.run("check")


def test_what_a_hook_adds_is_written(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    project = alembic_project(MODELS, sqlite_url, env=HOOK, configure=NONE + DIRECTIVES)
    project.revision("first")
    project.upgrade()
    assert 1 == autogenerate(project)[1]
    assert "SELECT 1" in project.scripts()[-1].read_text()


def test_what_a_hook_takes_out_is_not_written(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url, env=EMPTYING, configure=NONE + DIRECTIVES)
    assert (NOTHING, 0) == autogenerate(project)


@pytest.mark.parametrize("different", [0, 1, 2])
def test_one_different_database_of_several_is_enough(
    alembic_project: ProjectFactory, tmp_path: Path, different: int
) -> None:
    models = MODELS + "target_metadata = {'engine1': metadata, 'engine2': metadata}\n"
    urls = {name: f"sqlite:///{tmp_path / name}" for name in ("engine1", "engine2")}
    project = alembic_project(models, urls, template="multidb", configure=NONE)
    project.revision("first")
    project.upgrade()
    other = "other = sa.MetaData()\nsa.Table('other', other, sa.Column('id', sa.Integer))\n"
    changed = ["engine1", "engine2"][:different]
    more = "".join(f"metadatas['{name}'] = other\n" for name in changed)
    project.write_models(models.replace("target_metadata = {", other + "metadatas = {") + more)
    source = (project.directory / "project_models.py").read_text()
    project.write_models(source + "target_metadata = metadatas\n")
    out, written = autogenerate(project)
    assert bool(different) == written
    assert (NOTHING in out) == (not different)


def test_history_is_compared_the_same_way(alembic_project: ProjectFactory, sqlite_url: str) -> None:
    options = 'moltres={"empty_revisions": False, "compare_to": "history"},'
    project = alembic_project(MODELS, sqlite_url, configure=options)
    project.revision("first")
    project.upgrade()
    assert (NOTHING, 0) == autogenerate(project)


def test_an_unknown_option_is_refused_by_name(
    alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url, configure='moltres={"empty_revision": False},')
    with pytest.raises(CommandError, match="did you mean 'empty_revisions'"):
        project.check()
