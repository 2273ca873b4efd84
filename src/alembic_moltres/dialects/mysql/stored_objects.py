"""The objects of a database other than tables: views, routines, triggers, events, sequences."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from ..base.stored_objects import StoredObject

OBJECTS = """
SELECT 'view', table_name, NULL, view_definition FROM information_schema.views
WHERE table_schema = DATABASE()
UNION ALL
SELECT 'trigger', trigger_name, event_object_table,
  CONCAT_WS(' ', action_timing, event_manipulation, action_statement)
FROM information_schema.triggers WHERE trigger_schema = DATABASE()
UNION ALL
SELECT LOWER(routine_type), routine_name, NULL, routine_definition
FROM information_schema.routines WHERE routine_schema = DATABASE()
UNION ALL
SELECT 'event', event_name, NULL, event_definition FROM information_schema.events
WHERE event_schema = DATABASE()
UNION ALL
SELECT 'sequence', table_name, NULL, '' FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'SEQUENCE'
ORDER BY 1, 2
"""


def stored_objects(connection: Connection) -> list[StoredObject]:
    """Return the objects of the connected database."""
    return [
        StoredObject(kind, name, None, table, definition or "")
        for kind, name, table, definition in connection.exec_driver_sql(OBJECTS)
    ]
