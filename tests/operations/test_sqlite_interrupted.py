"""A copy that is interrupted: an error at each statement of it, and a process that is killed."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from alembic_moltres import check, column, index, sql, unique
from tests.operations.sqlite_file import RICH, SQLiteFile, alter

MANY_ROWS = """
INSERT INTO users (name, age) SELECT printf('user %d', value), value
FROM (WITH RECURSIVE n(value) AS (SELECT 100 UNION ALL SELECT value + 1 FROM n WHERE value < 20000) SELECT value FROM n);
"""

MOMENTS = (
    "CREATE TABLE",
    "INSERT INTO",
    "DROP TABLE",
    "ALTER TABLE",
    "CREATE INDEX",
    "CREATE TRIGGER",
    "COMMIT",
)


class StoppedError(Exception):
    """What stops a copy in these tests."""


def block(t: Any) -> None:
    t.drop_index(index("ix_lower", [sql("lower(name)")]))
    t.rename_column("name", "called")
    t.alter_column(column("age", "INTEGER"), column("age", "BIGINT"))
    t.add_column(column("mail", "TEXT"))
    t.add_constraint(unique(["called", "id"], name="uq_called"))
    t.add_constraint(check("age > 0", name="ck_age"))
    t.create_index(index("ix_mail", "mail"))


def statements(file: SQLiteFile, *, foreign_keys: bool) -> list[str]:
    """Return what a block sends."""
    sent: list[str] = []
    with file.engine(foreign_keys=foreign_keys).connect() as connection:
        event.listen(connection, "before_cursor_execute", lambda *args: sent.append(args[2]))
        alter(connection, block)
    return sent


def stop(connection: sa.Connection, number: int) -> None:
    """Raise at a statement, that one and nothing after it."""
    sent = 0

    def count(*_: object) -> None:
        nonlocal sent
        sent += 1
        if sent == number:
            raise StoppedError

    event.listen(connection, "before_cursor_execute", count)


@pytest.mark.parametrize("foreign_keys", [False, True])
def test_an_error_at_any_statement_leaves_everything_as_it_was(
    tmp_path: Path, *, foreign_keys: bool
) -> None:
    sent = statements(SQLiteFile(tmp_path / "counted.db"), foreign_keys=foreign_keys)
    file = SQLiteFile(tmp_path / "test.db")
    before = file.everything()
    for number in range(1, sent.index("COMMIT") + 2):
        with file.engine(foreign_keys=foreign_keys).connect() as connection:
            stop(connection, number)
            with pytest.raises(StoppedError):
                alter(connection, block)
            assert foreign_keys == connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
            assert 0 == connection.exec_driver_sql("PRAGMA legacy_alter_table").scalar()
            connection.rollback()
        assert before == file.everything(), sent[number - 1]


CHILD = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from tests.operations.sqlite_file import SQLiteFile, alter
from tests.operations.test_sqlite_interrupted import block

file = SQLiteFile(Path(sys.argv[1]), "")
with file.engine(foreign_keys=True).connect() as connection:
    connection.exec_driver_sql("PRAGMA cache_size=20")  # so that pages reach the file before the commit

    def kill(_, __, statement, *___):
        if statement.startswith(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(connection, sys.argv[3], kill)
    alter(connection, block)
    connection.commit()  # it has begun before the operation: with the pragma
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("when", ["before_cursor_execute", "after_cursor_execute"])
def test_a_killed_process_leaves_the_old_table_or_the_new_one(
    tmp_path: Path, moment: str, when: str
) -> None:
    file = SQLiteFile(tmp_path / "test.db", RICH + MANY_ROWS)
    before = file.everything()
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD), file.path, moment, when],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": f"{Path(__file__).parents[2] / 'src'}:."},
        check=False,
        capture_output=True,
        text=True,
    )
    assert -9 == killed.returncode, killed.stderr
    after = file.everything()
    if (moment, when) == ("COMMIT", "after_cursor_execute"):
        assert "mail" in file.sql()
        assert [("ok",)] == file.ask("PRAGMA integrity_check")
        assert len(before[1]["users"]) == len(after[1]["users"])  # type: ignore[index]
    else:
        assert before == after
