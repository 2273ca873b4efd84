"""`Locks`: locks that keep upgrades of one database from running at the same time.

The base class has no lock. `acquire` never waits in the server: it returns at once and is polled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar

from ...schema.names import qualified_name

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Dialect, Row


class Lock:
    """One lock; this one is always free."""

    def acquire(self) -> bool:
        """Try to take the lock; return whether it is held by this connection now."""
        return True

    def release(self) -> None:
        """Release the lock."""

    def is_ours(self) -> bool:
        """Tell whether an earlier run has taken it in this transaction."""
        return False

    def holder(self) -> str:
        """Describe the session that holds it; an empty string if it cannot be known."""
        return ""


class Locks:
    """The locks of one database; the hooks of this base class do nothing.

    Attributes:
        exist: whether this database has locks for upgrades.
        own_connection: the first lock is held by a connection of its own.
        transactional: in a caller's transaction the second lock is held until it ends.
        reads_snapshot: a transaction reads the state at the time of its first query.
        errors: the codes of lock timeouts, deadlocks and conflicts with other transactions.
        statement_errors: those of them that do not end the transaction.
    """

    exist: ClassVar[bool] = False
    own_connection: ClassVar[bool] = False
    transactional: ClassVar[bool] = False
    reads_snapshot: ClassVar[bool] = False
    errors: ClassVar[frozenset[str]] = frozenset()
    statement_errors: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def subject(self, connection: Connection, table: str, schema: str | None) -> str:
        """Return the name of the lock, made of database, schema and version table.

        Args:
            connection: the migrating connection.
            table: the version table.
            schema: its schema; `None` for the default one.
        """
        return qualified_name(table, schema)

    def first(self, connection: Connection, subject: str) -> Lock:
        """Return the lock that an upgrade holds from beginning to end.

        Args:
            connection: of its own, in AUTOCOMMIT, if `own_connection`; else the one that migrates.
            subject: what is locked.
        """
        return Lock()

    def second(self, connection: Connection, subject: str, *, in_transaction: bool) -> Lock:
        """Return the lock of the migrating connection, held while the server executes for it.

        Args:
            connection: the migrating connection.
            subject: what is locked.
            in_transaction: the connection is in a transaction of its caller's.
        """
        return Lock()

    def refuse_pooler(self, connection: Connection, own: Connection) -> None:
        """Refuse a connection pooler in transaction mode.

        Args:
            connection: the migrating connection, not in a transaction.
            own: the connection of the first lock.

        Raises:
            RunnerError: there is one; locks of a session would not be released.
        """

    def autocommits(self, connection: Connection) -> bool:
        """Tell whether the connection commits each statement now."""
        driver: Any = connection.connection.dbapi_connection
        state = getattr(driver, "get_autocommit", None) or getattr(driver, "autocommit", False)
        return bool(state() if callable(state) else state)

    def commits(self, tokens: Sequence[str]) -> bool:
        """Tell whether the database commits a statement although a transaction is open.

        Args:
            tokens: of the statement, in upper case.
        """
        return False

    def may_be_half_done(self, tokens: Sequence[str]) -> bool:
        """Tell whether a failed statement may leave something in the database."""
        return False

    def limit_transaction(self, seconds: float) -> str:
        """Return the statement that sets the lock timeout of a transaction; empty if there is none.

        Args:
            seconds: 0 for no limit.
        """
        return ""

    def limit_session(self, tokens: Sequence[str], seconds: float) -> str:
        """Return the statement that sets the lock timeout of a session that autocommits.

        Args:
            tokens: of the statement that follows, in upper case.
            seconds: 0 for no limit.
        """
        return ""

    @contextmanager
    def limited(self, connection: Connection, seconds: float) -> Iterator[None]:
        """Set the lock timeout of the session inside the block, if a transaction cannot have one.

        Args:
            connection: the migrating connection.
            seconds: 0 for no limit.
        """
        yield

    def session(self, connection: Connection) -> str:
        """Return the server's id of the session of a connection."""
        return ""

    def blockers(self, own: Connection, session: str, statement: str) -> Sequence[str]:
        """Describe the sessions that may block a statement, the oldest first.

        Args:
            own: another connection than the migrating one, in AUTOCOMMIT.
            session: the id of the migrating connection's session.
            statement: the refused statement.
        """
        return ()

    def is_read_only(self, connection: Connection) -> bool:
        """Tell whether the server refuses all writes."""
        return False


@dataclass(frozen=True, slots=True)
class SessionLock(Lock):
    """A lock of the server, held by a session or a transaction.

    Attributes:
        connection: the session.
        take: the query that tries to take it and returns whether it did.
        free: the query that releases it; empty if the end of the transaction does.
        holders: the query for the sessions that hold it, each column with its name.
        ends_transaction: whether the transaction of a query is ended at once.
        ours: the query that returns whether this transaction holds it; empty if there is none.
    """

    connection: Connection
    take: str
    free: str
    holders: str
    ends_transaction: bool
    ours: str = ""

    def is_ours(self) -> bool:
        return bool(self.ours and self._row(self.ours)[0])

    def acquire(self) -> bool:
        return bool(self._row(self.take)[0])

    def release(self) -> None:
        if self.free:
            self._row(self.free)

    def release_on(self, cursor: Any) -> None:
        """Release the lock when the connection is already closed except for its pool.

        Args:
            cursor: of the driver.
        """
        cursor.execute(self.free)

    def holder(self) -> str:
        row = self._row(self.holders)
        return "" if row is None else described(dict(row._asdict()))

    def _row(self, query: str) -> Row[Any] | Any:
        row = self.connection.exec_driver_sql(query).first()
        if self.ends_transaction:
            self.connection.commit()
        return row


def described(session: Mapping[str, Any]) -> str:
    """Describe a session by its non-empty columns.

    >>> described({"pid": 7, "application": "", "since": "10:00:00"})
    'pid 7, since 10:00:00'
    """
    parts = []
    for name, value in session.items():
        if value not in {None, ""}:
            parts.append(f"{name} {value!r}" if name in QUOTED else f"{name} {value}")
    return ", ".join(parts)


QUOTED = frozenset({"application", "user", "statement"})
"""The columns of a session with text that its client has set."""


def digest(text: str, size: int) -> bytes:
    """Return a hash of `size` bytes, the same in every process and on every machine."""
    return blake2b(text.encode(), digest_size=size).digest()
