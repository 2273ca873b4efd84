"""The examples for GitHub Actions and pre-commit: their commands are run, as the YAML has them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.alembic_project import AlembicProject, ProjectFactory

yaml: Any = pytest.importorskip("yaml", reason="pip install PyYAML")

pytestmark = pytest.mark.slow
CI = Path(__file__).parents[2] / "examples" / "ci"
MODELS = "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"
USERS = "sa.Table('users', target_metadata, sa.Column('id', sa.Integer, primary_key=True))\n"
COMMENTED = "pr comment 7 --body-file plan.md --edit-last --create-if-none\n"


@dataclass(frozen=True)
class Checkout:
    """A project in a repository, as a runner has it: `main` without the table, the branch with it."""

    project: AlembicProject
    environment: dict[str, str]

    def run(self, command: str, *, shell: tuple[str, ...] = ("bash", "-e", "-c")) -> int:
        done = subprocess.run(
            [*shell, command],
            cwd=self.project.directory,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )
        sys.stdout.write(f"{command}\n{done.stdout}{done.stderr}")
        return done.returncode

    def has(self, command: str, option: str) -> bool:
        """Tell whether a command of alembic-moltres has an option."""
        done = subprocess.run(
            [sys.executable, "-m", "alembic_moltres.commands.command_line", command, "--help"],
            check=False,
            capture_output=True,
            text=True,
        )
        return option in done.stdout


@pytest.fixture
def checkout(tmp_path: Path, alembic_project: ProjectFactory, sqlite_url: str) -> Checkout:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, lines in {
        "alembic-moltres": f'exec {sys.executable} -m alembic_moltres.commands.command_line "$@"',
        "gh": 'echo "$@" >> gh.log',
        "pip": 'test "$1" = install',
    }.items():
        program = programs / name
        program.write_text(f"#!/bin/sh\n{lines}\n", "utf-8")
        program.chmod(0o755)
    project = alembic_project(MODELS, sqlite_url)
    found = Checkout(
        project,
        os.environ
        | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "GITHUB_BASE_REF": "main",
            "GITHUB_STEP_SUMMARY": "summary.md",
            "NUMBER": "7",
            "GIT_CONFIG_GLOBAL": os.devnull,
        },
    )
    git = "git -c user.name=a -c user.email=a@example.org"
    start = f"git init -q -b main && git add -A && {git} commit -qm main && git switch -qc more"
    assert found.run(start) == 0
    assert found.run("git update-ref refs/remotes/origin/main main") == 0
    project.write_models(MODELS + USERS)
    project.revision("users", rev_id="a1")
    (project.directory / "docs").mkdir()
    return found


def steps() -> list[str]:
    """Return the commands of the workflow, those of one step in one text."""
    workflow = yaml.safe_load((CI / "github-actions.yml").read_text("utf-8"))
    found = [
        step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step
    ]
    assert len(found) == 5
    return found


def test_the_workflow_passes_where_all_is_well(checkout: Checkout) -> None:
    if not (checkout.has("erd", "--check") and checkout.has("plan", "markdown")):
        pytest.skip("the commands are not all there")
    assert checkout.run("alembic-moltres erd --output docs/schema.md") == 0
    assert [checkout.run(each) for each in steps()] == [0] * 5
    directory = checkout.project.directory
    assert "users" in (directory / "plan.md").read_text("utf-8")
    assert (directory / "plan.md").read_text("utf-8") == (directory / "summary.md").read_text(
        "utf-8"
    )
    assert COMMENTED == (directory / "gh.log").read_text("utf-8")


def test_the_workflow_fails_where_models_and_scripts_differ(checkout: Checkout) -> None:
    _, check, *_ = steps()
    assert checkout.run(check) == 0
    checkout.project.write_models(MODELS + USERS.replace("users", "people"))
    assert checkout.run(check) == 1


def test_the_workflow_fails_with_two_heads(checkout: Checkout) -> None:
    _, check, *_ = steps()
    script = checkout.project.scripts()[0].read_text("utf-8")
    checkout.project.write_script("b2", script.replace("'a1'", "'b2'"))
    assert checkout.run(check) == 1


def test_the_workflow_fails_where_the_diagram_is_old(checkout: Checkout) -> None:
    if not checkout.has("erd", "--check"):
        pytest.skip("the command is not there")
    erd = steps()[2]
    assert checkout.run("alembic-moltres erd --output docs/schema.md") == 0
    assert checkout.run(erd) == 0
    checkout.project.revision("empty", autogenerate=False, rev_id="b2")
    assert checkout.run(erd) == 0
    source = 'op.create_table("notes", sa.Column("id", sa.Integer))'
    script = checkout.project.versions / "b2_empty.py"
    script.write_text(script.read_text("utf-8").replace("    pass", f"    {source}", 1), "utf-8")
    assert checkout.run(erd) == 1


def hooks() -> dict[str, list[str]]:
    config = yaml.safe_load((CI / "pre-commit-config.yaml").read_text("utf-8"))
    (repo,) = config["repos"]
    return {hook["id"]: shlex.split(hook["entry"]) for hook in repo["hooks"]}


def test_the_hooks_pass_where_all_is_well_and_fail_otherwise(checkout: Checkout) -> None:
    entries = hooks()
    if not checkout.has("erd", "--output"):
        del entries["migrations-diagram"]

    def run() -> list[int]:
        return [checkout.run(entry[-1], shell=tuple(entry[:-1])) for entry in entries.values()]

    assert set(run()) == {0}
    checkout.project.write_models(MODELS + USERS.replace("users", "people"))
    assert run()[:2] == [0, 1]
