"""Replays of a project's scripts, some of them with edited source."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.util.pyfiles import load_python_file

from ...dialects.base.create_table import add_foreign_key_statements, create_statements
from ...dialects.base.impl import DialectImpl
from ...errors import HistoryError
from ...history.catalogue.database import Catalogue
from ...history.catalogue.names import name_of
from ...history.replay import Replay
from ...history.states import EmptyDatabase, project_scripts, use_empty_databases
from ...operations.ops import thawed
from ...options import moltres_options
from ...schema import ForeignKeyConstraint, PrimaryKeyConstraint, TableSchema

Work = Callable[[ScriptDirectory, EmptyDatabase], None]


def replay_project(
    config: Config,
    work: Work,
    folders: Iterable[Path] = (),
    servers: Iterable[str | None] = (),
) -> None:
    """Call `work` with the stand-in of each database that `env.py` migrates.

    Args:
        config: the project's.
        work: takes the scripts, and a stand-in on which none of them has run.
        folders: additional folders with scripts.
        servers: see `use_empty_databases`.

    Raises:
        HistoryError: the scripts cannot be loaded, or `work` raises it.
    """
    failed: list[HistoryError] = []
    with project_scripts(config) as (directory, script_tables):
        script_tables.folders += map(str, folders)

        def use(database: EmptyDatabase) -> None:
            try:
                work(directory, database)
            except HistoryError as err:
                failed.append(err)

        use_empty_databases(config, directory, script_tables, use, servers)
    for err in failed:  # outside of env.py, or the message would have its line too
        raise HistoryError(str(err.args[0]), err.subject) from err


def another_replay(database: EmptyDatabase) -> Replay:
    """Start another replay on a new stand-in."""
    return database.new_replay(moltres_options(database.context.opts).get("server"))


def beside(folder: Path, script: Path) -> Path:
    """Return a script's path in another folder, with a subfolder for each of its folders.

    >>> beside(Path("new"), Path("a/x.py")) == beside(Path("new"), Path("b/x.py"))
    False
    """
    place = hashlib.sha256(bytes(script.parent)).hexdigest()[:16]
    return folder / place / script.name


def script_of(path: Path, revision: str) -> Script:
    """Return a script from a file outside the project's folders."""
    module = load_python_file(path.parent, path.name)
    return Script(module, revision, str(path))


Shape = dict[str, tuple[str, ...]]
"""The contents of a database as DDL, by table name."""


def shape(catalogue: Catalogue, *, in_order: bool = True) -> Shape:
    """Return the contents of a replayed database, comparable with `==`.

    Args:
        catalogue: the database.
        in_order: whether the order of columns counts.
    """
    tables = [
        each
        if in_order
        else replace(each, columns=tuple(sorted(each.columns, key=attrgetter("name"))))
        for key, each in catalogue.tables.items()
        if key not in catalogue.partitions or each.indexes or catalogue.child_table(key).own
    ]
    shapes = {each.key: _ddl(_Version(catalogue.impl, each)) for each in tables}
    state = catalogue.state()
    held = {
        str(column.sequence.name)
        for each in catalogue.tables.values()
        for column in each.columns
        if column.sequence is not None and not column.sequence.optional
    }
    shapes["types"] = tuple(sorted(f"{key} {each.args}" for key, each in catalogue.types.items()))
    shapes["sequences"] = tuple(sorted({*held, *(str(each.name) for each in state.sequences)}))
    return shapes


@dataclass(frozen=True, slots=True, eq=False)
class _Version:
    """A table of a replay; equal only to itself, because quoting is no part of a name's `==`."""

    impl: DialectImpl
    table: TableSchema

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Version) and self.table is other.table and self.impl is other.impl

    def __hash__(self) -> int:
        return id(self.table)


@lru_cache(maxsize=4096)
def _ddl(version: _Version) -> tuple[str, ...]:
    """Return the DDL of a table; computed once for all revisions that do not change it."""
    dialect = version.impl.dialect
    stored = _stored_part(version.impl, version.table)
    thawed_table = thawed(stored)
    statements = create_statements(stored, thawed_table, dialect, if_not_exists=False)
    later = add_foreign_key_statements(thawed_table, dialect)
    return tuple(str(each.ddl.compile(dialect=dialect)) for each in (*statements, *later))


def _stored_part(impl: DialectImpl, table: TableSchema) -> TableSchema:
    """Return what a database stores of a table, with the indexes that it creates by itself."""
    constraints = [
        replace(each, use_alter=False) if isinstance(each, ForeignKeyConstraint) else each
        for each in table.constraints
    ]
    constraints += [each for column in table.columns for each in column.constraints]
    named = [replace(each, name=name_of(impl, table, each)) for each in constraints]
    key = table.primary_key
    inside = () if key is None else key.columns
    columns = tuple(
        replace(
            each,
            sequence=None,
            constraints=(),
            nullable=each.nullable and each.name not in inside,
        )
        for each in table.columns
    )
    return replace(
        table,
        columns=columns,
        constraints=tuple(sorted(named, key=_order)),
        indexes=(*table.indexes, *impl.implicit_indexes(table)),
        ddl=(),
        if_not_exists=False,
    )


def _order(constraint: Any) -> tuple[bool, str]:
    return not isinstance(constraint, PrimaryKeyConstraint), repr(constraint)
