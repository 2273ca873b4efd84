"""Runs a project's `env.py` without a database, a server or a driver.

Its online branch is run, since options are often set only there. Every engine that it connects is a
stand-in of the engine's dialect.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection, Dialect, Engine, make_url
from sqlalchemy.pool import PoolProxiedConnection

from ..errors import HistoryError
from ..messages import first_line, project_line
from ..options import moltres_options
from .isolation import refuse_engine
from .live_tables import ScriptTables
from .replay import connect
from .scratch import check_same_kind
from .stand_in.driver import StubDriver
from .stand_in.engine import StandInEngine

Work = Callable[[MigrationContext, dict[str, Any]], None]
"""Takes a configured context and the arguments of `run_migrations()`."""


def run_env(
    config: Config,
    directory: ScriptDirectory,
    script_tables: ScriptTables,
    work: Work,
    servers: Iterable[str | None] = (),
    scratch: Connection | None = None,
    **context: Any,
) -> None:
    """Run `env.py`, and call `work` instead of running the migrations.

    Args:
        config: the project's.
        directory: the project's.
        script_tables: those that scripts define themselves.
        work: called inside `env.py`.
        servers: the connected servers, in the order in which `env.py` configures them, instead
            of the project's.
        scratch: a connection to a real database to use instead of stand-ins.
        context: further arguments of Alembic's `EnvironmentContext`.

    Raises:
        HistoryError: `env.py` raises, or never runs the migrations.
    """
    environment = EnvironmentContext(config, directory, fn=lambda *_: [], as_sql=False, **context)
    done: list[str] = []
    met = iter(servers)

    def configure(connection: Any = None, url: Any = None, **opts: Any) -> None:
        dialect = _dialect(connection, url, opts)
        server = next(met, None) or moltres_options(opts).get("server")
        plain = {k: each for k, each in opts.items() if k not in ONLY_OFFLINE}
        if scratch is not None:
            check_same_kind(scratch.dialect, dialect)
        used = _configured(dialect, server, script_tables) if scratch is None else scratch
        if scratch is None and isinstance(connection, Connection) and connection.in_transaction():
            used.begin()  # Alembic leaves the transactions to `env.py` then
        EnvironmentContext.configure(environment, connection=used, **plain)

    def run_migrations(**arguments: Any) -> None:
        done.append("run")
        work(environment.get_context(), arguments)

    environment.__dict__.update(configure=configure, run_migrations=run_migrations)
    with environment, _engines_stand_in(script_tables, scratch), _drivers_stand_in():
        try:
            directory.run_env()
        except CommandError:  # one of ours is one, too
            raise
        except Exception as err:
            raise HistoryError(_in_env(directory, err), directory) from err
    if not done:
        raise never_migrates(directory)


def never_migrates(directory: ScriptDirectory) -> HistoryError:
    """Return the error of an `env.py` that does not call `run_migrations()`."""
    text = f"{directory.env_py_location}: it never runs the migrations"
    return HistoryError(text, directory)


def _configured(dialect: Dialect, server: str | None, script_tables: ScriptTables) -> Connection:
    """Return a connection to a new stand-in, with the default schema that `env.py` has set."""
    connection = connect(dialect, server, script_tables)
    if getattr(dialect, "is_stand_in", False):
        connection.dialect.default_schema_name = dialect.default_schema_name
    return connection


ONLY_OFFLINE = ("dialect_name", "literal_binds", "as_sql", "output_buffer", "dialect_opts")


def _in_env(directory: ScriptDirectory, err: Exception) -> str:
    place = project_line(err) or directory.env_py_location
    return f"{place}: it raises {type(err).__name__}: {first_line(err)}"


def _dialect(connection: Any, url: Any, opts: dict[str, Any]) -> Dialect:
    if connection is not None:
        dialect: Dialect = connection.dialect
        return dialect
    name = opts.get("dialect_name")
    if url is None and name is None:
        raise HistoryError("env.py configures no connection, no url and no dialect_name")
    return dialect_of(str(url) if url is not None else f"{name}://")


def dialect_of(url: str) -> Dialect:
    """Return a dialect without its driver.

    >>> dialect_of("postgresql+psycopg://nowhere/none").name
    'postgresql'
    """
    made: Dialect = make_url(url).get_dialect()()
    return made


@contextmanager
def _engines_stand_in(script_tables: ScriptTables, scratch: Connection | None) -> Iterator[None]:
    """Make every engine connect to a stand-in in the block, but for that of a scratch database."""
    before, raw_before = Engine.connect, Engine.raw_connection
    real = None if scratch is None else scratch.engine
    stand_ins = _StandIns(script_tables)

    def stand_in_of(engine: Engine) -> Engine:
        is_known = engine is real or isinstance(engine, StandInEngine)
        return engine if is_known else stand_ins.of(engine)

    def stand_in_connect(engine: Engine) -> Connection:
        used = stand_in_of(engine)
        return before(used) if used is engine else used.connect()

    def stand_in_raw_connection(engine: Engine) -> PoolProxiedConnection:
        return raw_before(stand_in_of(engine))

    Engine.connect = stand_in_connect  # type: ignore[method-assign,assignment]
    Engine.raw_connection = stand_in_raw_connection  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        Engine.connect = before  # type: ignore[method-assign]
        Engine.raw_connection = raw_before  # type: ignore[method-assign]
        stand_ins.restore()


class _StandIns:
    """The stand-ins of engines. An engine has the dialect of its stand-in, as if it had connected.

    An inspector of the engine uses that.
    """

    def __init__(self, script_tables: ScriptTables) -> None:
        self._script_tables = script_tables
        self._stand_ins: dict[Engine, Engine] = {}
        self._dialects: dict[Engine, Dialect] = {}

    def of(self, engine: Engine) -> Engine:
        """Return the stand-in of an engine.

        Raises:
            OutsideError: a script is being replayed.
        """
        refuse_engine()
        if engine not in self._stand_ins:
            made = connect(engine.dialect, None, self._script_tables).engine
            made.dialect.is_async = engine.dialect.is_async
            self._stand_ins[engine], self._dialects[engine] = made, engine.dialect
            engine.dialect = made.dialect
        return self._stand_ins[engine]

    def restore(self) -> None:
        """Give the engines their own dialects again."""
        for engine, dialect in self._dialects.items():
            engine.dialect = dialect


IMPORTING = frozenset({__name__, "importlib._bootstrap", "importlib._bootstrap_external"})
"""The modules whose frames are between an import and the finder."""


class _Drivers(MetaPathFinder, Loader):
    """Finds a stub for a driver that a dialect imports and that is not installed."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """Find a stub for a module that a dialect imports, and for its submodules."""
        is_inside = fullname.partition(".")[0] in self.made
        is_stubbed = is_inside or _by_dialect()
        return ModuleSpec(fullname, self, is_package=True) if is_stubbed else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        made = _Driver(spec.name)
        self.made.append(spec.name)
        return made

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the stub is empty."""


class _Driver(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__version__":
            raise AttributeError(name)
        return getattr(StubDriver, name, StubAttribute)


class _AnyAttribute(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StubAttribute

    def __ror__(cls, other: Any) -> Any:
        """Support `flags | StubAttribute`."""
        return other


class StubAttribute(metaclass=_AnyAttribute):
    """Any attribute of a driver that is not installed: a class, a function, a value.

    >>> StubAttribute.adapters.register(1).loads
    <class 'alembic_moltres.history.environment.StubAttribute'>
    """

    def __init__(self, *_: object, **__: object) -> None:
        """Take any arguments."""

    def __getattr__(self, name: str) -> Any:
        return getattr(StubAttribute, name)

    def __call__(self, *_: object, **__: object) -> Any:
        return self


def _by_dialect() -> bool:
    """Tell whether a dialect is importing, and not a driver with an optional dependency."""
    frame: FrameType | None = inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__") in IMPORTING:
        frame = frame.f_back
    return frame is not None and frame.f_code.co_name == "import_dbapi"


@contextmanager
def _drivers_stand_in() -> Iterator[None]:
    finder = _Drivers()
    sys.meta_path.append(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.made:
            sys.modules.pop(name, None)
