"""A statement that takes long is shown on a terminal, and elsewhere logged."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path

import pytest

from alembic_moltres.runtime import progress
from tests.alembic_project import ProjectFactory
from tests.runtime.processes import command, fork, with_line, write_scripts

SLOW = "op.execute('SELECT pg_sleep(2)')"

pytestmark = pytest.mark.slow


def test_the_log_tells_what_runs(
    alembic_project: ProjectFactory,
    pg_url: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "FIRST_LOGGED", 0.5)
    project = with_line(alembic_project, pg_url)
    write_scripts(project, SLOW)
    with caplog.at_level(logging.INFO):
        project.run("upgrade", "head")
    said = [each for each in caplog.messages if each.startswith("Running for a while")]
    assert len(said) == 1
    assert re.search(r"upgrade +-> a1: [0-9] s: SELECT pg_sleep\(2\)", said[0])


def test_a_terminal_has_a_live_line_while_it_runs(
    alembic_project: ProjectFactory, pg_url: str, tmp_path: Path
) -> None:
    pytest.importorskip("rich")
    project = with_line(alembic_project, pg_url)
    write_scripts(project, SLOW)
    master, slave = os.openpty()

    def work() -> None:
        os.environ["TERM"] = "xterm"
        os.dup2(slave, 2)
        command(project, "upgrade", "head")()

    process = fork(work, tmp_path)
    assert process.wait() == 0, process.text()
    written = os.read(master, 1 << 16).decode()
    assert re.search(r"upgrade +-> a1: [0-9] s: SELECT pg_sleep\(2\)", written)
    assert written.rindex("\x1b[2K") > written.rindex("pg_sleep")  # the line is erased
    os.close(master)
    os.close(slave)
