"""The whole circle of one application on one database: script, up, compare, down, up again."""

from __future__ import annotations

import contextlib
import difflib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from benchmarks.corpus.applications import Application
from benchmarks.corpus.databases import Servers, structure
from benchmarks.corpus.project import INSIDE, CommandFailed, Project
from benchmarks.corpus.results import STEPS, Outcome

WAYS = ("ours", "plain")
FOUND = "New upgrade operations detected: "
DIFFERENCE = re.compile(
    r"(?<=[\[ ])\('[a-z]+_\w+', "
)  # plain Alembic's, such as ('add_index', ...)
COUNTED = re.compile(r"(\d+) differences?, listed above")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The structure of a database after `create_all()`, and after `drop_all()` if that runs."""

    made: str
    left: str | None = None


@dataclass(frozen=True, slots=True)
class Circle:
    """One application on one database.

    Args:
        folder: where the projects go, which are kept for a person to look at.
    """

    application: Application
    python: Path
    kind: str
    servers: Servers
    folder: Path

    def wanted(self) -> Wanted:
        """Return what `create_all()` makes and `drop_all()` leaves.

        Raises:
            CommandFailed: the database refuses the models.
        """
        with self._database() as url:
            project = self._project("create_all", url)
            project.create()
            project.run(str(INSIDE / "create_all.py"), project.url)
            made = structure(url)
            try:
                project.run(str(INSIDE / "create_all.py"), project.url, "drop")
            except CommandFailed:
                return Wanted(made)
            return Wanted(made, structure(url))

    def run(self, way: str, wanted: Wanted) -> dict[str, Outcome]:
        """Make the script one way and take it round, until a step leaves nothing to go on with.

        On a database of its own that `create_all()` made, only `alembic check` is run.
        """
        with self._database() as url:
            project = self._project(way, url)
            project.create()
            outcomes = _Steps(project, url, wanted).take()
        with self._database() as url:
            project = self._project(way, url, "-create_all")
            project.create()
            project.run(str(INSIDE / "create_all.py"), project.url)
            return outcomes | {"empty after create_all()": _check(project)}

    def _database(self) -> contextlib.AbstractContextManager[sa.URL]:
        return self.servers.database(self.kind, self.application.prepare.get(self.kind, ()))

    def _project(self, way: str, url: sa.URL, more: str = "") -> Project:
        folder = self.folder / self.kind / f"{way}{more}"
        shutil.rmtree(folder, ignore_errors=True)
        text = url.render_as_string(hide_password=False)
        return Project(folder, self.python, self.application, text, ours=way == "ours")


def _check(project: Project) -> Outcome:
    """Run `alembic check` on a database that matches the models; count what it reports."""
    try:
        project.alembic("check", alone=False)
    except CommandFailed as err:
        found = err.output.partition(FOUND)[2]
        counted = COUNTED.match(found)
        alarms = int(counted[1]) if counted else len(DIFFERENCE.findall(found))
        return Outcome(passed=False, said=str(err), alarms=alarms)
    return Outcome(passed=True)


class _Steps:
    """The steps in their order, each with the database as the one before it left it."""

    def __init__(self, project: Project, url: sa.URL, wanted: Wanted) -> None:
        self._project = project
        self._url = url
        self._wanted = wanted
        self._alone = project.ours  # plain scripts need the application, so they have it

    def take(self) -> dict[str, Outcome]:
        """Take the steps of `STEPS` and return how each one went."""
        nothing = structure(self._url)
        outcomes = {"renders": self._attempt(self._revision)}
        if not outcomes["renders"].passed:
            return outcomes
        outcomes["upgrades"] = self._attempt(lambda: self._run("upgrade", "head"))
        outcomes["imports alone"] = (
            outcomes["upgrades"]  # which ran alone
            if self._alone and outcomes["upgrades"].passed
            else self._attempt(lambda: self._run("history", alone=True))
        )
        if not outcomes["upgrades"].passed:
            return outcomes
        made = structure(self._url)
        outcomes["equals create_all()"] = self._compare(self._wanted.made, "made")
        outcomes["history knows it"] = self._attempt(self._drift)
        outcomes["next is empty"] = _check(self._project)
        down = self._attempt(lambda: self._run("downgrade", "base"))
        outcomes["downgrades to nothing"] = self._left(nothing) if down.passed else down
        if down.passed:
            again = self._attempt(lambda: self._run("upgrade", "head"))
            outcomes["upgrades again"] = self._compare(made, "again") if again.passed else again
        return {step: outcomes[step] for step in STEPS if step in outcomes}

    def _attempt(self, step: Callable[[], str | None]) -> Outcome:
        try:
            said = step()
        except CommandFailed as err:
            return Outcome(passed=False, said=str(err))
        return Outcome(passed=said is None, said=said or "")

    def _revision(self) -> str | None:
        self._run("revision", "--autogenerate", "-m", "all", alone=False)
        script = self._project.script()
        try:
            compile(script.read_text(encoding="utf-8"), script, "exec")
        except SyntaxError as err:
            return f"SyntaxError: {err}"
        return None

    def _run(self, *arguments: str, alone: bool | None = None) -> None:
        self._project.alembic(*arguments, alone=self._alone if alone is None else alone)

    def _drift(self) -> str | None:
        lines = self._project.drift(alone=self._alone).splitlines()
        outside = [line.strip() for line in lines if line.startswith("  table ")]
        return outside[0] if outside else None

    def _left(self, nothing: str) -> Outcome:
        outcome = self._compare(nothing, "left")
        if outcome.passed or structure(self._url) != self._wanted.left:
            return outcome
        return Outcome(passed=False, said=f"drop_all() leaves the same; {outcome.said}")

    def _compare(self, wanted: str, name: str) -> Outcome:
        """Compare the database with `wanted`; the difference goes to a file, its start here."""
        found = structure(self._url)
        if found == wanted:
            return Outcome(passed=True)
        lines = difflib.unified_diff(
            wanted.splitlines(), found.splitlines(), "wanted", name, "", "", 1, ""
        )
        text = list(lines)
        (self._project.folder / f"{name}.diff").write_text("\n".join(text), encoding="utf-8")
        changed = [line.strip() for line in text if line[:1] in "+-" and line[1:].strip()][2:]
        return Outcome(passed=False, said=f"{len(changed)} lines differ: {' · '.join(changed[:2])}")
