"""Time a cold `alembic check` of few tables, with us and with plain Alembic: whole processes.

    python -m benchmarks.cold [--rounds 11] [--tables 30] [--databases sqlite postgresql mariadb]

It is what a small project waits for: Python starts, imports, connects, compares and finds nothing.
Both sides take turns on the same database and compare types, server defaults and check constraints,
as in `benchmarks.comparison`; plain Alembic finds differences on MariaDB that are none, and tells
of them. Medians of the processor's time; the server's is not in it. Both sides have bytecode, as
installed packages do.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from benchmarks.comparison import OURS, PLAIN
from benchmarks.corpus.databases import servers
from benchmarks.models import create

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "alembic", "check")
FOUND_SOMETHING = 255
LIMITS = {"sqlite": "at most 0.05 s above", "postgresql": "not above", "mariadb": "not above"}
ENV_PY = """\
import os

import sqlalchemy as sa
from alembic import context
from benchmarks.models import models

engine = sa.create_engine(os.environ["URL"], poolclass=sa.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=models(int(os.environ["TABLES"])),
        compare_server_default=True,
        autogenerate_plugins=os.environ["PLUGINS"].split(),
    )
    with context.begin_transaction():
        context.run_migrations()
"""


def write_project(folder: Path) -> None:
    """Write an Alembic project without revisions."""
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "migrations" / "env.py").write_text(ENV_PY)
    (folder / "alembic.ini").write_text(
        f"[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = {ROOT}\n"
        "path_separator = os\n"
    )


def seconds(folder: Path, environment: Mapping[str, str], allowed: tuple[int, ...]) -> float:
    """Return the processor's time of one process."""
    process = subprocess.Popen(  # noqa: S603 - our own
        COMMAND,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        raise subprocess.CalledProcessError(process.returncode, COMMAND)
    return usage.ru_utime + usage.ru_stime


def compare(folder: Path, kind: str, place: sa.URL, tables: int, rounds: int) -> None:
    """Print the medians of both sides, which take turns."""
    create(place, tables)
    environment = {
        **{key: said for key, said in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "URL": place.render_as_string(hide_password=False),
        "TABLES": str(tables),
    }
    ours = {**environment, "PLUGINS": " ".join(OURS)}
    plain = {**environment, "PLUGINS": " ".join(PLAIN)}
    pairs = [
        (seconds(folder, ours, (0,)), seconds(folder, plain, (0, FOUND_SOMETHING)))
        for _ in range(rounds + 1)
    ][1:]  # the first one writes the bytecode
    our_median, plain_median = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(
        f"{kind:>10}   alembic-moltres {our_median:.2f} s   plain Alembic {plain_median:.2f} s"
        f"   {our_median - plain_median:+.2f} s, {our_median / plain_median:.2f} times"
        f" ({LIMITS[kind]})"
    )


def main() -> None:
    """Read the command line, measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--tables", type=int, default=30)
    parser.add_argument("--databases", nargs="+", default=list(LIMITS))
    given = parser.parse_args()
    print(f"`alembic check` of {given.tables} tables, {given.rounds} processes each, in turns")
    with tempfile.TemporaryDirectory() as place, servers(Path(place), print) as usable:
        folder = Path(place, "project")
        write_project(folder)
        for kind in given.databases:
            if kind in usable.databases:
                with usable.database(kind) as url:
                    compare(folder, kind, url, given.tables, given.rounds)


if __name__ == "__main__":
    main()
