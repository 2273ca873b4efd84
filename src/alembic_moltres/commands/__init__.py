"""`alembic-moltres`: Alembic's commands and ours. Each is a plain function `f(config, ...)`.

command_line        the command line; a subclass of Alembic's
command             how a command is declared: its function and arguments
failures            an error as one line on stderr, and the exit status
output              text, tables and JSON
comparison          autogenerate's comparison, with and without a database
differences         its result as text and JSON
uncertain           errors and JSON for what replay cannot know

state_command       `state`
revision_command    `revision`; check_command: `check`
history_command     `history -i`
init_command        `init`
anchor_command      `anchor`; anchor_tables: the tables of a database at head
locate_command      `locate`
stamp_command       `stamp --verify`
drift_command       `drift`; drifting: its `--repair` and `--write`
eject_command       `eject`; ejecting: how a script becomes one of plain Alembic
freeze_command      `freeze`
squash_command      `squash`; squashing: how one script is made of several
plan_command        `plan`; planning: how a plan is made and written
erd_command         `erd`; drawing: the tables in a diagram, and its files
scripts             scripts as source text, and what they do when they run
questions           questions to the user at the terminal
scratch             a state verified on a scratch database
databases           a project's databases, connected, and the states of their revisions

A command is a module with a function and `COMMAND`, and a line in `MODULES`. `--help` imports all
of them, so slow imports are inside the functions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .anchor_command import anchor
    from .check_command import check
    from .drift_command import drift
    from .eject_command import eject
    from .erd_command import erd
    from .freeze_command import freeze
    from .history_command import history
    from .init_command import init
    from .locate_command import locate
    from .plan_command import plan
    from .revision_command import revision
    from .squash_command import squash
    from .stamp_command import stamp
    from .state_command import state

__all__ = [
    "anchor",
    "check",
    "drift",
    "eject",
    "erd",
    "freeze",
    "history",
    "init",
    "locate",
    "plan",
    "revision",
    "squash",
    "stamp",
    "state",
]

MODULES = {
    "state": "state_command",
    "plan": "plan_command",
    "revision": "revision_command",
    "check": "check_command",
    "history": "history_command",
    "init": "init_command",
    "drift": "drift_command",
    "locate": "locate_command",
    "stamp": "stamp_command",
    "anchor": "anchor_command",
    "eject": "eject_command",
    "freeze": "freeze_command",
    "squash": "squash_command",
    "erd": "erd_command",
}
"""The module of each command, in the order of `--help`."""


def __getattr__(name: str) -> Any:
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return getattr(import_module(f".{MODULES[name]}", __name__), name)
