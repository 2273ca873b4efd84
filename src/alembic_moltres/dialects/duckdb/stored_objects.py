"""The objects of a database other than tables: views."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from ..base.stored_objects import StoredObject

OBJECTS = """
SELECT 'view', view_name, NULLIF(schema_name, current_schema()), NULL, sql
FROM duckdb_views() WHERE NOT internal AND database_name = current_database() ORDER BY 2
"""


def stored_objects(connection: Connection) -> list[StoredObject]:
    """Return the objects of the connected database."""
    return [StoredObject(*row) for row in connection.exec_driver_sql(OBJECTS)]
