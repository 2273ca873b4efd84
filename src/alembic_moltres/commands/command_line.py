"""`alembic-moltres`: a subclass of Alembic's `CommandLine`, with the same options."""

from __future__ import annotations

import re
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from importlib import import_module
from typing import Any, NoReturn, TextIO, cast

from alembic.config import CommandLine, Config

from ..alembic_compat import each_environment
from ..errors import OptionError
from ..messages import did_you_mean
from ..options import moltres_arguments
from . import MODULES
from .command import Command, Status
from .failures import as_command_error, as_one_line, explaining_scripts, interruptible
from .output.console import PrintableStream

INVALID = "argument COMMAND: invalid choice: "
"""What argparse says of a misspelt command, before it."""

SHOWING = ("show", "heads", "branches", "current")
"""Alembic's commands that write what scripts say, their messages and labels."""

MIGRATING = ("upgrade", "downgrade")
"""Alembic's commands that always use our runner, whatever `env.py` says."""


def commands() -> Iterator[Command]:
    """Yield our commands, in the order of `--help`."""
    for module in MODULES.values():
        command: Command = import_module(f".{module}", __package__).COMMAND
        yield command


class MoltresCommandLine(CommandLine):
    """All of Alembic's commands, and ours."""

    def __init__(self, prog: str | None = None) -> None:
        super().__init__(prog)
        self.subparsers.metavar = "COMMAND"
        self.parser.error = self._refuse  # type: ignore[method-assign]
        for command in commands():
            self.add(command)

    def add(self, command: Command) -> None:
        """Add a command. It keeps the arguments of Alembic's command of the same name."""
        parser = self.subparsers.choices.get(command.name)
        if parser is None:
            parser = self.subparsers.add_parser(
                command.name, help=command.summary, description=command.summary
            )
            positional, keywords = [], []
        else:
            _, positional, keywords = parser.get_default("cmd")
        ours = [each.add_to(parser) for each in command.arguments]
        parser.set_defaults(cmd=(command.function, positional, [*keywords, *ours]))

    def _refuse(self, message: str) -> NoReturn:
        """Exit with argparse's message; a misspelt command gets the nearest one."""
        if message.startswith(INVALID):
            wrong = message.removeprefix(INVALID).partition(" ")[0]
            hint = did_you_mean(wrong.strip("'"), self.subparsers.choices)
            message = f"there is no command {wrong}{hint or '; --help lists them'}"
        else:
            self.parser.print_usage(sys.stderr)
        self.parser.exit(Status.FAILED, f"{self.parser.prog}: error: {message}\n")

    def run_cmd(self, config: Config, options: Namespace) -> None:
        """Run a command; the exit status of ours is always a `Status`."""
        with interruptible(raises=options.raiseerr):
            self._run(config, options)

    def _run(self, config: Config, options: Namespace) -> None:
        with as_one_line(raises=options.raiseerr):
            moltres_arguments(options.x)
            _check_identifier(getattr(options, "rev_id", None))
        function, positional, keywords = options.cmd
        shows = function.__name__ in SHOWING  # else Alembic's default, bound when it is imported
        config.stdout = cast(TextIO, PrintableStream(sys.stdout)) if shows else sys.stdout
        if not function.__module__.startswith(f"{__package__}."):
            options.cmd = (_in_one_line(function), positional, keywords)
            with _runner_built_in() if function.__name__ in MIGRATING else nullcontext():
                super().run_cmd(config, options)
            return
        arguments = {name: getattr(options, name, None) for name in (*positional, *keywords)}
        with as_one_line(raises=options.raiseerr), explaining_scripts(config):
            status = function(config, **arguments)
        if isinstance(status, Status) and status:
            sys.exit(status)


def _check_identifier(given: str | None) -> None:
    """Check what Alembic writes unquoted into a script, a file's name and SQL."""
    if given is not None and re.fullmatch(r"[\w.@:+-]+", given) is None:
        raise OptionError(
            f"--rev-id {given!r} cannot be written into a script; write letters, digits and '_'",
            given,
        )


def _in_one_line(function: Callable[..., None]) -> Callable[..., None]:
    """Return a command of Alembic's whose errors before a script runs are one line, too."""

    @wraps(function)
    def run(config: Config, *args: Any, **stated: Any) -> None:
        with as_command_error(config):
            function(config, *args, **stated)

    return run


def _runner_built_in() -> AbstractContextManager[None]:
    from ..runtime.run import build_in

    return each_environment(build_in)


def main(argv: Sequence[str] | None = None, prog: str | None = None) -> None:
    """Run `alembic-moltres`."""
    MoltresCommandLine(prog).main(argv)


if __name__ == "__main__":
    main()
