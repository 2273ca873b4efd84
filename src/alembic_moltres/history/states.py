"""`state_at`: the state of a revision of a project, through its own `env.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError

from ..alembic_compat import version_folders
from ..dialects.base.registry import impl_of
from ..errors import HistoryError
from ..options import moltres_options
from .anchors.replayed import anchor_after, before_anchor, from_anchors
from .directory import load, script_directory, scripts_until
from .environment import run_env
from .isolation import OutsideError
from .live_tables import ScriptTables
from .replay import Replay, run_all
from .state import State


def state_at(config: Config, revision: str = "heads") -> State:
    """Return the state of an empty database after the scripts up to a revision.

    It needs no database, server or driver; `env.py` sets the dialect.

    Args:
        config: the project's `alembic.ini` or `pyproject.toml`.
        revision: anything that `alembic upgrade` takes; several by commas.

    Raises:
        HistoryError: the scripts cannot be loaded, one accesses the outside, or `env.py` migrates
            several databases.
    """
    states = states_at(config, revision)
    if len(states) > 1:
        raise HistoryError(
            f"env.py migrates {len(states)} databases ({', '.join(states)}); "
            "use states_at() for all of them",
            config,
        )
    return next(iter(states.values()))


def states_at(
    config: Config, revision: str = "heads", servers: Iterable[str | None] = ()
) -> dict[str, State]:
    """Return the state of every database that `env.py` migrates, by its name in `env.py`.

    Args:
        config: see `state_at`.
        revision: see `state_at`.
        servers: see `run_env`.

    Raises:
        HistoryError: see `state_at`.
    """
    states: dict[str, State] = {}

    def keep(replayed: ReplayedDatabase) -> None:
        states[replayed.name] = replayed.state

    replay_databases(config, revision, keep, servers)
    return states


@dataclass(frozen=True, slots=True)
class ReplayedDatabase:
    """A database that `env.py` migrates, after the replay of its scripts.

    Attributes:
        name: its name in `env.py`; empty if there is only one.
        state: after the scripts.
        context: made by `context.configure()`, on a connection of the stand-in.
    """

    name: str
    state: State
    context: MigrationContext


def replay_databases(
    config: Config,
    revision: str,
    use: Callable[[ReplayedDatabase], None],
    servers: Iterable[str | None] = (),
) -> None:
    """Replay a project's scripts through its `env.py`, and call `use` for each database.

    Args:
        config: see `state_at`.
        revision: see `state_at`.
        use: called inside `env.py`.
        servers: see `run_env`.

    Raises:
        HistoryError: see `state_at`.
    """
    with project_scripts(config) as (directory, script_tables):
        scripts = scripts_until(directory, revision)

        def replay(database: EmptyDatabase) -> None:
            state = run_from_anchors(directory, database.first_replay(), scripts)
            use(ReplayedDatabase(database.name, state, database.context))

        use_empty_databases(config, directory, script_tables, replay, servers)


def run_from_anchors(
    directory: ScriptDirectory, replay: Replay, scripts: Sequence[Script]
) -> State:
    """Run scripts, from an anchor on if there is one, and return the resulting state."""
    state = run_all(replay, from_anchors(directory, scripts))
    anchor = anchor_after(directory, scripts)
    return state if anchor is None else before_anchor(state, anchor)


def state_of_heads(context: MigrationContext) -> State:
    """Return the state of the heads: a stand-in has it, beside a database they are replayed.

    Args:
        context: see `replay_beside`.
    """
    dialect: Any = context.dialect
    if getattr(dialect, "is_stand_in", False):
        state: State = dialect.database.state()
        return state
    return replay_beside(context)


def replay_beside(context: MigrationContext) -> State:
    """Return the state of the heads, replayed on a stand-in of a context's database.

    Args:
        context: made by the running `env.py`.
    """
    environment: Any = context.environment_context
    with project_scripts(environment.config) as (directory, script_tables):
        database = EmptyDatabase("", context, _arguments(context), script_tables)
        server = moltres_options(context.opts).get("server") or impl_of(context.dialect).server()
        replay = database.new_replay(server)
        return run_from_anchors(directory, replay, scripts_until(directory))


def _arguments(context: MigrationContext) -> dict[str, Any]:
    """Return the arguments of `upgrade()`, if `env.py` names databases as Alembic's template."""
    name, _, rest = str(context.opts.get("upgrade_token") or "").rpartition("_")
    return {"engine_name": name} if name and rest == "upgrades" else {}


@dataclass(frozen=True, slots=True)
class EmptyDatabase:
    """The stand-in of a database that `env.py` migrates, before any script has run.

    Attributes:
        name: see `ReplayedDatabase`.
        context: see `ReplayedDatabase`.
        arguments: of `upgrade()`.
        script_tables: the tables that scripts define.
    """

    name: str
    context: MigrationContext
    arguments: Mapping[str, Any]
    script_tables: ScriptTables

    def first_replay(self) -> Replay:
        """Start a replay on it, only once."""
        return Replay(self.context, self.arguments)

    def new_replay(self, server: str | None) -> Replay:
        """Start a replay on a new stand-in like it.

        Args:
            server: whose version it reports.
        """
        opts = {name: each for name, each in self.context.opts.items() if name in REPLAYED_OPTIONS}
        return Replay.of(
            self.context.dialect,
            opts,
            server,
            self.script_tables,
            self.arguments,
            self.context.environment_context,
        )


REPLAYED_OPTIONS = (
    "target_metadata",
    "render_as_batch",
    "transaction_per_migration",
    "moltres",
    "version_table",
    "version_table_schema",
    "version_table_pk",
)
"""The options of `context.configure` that affect a script."""


@contextmanager
def project_scripts(config: Config) -> Iterator[tuple[ScriptDirectory, ScriptTables]]:
    """Load a project's scripts, and record the tables that they define.

    Raises:
        HistoryError: the scripts cannot be loaded.
    """
    directory = script_directory(config)
    script_tables = ScriptTables([str(each) for each in version_folders(directory)])
    with script_tables.watching():
        try:
            load(directory)
        except HistoryError as err:
            if not _may_depend_on_env(err):
                raise
            directory = _loaded_inside_env(config, script_tables)
        yield directory, script_tables


def _may_depend_on_env(err: HistoryError) -> bool:
    """Tell whether a script may load inside of `env.py`: it ran, and raised."""
    unread = SyntaxError | UnicodeError | OSError | CommandError | RevisionError | OutsideError
    return err.__cause__ is not None and not isinstance(err.__cause__, unread)


def _loaded_inside_env(config: Config, script_tables: ScriptTables) -> ScriptDirectory:
    """Load the scripts while `env.py` is running, as `alembic upgrade` does.

    It may have extended `sys.path` by then, or have entered the context of an application.
    """
    directory = script_directory(config)
    loaded: list[ScriptDirectory] = []

    def work(*_: object) -> None:
        if not loaded:
            load(directory)
            loaded.append(directory)

    run_env(config, directory, script_tables, work)
    return directory


def use_empty_databases(
    config: Config,
    directory: ScriptDirectory,
    script_tables: ScriptTables,
    use: Callable[[EmptyDatabase], None],
    servers: Iterable[str | None] = (),
    **context: Any,
) -> None:
    """Run `env.py` on stand-ins, and call `use` for each instead of running the migrations.

    Args:
        config: see `state_at`.
        directory: see `project_scripts`.
        script_tables: see `project_scripts`.
        use: called inside `env.py`.
        servers: see `run_env`.
        context: see `run_env`.

    Raises:
        HistoryError: see `state_at`.
    """
    names: list[str] = []

    def work(context: MigrationContext, arguments: dict[str, Any]) -> None:
        names.append(str(arguments.get("engine_name", len(names) or "")))
        use(EmptyDatabase(names[-1], context, arguments, script_tables))

    run_env(config, directory, script_tables, work, servers, **context)
