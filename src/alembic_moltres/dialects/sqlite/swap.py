"""Replaces a table by its filled copy while foreign keys are enforced.

Renaming a table changes the REFERENCES of other tables (manual, "ALTER TABLE RENAME"). Those texts
are restored, so they refer to the copy, which has the old name. Then the old table is dropped; no
row refers to its rows any more.
"""

from __future__ import annotations

from typing import TypeAlias

from sqlalchemy.engine import Connection

from .enforcement import set_pragma
from .sqlite_master import StoredTable, quoted, renamed_table
from .table_text import unqualified

Texts: TypeAlias = dict[tuple[str, str, str], str]
"""Texts by schema, kind and name."""


def swap(connection: Connection, stored: StoredTable, copy: str, sql: str, old_name: str) -> None:
    """Replace a table by its filled copy, and drop the table.

    Args:
        connection: in a transaction.
        stored: the table.
        copy: the name of the filled copy.
        sql: its CREATE TABLE text, without the table's name as a qualifier.
        old_name: a free name for the old table until it is dropped.
    """
    schema, name = stored.schema, stored.name
    for each in stored.own:  # they are recreated from their texts
        connection.exec_driver_sql(f"DROP {each.kind} {quoted(each.schema)}.{quoted(each.name)}")
    before = _texts(connection, schema)
    plain = {(schema, "table", name): unqualified(stored.sql, name)}
    _write(connection, plain, before)  # a name before a column would stay as it is
    set_pragma(connection, "legacy_alter_table", 1)
    _rename(connection, schema, name, old_name)
    _rename(connection, schema, copy, name)
    set_pragma(connection, "legacy_alter_table", 0)
    desired = {key: text for key, text in before.items() if key[2] != copy}
    desired[schema, "table", name] = renamed_table(sql, None, name)
    # its keys to itself become keys to the copy, so that its rows are not refused or set NULL
    desired[schema, "table", old_name] = renamed_table(
        unqualified(stored.sql, name), None, old_name
    )
    _write(connection, desired, _texts(connection, schema))
    connection.exec_driver_sql(f"DROP TABLE {quoted(schema)}.{quoted(old_name)}")


def _rename(connection: Connection, schema: str, current: str, desired: str) -> None:
    connection.exec_driver_sql(
        f"ALTER TABLE {quoted(schema)}.{quoted(current)} RENAME TO {quoted(desired)}"
    )


def _texts(connection: Connection, schema: str) -> Texts:
    return {
        (place, kind, name): sql
        for place in dict.fromkeys((schema, "temp"))
        for kind, name, sql in connection.exec_driver_sql(
            f"SELECT type, name, sql FROM {quoted(place)}.sqlite_master WHERE sql IS NOT NULL"
        )
    }


def _write(connection: Connection, desired: Texts, current: Texts) -> None:
    """Write the texts that differ, and make SQLite read its schema again."""
    changed = {key: sql for key, sql in desired.items() if current.get(key) != sql}
    set_pragma(connection, "writable_schema", 1)
    try:
        for (place, kind, name), sql in changed.items():
            connection.exec_driver_sql(
                f"UPDATE {quoted(place)}.sqlite_master SET sql = ? WHERE type = ? AND name = ?",
                (sql, kind, name),
            )
    finally:
        connection.exec_driver_sql("PRAGMA writable_schema=RESET")
