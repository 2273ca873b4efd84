"""New databases on the servers that the tests use, or on private ones, and what is in them."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

from tests.dump import dump
from tests.servers import mariadb, postgresql
from tests.servers.process import ServerUnavailableError

PREFIX = "moltres_corpus_"
CONSTRAINT = re.compile(r"\t(CONSTRAINT|PRIMARY KEY|FOREIGN KEY|UNIQUE|CHECK)\b")


class Servers:
    """Makes a database of any kind for the length of a block.

    Args:
        folder: where SQLite files go.
        urls: the servers by the database's name; one that is absent cannot be used.
    """

    def __init__(self, folder: Path, urls: dict[str, sa.URL]) -> None:
        self._folder = folder
        self._urls = urls
        self._numbers = itertools.count(1)

    @property
    def databases(self) -> list[str]:
        """The databases that can be used here."""
        return ["sqlite", *self._urls]

    def dialect(self, kind: str) -> str:
        """Return the name of the dialect that talks to a database of this kind."""
        return self._urls[kind].get_backend_name() if kind in self._urls else kind

    @contextlib.contextmanager
    def database(self, kind: str, prepare: Sequence[str] = ()) -> Iterator[sa.URL]:
        """Give a new database where the statements `prepare` have run; drop it afterwards."""
        name = f"{PREFIX}{os.getpid()}_{next(self._numbers)}"
        if kind == "sqlite":
            path = self._folder / f"{name}.db"
            yield sa.URL.create("sqlite", database=str(path))
            path.unlink(missing_ok=True)
            return
        server = self._urls[kind]
        characters = " CHARACTER SET utf8mb4" if kind == "mariadb" else ""
        _execute(server, f"CREATE DATABASE {name}{characters}")
        try:
            url = server.set(database=name)
            _execute(url, *prepare)
            yield url
        finally:
            force = " WITH (FORCE)" if kind == "postgresql" else ""
            _execute(server, f"DROP DATABASE IF EXISTS {name}{force}")


@contextlib.contextmanager
def servers(folder: Path, say: Callable[[str], object]) -> Iterator[Servers]:
    """Find or start the servers; tells `say` which one is missing and how to get it."""
    starts = {"postgresql": _postgresql, "mariadb": _mariadb}
    urls = {}
    with contextlib.ExitStack() as stack:
        for kind, start in starts.items():
            try:
                urls[kind] = stack.enter_context(start())
            except ServerUnavailableError as err:
                say(str(err))
        yield Servers(folder, urls)


@contextlib.contextmanager
def _mariadb() -> Iterator[sa.URL]:
    with mariadb.server() as server:
        # what the applications' documentation says for MariaDB, too
        yield server.set(drivername="mysql+pymysql")


@contextlib.contextmanager
def _postgresql() -> Iterator[sa.URL]:
    named = os.environ.get("TEST_PG_URL")
    if named:
        yield sa.make_url(named).set(drivername="postgresql+psycopg")
        return
    with postgresql.private_server() as server:
        yield sa.URL.create(
            "postgresql+psycopg", server.user, None, server.host, server.port, "postgres"
        )


def structure(url: sa.URL) -> str:
    """Return the structure of a database in its own words, without the order of constraints."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    text = dump(engine)
    return _sort_constraints(text) if url.get_backend_name() == "sqlite" else text


def _sort_constraints(text: str) -> str:
    """Sort the lines of constraints in the statements that SQLite keeps as they were written.

    An application whose models copy a set of constraints writes them in a new order each time.
    """
    lines: list[str] = []
    constraints: list[str] = []
    for line in text.splitlines():
        if CONSTRAINT.match(line):
            constraints.append(line.rstrip(", "))
        else:
            lines += [*sorted(constraints), line]
            constraints = []
    return "\n".join(lines + sorted(constraints))


def _execute(url: sa.URL, *statements: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
