"""Returns the statements of a copy for `--sql`, from a run on the same tables in memory.

A copy begins with reading the table, so its statements depend on the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection

from ...convert import schema_to_table
from ...schema import TableSchema
from ..base.create_table import create_statements

SCHEMA = """
SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, rowid
"""
PROBE = "moltres_probe"
"""The savepoint in which `integrity` checks views and triggers."""

READING = ("SELECT ", "PRAGMA ", "BEGIN", "COMMIT", "RELEASE ")
BEFORE = ("PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE")
AFTER = ("PRAGMA foreign_key_check", "COMMIT", "PRAGMA foreign_keys=ON")
"""Recommended by SQLite's manual, "ALTER TABLE"; inside a transaction the pragma has no effect."""


def rehearse(connection: Connection, work: Callable[[Connection], None]) -> list[str]:
    """Return the statements that `work` executes on a copy of a database without rows.

    Args:
        connection: to the database, which is only read.
        work: runs on a copy without rows.
    """
    schema = connection.exec_driver_sql(SCHEMA).scalars().all()
    return [*BEFORE, *_executed(schema, work), *AFTER]


def rehearse_on(tables: Iterable[TableSchema], work: Callable[[Connection], None]) -> list[str]:
    """Return the statements that `work` executes on tables, without pragmas.

    Args:
        tables: in the order of their creation.
        work: runs on them, in memory.
    """
    dialect: Any = sqlite.dialect()
    metadata = sa.MetaData()
    schema = [
        str(each.ddl.compile(dialect=dialect))
        for table in tables
        for each in create_statements(
            table, schema_to_table(table, metadata), dialect, if_not_exists=False
        )
    ]
    return [each for each in _executed(schema, work) if not sets_pragma(each)]


def _executed(schema: Iterable[str], work: Callable[[Connection], None]) -> list[str]:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    executed: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        executed.append(statement)

    try:
        with engine.connect() as copy:
            for statement in schema:
                copy.exec_driver_sql(statement)
            copy.commit()
            event.listen(engine, "before_cursor_execute", note)
            work(copy)
    finally:
        engine.dispose()
    return list(_changing(executed))


def _changing(executed: list[str]) -> Iterator[str]:
    """Yield the statements that change something, without those that are rolled back."""
    probing = False
    for statement in executed:
        if statement.startswith(("SAVEPOINT ", "ROLLBACK TO ")):
            probing = statement == f"SAVEPOINT {PROBE}"
        elif not probing and (sets_pragma(statement) or not statement.startswith(READING)):
            yield statement


def sets_pragma(statement: str) -> bool:
    """Tell whether a statement sets a pragma; without a value it reads it."""
    return statement.startswith("PRAGMA ") and "=" in statement
