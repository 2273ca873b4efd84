"""The command line: Alembic's commands and ours, the options, errors and exit statuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from alembic.config import CommandLine, Config
from alembic.util import CommandError

from alembic_moltres import commands
from alembic_moltres.commands.command import Command, Status
from alembic_moltres.commands.command_line import MoltresCommandLine
from alembic_moltres.commands.command_line import commands as our_commands
from tests.alembic_project import PLUGINS, AlembicProject, ProjectFactory
from tests.commands.command_line import run
from tests.history.scripts import MODELS, write


@pytest.fixture
def project(alembic_project: ProjectFactory) -> AlembicProject:
    project = alembic_project(MODELS, "sqlite:///none.db")
    write(
        project, "a1", "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True))"
    )
    return project


def test_every_command_of_alembic_is_there_with_its_options() -> None:
    theirs, ours = CommandLine().subparsers.choices, MoltresCommandLine().subparsers.choices
    assert theirs.keys() <= ours.keys()
    for name, parser in theirs.items():
        wanted = vars(parser.parse_args(["x"] * len(parser.get_default("cmd")[1])))
        have = vars(ours[name].parse_args(["x"] * len(parser.get_default("cmd")[1])))
        assert wanted.keys() <= have.keys()


def test_each_command_of_ours_is_a_function_that_can_be_imported() -> None:
    assert [each.name for each in our_commands()] == list(commands.MODULES)
    assert sorted(commands.MODULES) == commands.__all__
    for each in our_commands():
        assert getattr(commands, each.name) is each.function
        assert each.summary.endswith(".")


def test_a_command_of_alembic_runs_as_ever(project: AlembicProject) -> None:
    done = run(project, "heads")
    assert (done.status, done.out) == (0, "a1 (head)\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["stae"], "m: error: there is no command 'stae'; did you mean 'state'?\n"),
        (["-q", "zzz"], "m: error: there is no command 'zzz'; --help lists them\n"),
    ],
)
def test_a_misspelt_command_gets_the_nearest_one(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        MoltresCommandLine("m").main(arguments)
    assert (Status.FAILED, expected) == (ended.value.code, capsys.readouterr().err)


def test_each_text_of_help_has_one_style() -> None:
    """Ours begin in lower case and have no full stop; a command's own text is a sentence."""
    for command in our_commands():
        for each in command.arguments:
            text = str(each.options["help"])
            assert text[0].islower() or text.split(maxsplit=1)[0] in {"A:B,", "Mermaid's"}, text
            assert not text.endswith("."), text


def test_an_error_of_alembics_command_ends_as_ever(project: AlembicProject) -> None:
    assert run(project, "show", "zz").status == 255 - 256


def ending_with(act: Callable[[], object]) -> MoltresCommandLine:
    def state(config: Config, **_: object) -> object:
        return act()

    state.__module__ = "alembic_moltres.commands.state_command"
    line = MoltresCommandLine()
    line.subparsers.choices["state"].set_defaults(cmd=(state, [], []))
    return line


@pytest.mark.parametrize("status", list(Status))
def test_the_status_that_a_function_returns_is_the_exit_status(status: Status) -> None:
    line = ending_with(lambda: status)
    if status is Status.SAME:
        line.main(["state"])
        return
    with pytest.raises(SystemExit) as ended:
        line.main(["state"])
    assert ended.value.code == status


def test_an_error_of_the_users_is_one_line_and_2(capsys: pytest.CaptureFixture[str]) -> None:
    line = ending_with(lambda: json.loads("{"))
    with pytest.raises(SystemExit) as ended:
        line.main(["state"])
    assert ended.value.code == Status.FAILED
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"FAILED: {__file__}:")
    assert "JSONDecodeError" in told


def test_raiseerr_raises_it() -> None:
    with pytest.raises(json.JSONDecodeError):
        ending_with(lambda: json.loads("{")).main(["--raiseerr", "state"])


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    with pytest.raises(AttributeError):
        ending_with(lambda: commands.no_such_command).main(["state"])


def test_an_unknown_key_of_x_is_refused(project: AlembicProject) -> None:
    done = run(project, "-x", "moltres.nothing=1", "upgrade", "head")
    assert done.status == 2
    assert done.err.startswith("FAILED: -x moltres.nothing is not an option")
    assert not (project.directory / "none.db").exists()


def test_the_projects_own_keys_of_x_are_its_own(project: AlembicProject) -> None:
    assert run(project, "-x", "tenant=moltres.a", "-x", "verbose", "heads").status == 0


def test_an_unknown_key_of_configure_is_refused(alembic_project: ProjectFactory) -> None:
    project = alembic_project(MODELS, "sqlite://", configure='moltres={"servr": "9"},')
    done = run(project, "state")
    assert done.status == 2
    assert done.err == (
        "FAILED: context.configure(moltres={'servr': ...}) is not an option; did you mean 'server'?\n"
    )


def test_a_second_config_file_and_a_section_are_read_as_alembic_reads_them(
    project: AlembicProject,
) -> None:
    ini = project.directory / "alembic.ini"
    other = ini.read_text(encoding="utf-8").replace("[alembic]", "[other]")
    ini.rename(project.directory / "elsewhere.ini").write_text(other, encoding="utf-8")
    assert run(project, "-c", "elsewhere.ini", "-n", "other", "state").status == 0
    assert "FAILED" in run(project, "state").err


def test_pyproject_toml_is_read(project: AlembicProject) -> None:
    ini = (project.directory / "alembic.ini").read_text(encoding="utf-8")
    without = ini.replace("script_location = %(here)s/migrations", "")
    (project.directory / "alembic.ini").write_text(without, encoding="utf-8")
    toml = '[tool.alembic]\nscript_location = "%(here)s/migrations"\n'
    (project.directory / "pyproject.toml").write_text(toml, encoding="utf-8")
    assert "users" in run(project, "state").out


def test_help_imports_nothing_slow() -> None:
    source = (
        "import sys\n"
        "from alembic_moltres.commands.command_line import MoltresCommandLine\n"
        "MoltresCommandLine().parser.format_help()\n"
        "print(*(each for each in sys.modules if each.startswith('alembic_moltres.')))"
    )
    before = "import alembic.config, sys\nprint(*(each for each in sys.modules if each.startswith('alembic_moltres.')))"
    added = modules_of(source) - modules_of(before)
    parts = {each.split(".")[1] for each in added}
    assert parts <= {"commands", "options"}


def modules_of(source: str) -> set[str]:
    command = [sys.executable, "-c", source]
    return set(subprocess.check_output(command, env=os.environ, text=True).split())


def test_a_declaration_that_alembic_has_too_adds_to_it() -> None:
    def heads(config: Config, **_: object) -> None:
        """Show heads."""

    line = MoltresCommandLine()
    line.add(Command(heads))
    _, _, keywords = line.subparsers.choices["heads"].get_default("cmd")
    assert keywords == ["verbose", "resolve_dependencies"]


def test_stock_alembic_refuses_them_where_an_operation_of_ours_runs(
    alembic_project: ProjectFactory,
) -> None:
    project = alembic_project(MODELS, "sqlite:///none.db")
    values = "op.moltres_create_table(TableSchema('t', [column('id', 'INTEGER')]))"
    write(project, "a1", values)
    with pytest.raises(CommandError, match=r"-x moltres\.nothing is not an option"):
        project.run("-x", "moltres.nothing=1", "upgrade", "head")
    env = project.env.read_text(encoding="utf-8")
    project.env.write_text(env.replace(PLUGINS, f'{PLUGINS} moltres={{"strct": True}},'), "utf-8")
    with pytest.raises(CommandError, match="did you mean 'strict'"):
        project.upgrade()
