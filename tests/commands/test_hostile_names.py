"""Hostile text in `alembic_version` and on the command line is one printable line of an error."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.alembic_project import ProjectFactory
from tests.autogenerate.hostile import ATTACK
from tests.commands.command_line import run
from tests.history.scripts import MODELS, write

NAME = f"""\x1b[2J{ATTACK}\r\u2028\x85\u202e"'`\\"""


def unprintable(text: str) -> list[str]:
    return [line for line in text.split("\n") if not line.isprintable()]


@pytest.mark.parametrize(
    "arguments",
    [
        *("upgrade head", "upgrade head --sql", "downgrade base", "current", "check", "drift"),
        *("plan", "locate", "anchor", "history -i", "stamp r1", "stamp --verify r1"),
        *("revision --autogenerate", "merge heads", "show current", "upgrade +1"),
    ],
)
def test_a_row_of_alembic_version_is_one_line_of_an_error(
    arguments: str, alembic_project: ProjectFactory, sqlite_engine: sa.Engine, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    write(project, "r1", "pass")
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(99))")
        connection.execute(sa.text("INSERT INTO alembic_version VALUES (:name)"), {"name": NAME})
    done = run(project, *arguments.split())
    assert [] == unprintable(done.out)
    assert [] == unprintable(done.err)


@pytest.mark.parametrize("command", ["upgrade", "downgrade", "show", "stamp", "plan", "state"])
def test_an_unknown_revision_is_one_line_of_an_error(
    command: str, alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    done = run(project, command, "\x1b[2J\x07")
    assert done.status != 0
    assert "\\x1b[2J\\x07" in done.out + done.err
    assert [] == unprintable(done.out + done.err)


@pytest.mark.parametrize("command", ["show head", "heads -v", "branches -v", "current -v"])
def test_a_message_of_a_script_is_printable(
    command: str, alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    assert run(project, "revision", "-m", "a\x1b[2J\0", "--rev-id", "r1").status == 0
    assert run(project, "upgrade", "head").status == 0
    done = run(project, *command.split())
    assert ("a\\x1b[2J\\x00" in done.out) == (command != "branches -v")
    assert [] == unprintable(done.out + done.err)


@pytest.mark.parametrize(
    "identifier", ['"""\nopen("p", "w")\n"""', "a'b", "../../a", "a\0b", "\x1b[2J", "${1}", "a b"]
)
def test_an_identifier_that_a_script_cannot_have_is_refused(
    identifier: str, alembic_project: ProjectFactory, sqlite_url: str
) -> None:
    project = alembic_project(MODELS, sqlite_url)
    done = run(project, "revision", "-m", "a", "--rev-id", identifier)
    assert done.status == 2
    assert done.err == (
        f"FAILED: --rev-id {identifier!r} cannot be written into a script; "
        "write letters, digits and '_'\n"
    )
    assert [] == project.scripts()
