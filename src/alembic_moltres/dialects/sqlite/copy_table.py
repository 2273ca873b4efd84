"""A table copied into a new form, with all that belongs to it.

SQLite manual, "ALTER TABLE", section 7: steps 3 to 9. The order there is kept: the new table is
made under another name, filled, the old one dropped, the new one renamed. Renamed the other way
round, views, triggers and foreign keys would follow the old table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .parse import ColumnText, TableText, parse_table
from .sqlite_master import quoted, renamed_table
from .table_text import unqualified

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from .sqlite_master import StoredTable

ROWID_NAMES = ("rowid", "_rowid_", "oid")
"""What the rowid is called, unless a column has that name (manual, "Rowid Tables")."""


COPIED = re.compile(r"_moltres_new_(\d+_)?(?=\S)")
"""What the copy's name has before the table's own, as it stands in SQLite's errors."""


def copy_table(
    connection: Connection, stored: StoredTable, sql: str, sources: Mapping[str, str]
) -> None:
    """Replace a table by a copy of another form. Runs inside `rebuild`.

    Rows, rowids, the counter of AUTOINCREMENT, indexes, triggers, statistics and everything that
    refers to the table are kept.

    Args:
        connection: to the database.
        stored: the table.
        sql: its new CREATE TABLE text.
        sources: by columns of the new table, expressions over the old one; columns that are left
            out have their default, or are computed.
    """
    place, old = quoted(stored.schema), f"{quoted(stored.schema)}.{quoted(stored.name)}"
    name = _free_name(connection, stored)
    counter = _sequence(connection, stored)
    statistics = _statistics(connection, stored)
    new_text = renamed_table(unqualified(sql, stored.name), stored.schema, name)
    connection.exec_driver_sql(new_text)
    targets = _with_rowid(parse_table(stored.sql), parse_table(sql), sources)
    if targets:
        columns, expressions = ", ".join(targets), ", ".join(targets.values())
        connection.exec_driver_sql(
            f"INSERT INTO {place}.{quoted(name)} ({columns}) SELECT {expressions} FROM {old}"
        )
    connection.exec_driver_sql(f"DROP TABLE {old}")
    # so it leaves views, other tables' triggers and their REFERENCES as they are
    connection.exec_driver_sql("PRAGMA legacy_alter_table=1")
    connection.exec_driver_sql(
        f"ALTER TABLE {place}.{quoted(name)} RENAME TO {quoted(stored.name)}"
    )
    connection.exec_driver_sql("PRAGMA legacy_alter_table=0")
    _restore_sequence(connection, stored, counter)
    _restore_objects(connection, stored)
    _restore_statistics(connection, stored, statistics)


def _free_name(connection: Connection, stored: StoredTable) -> str:
    taken = set(
        connection.exec_driver_sql(
            f"SELECT lower(name) FROM {quoted(stored.schema)}.sqlite_master"
        ).scalars()
    )
    name, number = f"_moltres_new_{stored.name}", 1
    while name.lower() in taken:
        number += 1
        name = f"_moltres_new_{number}_{stored.name}"
    return name


def _with_rowid(old: TableText, new: TableText, sources: Mapping[str, str]) -> dict[str, str]:
    """Return the columns to fill, in quotes, the rowid among them where no column is it.

    Full-text search and others keep rowids.
    """
    targets = {quoted(column): expression for column, expression in sources.items()}
    if old.without_rowid or new.without_rowid:
        return targets
    alias = _rowid_column(new)
    if alias is not None and alias.name.lower() in {column.lower() for column in sources}:
        return targets
    names = {column.name.lower() for column in (*old.columns, *new.columns)}
    rowid = next((name for name in ROWID_NAMES if name not in names), None)
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
    if not _has_table(connection, stored.schema, "sqlite_sequence"):
        return None
    found: int | None = connection.exec_driver_sql(
        f"SELECT seq FROM {quoted(stored.schema)}.sqlite_sequence WHERE lower(name) = lower(?)",
        (stored.name,),
    ).scalar()
    return found


def _restore_sequence(connection: Connection, stored: StoredTable, counter: int | None) -> None:
    """Give the counter back: DROP TABLE has deleted it, the copied rows have begun a lower one."""
    table = f"{quoted(stored.schema)}.sqlite_sequence"
    sql = connection.exec_driver_sql(
        f"SELECT sql FROM {quoted(stored.schema)}.sqlite_master WHERE type = 'table' AND name = ?",
        (stored.name,),
    ).scalar_one()
    key = parse_table(sql).primary_key
    if counter is None or key is None or not key.autoincrement:
        return
    connection.exec_driver_sql(f"DELETE FROM {table} WHERE name = ?", (stored.name,))
    connection.exec_driver_sql(
        f"INSERT INTO {table} (name, seq) VALUES (?, ?)", (stored.name, counter)
    )


def _restore_objects(connection: Connection, stored: StoredTable) -> None:
    """Make the indexes and triggers again that DROP TABLE has taken."""
    kept = {
        (kind, name)
        for place in dict.fromkeys((stored.schema, "temp"))
        for kind, name in connection.exec_driver_sql(
            f"SELECT type, name FROM {quoted(place)}.sqlite_master"
        )
    }
    for each in stored.own:
        if (each.kind, each.name) not in kept:
            connection.exec_driver_sql(each.created)


def _statistics(
    connection: Connection, stored: StoredTable
) -> dict[str, Sequence[tuple[Any, ...]]]:
    """Return what ANALYZE has found, by the tables in which SQLite keeps it."""
    place = quoted(stored.schema)
    tables = connection.exec_driver_sql(
        f"SELECT name FROM {place}.sqlite_master WHERE name LIKE 'sqlite\\_stat_' ESCAPE '\\'"
    ).scalars()
    return {
        table: [
            tuple(row)
            for row in connection.exec_driver_sql(
                f"SELECT * FROM {place}.{table} WHERE lower(tbl) = lower(?)", (stored.name,)
            )
        ]
        for table in tables.all()
    }


def _restore_statistics(
    connection: Connection, stored: StoredTable, found: Mapping[str, Sequence[tuple[Any, ...]]]
) -> None:
    """Give back what ANALYZE has found, for the indexes that there still are."""
    place = quoted(stored.schema)
    indexes = set(
        connection.exec_driver_sql(
            f"SELECT name FROM {place}.sqlite_master WHERE type = 'index'"
        ).scalars()
    )
    for table, rows in found.items():
        for row in rows:
            if row[1] is None or row[1] in indexes or row[1] == stored.name:
                marks = ", ".join("?" * len(row))
                connection.exec_driver_sql(f"INSERT INTO {place}.{table} VALUES ({marks})", row)


def _has_table(connection: Connection, schema: str, name: str) -> bool:
    return (
        connection.exec_driver_sql(
            f"SELECT 1 FROM {quoted(schema)}.sqlite_master WHERE name = ?", (name,)
        ).scalar()
        is not None
    )
