"""GET_LOCK (MySQL's and MariaDB's manuals): a session's lock with a name of up to 64 characters.

The names are shared by all databases of a server.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from ..base.locks import Lock, Locks, SessionLock, described, digest

HOLDERS: Final = """
SELECT id AS connection, user AS `user`, host AS `host`,
       CAST(NOW() - INTERVAL time SECOND AS CHAR) AS since
FROM information_schema.processlist WHERE id = IS_USED_LOCK('{name}')
"""

WITHOUT_COMMIT: Final = frozenset(
    {
        *("SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES", "LOAD", "CALL"),
        *("SET", "SHOW", "EXPLAIN", "DESCRIBE", "USE", "DO", "SAVEPOINT", "RELEASE", "ROLLBACK"),
    }
)
"""The first keywords of statements without an implicit commit."""

TIMEOUTS: Final = "SELECT @@session.lock_wait_timeout, @@session.innodb_lock_wait_timeout"
SET_TIMEOUTS: Final = "SET SESSION lock_wait_timeout = {}, SESSION innodb_lock_wait_timeout = {}"
BLOCKERS = sa.text("""
SELECT p.id AS connection, p.user AS `user`, p.host AS host, p.command AS state,
       CAST(t.trx_started AS CHAR) AS since, left(p.info, 80) AS statement
FROM information_schema.innodb_trx t
JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
WHERE p.id NOT IN (:session, connection_id()) ORDER BY t.trx_started LIMIT 3
""")
"""No system table has the owners of table locks on every server; open transactions are listed."""

READ_ONLY: Final = """
SELECT @@global.read_only AND NOT EXISTS (
    SELECT 1 FROM information_schema.user_privileges
    WHERE replace(grantee, '''', '') = current_user()
      AND privilege_type IN ('SUPER', 'READ_ONLY ADMIN', 'READ ONLY ADMIN', 'CONNECTION_ADMIN'))
"""
"""The privileges are those that MySQL and MariaDB exempt from read-only mode."""


class MySQLLocks(Locks):
    """Named locks; a killed connection keeps the second one until its last statement ends."""

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

    def commits(self, tokens: Sequence[str]) -> bool:
        """DDL commits the transaction before it, and itself (manual, "Implicit Commit")."""
        return tokens[0] not in WITHOUT_COMMIT

    @contextmanager
    def limited(self, connection: Connection, seconds: float) -> Iterator[None]:
        if not seconds:
            yield
            return
        before = connection.exec_driver_sql(TIMEOUTS).one()
        limit = max(1, round(seconds))
        connection.exec_driver_sql(SET_TIMEOUTS.format(limit, limit))
        try:
            yield
        finally:
            with suppress(DBAPIError, InvalidRequestError):  # a lost connection has no session
                connection.exec_driver_sql(SET_TIMEOUTS.format(*before))

    def session(self, connection: Connection) -> str:
        return str(connection.exec_driver_sql("SELECT connection_id()").scalar())

    def blockers(self, own: Connection, session: str, statement: str) -> Sequence[str]:
        try:
            rows = own.execute(BLOCKERS, {"session": int(session)}).all()
        except DBAPIError:  # the right PROCESS is missing
            return ()
        return [described(row._asdict()) for row in rows]

    def is_read_only(self, connection: Connection) -> bool:
        return bool(connection.exec_driver_sql(READ_ONLY).scalar())


def _lock(connection: Connection, name: str, *, ends: bool) -> SessionLock:
    name = f"alembic_moltres {digest(name, 16).hex()}"
    return SessionLock(
        connection,
        f"SELECT GET_LOCK('{name}', 0)",
        free=f"SELECT RELEASE_LOCK('{name}')",
        holders=HOLDERS.format(name=name),
        ends_transaction=ends,
    )
