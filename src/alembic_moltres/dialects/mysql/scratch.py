"""Lists and drops the objects of a scratch database."""

from __future__ import annotations

from sqlalchemy.engine import Connection

OBJECTS = """
SELECT CASE table_type WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END,
  table_name FROM information_schema.tables WHERE table_schema = DATABASE()
UNION ALL
SELECT routine_type, routine_name FROM information_schema.routines
WHERE routine_schema = DATABASE()
UNION ALL
SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema = DATABASE()
"""


def contents(connection: Connection) -> list[str]:
    """Return the objects of a database, each with its kind; triggers belong to their tables."""
    return [f"{kind.lower()} {named}" for kind, named in connection.exec_driver_sql(OBJECTS)]


def clear(connection: Connection) -> None:
    """Drop all of them."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
    try:
        for kind, named in connection.exec_driver_sql(OBJECTS).all():
            connection.exec_driver_sql(f"DROP {kind} IF EXISTS {quote(named)}")
    finally:
        connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 1")
