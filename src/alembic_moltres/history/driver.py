"""A driver that has no database: it hands every statement to a `Server` and gives its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gives: columns (`None` for no result at all) and rows."""

    columns: tuple[str, ...] | None = None
    rows: tuple[Row, ...] = ()


class Server(Protocol):
    """What answers instead of a database."""

    def execute(self, sql: str, context: Any) -> Answer:
        """Record a statement and answer it.

        Args:
            sql: its text.
            context: SQLAlchemy's execution context, `None` for a statement of a bare cursor.
        """


class Cursor:
    """A DBAPI cursor over an answer."""

    arraysize = 1
    rowcount = 0
    lastrowid = 1

    def __init__(self, connection: StubConnection) -> None:
        self.connection = connection
        self.description: list[tuple[Any, ...]] | None = None
        self._rows: Iterator[Row] = iter(())

    def execute(self, sql: str, parameters: object = None) -> None:
        """Run a statement that came past SQLAlchemy."""
        self.take(self.connection.server.execute(sql, None))

    def executemany(self, sql: str, parameters: object = None) -> None:
        """Run a statement once: rows do not matter."""
        self.execute(sql)

    def take(self, answer: Answer) -> None:
        """Hold an answer for fetching."""
        self.description = None
        if answer.columns is not None:
            self.description = [(name, *(None,) * 6) for name in answer.columns]
        self._rows = iter(answer.rows)

    def fetchone(self) -> Row | None:
        """Return the next row."""
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Row]:
        """Return all rows: they are few."""
        return list(self._rows)

    def fetchall(self) -> list[Row]:
        """Return all rows that are left."""
        return list(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def setinputsizes(self, *sizes: object) -> None:
        """Do nothing, as PEP 249 allows."""

    def close(self) -> None:
        """Do nothing."""


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
        """Do nothing; a script that rolls back by itself is not followed."""

    def close(self) -> None:
        """Do nothing."""


class StubDriver:
    """The module of a driver, as far as SQLAlchemy asks for it."""

    apilevel = "2.0"
    threadsafety = 1
    paramstyle = "named"
    version = __version__ = "0"
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


def rows_named(columns: Sequence[str], rows: Sequence[Row] = ()) -> Answer:
    """Return the answer with these columns."""
    return Answer(tuple(columns), tuple(rows))
