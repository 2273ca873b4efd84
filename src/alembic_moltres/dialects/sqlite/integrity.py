"""Checks that a copy breaks no views, triggers, or foreign keys from and to the table.

SQLite manual, "ALTER TABLE", section 7, steps 10 and 11.
"""

from __future__ import annotations

from collections import Counter

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from ...errors import OperationError
from ..base.driver_messages import database_message
from .sqlite_master import StoredTable, quoted

Orphans = Counter[tuple[object, ...]]
"""Counts of rows without a parent row, by table, rowid and parent table."""


class Integrity:
    """The violations before a table is copied; `check` finds new ones.

    Args:
        connection: to the database.
        subject: how errors call the table.
        stored: the table.
    """

    def __init__(self, connection: Connection, subject: str, stored: StoredTable) -> None:
        self._connection, self._subject, self._stored = connection, subject, stored
        self._tables = _referring_tables(connection, stored)
        self._broken = _broken(connection, stored)
        self._orphans = self._find_orphans()

    def check(self) -> None:
        """Check that the copy has caused no new violation.

        Raises:
            OperationError: a view, a trigger or a foreign key is broken.
        """
        message = None if self._broken else _broken(self._connection, self._stored)
        if message is not None:
            raise OperationError(
                f"a view or trigger would be broken: {message} (at {self._subject}); "
                "drop it before the block and create it again afterwards",
                self._subject,
            )
        _check_foreign_keys(self._subject, self._find_orphans() - self._orphans)

    def _find_orphans(self) -> Orphans:
        """Return the rows whose foreign keys have no parent row.

        `foreign_key_check` is run separately for each table, since the pragma fails if a foreign
        key does not match its parent's columns; such a failure is counted as one violation.
        """
        place = quoted(self._stored.schema)
        orphans: Orphans = Counter()
        for table in self._tables:
            try:
                rows = self._connection.exec_driver_sql(
                    f"PRAGMA {place}.foreign_key_check({quoted(table)})"
                ).all()
            except DBAPIError as err:
                if "mismatch" not in str(err.orig):
                    raise
                orphans[table, str(err.orig)] += 1
            else:
                orphans.update((row[0], row[1], row[2]) for row in rows)
        return orphans


def _referring_tables(connection: Connection, stored: StoredTable) -> list[str]:
    """Return the tables that refer to a table, and the table itself."""
    place = quoted(stored.schema)
    return list(
        connection.exec_driver_sql(
            f"SELECT DISTINCT m.name FROM {place}.sqlite_master AS m "
            "LEFT JOIN pragma_foreign_key_list(m.name, ?) AS k "
            "WHERE m.type = 'table' AND lower(?) IN (lower(m.name), lower(k.\"table\")) "
            "ORDER BY lower(m.name) = lower(?)",
            (stored.schema, stored.name, stored.name),
        ).scalars()
    )


def _broken(connection: Connection, stored: StoredTable) -> str | None:
    """Return SQLite's message for a view or trigger with an unknown name, or `None`.

    SQLite checks all of them when a table is renamed, so a temporary table is renamed, and rolled
    back. This takes 0.25 ms for each table of the database, so it is done only if there are views
    or triggers.
    """
    if not stored.has_dependants:
        return None
    schema = quoted(stored.schema)
    connection.exec_driver_sql("SAVEPOINT moltres_probe")
    try:
        connection.exec_driver_sql(f"CREATE TABLE {schema}._moltres_probe (a)")
        connection.exec_driver_sql(
            f"ALTER TABLE {schema}._moltres_probe RENAME TO _moltres_probe_2"
        )
    except OperationalError as err:
        return database_message(err)
    finally:
        connection.exec_driver_sql("ROLLBACK TO moltres_probe")
        connection.exec_driver_sql("RELEASE moltres_probe")
    return None


def _check_foreign_keys(subject: str, new: Orphans) -> None:
    if not new:
        return
    first = next(iter(new))
    if len(first) == 2:
        raise OperationError(
            f"a foreign key would no longer match its parent: {first[1]} (at {subject}); "
            "keep the primary key or UNIQUE that it refers to, or drop the foreign key before",
            subject,
        )
    table, row, parent = first
    rows = "1 row has" if new.total() == 1 else f"{new.total()} rows have"
    raise OperationError(
        f"{rows} a foreign key without a parent row, such as the row {row} of "
        f"{table!r} to {parent!r} (at {subject}); correct the rows before",
        subject,
    )
