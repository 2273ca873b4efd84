"""Alembic's commands in processes of their own, begun at the same moment."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.alembic_project import AlembicProject, ProjectFactory

MODELS = "import sqlalchemy as sa\ntarget_metadata = sa.MetaData()\n"
STOCK_RUN = re.compile(
    r"^( +)(?:with context\.begin_transaction\(\):\n +)?context\.(run_migrations\(.*\))$",
    re.MULTILINE,
)


def write_line(project: AlembicProject) -> AlembicProject:
    """Write the one line into a project's env.py, in the place of Alembic's."""
    text = project.env.read_text(encoding="utf-8")
    text, count = STOCK_RUN.subn(r"\1\2", text)
    assert count == 2
    imported = "from alembic import context\nfrom alembic_moltres import run_migrations\n"
    project.env.write_text(
        text.replace("from alembic import context\n", imported, 1), encoding="utf-8"
    )
    return project


def with_line(factory: ProjectFactory, url: str, template: str = "generic") -> AlembicProject:
    """Make a project of a template with the one line in its env.py."""
    if template != "multidb":
        project = write_line(factory(MODELS, url, template=template))
    else:
        models = MODELS.replace("sa.MetaData()", "{}")
        project = write_line(factory(models, dict.fromkeys("ab", url), template=template))
        ini = project.directory / "alembic.ini"
        both, one = "databases = engine1, engine2", "databases = engine1"
        ini.write_text(ini.read_text(encoding="utf-8").replace(both, one), encoding="utf-8")
    return project


def write_scripts(project: AlembicProject, *bodies: str, downgrade: str = "pass") -> None:
    """Write one revision for each body of an `upgrade()`, a1, a2 and so on; one body may be many lines."""
    for number, body in enumerate(bodies, 1):
        before = repr(f"a{number - 1}") if number > 1 else None
        lines = "\n    ".join(body.strip("\n").splitlines())
        project.write_script(
            f"a{number}",
            "import sqlalchemy as sa\nfrom alembic import op\n\n"
            f"revision, down_revision = 'a{number}', {before}\n\n"
            f"def upgrade(**arguments):\n    {lines}\n\n"
            f"def downgrade(**arguments):\n    {downgrade}\n",
        )


@dataclass
class Process:
    """A forked process.

    Attributes:
        pid: its number.
        output: the file that has what it wrote.
    """

    pid: int
    output: Path
    status: int | None = None

    def wait(self) -> int:
        """Wait for its end and return its exit status; that of a signal is negative."""
        if self.status is None:
            _, status = os.waitpid(self.pid, 0)
            self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def is_running(self) -> bool:
        """Return whether it has not ended yet."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = os.waitstatus_to_exitcode(status) if pid else None
        return self.status is None

    def kill(self) -> None:
        """End it as `kill -9` does."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def text(self) -> str:
        """Return what it has written so far."""
        return self.output.read_text(encoding="utf-8")


def fork(work: Callable[[], object], folder: Path) -> Process:
    """Do something in a forked process; an exception is exit status 1."""
    handle, name = tempfile.mkstemp(dir=folder, suffix=".out")
    pid = os.fork()
    if pid:
        os.close(handle)
        return Process(pid, Path(name))
    status = 1
    try:
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        _log_to_stderr()
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the test reads it
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _log_to_stderr() -> None:
    import logging

    logging.basicConfig(stream=sys.stderr, format="%(message)s", force=True)
    logging.getLogger("alembic").setLevel(logging.INFO)


def command(project: AlembicProject, *arguments: str) -> Callable[[], Any]:
    """Return a function that runs `alembic` with these arguments."""
    return lambda: project.run(*arguments)


def at_once(count: int, work: Callable[[], object], folder: Path) -> list[Process]:
    """Do the same thing in several processes at the same moment, and wait for all of them."""
    ready, go = os.pipe()

    def begin() -> None:
        os.close(go)
        os.read(ready, 1)
        work()

    begun = [fork(begin, folder) for _ in range(count)]
    os.close(ready)
    os.close(go)
    for process in begun:
        process.wait()
    return begun
