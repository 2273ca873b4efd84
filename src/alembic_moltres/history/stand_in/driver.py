"""A DBAPI driver without a database: a `Server` executes each statement and returns its result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a statement.

    Attributes:
        columns: `None` if it returns no rows.
        rows: the rows.
        unknown: only a server knows a value; it is `None` or missing in the rows.
    """

    columns: tuple[str, ...] | None = None
    rows: tuple[Row, ...] = ()
    unknown: bool = False


class Server(Protocol):
    """Executes statements in place of a database."""

    def execute(self, sql: str, context: Any) -> Result:
        """Record a statement and return its result.

        Args:
            sql: its text.
            context: SQLAlchemy's execution context, `None` for a statement of a bare cursor.
        """


class Cursor:
    """A DBAPI cursor over a result."""

    arraysize = 1
    rowcount = 0
    lastrowid = 1

    def __init__(self, connection: StubConnection) -> None:
        self.connection = connection
        self.description: list[tuple[Any, ...]] | None = None
        self._rows: Iterator[Row] = iter(())

    def execute(self, sql: str, parameters: object = None) -> None:
        """Execute a statement that bypassed SQLAlchemy."""
        self.take(self.connection.server.execute(sql, None))

    def executemany(self, sql: str, parameters: object = None) -> None:
        """Execute a statement once, whatever the number of rows."""
        self.execute(sql)

    def take(self, result: Result) -> None:
        """Keep a result for fetching."""
        self.description = None
        if result.columns is not None:
            self.description = [(name, *(None,) * 6) for name in result.columns]
        self._rows = iter(result.rows)

    def fetchone(self) -> Row | None:
        """Return the next row."""
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Row]:
        """Return all rows, since there are few."""
        return list(self._rows)

    def fetchall(self) -> list[Row]:
        """Return the remaining rows."""
        return list(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def setinputsizes(self, *sizes: object) -> None:
        """Do nothing, as PEP 249 allows."""

    def close(self) -> None:
        """Do nothing."""

    async def _async_soft_close(self) -> None:
        """Do nothing: SQLAlchemy closes the cursors of asynchronous drivers so."""


@dataclass(slots=True)
class StubConnection:
    """A DBAPI connection to a `Server`."""

    server: Server
    autocommit: bool = False
    notices: list[str] = field(default_factory=list)

    def cursor(self, *_: object, **__: object) -> Cursor:
        """Return a cursor."""
        return Cursor(self)

    def commit(self) -> None:
        """Do nothing: a script's transactions change no state."""

    def rollback(self) -> None:
        """Do nothing: a rollback in a script is not replayed."""

    def close(self) -> None:
        """Do nothing."""


class StubDriver:
    """The parts of a DBAPI module that SQLAlchemy uses."""

    apilevel = "2.0"
    threadsafety = 1
    paramstyle = "named"
    version = __version__ = "99.0.0"  # dialects refuse drivers that are too old
    sqlite_version_info = (3, 40, 0)

    class Error(Exception):
        """PEP 249."""

    DatabaseError: ClassVar[type[Exception]] = Error
    OperationalError: ClassVar[type[Exception]] = Error
    ProgrammingError: ClassVar[type[Exception]] = Error
    IntegrityError: ClassVar[type[Exception]] = Error
    InterfaceError: ClassVar[type[Exception]] = Error
    InternalError: ClassVar[type[Exception]] = Error
    DataError: ClassVar[type[Exception]] = Error
    NotSupportedError: ClassVar[type[Exception]] = Error

    @staticmethod
    def Binary(content: bytes) -> bytes:  # noqa: N802 - PEP 249
        """Return the content."""
        return content

    def connect(self, server: Server) -> StubConnection:
        """Return a connection to a server."""
        return StubConnection(server)
