"""What a server really does when an operation runs, beside what the table of facts says of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util import CommandError

from alembic_moltres.dialects.base.facts import Work
from alembic_moltres.dialects.base.reflection import reflect_tables
from alembic_moltres.diff import Change, TableKey, Tables
from tests.circles.cases import CASES, Case
from tests.circles.test_changes import models, with_rows

PLUGINS = ["alembic.autogenerate.*", "alembic_moltres"]
RANK = (
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)
LOCKS = """
SELECT relation, upper(regexp_replace(replace(mode, 'Lock', ''), '(?<=[a-z])(?=[A-Z])', ' ', 'g')) FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted AND mode <> 'AccessShareLock'
"""
TABLES = """
SELECT c.oid, n.nspname, c.relname, c.relfilenode, pg_stat_get_xact_numscans(c.oid) AS scans,
    pg_stat_get_xact_tuples_updated(c.oid) AS updated,
    (SELECT array_agg(pg_relation_filenode(i.indexrelid)) FROM pg_index i WHERE i.indrelid = c.oid) AS indexes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
"""
Measured = dict[TableKey, tuple[str, Work]]


def parameters(database: str) -> Iterator[Any]:
    """Yield the circles of a database: all with MOLTRES_FACTS=all, else every sixth."""
    found = [case for case in CASES if database in case.on]
    step = 1 if os.environ.get("MOLTRES_FACTS") == "all" else 6
    for case in found[::step]:
        marks = (pytest.mark.newest,) if case.newest else ()
        yield pytest.param(case, id=case.name, marks=marks)


def operations_of(connection: sa.Connection, source: str) -> list[Any]:
    """Return the operations that autogenerate finds for these models."""
    metadata = models(source)
    opts = {"target_metadata": metadata, "autogenerate_plugins": PLUGINS}
    context = MigrationContext.configure(connection, opts=opts)
    upgrade = produce_migrations(context, metadata).upgrade_ops
    assert upgrade is not None
    return list(upgrade.ops)


def prepare(case: Case, engine: sa.Engine) -> None:
    """Create the tables of a case, with its rows."""
    models(case.before).create_all(engine)
    with_rows(case, engine)


def tables_of(connection: sa.Connection) -> Tables:
    """Return the tables that there are."""
    return {(each.schema, str(each.name)): each for each in reflect_tables(connection)}


def measured_on_postgresql(
    case: Case, engine: sa.Engine, zone: str
) -> Iterator[tuple[Change, Tables, Measured]]:
    """Yield the changes of a case there and back, the tables before, and what each has done."""
    prepare(case, engine)
    for source in (case.after, case.before):
        with engine.connect() as connection:
            operations = operations_of(connection, source)
        for operation in operations:
            with engine.begin() as connection:
                tables = tables_of(connection)
            with engine.connect() as connection:
                connection.execute(
                    sa.text("SELECT set_config('TimeZone', :zone, false)"), {"zone": zone}
                )
                connection.commit()
                done = _measured(connection, operation)
                if done is not None:
                    yield operation.change, tables, done
                    connection.commit()


def _measured(connection: sa.Connection, operation: Any) -> Measured | None:
    """Run an operation in an open transaction, and return what it has done; `None` if it fails."""
    before = {row.oid: row for row in connection.exec_driver_sql(TABLES)}
    try:
        Operations(MigrationContext.configure(connection)).invoke(operation)
    except CommandError:  # the rows are in the way: there is no way back without them
        connection.rollback()
        return None
    after = {row.oid: row for row in connection.exec_driver_sql(TABLES)}
    locks: dict[int, str] = {}
    for oid, mode in connection.exec_driver_sql(LOCKS):
        locks[oid] = max(locks.get(oid, mode), mode, key=RANK.index)
    found: Measured = {}
    for oid, row in before.items():
        if oid in locks and locks[oid] not in RANK[:2]:
            key = (None if row.nspname == "public" else row.nspname, row.relname)
            found[key] = locks[oid], _work(row, after.get(oid))
    return found


def _work(before: Any, after: Any) -> Work:
    if after is None:
        return Work.DELETE
    if after.relfilenode != before.relfilenode:
        return Work.REWRITE
    if after.updated > before.updated:
        return Work.UPDATE
    if {*(after.indexes or ())} - {*(before.indexes or ())}:
        return Work.INDEX
    return Work.SCAN if after.scans > before.scans else Work.NOTHING


TRIES = (
    ("INSTANT", "NONE"),
    ("NOCOPY", "NONE"),
    ("INPLACE", "NONE"),
    ("NOCOPY", "SHARED"),
    ("INPLACE", "SHARED"),
    ("COPY", "NONE"),
    ("COPY", "SHARED"),
)
"""From what hinders least to what hinders most."""

REFUSED = (1845, 1846)
STATED = (
    "ALTER TABLE",
    "CREATE INDEX",
    "CREATE UNIQUE INDEX",
    "CREATE FULLTEXT INDEX",
    "DROP INDEX",
)


def measured_on_mariadb(
    case: Case, engine: sa.Engine
) -> Iterator[tuple[Change, Tables, list[str], list[str]]]:
    """Yield the changes of a case there and back, the tables before, and what is accepted for each statement."""
    prepare(case, engine)
    for source in (case.after, case.before):
        with engine.connect() as connection:
            operations = operations_of(connection, source)
        for operation in operations:
            with engine.connect() as connection:
                tables = tables_of(connection)
            with engine.connect() as connection:
                context = MigrationContext.configure(connection)
                accepted: list[str] = []
                texts: list[str] = []

                def run(
                    statement: Any,
                    *_: Any,
                    connection: sa.Connection = connection,
                    accepted: list[str] = accepted,
                    texts: list[str] = texts,
                ) -> None:
                    text = str(
                        getattr(statement, "compiled", getattr(statement, "text", statement))
                    ).strip()
                    texts.append(text)
                    accepted += _accepted(connection, text)

                impl: Any = context.impl
                impl.execute = run
                try:
                    Operations(context).invoke(operation)
                except CommandError:
                    continue
                yield operation.change, tables, accepted, texts


def _accepted(connection: sa.Connection, text: str) -> list[str]:
    """Run a statement with the least that the server accepts, and return that; nothing if it takes none."""
    doubled = text.replace("%%", "%").replace("%", "%%")
    if not text.upper().startswith(STATED) or " RENAME TO " in text:
        connection.exec_driver_sql(doubled)
        return []
    comma = ", " if text.upper().startswith("ALTER") else " "
    for algorithm, lock in TRIES:
        stated = f"{doubled}{comma}ALGORITHM={algorithm}{comma}LOCK={lock}"
        try:
            connection.exec_driver_sql(stated)
        except sa.exc.DBAPIError as err:
            if err.orig is None or err.orig.args[0] not in REFUSED:
                raise
        else:
            return [f"ALGORITHM={algorithm}, LOCK={lock}"]
    raise AssertionError(text)
