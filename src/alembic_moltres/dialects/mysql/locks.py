"""GET_LOCK (MySQL's and MariaDB's manuals): a lock of a session, by a name of at most 64 letters.

A server has one set of names for all of its databases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from ..base.locks import Lock, Locks, SessionLock, digest

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

HOLDERS: Final = """
SELECT id AS connection, user AS `user`, host AS `host`,
       CAST(NOW() - INTERVAL time SECOND AS CHAR) AS since
FROM information_schema.processlist WHERE id = IS_USED_LOCK('{name}')
"""

READ_ONLY: Final = """
SELECT @@global.read_only AND NOT EXISTS (
    SELECT 1 FROM information_schema.user_privileges
    WHERE replace(grantee, '''', '') = current_user()
      AND privilege_type IN ('SUPER', 'READ_ONLY ADMIN', 'READ ONLY ADMIN', 'CONNECTION_ADMIN'))
"""
"""The rights are those that MySQL and MariaDB exempt."""


class MySQLLocks(Locks):
    """A connection that is killed keeps the second lock until its last statement has ended."""

    exist = True
    own_connection = True
    reads_snapshot = True
    errors = frozenset({"1205", "1213"})
    statement_errors = frozenset({"1205"})

    def subject(self, connection: Connection, table: str, schema: str | None) -> str:
        query = sa.text("SELECT coalesce(:schema, database())")
        return f"{connection.execute(query, {'schema': schema}).scalar()}.{table}"

    def first(self, connection: Connection, subject: str) -> Lock:
        return _lock(connection, f"first {subject}", ends=False)

    def second(self, connection: Connection, subject: str, *, in_transaction: bool) -> Lock:
        return _lock(connection, f"second {subject}", ends=not in_transaction)

    def is_read_only(self, connection: Connection) -> bool:
        return bool(connection.exec_driver_sql(READ_ONLY).scalar())


def _lock(connection: Connection, name: str, *, ends: bool) -> SessionLock:
    name = f"alembic_moltres {digest(name, 16).hex()}"
    return SessionLock(
        connection,
        f"SELECT GET_LOCK('{name}', 0)",
        f"SELECT RELEASE_LOCK('{name}')",
        HOLDERS.format(name=name),
        ends,
    )
