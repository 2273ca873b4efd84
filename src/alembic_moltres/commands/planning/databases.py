"""The databases that a plan is made for, connected: their revisions, and the sizes of tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from ...dialects.base.facts import Size
from ...dialects.base.registry import impl_of
from ...diff import TableKey
from ...errors import HistoryError
from ...history.states import project_scripts, use_empty_databases
from ..databases import ConnectedDatabase, use_databases

WITHOUT = "'plan base:heads', or any other range, needs no database"


@dataclass(frozen=True, slots=True)
class Target:
    """What a plan needs to know of a database.

    Attributes:
        heads: its current revisions.
        server: its kind and version; see `DialectImpl.server`.
        sizes: of its tables.
    """

    heads: tuple[str, ...]
    server: str | None
    sizes: Mapping[TableKey, Size]


def targets_of(config: Config, url: str | None) -> dict[str, Target]:
    """Return the databases of a project by their names.

    Args:
        config: the project's.
        url: of one database, instead of those that `env.py` connects to.

    Raises:
        HistoryError: one of them cannot be connected.
    """
    targets: dict[str, Target] = {}

    def use(database: ConnectedDatabase) -> None:
        targets[database.name] = _target(database.context)

    connect(config, url, use)
    return targets


def connect(config: Config, url: str | None, use: Callable[[ConnectedDatabase], None]) -> None:
    """Use each database of a project while it is connected.

    Args:
        config: the project's.
        url: see `targets_of`.
        use: called for each.

    Raises:
        HistoryError: one of them cannot be connected.
    """
    try:
        if url is None:
            use_databases(config, use)
        else:
            _use_url(config, url, use)
    except (ArgumentError, SQLAlchemyError, OSError) as err:
        message = str(getattr(err, "orig", None) or err).strip().splitlines()[0]
        raise HistoryError(f"cannot connect to the database: {message}; {WITHOUT}", url) from err


def _target(context: MigrationContext) -> Target:
    impl, connection = impl_of(context.dialect), context.connection
    sizes = {} if connection is None else impl.table_sizes(connection)
    return Target(context.get_current_heads(), impl.server(), sizes)


def _use_url(config: Config, url: str, use: Any) -> None:
    """Connect to a database by its URL, with the version table that `env.py` configures."""
    configured: dict[str, dict[str, Any]] = {}
    with project_scripts(config) as (directory, script_tables):

        def note(database: Any) -> None:
            configured[database.name] = dict(database.context.opts)

        use_empty_databases(config, directory, script_tables, note)
    if len(configured) != 1:
        raise HistoryError(
            f"--url takes one database, and env.py migrates {len(configured)}; leave it out", url
        )
    ((name, opts),) = configured.items()
    kept = {each: opts[each] for each in VERSION_TABLE if each in opts}
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            use(ConnectedDatabase(name, MigrationContext.configure(connection, opts=kept)))
    finally:
        engine.dispose()


VERSION_TABLE = ("version_table", "version_table_schema")
"""The options of `env.py` for it."""
