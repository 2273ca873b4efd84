"""How a command is declared: its function, and the arguments it adds to the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Status(IntEnum):
    """The exit status of a comparing command; its function returns it."""

    SAME = 0
    DIFFERENT = 1
    FAILED = 2


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument, as `ArgumentParser.add_argument` takes it.

    `dest` is the parameter of the command's function.
    """

    names: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    def add_to(self, parser: ArgumentParser) -> str:
        """Add it to a parser and return its `dest`."""
        return parser.add_argument(*self.names, **self.options).dest


def argument(*names: str, **options: Any) -> Argument:
    """Declare an argument.

    >>> argument("--sql", action="store_true", help="as DDL").names
    ('--sql',)
    """
    return Argument(names, options)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of `alembic-moltres`.

    Attributes:
        function: takes Alembic's `Config`, and the arguments by name; may return a `Status`. The
            command has its name. If Alembic has a command of that name, the function takes its
            arguments too.
        arguments: in addition to those of Alembic's command of the same name.
    """

    function: Callable[..., Any]
    arguments: tuple[Argument, ...] = ()

    @property
    def name(self) -> str:
        """The name on the command line: `squash`."""
        return self.function.__name__

    @property
    def summary(self) -> str:
        """The first paragraph of the function's docstring, on one line."""
        return " ".join((self.function.__doc__ or "").strip().split("\n\n")[0].split())


FORMAT = argument(
    "--format",
    choices=["text", "json"],
    default="text",
    help="text for a person (default), or JSON",
)
"""The argument of commands with output."""


SCRATCH = argument(
    "--scratch",
    metavar="URL",
    help="run the scripts on this empty database, which is emptied again, and compare with it",
)
"""The argument of commands that need a complete state."""
