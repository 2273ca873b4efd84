"""`state_at`: the state of a revision of a project, through its own `env.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from ..alembic_compat import version_folders
from ..errors import HistoryError
from .anchors import anchor_after, before_anchor, from_anchors
from .directory import open_directory, scripts_until
from .environment import run_env
from .live_tables import OwnTables
from .replay import Replay, run_all
from .state import State


def state_at(config: Config, revision: str = "heads") -> State:
    """Return what the scripts until a revision make of an empty database.

    Needs no database, no server and no driver; `env.py` says which dialect it is.

    Args:
        config: the project's `alembic.ini` or `pyproject.toml`.
        revision: anything that `alembic upgrade` takes; several by commas.

    Raises:
        HistoryError: the scripts cannot be loaded, one reaches outside, or `env.py` migrates
            several databases.
    """
    states = states_at(config, revision)
    if len(states) > 1:
        raise HistoryError(
            f"env.py migrates {len(states)} databases ({', '.join(states)}); "
            "ask states_at() for all of them",
            config,
        )
    return next(iter(states.values()))


def states_at(config: Config, revision: str = "heads") -> dict[str, State]:
    """Return the state of every database that `env.py` migrates, by the name that it gives.

    Args:
        config: see `state_at`.
        revision: see `state_at`.

    Raises:
        HistoryError: see `state_at`.
    """
    found: dict[str, State] = {}

    def keep(replayed: Replayed) -> None:
        found[replayed.name] = replayed.state

    replay_databases(config, revision, keep)
    return found


@dataclass(frozen=True, slots=True)
class Replayed:
    """A database that `env.py` migrates, after the scripts have been replayed.

    Attributes:
        name: what `env.py` calls it; empty if it migrates one.
        state: what the scripts make.
        context: what `context.configure` made, on a connection of the stand-in.
    """

    name: str
    state: State
    context: MigrationContext


def replay_databases(config: Config, revision: str, use: Callable[[Replayed], None]) -> None:
    """Replay a project's scripts through its `env.py`, and use each database where it runs them.

    Args:
        config: see `state_at`.
        revision: see `state_at`.
        use: called once for each database, inside `env.py`.

    Raises:
        HistoryError: see `state_at`.
    """
    names: list[str] = []
    own = OwnTables([])
    with own.watching():
        directory = open_directory(config)
        own.folders = [str(each) for each in version_folders(directory)]
        directory = open_directory(config)  # now that it is known whose tables are made
        scripts = scripts_until(directory, revision)
        anchor = anchor_after(directory, scripts)
        replayed = from_anchors(directory, scripts)

        def work(context: MigrationContext, arguments: dict[str, Any]) -> None:
            name = str(arguments.get("engine_name", len(names) or ""))
            names.append(name)
            state = run_all(Replay(context, arguments), replayed)
            known = state if anchor is None else before_anchor(state, anchor)
            use(Replayed(name, known, context))

        run_env(config, directory, own, work)
