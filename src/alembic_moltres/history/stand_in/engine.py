"""An engine that answers as the project's database would, with no driver and no server.

It is a real `Engine`, so all that a script does with `op.get_bind()` works: `create()` of
enum types and tables, sessions, `inspect()`, reflection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pkgutil import resolve_name
from typing import Any, Protocol

from sqlalchemy.engine import URL, Connection, Dialect, Engine
from sqlalchemy.pool import NullPool
from sqlalchemy.sql import text
from sqlalchemy.util import await_only

from ...convert.expressions import escaped_text
from ...schema.dialects import DIALECT_CLASSES
from ...sqla_compat import DETECT_CHARSET, LOAD_DOMAINS, LOAD_ENUMS
from .driver import Cursor, Server, StubDriver
from .inspection import InspectedTables, InspectsState


class StandInDatabase(Server, Protocol):
    """Gives the stand-in the results of statements and the current tables.

    Attributes:
        session_queries: SQLAlchemy's queries on the first connection, with their results; if empty,
            the dialect stays as it is before it connects.
        server_version: the version of a server that none of these queries has.
    """

    session_queries: Mapping[str, object]
    server_version: tuple[int, ...] | None

    def inspected(self) -> InspectedTables:
        """Return the content as an inspector reflects it."""

    def enums(self, schema: str | None) -> list[dict[str, Any]]:
        """Return the enum types as PostgreSQL's inspector does."""


class StandIn:
    """The part of the dialect that replaces a driver."""

    database: StandInDatabase
    is_stand_in = True
    is_async = False
    supports_statement_cache = False
    use_insertmanyvalues = False
    default_isolation_level = "READ COMMITTED"

    def do_execute(
        self, cursor: Cursor, statement: str, parameters: object, context: Any = None
    ) -> None:
        self._execute(cursor, statement, context)

    def do_executemany(
        self, cursor: Cursor, statement: str, parameters: object, context: Any = None
    ) -> None:
        self._execute(cursor, statement, context)

    def do_execute_no_params(self, cursor: Cursor, statement: str, context: Any = None) -> None:
        self._execute(cursor, statement, context)

    def _execute(self, cursor: Cursor, statement: str, context: Any) -> None:
        if self.is_async:  # in `run_async`, where SQLAlchemy requires that a driver is awaited
            await_only(_done())
        cursor.take(self.database.execute(statement, context))

    def do_begin(self, dbapi_connection: object) -> None:
        """Begin nothing: there is nothing to roll back."""

    def set_isolation_level(self, dbapi_connection: object, level: str) -> None:
        """Accept any level: there is nothing to isolate."""

    def get_isolation_level(self, dbapi_connection: object) -> str:
        return "READ COMMITTED"

    def get_default_isolation_level(self, dbapi_connection: object) -> str:
        return "READ COMMITTED"

    def get_isolation_level_values(self, dbapi_connection: object) -> Sequence[str]:
        return ("AUTOCOMMIT", "SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED")

    def do_ping(self, dbapi_connection: object) -> bool:
        return True

    def is_disconnect(self, *_: object) -> bool:
        return False


async def _done() -> None:
    """Be done at once."""


class StandInEngine(Engine):
    """An engine whose connections are `StandInConnection`s."""

    def connect(self) -> Connection:
        """Return a connection."""
        return StandInConnection(self)


class StandInConnection(Connection):
    """A connection that takes a plain string and its parameters, as SQLAlchemy 1.4 did.

    Old scripts contain such statements.
    """

    def execute(self, statement: Any, *args: Any, **stated: Any) -> Any:
        """Execute a statement; a driver's own parameters change nothing without rows."""
        if isinstance(statement, str):
            return super().execute(text(escaped_text(statement)))
        by_name = {name: each for name, each in stated.items() if name not in EXECUTE_ARGUMENTS}
        if not by_name:
            return super().execute(statement, *args, **stated)
        options = {name: each for name, each in stated.items() if name not in by_name}
        return super().execute(statement, {**(args[0] if args else {}), **by_name}, **options)


EXECUTE_ARGUMENTS = frozenset({"parameters", "execution_options"})


def _enums(standing: Any, connection: object, schema: Any = None, **_: object) -> Any:
    return standing.database.enums(schema)


def _domains(standing: object, connection: object, schema: Any = None, **_: object) -> list[Any]:
    return []


def _charset(standing: object, connection: object) -> str:
    return "utf8mb4"


OWN: Mapping[str, object] = {
    "supports_statement_cache": False,
    LOAD_ENUMS: _enums,
    LOAD_DOMAINS: _domains,
    DETECT_CHARSET: _charset,
}
"""The methods with which a dialect queries a server."""


def stand_in(dialect: Dialect, make: Callable[[Dialect], StandInDatabase]) -> Engine:
    """Return an engine whose statements a `StandInDatabase` executes.

    Args:
        dialect: the project's; a shipped one is replaced by its class without a driver.
        make: makes the `StandInDatabase`, given the stand-in's dialect.
    """
    base = _base(dialect)
    bases = (StandIn, InspectsState, base)
    seen_as = dialect.__class__  # by `isinstance(bind.dialect, postgresql.dialect)`
    own = {**OWN, "__class__": property(lambda _: seen_as)}
    made: Any = type(f"StandIn{base.__name__}", bases, own)
    standing: Any = made(paramstyle="named", dbapi=StubDriver())
    database = standing.database = make(standing)
    standing.driver = dialect.driver

    def connect() -> Any:
        return standing.dbapi.connect(database)

    pool = NullPool(connect, dialect=standing)
    engine = StandInEngine(pool, standing, URL.create(dialect.name))
    if database.session_queries:
        with engine.connect() as connection:
            base.initialize(standing, connection)
        if database.server_version is not None:
            standing.server_version_info = database.server_version
    else:
        standing.default_schema_name = getattr(standing, "schema_name", None)  # SQL Server's "dbo"
    return engine


def _base(dialect: Dialect) -> Any:
    path = DIALECT_CLASSES.get(dialect.name)
    return type(dialect) if path is None else resolve_name(path)
