"""A project's databases, connected through its `env.py`, and the states of their revisions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sized
from dataclasses import dataclass
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError

from ..dialects.base.registry import impl_of
from ..errors import HistoryError, OptionError
from ..history.directory import explain_squashed, open_directory
from ..history.environment import never_migrates
from ..history.state import State
from ..history.states import states_at


@dataclass(frozen=True, slots=True)
class ConnectedDatabase:
    """A database that `env.py` migrates, while connected.

    Attributes:
        name: its name in `env.py`; empty if there is only one.
        context: made by `context.configure()`, on the real connection.
    """

    name: str
    context: MigrationContext

    @property
    def heads(self) -> tuple[str, ...]:
        """The revisions in its version table."""
        return self.context.get_current_heads()


def use_databases(config: Config, use: Callable[[ConnectedDatabase], None]) -> None:
    """Run `env.py`, and call `use` for each database instead of running the migrations.

    Args:
        config: the project's.
        use: called inside `env.py`.

    Raises:
        HistoryError: `env.py` never runs the migrations.
    """
    directory = ScriptDirectory.from_config(config)
    names: list[str] = []
    options: dict[str, Any] = {"fn": lambda *_: [], "as_sql": False, "dont_mutate": True}
    environment = EnvironmentContext(config, directory, **options)

    def run_migrations(**arguments: Any) -> None:
        names.append(str(arguments.get("engine_name", len(names) or "")))
        use(ConnectedDatabase(names[-1], environment.get_context()))

    environment.__dict__["run_migrations"] = run_migrations
    with environment:
        directory.run_env()
    if not names:
        raise never_migrates(directory)


def names_of_databases(environment: EnvironmentContext) -> list[str]:
    """Return a list that has the names of the databases, as soon as `env.py` migrates them."""
    names: list[str] = []

    def run_migrations(**arguments: Any) -> None:
        names.append(str(arguments.get("engine_name", len(names) or "")))
        EnvironmentContext.run_migrations(environment, **arguments)

    environment.__dict__["run_migrations"] = run_migrations
    return names


@dataclass(frozen=True, slots=True)
class KnownDatabase:
    """What a comparison needs to know of a database beforehand.

    Attributes:
        name: see `ConnectedDatabase`.
        heads: see `ConnectedDatabase`.
        server: its kind and version; see `DialectImpl.server`.
    """

    name: str
    heads: tuple[str, ...]
    server: str | None

    @classmethod
    def of(cls, database: ConnectedDatabase) -> KnownDatabase:
        """Read it from a connected database."""
        server = impl_of(database.context.dialect).server()
        return cls(database.name, database.heads, server)


def known_databases(config: Config) -> list[KnownDatabase]:
    """Return the databases that `env.py` migrates.

    Raises:
        HistoryError: see `use_databases`.
    """
    databases: list[KnownDatabase] = []
    use_databases(config, lambda database: databases.append(KnownDatabase.of(database)))
    return databases


def current_states(
    config: Config, databases: Iterable[KnownDatabase], scratch: str | None = None
) -> dict[str, State]:
    """Return the state at each database's current revisions, by database name.

    Args:
        config: the project's.
        databases: with their revisions.
        scratch: the URL of an empty database to run the scripts on as well.

    Raises:
        HistoryError: the scripts cannot be replayed, or lack one of the revisions.
    """
    databases = list(databases)
    _check_scripts(config, databases)
    servers = [each.server for each in databases]
    states: dict[str, State] = {}
    for heads in dict.fromkeys(each.heads for each in databases):
        at_heads = states_at(config, ",".join(heads) or "base", servers)
        states |= {each.name: at_heads[each.name] for each in databases if each.heads == heads}
    return states if scratch is None else _verified(config, databases, states, scratch)


def _verified(
    config: Config, databases: Collection[KnownDatabase], states: Mapping[str, State], scratch: str
) -> dict[str, State]:
    from .scratch import verified

    check_only_one(databases)
    return {
        each.name: verified(config, states[each.name], ",".join(each.heads) or "base", scratch)
        for each in databases
    }


def check_only_one(databases: Sized) -> None:
    """Refuse a scratch database for several databases.

    Raises:
        OptionError: there are several.
    """
    if len(databases) > 1:
        raise OptionError(
            f"--scratch takes one database, and env.py migrates {len(databases)}; leave it out",
            "--scratch",
        )


def _check_scripts(config: Config, databases: Iterable[KnownDatabase]) -> None:
    directory = open_directory(config)
    for each in databases:
        check_version_rows(directory, each.heads, each.name)


def check_version_rows(directory: ScriptDirectory, heads: tuple[str, ...], name: str = "") -> None:
    """Refuse rows of a version table that the scripts do not explain.

    Args:
        directory: the project's.
        heads: the rows.
        name: see `ConnectedDatabase`.

    Raises:
        HistoryError: a row has no script, or one comes before another.
    """
    check_rows_have_scripts(directory, heads, name)
    try:
        list(directory.iterate_revisions(heads, "base", implicit_base=True))
    except RevisionError as err:
        raise HistoryError(
            f"{_subject(name)} is at the revisions {', '.join(map(repr, heads))}, and one comes "
            f"before another; {LOCATE}",
            heads,
        ) from err


def check_rows_have_scripts(
    directory: ScriptDirectory, heads: tuple[str, ...], name: str = ""
) -> None:
    """Refuse rows of a version table without a script; see `check_version_rows`.

    Raises:
        HistoryError: a row has no script.
    """
    existing = {each.revision for each in directory.walk_revisions()}
    for head in heads:
        if head not in existing:
            raise HistoryError(
                explain_squashed(directory, head)
                or f"{_subject(name)} is at revision {head!r}, which has no script in "
                f"{directory.dir}; restore the script, or {LOCATE}",
                head,
            )


def check_at_head(
    directory: ScriptDirectory, heads: tuple[str, ...], name: str, remark: str
) -> None:
    """Refuse a database that is not at head.

    Args:
        directory: the project's.
        heads: the rows of its version table; they lack a head that another one needs.
        name: see `ConnectedDatabase`.
        remark: what to say of `alembic upgrade head`.

    Raises:
        HistoryError: it is not at head.
    """
    wanted = [str(each.revision) for each in directory.get_revisions("heads")]
    if set(heads) != set(wanted):
        raise HistoryError(
            f"{_subject(name)} is at {', '.join(heads) or 'base'}, not at head "
            f"({', '.join(wanted) or 'base'}); run alembic upgrade head first, {remark}",
            heads,
        )


LOCATE = "find the revision of the database with alembic-moltres locate, and stamp it with --purge"


def _subject(name: str) -> str:
    return f"the database {name!r}" if name else "the database"
