"""The tables that `erd` draws: of a revision, of the models, or of a database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic.config import Config

from ...errors import OptionError
from ...messages import first_line
from ...schema import TableSchema
from ...schema.dialects import is_for_dialect

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from alembic.script import Script
    from sqlalchemy.engine import Dialect

    from ...diff import Rename
    from ...history.state import Uncertain
    from ...history.states import EmptyDatabase

VERSION_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True)
class DiagramSource:
    """The tables of one database.

    Attributes:
        name: its name in `env.py`; empty if there is only one.
        tables: with the types of its dialect.
        uncertain: what replay cannot know; its tables are not in `tables`.
    """

    name: str
    tables: tuple[TableSchema, ...]
    uncertain: tuple[Uncertain, ...] = ()

    @property
    def uncertain_tables(self) -> list[str]:
        """The keys of the tables that are uncertain."""
        return sorted({key for each in self.uncertain for key in each.tables})


def of_revision(config: Config, revision: str) -> list[DiagramSource]:
    """Return the tables after a revision, for each database of the project.

    Raises:
        HistoryError: the scripts cannot be replayed.
    """
    from ...history.states import ReplayedDatabase, replay_databases

    sources: list[DiagramSource] = []

    def keep(replayed: ReplayedDatabase) -> None:
        state, dialect = replayed.state, replayed.context.dialect
        sources.append(
            DiagramSource(replayed.name, _for_dialect(state.certain, dialect), state.uncertain)
        )

    replay_databases(config, revision, keep)
    return sources


def renames_between(config: Config, start: str, end: str) -> dict[str, list[Rename]]:
    """Return the renames of the scripts between two revisions, by database name.

    They are unknown between two branches.

    Raises:
        HistoryError: the scripts cannot be replayed.
    """
    from ...diff import reversed_renames
    from ...history.anchors.replayed import from_anchors
    from ...history.directory import scripts_until
    from ...history.states import project_scripts, use_empty_databases

    renames_by_database: dict[str, list[Rename]] = {}
    with project_scripts(config) as (directory, script_tables):
        first, last = scripts_until(directory, start), scripts_until(directory, end)
        is_back = len(first) > len(last)
        earlier, later = (last, first) if is_back else (first, last)
        if not {each.revision for each in earlier} <= {each.revision for each in later}:
            return {}
        scripts = from_anchors(directory, later)

        def keep(database: EmptyDatabase) -> None:
            renames = _renames_of(database, scripts, {each.revision for each in earlier})
            renames_by_database[database.name] = reversed_renames(renames) if is_back else renames

        use_empty_databases(config, directory, script_tables, keep)
    return renames_by_database


def _renames_of(
    database: EmptyDatabase, scripts: Sequence[Script], earlier: Collection[str]
) -> list[Rename]:
    from ...diff import TypeRename
    from ..scripts.effects import upgrade_effects_of
    from ..scripts.renamed_items import RenamedItem
    from ..squashing.net_renames import renames_of

    replay = database.first_replay()
    for script in scripts:
        if script.revision in earlier:
            replay.run(script)
    before = replay.recorder.catalogue.copy()
    renamed: list[RenamedItem] = []
    for script in scripts:
        if script.revision not in earlier:
            renamed += upgrade_effects_of(replay, script, database.name).renamed
    every = renames_of(before, renamed, replay.recorder.catalogue)
    return [each for each in every if not isinstance(each, TypeRename)]


def of_models(config: Config) -> list[DiagramSource]:
    """Return the tables of the models that `env.py` gives Alembic, without a database.

    Raises:
        HistoryError: `env.py` cannot be run.
        FreezeError: a model cannot be frozen.
    """
    from ...history.states import project_scripts, use_empty_databases

    sources: list[DiagramSource] = []

    def keep(database: EmptyDatabase) -> None:
        sources.append(DiagramSource(database.name, _model_tables(database.context)))

    with project_scripts(config) as (directory, script_tables):
        use_empty_databases(config, directory, script_tables, keep)
    return sources


def _model_tables(context: MigrationContext) -> tuple[TableSchema, ...]:
    from alembic.autogenerate.api import AutogenContext

    from ...autogenerate.gather import gather_models

    models = gather_models(AutogenContext(context))
    return _for_dialect((each.compared for each in models.values()), context.dialect)


def of_database(url: str) -> list[DiagramSource]:
    """Return the tables of a database's default schema, without Alembic's version table.

    Raises:
        OptionError: it cannot be connected.
    """
    import sqlalchemy as sa
    from sqlalchemy.exc import SQLAlchemyError

    from ...dialects.base.reflection import reflect_tables

    try:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            tables = reflect_tables(connection)
    except SQLAlchemyError as err:
        raise OptionError(
            f"--url: the database cannot be read: {first_line(err)}; correct the URL, or start the "
            "server",
            url,
        ) from err
    own = (table for table in tables if table.name != VERSION_TABLE)
    return [DiagramSource("", _for_dialect(own, engine.dialect))]


def _for_dialect(tables: Iterable[TableSchema], dialect: Dialect) -> tuple[TableSchema, ...]:
    from ...convert import lineage

    names = lineage(dialect)
    return tuple(_table_for_dialect(table, names) for table in tables)


def _table_for_dialect(table: TableSchema, names: tuple[str, ...]) -> TableSchema:
    """Return a table with a dialect's types, and without items for other dialects."""
    columns = []
    for column in table.columns:
        own = (column.type_variants[name] for name in names if name in column.type_variants)
        columns.append(
            replace(column, type_name=next(own, column.type_name), type_variants={})
            if column.type_variants
            else column
        )
    return replace(
        table,
        columns=tuple(columns),
        constraints=tuple(
            each for each in table.constraints if is_for_dialect(each.ddl_if, names[0])
        ),
        indexes=tuple(each for each in table.indexes if is_for_dialect(each.ddl_if, names[0])),
    )
