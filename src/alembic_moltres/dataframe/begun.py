"""SQLite: a transaction that has begun in SQLAlchemy has not begun in the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection


def begun(connection: Connection) -> None:
    """Begin a transaction in the database where one has begun in SQLAlchemy only.

    Python's driver for SQLite sends BEGIN before the first INSERT, UPDATE or DELETE, so what
    creates a table before one of them would stay when the transaction is rolled back.
    """
    if connection.dialect.name != "sqlite":
        return
    driver: Any = connection.connection.driver_connection
    commits_itself = driver.isolation_level is None
    if not commits_itself and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN")
