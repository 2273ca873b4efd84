"""Runs `alembic-moltres` in a project of a test."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

from alembic_moltres.commands.command_line import MoltresCommandLine
from tests.alembic_project import AlembicProject, fresh_imports


@dataclass(frozen=True)
class Finished:
    """What a command left behind.

    Attributes:
        status: its exit status.
        out: what it wrote to standard output.
        err: what it wrote to standard error.
    """

    status: int
    out: str
    err: str


def run(project: AlembicProject, *arguments: str) -> Finished:
    """Run `alembic-moltres` with these arguments in the project's folder, in this process."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with (
        contextlib.chdir(project.directory),
        fresh_imports(),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            MoltresCommandLine("alembic-moltres").main(arguments)
        except SystemExit as ended:
            status = int(ended.code or 0)
    return Finished(status, out.getvalue(), err.getvalue())
