"""Copies a table into a new form, with everything that belongs to it, in one transaction.

SQLite manual, "ALTER TABLE", section 7, "Making Other Kinds Of Table Schema Changes". Its order is
kept: foreign keys off, the new table created under another name, filled, the old one dropped, the
new one renamed, everything checked before the commit. If the old table were renamed first, views,
triggers and foreign keys would refer to it. If foreign keys cannot be switched off, `swap` does
that and restores the references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from ..base.execution import PART
from .enforcement import CopyWay, copy_way, pragma_value, set_pragma
from .integrity import Integrity
from .parse import ColumnText, TableText
from .sqlite_master import StoredTable, quoted, renamed_table
from .swap import swap
from .table_text import unqualified

ROWID_NAMES = ("rowid", "_rowid_", "oid")
"""The names of the rowid, unless a column has that name (manual, "Rowid Tables")."""

COPIED = re.compile(r"_moltres_new_(old_)?(\d+_)?(?=\S)")
"""The prefix of the copy's name, as it appears in SQLite's errors."""

SAVEPOINT = "moltres_copy"

PART_ROWS = 100_000
"""The number of rows that one statement copies."""


@dataclass(frozen=True, slots=True)
class NewForm:
    """The form that a table is copied into.

    Args:
        sql: its CREATE TABLE text.
        before: the table, parsed.
        after: the new form, parsed.
        sources: expressions over the old table, by columns of the new form; other columns get their
            default, or are computed.
    """

    sql: str
    before: TableText
    after: TableText
    sources: Mapping[str, str]


@contextmanager
def copy_transaction(
    connection: Connection, subject: str, stored: StoredTable
) -> Iterator[CopyWay]:
    """Make a copy inside atomic; yields how the old table is to be dropped.

    Whether foreign keys were switched off is read from SQLite: inside a transaction it silently
    ignores the pragma (manual, "PRAGMA foreign_keys").

    Args:
        connection: to the database.
        subject: how errors call the table.
        stored: the table.

    Raises:
        OperationError: foreign keys cannot be switched off, and nothing was executed; or a view, a
            trigger or a foreign key would be broken, and everything is rolled back.
    """
    with ExitStack() as after:
        way = copy_way(connection, subject, after)
        legacy = pragma_value(connection, "legacy_alter_table")
        # not undone by ROLLBACK; inside a transaction it is obeyed
        after.callback(set_pragma, connection, "legacy_alter_table", legacy)
        with _transaction(connection):
            set_pragma(connection, "legacy_alter_table", 0)
            integrity = Integrity(connection, subject, stored)
            yield way
            set_pragma(connection, "legacy_alter_table", 0)
            integrity.check()


def move_and_copy(connection: Connection, stored: StoredTable, form: NewForm, way: CopyWay) -> None:
    """Replace a table by a copy of another form. Runs inside `copy_transaction`.

    Rows, rowids, the counter of AUTOINCREMENT, indexes, triggers, statistics and everything that
    refers to the table are kept.
    """
    name = _free_name(stored, "_moltres_new_")
    counter = _sequence(connection, stored)
    statistics = _statistics(connection, stored)
    text = unqualified(form.sql, stored.name)
    connection.exec_driver_sql(renamed_table(text, stored.schema, name))
    _fill(connection, stored, form, name)
    if way is CopyWay.SWAP:
        old_name = _free_name(stored, "_moltres_new_old_")
        swap(connection, stored, name, text, old_name)
    else:
        _replace(connection, stored, name)
    _restore_sequence(connection, stored, form, counter)
    if stored.own or statistics:
        indexes = _restore_objects(connection, stored)
        _restore_statistics(connection, stored, statistics, indexes)


def _fill(connection: Connection, stored: StoredTable, form: NewForm, name: str) -> None:
    """Copy the rows; many rows are copied in parts, and progress is shown after each."""
    place, targets = quoted(stored.schema), _with_rowid(form)
    if not targets:
        return
    columns, expressions = ", ".join(targets), ", ".join(targets.values())
    table = f"{place}.{quoted(stored.name)}"
    copied = f"INSERT INTO {place}.{quoted(name)} ({columns}) SELECT {expressions} FROM {table}"
    rowid = None if form.before.without_rowid else _free_rowid_name(form.before)
    end, begin = (None if rowid is None else _part_end(connection, table, rowid)), None
    while end is not None:
        where = "" if begin is None else f"{rowid} > {begin:d} AND "
        connection.exec_driver_sql(
            f"{copied} WHERE {where}{rowid} <= {end:d}", execution_options={PART: True}
        )
        begin, end = end, _part_end(connection, table, str(rowid), end)
    connection.exec_driver_sql(copied if begin is None else f"{copied} WHERE {rowid} > {begin:d}")


def _part_end(
    connection: Connection, table: str, rowid: str, begin: int | None = None
) -> int | None:
    """Return the last rowid of the next part; `None` if the rest is no more than a part."""
    where = "" if begin is None else f" WHERE {rowid} > {begin:d}"
    end: int | None = connection.exec_driver_sql(
        f"SELECT {rowid} FROM {table}{where} ORDER BY {rowid} LIMIT 1 OFFSET {PART_ROWS - 1:d}",
        execution_options={} if begin is None else {PART: True},
    ).scalar()
    return end


def _free_rowid_name(*tables: TableText) -> str | None:
    names = {column.name.lower() for table in tables for column in table.columns}
    return next((name for name in ROWID_NAMES if name not in names), None)


def _replace(connection: Connection, stored: StoredTable, name: str) -> None:
    place = quoted(stored.schema)
    connection.exec_driver_sql(f"DROP TABLE {place}.{quoted(stored.name)}")
    # so it leaves views, other tables' triggers and their REFERENCES as they are
    set_pragma(connection, "legacy_alter_table", 1)
    connection.exec_driver_sql(
        f"ALTER TABLE {place}.{quoted(name)} RENAME TO {quoted(stored.name)}"
    )
    set_pragma(connection, "legacy_alter_table", 0)


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """Run a transaction, or a savepoint if a transaction is open already."""
    end, undo = "COMMIT", ["ROLLBACK"]
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as err:
        if "within a transaction" not in str(err.orig):
            raise
        connection.exec_driver_sql(f"SAVEPOINT {SAVEPOINT}")
        end, undo = f"RELEASE {SAVEPOINT}", [f"ROLLBACK TO {SAVEPOINT}", f"RELEASE {SAVEPOINT}"]
    try:
        yield
        connection.exec_driver_sql(end)
    except BaseException:  # an interruption too must not leave half a copy
        _undo(connection, undo)
        raise


def _undo(connection: Connection, statements: list[str]) -> None:
    for statement in statements:
        try:
            connection.exec_driver_sql(statement)
        except OperationalError as err:
            # SQLite has rolled back by itself: the disk is full, ... (manual, "Transaction", 3.2)
            message = str(err.orig)
            if "no transaction is active" not in message and "no such savepoint" not in message:
                raise


def _free_name(stored: StoredTable, prefix: str) -> str:
    taken = {name.lower() for name in stored.others}
    name, number = f"{prefix}{stored.name}", 1
    while name.lower() in taken:
        number += 1
        name = f"{prefix}{number}_{stored.name}"
    return name


def _with_rowid(form: NewForm) -> dict[str, str]:
    """Return the columns to fill, quoted, with the rowid unless a column is the rowid.

    The rowid is kept because full-text search and others refer to it.
    """
    old, new = form.before, form.after
    targets = {quoted(column): expression for column, expression in form.sources.items()}
    if old.without_rowid or new.without_rowid:
        return targets
    alias = _rowid_column(new)
    if alias is not None and alias.name.lower() in {column.lower() for column in form.sources}:
        return targets
    rowid = _free_rowid_name(old, new)
    return {rowid: rowid, **targets} if rowid is not None else targets


def _rowid_column(table: TableText) -> ColumnText | None:
    """Return the column that is the rowid: INTEGER PRIMARY KEY, not DESC in its own definition."""
    key = table.primary_key
    if key is None or len(key.parts) != 1:
        return None
    part = key.parts[0]
    name = (part.column or part.text).lower()
    column = next((column for column in table.columns if column.name.lower() == name), None)
    if column is None or column.type.upper() != "INTEGER":
        return None
    return None if key in column.constraints and part.order == "DESC" else column


def _sequence(connection: Connection, stored: StoredTable) -> int | None:
    """Return the counter of AUTOINCREMENT, `None` for none."""
    if "sqlite_sequence" not in stored.others:
        return None
    counter: int | None = connection.exec_driver_sql(
        f"SELECT seq FROM {quoted(stored.schema)}.sqlite_sequence WHERE lower(name) = lower(?)",
        (stored.name,),
    ).scalar()
    return counter


def _restore_sequence(
    connection: Connection, stored: StoredTable, form: NewForm, counter: int | None
) -> None:
    """Restore the counter, which DROP TABLE deleted and the copied rows set to a lower value."""
    table, key = f"{quoted(stored.schema)}.sqlite_sequence", form.after.primary_key
    if counter is None or key is None or not key.autoincrement:
        return
    connection.exec_driver_sql(f"DELETE FROM {table} WHERE name = ?", (stored.name,))
    connection.exec_driver_sql(
        f"INSERT INTO {table} (name, seq) VALUES (?, ?)", (stored.name, counter)
    )


def _restore_objects(connection: Connection, stored: StoredTable) -> set[str]:
    """Recreate the indexes and triggers that DROP TABLE has dropped; return all indexes."""
    places = dict.fromkeys((stored.schema, "temp"))
    reading = " UNION ALL ".join(
        f"SELECT type, name FROM {quoted(place)}.sqlite_master" for place in places
    )
    kept = {(kind, name) for kind, name in connection.exec_driver_sql(reading)}
    for each in stored.own:
        if (each.kind, each.name) not in kept:
            connection.exec_driver_sql(each.created)
            kept.add((each.kind, each.name))
    return {name for kind, name in kept if kind == "index"}


def _statistics(
    connection: Connection, stored: StoredTable
) -> dict[str, Sequence[tuple[Any, ...]]]:
    """Return the statistics of ANALYZE, by SQLite's tables for them."""
    place = quoted(stored.schema)
    return {
        table: [
            tuple(row)
            for row in connection.exec_driver_sql(
                f"SELECT * FROM {place}.{table} WHERE lower(tbl) = lower(?)", (stored.name,)
            )
        ]
        for table in sorted(stored.others)
        if table.startswith("sqlite_stat")
    }


def _restore_statistics(
    connection: Connection,
    stored: StoredTable,
    statistics: Mapping[str, Sequence[tuple[Any, ...]]],
    indexes: set[str],
) -> None:
    """Restore the results of ANALYZE, for the remaining indexes."""
    place = quoted(stored.schema)
    for table, rows in statistics.items():
        connection.exec_driver_sql(
            f"DELETE FROM {place}.{table} WHERE lower(tbl) = lower(?)", (stored.name,)
        )
        for row in rows:
            if row[1] is None or row[1] in indexes or row[1] == stored.name:
                marks = ", ".join("?" * len(row))
                connection.exec_driver_sql(f"INSERT INTO {place}.{table} VALUES ({marks})", row)
