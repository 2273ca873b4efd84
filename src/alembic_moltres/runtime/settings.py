"""The options of the runner: `context.configure(moltres={})`, and `-x moltres.name=value`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from ..errors import OptionError
from ..options import moltres_arguments, moltres_options, remedy

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

RUNNER = "runner"
OFF = frozenset({"0", "false", "no", "off"})
ON = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class Settings:
    """How migrations are run.

    Attributes:
        runner: use our runner; else Alembic's.
        wait: seconds to wait for another upgrade.
        lock_timeout: seconds that a statement may wait for a lock; 0: the database's setting.
        retry_for: seconds to retry what was refused for a lock.
    """

    runner: bool = True
    wait: float = 600
    lock_timeout: float = 5
    retry_for: float = 300


SECONDS = tuple(each.name for each in fields(Settings) if each.name != RUNNER)


def settings_of(context: MigrationContext) -> Settings:
    """Return the settings of a run; `-x` overrides env.py.

    Raises:
        OptionError: a name or a value is invalid.
    """
    given = moltres_options(context.opts)
    runner = given.get(RUNNER, True)
    single = {name: given[name] for name in SECONDS if name in given}
    written = "context.configure(moltres={{{!r}: {!r}}})"
    settings = _with(Settings(), _keys(runner) | single, written)
    environment = context.environment_context
    stated = moltres_arguments(environment.get_x_argument() if environment else ())
    ours = {name: stated[name] for name in (RUNNER, *SECONDS) if name in stated}
    return _with(settings, ours, "-x moltres.{}={}")


def _keys(runner: object) -> dict[str, Any]:
    """Return the settings in `"runner": {...}`, or `True` or `False`."""
    if not isinstance(runner, Mapping):
        return {RUNNER: runner}
    for name in runner:
        if name not in SECONDS:
            raise OptionError(
                f"context.configure(moltres={{'runner': {{{name!r}: ...}}}}) is not an option"
                f"{remedy(str(name), SECONDS)}",
                name,
            )
    return dict(runner)


def _with(settings: Settings, given: Mapping[str, Any], written: str) -> Settings:
    for name, value in given.items():
        read = _switch(value) if name == RUNNER else _seconds(value)
        if read is None:
            what = "True or False" if name == RUNNER else "seconds"
            raise OptionError(f"{written.format(name, value)} is not {what}; write {what}", value)
        stated: dict[str, Any] = {name: read}
        settings = replace(settings, **stated)
    return settings


def _switch(value: object) -> bool | None:
    text = str(value).lower()
    return False if text in OFF else True if text in ON else None


def _seconds(value: object) -> float | None:
    try:
        seconds = float(str(value))
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None
