"""Whether a replayed state says what a database has, in the database's own words."""

from __future__ import annotations

import contextlib

import sqlalchemy as sa
from alembic.config import Config

from alembic_moltres.dialects.base.align import align, comparable
from alembic_moltres.dialects.base.reflection import reflect_database, reflect_expected, table_keys
from alembic_moltres.dialects.base.unstated import with_chosen, without_inherited
from alembic_moltres.diff import AlterTable, diff
from alembic_moltres.history import State, state_at, states_at
from tests.alembic_project import AlembicProject, fresh_imports

VERSION_TABLE = "alembic_version"


def differences(connection: sa.Connection, state: State) -> list[str]:
    """Return what the database has otherwise than the state says, an empty list where it agrees."""
    schemas = {None, *(table.schema for table in state.tables.values())}
    keys = [key for key in table_keys(connection, schemas) if key[1] != VERSION_TABLE]
    real = reflect_database(connection, keys)
    said = {(table.schema, str(table.name)): table for table in state.tables.values()}
    found = [f"only in the state: {key}" for key in said if key not in real]
    found += [f"only in the database: {key}" for key in real if key not in said]
    both = [key for key in said if key in real]
    expected = reflect_expected(connection, [comparable(said[key]) for key in both])
    tables = {key: each.table for key, each in zip(both, expected, strict=True)}
    for key, each in zip(both, expected, strict=True):
        current = without_inherited(real[key], each.table, tables)
        desired = with_chosen(current, each)
        for change in diff([align(current, desired)], [desired.table]):
            inside = change.changes if isinstance(change, AlterTable) else (change,)
            found += [f"{key[1]}: {item!r}" for item in inside]
    return found


def state_of(project: AlembicProject, revision: str = "heads") -> State:
    """Return the state of a project's revision, as its own env.py says."""
    with contextlib.chdir(project.directory), fresh_imports():
        return state_at(Config("alembic.ini", "pyproject.toml"), revision)


def states_of(project: AlembicProject, revision: str = "heads") -> dict[str, State]:
    """Return the state of every database that a project migrates."""
    with contextlib.chdir(project.directory), fresh_imports():
        return states_at(Config("alembic.ini", "pyproject.toml"), revision)
