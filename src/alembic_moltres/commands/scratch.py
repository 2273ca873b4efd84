"""A state that was proven on a scratch database, which also answers what replay cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic.config import Config

from ..autogenerate.drift import find_drift
from ..dialects.base.reflection import reflect_tables
from ..errors import HistoryError
from ..history.directory import scripts_until
from ..history.environment import run_env
from ..history.scratch import really_run, scratch_database
from ..history.states import project_scripts

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy.engine import Connection

    from ..history.state import State


def proven(config: Config, state: State, revision: str, url: str) -> State:
    """Return a state of which nothing is uncertain.

    Args:
        config: the project's.
        state: as replay has it.
        revision: of the state.
        url: of an empty database on which the scripts are run; it is emptied again.

    Raises:
        HistoryError: the database is not empty or not of the project's kind, a script fails on it,
            or it does not become what replay has said.
    """
    found: list[State] = []
    with project_scripts(config) as (directory, own):
        scripts = scripts_until(directory, revision)
        with scratch_database(url) as connection:

            def work(context: MigrationContext, arguments: dict[str, Any]) -> None:
                really_run(context, scripts, arguments)
                found.append(_proven(context, state, connection))

            run_env(config, directory, own, work, scratch=connection)
    return found[0]


def _proven(context: MigrationContext, state: State, connection: Connection) -> State:
    drift = find_drift(context, state)
    texts = [text for _, text in drift.texts()]
    if not state.uncertain:
        texts += [f"table {table.key!r} is not in it" for table in drift.outside]
    if texts:
        raise HistoryError(
            f"on the scratch database the scripts make something else than replay says: {texts[0]}"
            f"{f' (and {len(texts) - 1} more)' if texts[1:] else ''}; please report it",
            texts,
        )
    certain = {table.key: table for table in state.certain}
    schemas = {None, *(table.schema for table in state.tables.values())}
    real = [table for each in sorted(schemas, key=str) for table in _tables(connection, each)]
    more = {table.key: table for table in real if table.key not in certain}
    more.pop(context.version_table, None)
    return replace(state.with_tables({**certain, **more}), uncertain=())


def _tables(connection: Connection, schema: str | None) -> list[Any]:
    return reflect_tables(connection, schema=schema)
