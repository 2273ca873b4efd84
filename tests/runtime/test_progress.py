"""A statement that takes long is shown on a terminal, and elsewhere logged."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from alembic_moltres.dialects.sqlite import move_and_copy
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
    said = [each for each in caplog.messages if each.startswith("Still running: ")]
    assert len(said) == 1
    assert re.search(r"upgrade +-> a1: [0-9] s: SELECT pg_sleep\(2\)", said[0])


ROWS_OF_T = """
op.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(10), b INTEGER)")
op.execute("WITH RECURSIVE n(i) AS (SELECT 7 UNION ALL SELECT i + 7 FROM n WHERE i < 7 * 25000) "
           "INSERT INTO t SELECT i, 'x', i FROM n")
op.execute("CREATE UNIQUE INDEX i ON t (b)")
"""
COPY = """
from alembic_moltres.schema import column
with op.moltres_alter_table("t") as t:
    t.alter_column(column("a", "VARCHAR(10)"), column("a", "VARCHAR(20)", nullable=False))
"""


@pytest.mark.parametrize("key", ["id INTEGER PRIMARY KEY", "id VARCHAR(9) PRIMARY KEY"])
def test_the_rows_of_a_copy_are_counted(
    alembic_project: ProjectFactory,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
) -> None:
    monkeypatch.setattr(move_and_copy, "PART_ROWS", 10_000)
    monkeypatch.setattr(progress, "FIRST_LOGGED", 0)
    monkeypatch.setattr(progress, "REPEATED", 0.001)
    monkeypatch.setattr(progress, "TICK", 0.0001)
    project = with_line(alembic_project, f"sqlite:///{tmp_path / 'a.db'}")
    write_scripts(project, ROWS_OF_T.replace("id INTEGER PRIMARY KEY", key), COPY)
    with caplog.at_level(logging.INFO):
        project.run("upgrade", "head")
    said = [each for each in caplog.messages if "rows: INSERT INTO" in each]
    counted = {re.sub(r".*: [0-9] s: (.*) rows: INSERT.*", r"\1", each) for each in said}
    assert said
    assert counted <= {"10,000", "20,000"}
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        found = database.execute("SELECT count(*), min(b), sum(b), count(DISTINCT id) FROM t")
        assert found.fetchone() == (25000, 7, 7 * 25000 * 25001 // 2, 25000)


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
