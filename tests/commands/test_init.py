"""`alembic-moltres init`: the plugin is on, and both branches of env.py have the same options."""

from __future__ import annotations

import ast
import contextlib
import re
from pathlib import Path

import pytest

from alembic_moltres.commands.init_command import with_options
from alembic_moltres.errors import OperationError
from tests.alembic_project import AlembicProject
from tests.commands.command_line import run

TEMPLATES = ("generic", "async", "multidb", "pyproject", "pyproject_async")


def configured(env: str) -> list[set[str]]:
    """Return the keywords of each `context.configure()`, `**` and its name included."""
    return [
        {ast.unparse(each) for each in node.keywords}
        for node in ast.walk(ast.parse(env))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "context.configure"
    ]


@pytest.mark.parametrize("template", TEMPLATES)
def test_both_branches_have_one_dictionary(template: str, tmp_path: Path) -> None:
    project = AlembicProject(tmp_path)
    done = run(project, "init", "-t", template, "migrations")
    assert (done.status, done.err) == (0, "")
    env = project.env.read_text(encoding="utf-8")
    for keywords in configured(env):
        assert "**options" in keywords
        assert ("target_metadata=target_metadata.get(name)" in keywords) == (template == "multidb")
    assert len(configured(env)) == 2
    assert len(re.findall(r"^ +run_migrations\(.*\)$", env, flags=re.MULTILINE)) == 2
    assert "context.run_migrations" not in env
    assert '"autogenerate_plugins": ["alembic.autogenerate.*", "alembic_moltres"],' in env


@pytest.mark.parametrize("template", ["generic", "pyproject"])
def test_what_it_makes_works(template: str, tmp_path: Path, sqlite_url: str) -> None:
    project = AlembicProject(tmp_path)
    run(project, "init", "-t", template, "migrations")
    ini = tmp_path / "alembic.ini"
    text = re.sub(
        "^sqlalchemy.url = .*$",
        f"sqlalchemy.url = {sqlite_url}",
        ini.read_text(),
        flags=re.MULTILINE,
    )
    ini.write_text(text, encoding="utf-8")
    env = project.env.read_text(encoding="utf-8")
    imported = env.replace("target_metadata = None", "from project_models import target_metadata")
    project.env.write_text(re.sub(r"fileConfig\(.*\)", "pass", imported), encoding="utf-8")
    project.write_models(
        "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"
        "sa.Table('users', target_metadata, sa.Column('id', sa.Integer, primary_key=True))\n"
    )
    assert run(project, "revision", "--autogenerate", "--offline", "-m", "x").status == 0
    (script,) = project.scripts()
    assert "op.moltres_create_table(Users)" in script.read_text(encoding="utf-8")
    assert "CREATE TABLE users" in project.upgrade(sql=True)
    project.upgrade()
    project.check()


def test_a_template_that_is_not_known_is_left_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="pass autogenerate_plugins="):
        with_options("from alembic import context\n", "env.py")


def test_a_folder_that_is_not_empty_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "mine.py").touch()
    with contextlib.chdir(tmp_path):
        done = run(AlembicProject(tmp_path), "init", "migrations")
    assert done.status == 2
    assert len(done.err.splitlines()) == 1
