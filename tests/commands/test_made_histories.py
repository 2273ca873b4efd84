"""Every revision of twenty made histories is found, and one change by hand is named exactly.

The suite takes all on SQLite and a few on servers; `MOLTRES_MADE_HISTORIES=all` takes them all.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from alembic_moltres.autogenerate.states.locate import Match, locate
from alembic_moltres.diff import TableKey
from alembic_moltres.history.every_revision import RevisionTables, every_revision
from alembic_moltres.schema import TableSchema
from tests.alembic_project import AlembicProject, ProjectFactory, fresh_imports
from tests.circles.conftest import new_database, new_engine
from tests.commands.made_histories import MadeHistory
from tests.history.scripts import MODELS

__all__ = ["new_database", "new_engine"]


class ByHand(NamedTuple):
    """A statement, the one that undoes it, and its table and line in `drift`."""

    statement: str
    undo: str
    row: tuple[str, str]


class Column(NamedTuple):
    """A column of a table."""

    table: str
    name: str
    type_: str


SEEDS = range(20)
FEW = SEEDS if os.environ.get("MOLTRES_MADE_HISTORIES") == "all" else range(2)


def _parameters() -> Iterator[Any]:
    for database, seeds in {"sqlite": SEEDS, "postgresql": FEW, "mariadb": FEW}.items():
        yield from (pytest.param(seed, database, id=f"{seed} - {database}") for seed in seeds)


def revisions_of(project: AlembicProject) -> Sequence[RevisionTables]:
    with contextlib.chdir(project.directory), fresh_imports():
        (revisions,) = every_revision(Config("alembic.ini")).values()
    return revisions


def located(engine: sa.Engine, revisions: Sequence[RevisionTables]) -> Match:
    with engine.connect() as connection:
        best, *_ = locate(MigrationContext.configure(connection), revisions)
    return best


@pytest.mark.parametrize(("seed", "database"), list(_parameters()))
def test_each_revision_and_a_change_by_hand_are_found(
    seed: int,
    database: str,
    new_engine: Callable[[], sa.Engine],
    alembic_project: ProjectFactory,
) -> None:
    history, engine = MadeHistory(seed), new_engine()
    project = alembic_project(MODELS, engine.url.render_as_string(hide_password=False))
    for revision, source in history.scripts.items():
        project.write_script(revision, source)
    revisions = revisions_of(project)
    assert list(history.scripts) == [each.revision for each in revisions]
    for revision in history.scripts:
        project.upgrade(revision)
        best = located(engine, revisions)
        assert not best.drift, best.drift.rows()
        assert revision in best.revisions[0]
        assert_equal_tables(best.revisions[0], revisions)
        for change in changes_by_hand(database, revision, revisions):
            execute(engine, change.statement)
            by_hand = located(engine, revisions)
            assert [change.row] == [(row.table, str(row)) for row in by_hand.drift.rows()]
            assert revision in by_hand.revisions[0]
            execute(engine, change.undo)


def assert_equal_tables(names: Sequence[str], revisions: Sequence[RevisionTables]) -> None:
    """Prove that revisions that are named together have the same tables."""
    tables = [each.tables for each in revisions if each.revision in names]
    assert all(each == tables[0] for each in tables)


def changes_by_hand(
    database: str, revision: str, revisions: Sequence[RevisionTables]
) -> Iterator[ByHand]:
    """Give changes that make no other revision of it."""
    at = next(n for n, each in enumerate(revisions) if each.revision == revision)
    near = [each.tables for each in revisions[max(at - 1, 0) : at + 2]]
    table = min(str(each.name) for each in revisions[at].tables.values())
    on = f" ON {table}" if database == "mariadb" else ""
    yield ByHand(
        f"CREATE INDEX ix_by_hand ON {table} (id)",
        f"DROP INDEX ix_by_hand{on}",
        (table, "+ index ix_by_hand (id)"),
    )
    yield ByHand(
        f"ALTER TABLE {table} ADD COLUMN by_hand INTEGER",
        f"ALTER TABLE {table} DROP COLUMN by_hand",
        (table, "+ column by_hand INTEGER"),
    )
    for column in droppable(near):
        yield ByHand(
            f"ALTER TABLE {column.table} DROP COLUMN {column.name}",
            f"ALTER TABLE {column.table} ADD COLUMN {column.name} {ddl(column.type_)}",
            (column.table, f"- column {column.name} {column.type_}"),
        )
        break


def droppable(near: Sequence[Mapping[TableKey, TableSchema]]) -> Iterator[Column]:
    """Give the columns in no index that a revision, the one before and the one after have."""
    for key, table in near[0].items():
        indexed = {
            name for tables in near for i in tables.get(key, table).indexes for name in i.columns
        }
        for column in table.columns[1:]:
            if column.name not in indexed and all(
                key in tables and column in tables[key].columns for tables in near
            ):
                yield Column(str(table.name), column.name, column.type_name)


def ddl(type_: str) -> str:
    """Return a type as SQLAlchemy writes it."""
    return type_.replace("DECIMAL", "NUMERIC")


def execute(engine: sa.Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
