"""`state_at`: the state of a revision of a project, through its own `env.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

from ..alembic_compat import version_folders
from ..dialects.base.registry import impl_of
from ..errors import HistoryError
from ..options import moltres_options
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


def states_at(
    config: Config, revision: str = "heads", servers: Iterable[str | None] = ()
) -> dict[str, State]:
    """Return the state of every database that `env.py` migrates, by the name that it gives.

    Args:
        config: see `state_at`.
        revision: see `state_at`.
        servers: see `run_env`.

    Raises:
        HistoryError: see `state_at`.
    """
    found: dict[str, State] = {}

    def keep(replayed: Replayed) -> None:
        found[replayed.name] = replayed.state

    replay_databases(config, revision, keep, servers)
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


def replay_databases(
    config: Config,
    revision: str,
    use: Callable[[Replayed], None],
    servers: Iterable[str | None] = (),
) -> None:
    """Replay a project's scripts through its `env.py`, and use each database where it runs them.

    Args:
        config: see `state_at`.
        revision: see `state_at`.
        use: called once for each database, inside `env.py`.
        servers: see `run_env`.

    Raises:
        HistoryError: see `state_at`.
    """
    with project_scripts(config) as (directory, own):
        scripts = scripts_until(directory, revision)

        def replay(database: EmptyDatabase) -> None:
            state = run_from_anchors(directory, database.first_replay(), scripts)
            use(Replayed(database.name, state, database.context))

        use_empty_databases(config, directory, own, replay, servers)


def run_from_anchors(
    directory: ScriptDirectory, replay: Replay, scripts: Sequence[Script]
) -> State:
    """Run scripts, from an anchor on where there is one, and return what they make."""
    state = run_all(replay, from_anchors(directory, scripts))
    anchor = anchor_after(directory, scripts)
    return state if anchor is None else before_anchor(state, anchor)


def replay_beside(context: MigrationContext) -> State:
    """Return the state of the heads, replayed on a stand-in of a context's database.

    Args:
        context: made by `env.py`, which runs now.
    """
    environment: Any = context.environment_context
    with project_scripts(environment.config) as (directory, own):
        database = EmptyDatabase("", context, _arguments(context), own)
        server = moltres_options(context.opts).get("server") or impl_of(context.dialect).server()
        replay = database.new_replay(server)
        return run_from_anchors(directory, replay, scripts_until(directory))


def _arguments(context: MigrationContext) -> dict[str, Any]:
    """Return what `upgrade()` is given where `env.py` names its databases as Alembic's does."""
    name, _, rest = str(context.opts.get("upgrade_token") or "").rpartition("_")
    return {"engine_name": name} if name and rest == "upgrades" else {}


@dataclass(frozen=True, slots=True)
class EmptyDatabase:
    """The stand-in of a database that `env.py` migrates, before any script has run.

    Attributes:
        name: see `Replayed`.
        context: see `Replayed`.
        arguments: what `upgrade()` is given.
        own: the tables that scripts make.
    """

    name: str
    context: MigrationContext
    arguments: Mapping[str, Any]
    own: OwnTables

    def first_replay(self) -> Replay:
        """Begin a replay on it; it can be done once."""
        return Replay(self.context, self.arguments)

    def new_replay(self, server: str | None) -> Replay:
        """Begin a replay on another one like it.

        Args:
            server: whose version it answers with.
        """
        opts = {name: each for name, each in self.context.opts.items() if name in NOTICED}
        return Replay.of(
            self.context.dialect,
            opts,
            server,
            self.own,
            self.arguments,
            self.context.environment_context,
        )


NOTICED = ("target_metadata", "render_as_batch", "transaction_per_migration", "moltres")
"""What of `context.configure` a script can notice."""


@contextmanager
def project_scripts(config: Config) -> Iterator[tuple[ScriptDirectory, OwnTables]]:
    """Load a project's scripts; the tables that they make inside are their own.

    Raises:
        HistoryError: the scripts cannot be loaded.
    """
    own = OwnTables([str(each) for each in version_folders(ScriptDirectory.from_config(config))])
    with own.watching():
        yield open_directory(config), own


def use_empty_databases(
    config: Config,
    directory: ScriptDirectory,
    own: OwnTables,
    use: Callable[[EmptyDatabase], None],
    servers: Iterable[str | None] = (),
    **context: Any,
) -> None:
    """Run `env.py` on stand-ins, and use each where it runs the migrations.

    Args:
        config: see `state_at`.
        directory: see `project_scripts`.
        own: see `project_scripts`.
        use: called once for each, inside `env.py`.
        servers: see `run_env`.
        context: see `run_env`.

    Raises:
        HistoryError: see `state_at`.
    """
    names: list[str] = []

    def work(context: MigrationContext, arguments: dict[str, Any]) -> None:
        names.append(str(arguments.get("engine_name", len(names) or "")))
        use(EmptyDatabase(names[-1], context, arguments, own))

    run_env(config, directory, own, work, servers, **context)
