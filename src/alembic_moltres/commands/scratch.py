"""A state verified on a scratch database, which also shows what replay cannot know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection

from ..autogenerate.states.drift import find_drift
from ..dialects.base.reflection import reflect_tables
from ..errors import HistoryError
from ..history.directory import scripts_until
from ..history.environment import run_env
from ..history.scratch import run_on_scratch, scratch_database
from ..history.state import State
from ..history.states import project_scripts
from ..schema import TableSchema

if TYPE_CHECKING:
    from ..history.every_revision import RevisionTables


def verified(config: Config, state: State, revision: str, url: str) -> State:
    """Return a state without uncertain tables.

    Args:
        config: the project's.
        state: from replay.
        revision: of the state.
        url: of an empty database to run the scripts on; it is emptied again.

    Raises:
        HistoryError: the database is not empty or of another kind, a script fails on it, or its
            tables differ from the state.
    """
    states: list[State] = []
    with project_scripts(config) as (directory, script_tables):
        scripts = scripts_until(directory, revision)
        with scratch_database(url) as connection:

            def work(context: MigrationContext, arguments: dict[str, Any]) -> None:
                run_on_scratch(context, scripts, arguments)
                states.append(_verified(context, state, connection))

            run_env(config, directory, script_tables, work, scratch=connection)
    return states[0]


def _verified(context: MigrationContext, state: State, connection: Connection) -> State:
    drift = find_drift(context, state)
    texts = [": ".join(filter(None, (row.table, str(row)))) for row in drift.rows()]
    if not state.uncertain:
        texts += [f"table {table.key!r} is not in it" for table in drift.outside]
    if texts:
        raise HistoryError(
            f"the scripts make other tables on the scratch database than in replay: {texts[0]}"
            f"{f' (and {len(texts) - 1} more)' if texts[1:] else ''}; please report it",
            texts,
        )
    certain = {table.key: table for table in state.certain}
    real = _all_tables(context, connection, state.tables.values())
    more = {table.key: table for table in real if table.key not in certain}
    return replace(state.with_tables({**certain, **more}), uncertain=())


def with_scratch_tables(
    config: Config, revisions: Sequence[RevisionTables], url: str
) -> list[RevisionTables]:
    """Return the revisions with the tables that replay cannot know, as the scripts make them.

    A revision on a branch stays unchanged if scripts of another branch run before it.

    Args:
        config: the project's.
        revisions: from replay.
        url: see `verified`.

    Raises:
        HistoryError: the database is not empty or of another kind, or a script fails on it.
    """
    by_id = {each.revision: each for each in revisions}
    if not any(each.uncertain for each in revisions):
        return list(revisions)
    with project_scripts(config) as (directory, script_tables), scratch_database(url) as connection:

        def work(context: MigrationContext, arguments: dict[str, Any]) -> None:
            run: set[str] = set()
            for script in scripts_until(directory):
                run_on_scratch(context, [script], arguments)
                run.add(script.revision)
                each = by_id.get(script.revision)
                if each is not None and each.uncertain and run == each.ancestors:
                    by_id[script.revision] = _known(context, each, connection)

        run_env(config, directory, script_tables, work, scratch=connection)
    return list(by_id.values())


def _known(
    context: MigrationContext, revision: RevisionTables, connection: Connection
) -> RevisionTables:
    unknown = {key for each in revision.uncertain for key in each.tables}
    if not all(each.tables for each in revision.uncertain):  # a line that may change any table
        unknown |= {table.key for table in revision.tables.values()}
    certain = {key: each for key, each in revision.tables.items() if each.key not in unknown}
    real = _all_tables(context, connection, revision.tables.values())
    more = {(each.schema, each.name): each for each in real}
    return replace(revision, tables={**more, **certain}, uncertain=())


def _all_tables(
    context: MigrationContext, connection: Connection, tables: Iterable[TableSchema]
) -> Iterator[TableSchema]:
    """Yield the tables of a database in the same schemas; not Alembic's own."""
    for schema in sorted({None, *(table.schema for table in tables)}, key=str):
        for each in reflect_tables(connection, schema=schema):
            if each.key != context.version_table:
                yield each
