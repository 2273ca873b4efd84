"""`Locks`: how the upgrades of one database wait for one another. The base has no lock.

A lock is never waited for in the server: `acquire` returns at once, and is called again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection, Dialect, Row


class Lock:
    """One lock; this one is always free."""

    def acquire(self) -> bool:
        """Take the lock if nobody has it; return whether it is ours now."""
        return True

    def release(self) -> None:
        """Let others have it."""

    def is_ours(self) -> bool:
        """Has an earlier run taken it in this transaction?"""
        return False

    def holder(self) -> str:
        """Describe who has it; an empty string if that cannot be known."""
        return ""


class Locks:
    """The locks of one database; every hook of this base says that there are none.

    Attributes:
        exist: whether this database has locks for us.
        own_connection: the first lock is held by a connection that does nothing else.
        transactional: in a caller's transaction the second one is held until that ends.
        reads_snapshot: what a transaction reads is what was there when it read first.
        errors: the codes of what waiting for others, or a conflict with them, has ended.
        statement_errors: those of them after which the transaction goes on.
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
        """Return the name of what is locked: database, schema and version table.

        Args:
            connection: the migrating connection.
            table: the version table.
            schema: its schema; `None` for the default one.
        """
        return f"{schema}.{table}" if schema else table

    def first(self, connection: Connection, subject: str) -> Lock:
        """Return the lock that one upgrade holds from its beginning to its end.

        Args:
            connection: of its own, in AUTOCOMMIT, if `own_connection`; else the one that migrates.
            subject: what is locked.
        """
        return Lock()

    def second(self, connection: Connection, subject: str, *, in_transaction: bool) -> Lock:
        """Return the lock that the connection that migrates holds while the server works for it.

        Args:
            connection: the migrating connection.
            subject: what is locked.
            in_transaction: the connection is in a transaction of its caller's.
        """
        return Lock()

    def refuse_pooler(self, connection: Connection, own: Connection) -> None:
        """Refuse a pooler that gives each transaction another session of the server.

        Args:
            connection: the one that migrates, not in a transaction.
            own: the one that the first lock is taken on.

        Raises:
            RunnerError: there is one; the locks of a session would stay behind.
        """

    def autocommits(self, connection: Connection) -> bool:
        """Is each statement of a connection committed by itself now?"""
        driver: Any = connection.connection.dbapi_connection
        found = getattr(driver, "get_autocommit", None) or getattr(driver, "autocommit", False)
        return bool(found() if callable(found) else found)

    def commits(self, words: Sequence[str]) -> bool:
        """Does the database commit a statement by itself, although a transaction is open?

        Args:
            words: of the statement, in upper case.
        """
        return False

    def may_be_half_done(self, words: Sequence[str]) -> bool:
        """May a statement leave something behind when it fails?"""
        return False

    def limit_transaction(self, seconds: float) -> str:
        """Return the statement that limits waiting for locks in a transaction; empty if none does.

        Args:
            seconds: 0 for no limit.
        """
        return ""

    def limit_session(self, words: Sequence[str], seconds: float) -> str:
        """Return the statement that limits waiting in a session where each statement commits.

        Args:
            words: of the statement that follows, in upper case.
            seconds: 0 for no limit.
        """
        return ""

    @contextmanager
    def limited(self, connection: Connection, seconds: float) -> Iterator[None]:
        """Limit waiting for locks in the session while the block runs, where no transaction can.

        Args:
            connection: the migrating connection.
            seconds: 0 for no limit.
        """
        yield

    def session(self, connection: Connection) -> str:
        """Return the server's number of the session of a connection."""
        return ""

    def blockers(self, own: Connection, session: str, statement: str) -> Sequence[str]:
        """Describe the sessions that may be in the way of a statement, the oldest first.

        Args:
            own: a connection that does not migrate, in AUTOCOMMIT.
            session: that of the connection that migrates.
            statement: what was refused.
        """
        return ()

    def is_read_only(self, connection: Connection) -> bool:
        """Does the server refuse whatever writes?"""
        return False


@dataclass(frozen=True, slots=True)
class SessionLock(Lock):
    """A lock of the server's that a session or a transaction has.

    Attributes:
        connection: the session.
        take: the query that returns whether it is ours now.
        free: the query that lets it go; empty if the end of the transaction does.
        holders: the query for the sessions that have it, each column with its name.
        ends_transaction: nothing stays open behind a statement.
        ours: the query that returns whether this transaction has it; empty if it cannot be asked.
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
        """Let others have it when the connection is already closed for all but its pool.

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
    """Describe a session by those of its columns that are not empty.

    >>> described({"pid": 7, "application": "", "since": "10:00:00"})
    'pid 7, since 10:00:00'
    """
    said = []
    for name, value in session.items():
        if value not in {None, ""}:
            said.append(f"{name} {value!r}" if name in QUOTED else f"{name} {value}")
    return ", ".join(said)


QUOTED = frozenset({"application", "user", "statement"})
"""Columns of a session that others have written."""


def digest(text: str, size: int) -> bytes:
    """Return a hash of `size` bytes, the same in every process and on every machine."""
    return blake2b(text.encode(), digest_size=size).digest()
