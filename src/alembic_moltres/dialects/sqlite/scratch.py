"""Lists and drops the objects of a scratch database."""

from __future__ import annotations

from sqlalchemy.engine import Connection

OBJECTS = """
SELECT type, name FROM sqlite_master
WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type DESC, name
"""
"""Views come first; indexes and triggers are dropped with their tables."""


def contents(connection: Connection) -> list[str]:
    """Return the objects of a database, each with its kind."""
    return [f"{kind} {named}" for kind, named in connection.exec_driver_sql(OBJECTS)]


def clear(connection: Connection) -> None:
    """Drop all of them."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    for kind, named in connection.exec_driver_sql(OBJECTS).all():
        connection.exec_driver_sql(f"DROP {kind.upper()} IF EXISTS {quote(named)}")
