"""Questions at a terminal, and none where nobody is at one."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

import pytest

from tests.alembic_project import AlembicProject, ProjectFactory

pytestmark = pytest.mark.slow

BEFORE = """\
import sqlalchemy as sa
target_metadata = metadata = sa.MetaData()
sa.Table(
    "users", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("mail", sa.String(20))
)
"""
AFTER = BEFORE.replace('"mail", sa.String(20)', '"email", sa.String(20)')
TWO = AFTER.replace('"email"', '"address", sa.String(20)), sa.Column("email"')
FILLED = BEFORE.replace(
    '"mail", sa.String(20)', '"mail", sa.String(20)), sa.Column("n", sa.Integer, nullable=False'
)
COMMAND = [sys.executable, "-m", "alembic_moltres.commands.command_line"]
REVISION = ["revision", "--autogenerate", "-m", "after"]
LONGEST = 60
"""Seconds after which a command is taken to wait for somebody."""


END, INTERRUPT = "\x04", "\x03"
"""Control-D, and Control-C, which is a signal as this terminal controls nobody."""


@pytest.fixture
def project(alembic_project: ProjectFactory, sqlite_url: str) -> AlembicProject:
    project = alembic_project(BEFORE, sqlite_url)
    project.revision("before", rev_id="a1")
    project.upgrade()
    project.write_models(AFTER)
    return project


def environment(**changed: str) -> dict[str, str]:
    inherited = {name: each for name, each in os.environ.items() if name != "CI"}
    return {**inherited, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8", **changed}


def at_terminal(
    project: AlembicProject, answers: Sequence[str], env: Mapping[str, str]
) -> tuple[int, str]:
    """Run the command at a terminal of its own, type an answer at each prompt; return what is seen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *REVISION],
        cwd=project.directory,
        env=env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        # whoever started pytest in the background ignores it
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads
    )
    os.close(theirs)
    left, seen, end = list(answers), "", time.monotonic() + LONGEST
    try:
        while time.monotonic() < end:
            ready, _, _ = select.select([ours], [], [], 0.1)
            if ready:
                try:
                    read = os.read(ours, 4096)
                except OSError:  # the terminal's other side is closed
                    break
                seen += read.decode(errors="replace")
                if left and seen.rstrip(" ").endswith("]"):
                    answer = left.pop(0)
                    if answer == INTERRUPT:
                        process.send_signal(signal.SIGINT)
                    else:
                        os.write(ours, answer.encode() if answer == END else f"{answer}\n".encode())
            elif process.poll() is not None:
                break
        else:
            process.kill()
            pytest.fail(f"it waits: {seen}")
        return process.wait(LONGEST), seen
    finally:
        os.close(ours)


def upgrade_of(project: AlembicProject) -> str:
    script = project.scripts()[-1].read_text(encoding="utf-8")
    return script.partition("def upgrade")[2].partition("def downgrade")[0]


@pytest.mark.parametrize(
    ("answers", "renamed"), [(["y"], True), (["n"], False), ([""], False), (["what", "YES"], True)]
)
def test_a_person_at_the_terminal_is_asked(
    project: AlembicProject, answers: list[str], *, renamed: bool
) -> None:
    status, seen = at_terminal(project, answers, environment())
    assert 0 == status, seen
    assert len(answers) == seen.count("users.mail → users.email: rename? [y/N]")
    assert renamed == ('rename_column("mail", "email")' in upgrade_of(project))


@pytest.mark.parametrize("answers", [[END], [INTERRUPT], ["what", END]])
def test_a_person_who_leaves_gets_2_and_no_script(
    project: AlembicProject, answers: list[str]
) -> None:
    status, seen = at_terminal(project, answers, environment())
    assert 2 == status, seen
    assert seen.endswith("FAILED: no answer, so nothing was written; answer, or pass -x\r\n")
    assert "Traceback" not in seen
    assert 1 == len(project.scripts())


def test_of_several_one_is_chosen_by_its_number(project: AlembicProject) -> None:
    project.write_models(TWO)
    status, seen = at_terminal(project, ["2"], environment())
    assert 0 == status, seen
    assert "1  users.email" in seen
    assert "[1/2/N]" in seen
    assert 'rename_column("mail", "address")' in upgrade_of(project)


def test_a_value_is_typed(project: AlembicProject) -> None:
    project.write_models(FILLED)
    status, seen = at_terminal(project, ["7"], environment())
    assert 0 == status, seen
    assert "fill=7" in upgrade_of(project)


def test_a_terminal_is_not_asked_in_ci(project: AlembicProject) -> None:
    status, seen = at_terminal(project, [], environment(CI="1"))
    assert 2 == status
    assert "-x moltres.rename=users.mail:email" in seen
    assert 1 == len(project.scripts())


@pytest.mark.parametrize("stdin", ["closed", "nothing", "piped", "open pipe"])
@pytest.mark.parametrize("command", ["alembic-moltres", "alembic"])
def test_nobody_is_waited_for_without_a_terminal(
    project: AlembicProject, stdin: str, command: str
) -> None:
    program = COMMAND if command == "alembic-moltres" else [sys.executable, "-m", "alembic"]
    closed = (
        "import os, sys; os.close(0); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    start = [sys.executable, "-c", closed, *program[1:]] if stdin == "closed" else program
    given = subprocess.DEVNULL if stdin == "nothing" else subprocess.PIPE
    process = subprocess.Popen(
        [*start, *REVISION],
        cwd=project.directory,
        env=environment(),
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        if stdin == "open pipe":  # whose other end says nothing
            process.wait(LONGEST)
        out, err = process.communicate("y\n" if stdin == "piped" else None, timeout=LONGEST)
    finally:
        process.kill()
    assert (2 if command == "alembic-moltres" else 255) == process.returncode, err
    assert "-x moltres.rename=users.mail:email" in out + err
    assert 1 == len(project.scripts())
