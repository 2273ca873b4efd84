"""Advisory locks (manual, "Explicit Locking") of a session, or of a caller's transaction.

They are polled and never waited for: `pg_advisory_lock` in the waiter and CREATE INDEX CONCURRENTLY
in the holder would wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from ...errors import RunnerError
from ...sqltext import POSTGRESQL, mentioned
from ..base.locks import Lock, Locks, SessionLock, described, digest

HOLDERS = """
SELECT a.pid AS pid, a.application_name AS application, a.usename AS user, a.client_addr AS host,
       to_char(CASE WHEN a.state = 'active' THEN a.query_start ELSE a.state_change END,
               'YYYY-MM-DD HH24:MI:SS') AS since
FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  AND l.classid::bigint = {high} AND l.objid::bigint = {low}
"""

OURS = """
SELECT count(*) FROM pg_catalog.pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pid = pg_backend_pid()
  AND classid::bigint = {high} AND objid::bigint = {low}
"""

BLOCKERS = sa.text("""
SELECT DISTINCT a.pid AS pid, a.application_name AS application,
       a.usename AS user, a.client_addr AS host, a.state AS state,
       to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS') AS since, left(a.query, 80) AS statement
FROM pg_catalog.pg_locks l
JOIN pg_catalog.pg_class c ON c.oid = l.relation
JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.granted AND a.datname = current_database() AND c.relname = ANY (CAST(:names AS text[]))
  AND a.pid NOT IN (CAST(:pid AS integer), pg_backend_pid())
ORDER BY since LIMIT 3
""")
"""It runs after the wait, so it lists the sessions with a lock on a table of the statement."""

PID = sa.text("SELECT pg_catalog.pg_backend_pid()")

POOLED = (
    "there is a pooler in transaction mode before this server (two connections were given the same "
    "session, or one was given two); locks of a session do not work through it; connect to the "
    "server itself or to a pool in session mode, or pass "
    'context.configure(moltres={"runner": False}) and run one upgrade at a time'
)


class PostgreSQLLocks(Locks):
    """Advisory locks; a killed connection keeps the second one until its last statement ends."""

    exist = True
    own_connection = True
    transactional = True
    errors = frozenset({"55P03", "40P01", "40001"})
    statement_errors = frozenset({"55P03"})

    def subject(self, connection: Connection, table: str, schema: str | None) -> str:
        query = sa.text("SELECT current_database(), coalesce(:schema, current_schema())")
        row = connection.execute(query, {"schema": schema}).one()
        return ".".join([*map(str, row), table])

    def first(self, connection: Connection, subject: str) -> Lock:
        return _lock(connection, f"first {subject}", in_transaction=False, ends=False)

    def second(self, connection: Connection, subject: str, *, in_transaction: bool) -> Lock:
        name = f"second {subject}"
        return _lock(connection, name, in_transaction=in_transaction, ends=not in_transaction)

    def refuse_pooler(self, connection: Connection, own: Connection) -> None:
        working = connection.execute(PID).scalar()
        connection.commit()
        own.exec_driver_sql("BEGIN")
        try:
            is_pooled = own.execute(PID).scalar() == working
            if not is_pooled:
                is_pooled = connection.execute(PID).scalar() != working
                connection.commit()
        finally:
            own.exec_driver_sql("COMMIT")
        if is_pooled:
            raise RunnerError(POOLED, connection.engine.url)

    def may_be_half_done(self, tokens: Sequence[str]) -> bool:
        """A failed CREATE INDEX CONCURRENTLY leaves an invalid index."""
        return "CONCURRENTLY" in tokens

    def limit_transaction(self, seconds: float) -> str:
        return f"SET LOCAL lock_timeout = {int(seconds * 1000)}" if seconds else ""

    def limit_session(self, tokens: Sequence[str], seconds: float) -> str:
        limit = 0 if "CONCURRENTLY" in tokens else int(seconds * 1000)
        return f"SET lock_timeout = {limit}" if seconds else ""

    @contextmanager
    def limited(self, connection: Connection, seconds: float) -> Iterator[None]:
        """Restore the timeout that `limit_session` sets."""
        if not (seconds and self.autocommits(connection)):
            yield
            return
        before = connection.exec_driver_sql("SHOW lock_timeout").scalar()
        try:
            yield
        finally:
            with suppress(DBAPIError, InvalidRequestError):  # a lost connection has no session
                connection.exec_driver_sql(f"SET lock_timeout = '{before}'")

    def session(self, connection: Connection) -> str:
        return str(connection.execute(PID).scalar())

    def blockers(self, own: Connection, session: str, statement: str) -> Sequence[str]:
        names = sorted(mentioned(statement, POSTGRESQL))
        try:
            rows = own.execute(BLOCKERS, {"names": names, "pid": int(session)}).all()
        except DBAPIError:
            return ()
        return [described(row._asdict()) for row in rows]

    def is_read_only(self, connection: Connection) -> bool:
        return bool(connection.execute(sa.text("SHOW transaction_read_only")).scalar() == "on")


def _lock(connection: Connection, name: str, *, in_transaction: bool, ends: bool) -> SessionLock:
    key = int.from_bytes(digest(name, 8), "big", signed=True)
    high, low = key >> 32 & 0xFFFFFFFF, key & 0xFFFFFFFF
    kind = "xact_lock" if in_transaction else "lock"
    return SessionLock(
        connection,
        f"SELECT pg_catalog.pg_try_advisory_{kind}({key})",
        free="" if in_transaction else f"SELECT pg_catalog.pg_advisory_unlock({key})",
        holders=HOLDERS.format(high=high, low=low),
        ends_transaction=ends,
        ours=OURS.format(high=high, low=low) if in_transaction else "",
    )
