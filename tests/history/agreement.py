"""Whether a replayed state says what a database has, in the database's own words."""

from __future__ import annotations

import contextlib

import sqlalchemy as sa
from alembic.config import Config

from alembic_moltres.dialects.base.align import align, comparable
from alembic_moltres.dialects.base.reflection import reflect_database, reflect_expected, table_keys
from alembic_moltres.dialects.base.signatures import ReflectedTable, is_own
from alembic_moltres.dialects.base.unstated import with_chosen, without_inherited
from alembic_moltres.diff import AlterTable, diff
from alembic_moltres.history import State, state_at, states_at
from alembic_moltres.history.state import ChildTable
from tests.alembic_project import AlembicProject, fresh_imports

VERSION_TABLE = "alembic_version"


def differences(connection: sa.Connection, state: State) -> list[str]:
    """Return what the database has otherwise than the state says, an empty list where it agrees.

    Tables that inherit are compared with all that they have from their parents.
    """
    schemas = {None, *(table.schema for table in state.tables.values())}
    keys = [key for key in table_keys(connection, schemas) if key[1] != VERSION_TABLE]
    real = reflect_database(connection, keys)
    whole = {key: each.table for key, each in state.child_tables.items()}
    said = {
        (table.schema, str(table.name)): whole.get(key, table)
        for key, table in state.tables.items()
    }
    partitions = [key for key, table in said.items() if table.key in state.partitions]
    real |= reflect_database(connection, partitions)
    found = [f"only in the state: {key}" for key in said if key not in real]
    found += [f"only in the database: {key}" for key in real if key not in said]
    both = [key for key in said if key in real]
    expected = reflect_expected(connection, [comparable(said[key]) for key in both])
    for key, each in zip(both, expected, strict=True):
        found += _of_child(real[key], state.child_tables.get(each.table.key))
        current = without_inherited(real[key], each.table, {}) if key in partitions else real[key]
        desired = with_chosen(current, each)
        for change in diff([align(current, desired)], [desired.table]):
            inside = change.changes if isinstance(change, AlterTable) else (change,)
            found += [f"{key[1]}: {item!r}" for item in inside]
    return found


def _of_child(real: ReflectedTable, child: ChildTable | None) -> list[str]:
    """Return what a table inherits otherwise than the state says."""
    columns = {str(each.column.name): each for each in real.columns}
    own = {name for name, each in columns.items() if is_own(each)}
    if child is None:
        return [f"{real.table.key}: inherits"] if real.parents else []
    checks = [
        f"{real.table.key}: own columns {sorted(own)}, not {sorted(child.own)}"
        for _ in range(own != child.own & columns.keys())
    ]
    parents = [each[1] for each in real.parents]
    return checks + [
        f"{real.table.key}: {parents}" for _ in range(parents != [p[1] for p in child.parents])
    ]


def state_of(project: AlembicProject, revision: str = "heads") -> State:
    """Return the state of a project's revision, as its own env.py says."""
    with contextlib.chdir(project.directory), fresh_imports():
        return state_at(Config("alembic.ini", "pyproject.toml"), revision)


def states_of(project: AlembicProject, revision: str = "heads") -> dict[str, State]:
    """Return the state of every database that a project migrates."""
    with contextlib.chdir(project.directory), fresh_imports():
        return states_at(Config("alembic.ini", "pyproject.toml"), revision)
