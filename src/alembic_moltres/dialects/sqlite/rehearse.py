"""The statements of what SQLite cannot do offline: run on the same tables without rows, in memory.

SQLite copies a table that its ALTER TABLE cannot change, and a copy begins with reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection

SCHEMA = """
SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, rowid
"""
PROBE = "moltres_probe"
"""The savepoint of `integrity`, in which it finds out how names are followed."""

READING = ("SELECT ", "PRAGMA ", "BEGIN", "COMMIT", "RELEASE ")
BEFORE = ("PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE")
AFTER = ("PRAGMA foreign_key_check", "COMMIT", "PRAGMA foreign_keys=ON")
"""SQLite's manual, "ALTER TABLE", tells to alter a table so; a pragma does nothing inside."""


def rehearse(connection: Connection, work: Callable[[Connection], None]) -> list[str]:
    """Return the statements that `work` executes on the tables of a database.

    Args:
        connection: to the database, which is only read.
        work: runs on a copy without rows.
    """
    schema = connection.exec_driver_sql(SCHEMA).scalars().all()
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
    return [*BEFORE, *_changing(executed), *AFTER]


def _changing(executed: list[str]) -> Iterator[str]:
    """Give the statements that change something and stay."""
    probing = False
    for statement in executed:
        if statement.startswith(("SAVEPOINT ", "ROLLBACK TO ")):
            probing = statement == f"SAVEPOINT {PROBE}"
        elif not probing and (sets_pragma(statement) or not statement.startswith(READING)):
            yield statement


def sets_pragma(statement: str) -> bool:
    """Tell whether a statement sets a pragma; without a value it asks."""
    return statement.startswith("PRAGMA ") and "=" in statement
