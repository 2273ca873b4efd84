"""The objects of a database other than tables: views and triggers."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from ..base.stored_objects import StoredObject

OBJECTS = """
SELECT type, name, CASE type WHEN 'trigger' THEN tbl_name END, sql FROM sqlite_master
WHERE type IN ('view', 'trigger') ORDER BY type, name
"""


def stored_objects(connection: Connection) -> list[StoredObject]:
    """Return the objects of the main database."""
    return [
        StoredObject(kind, name, None, table, definition)
        for kind, name, table, definition in connection.exec_driver_sql(OBJECTS)
    ]
