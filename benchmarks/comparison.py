"""How long autogenerate takes that finds nothing, beside plain Alembic on the same database.

    python -m benchmarks.comparison [--tables 100 1000 3000] [--databases sqlite postgresql mariadb]

Tables of 15 columns with an index, a unique, a check and a foreign key each. Types, server defaults
and check constraints are compared on both sides (plain Alembic: `compare_type`,
`compare_server_default`, `alembic.ext.checkconstraint_byname`). Each measurement is a process of
its own, all imported: seconds of `compare_metadata`, those of its own processor time (the server's
is not in it), queries, the peak of its memory. The servers are those of the tests: PostgreSQL is
started with its default `max_locks_per_transaction`, unless TEST_PG_URL names one.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from rich.console import Console
from rich.table import Table

from benchmarks.corpus.databases import servers
from benchmarks.models import create, models

PLAIN = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]
OURS = ["alembic.autogenerate.*", "alembic_moltres"]
SHOWN = {"seconds": ".2f", "CPU": ".2f", "queries": ".0f", "found": ".0f", "MiB": ".0f"}


def measure(url: str, tables: int, plugins: list[str]) -> dict[str, float]:
    """Compare once and return what is shown; the last is the peak of memory."""
    metadata = models(tables)
    engine = sa.create_engine(url)
    queries = 0

    def count(*_: Any) -> None:
        nonlocal queries
        queries += 1

    sa.event.listen(engine, "before_cursor_execute", count)
    with engine.connect() as connection:
        _import_all(connection, plugins)
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "autogenerate_plugins": plugins,
            },
        )
        queries = 0
        start, processor = time.perf_counter(), time.process_time()
        found = compare_metadata(context, metadata)
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
    measured = (seconds, processor, queries, len(found), _peak())
    return dict(zip(SHOWN, measured, strict=True))


def _peak() -> float:
    """Return the peak of this process's memory in MiB.

    Linux counts in `ru_maxrss` what the parent had when it started the process; `VmHWM` is its own.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (own,) = re.findall(r"^VmHWM:\s+(\d+) kB$", status.read_text(), re.MULTILINE)
        return int(own) / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _import_all(connection: sa.Connection, plugins: list[str]) -> None:
    """Compare the first table alone, so that no import is timed."""
    opts = {
        "autogenerate_plugins": plugins,
        "include_name": lambda name, kind, _: kind != "table" or name == "table_00000",
    }
    compare_metadata(MigrationContext.configure(connection, opts=opts), models(1))


def measured(url: str, tables: int, plugins: list[str]) -> dict[str, float]:
    """Do the same in a process of its own."""
    arguments = ["--measure", url, str(tables), *plugins]
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "benchmarks.comparison", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(console: Console, kind: str, place: sa.URL, tables: int, rounds: int) -> None:
    """Print both beside each other, with the ratio of pairs that ran one after the other."""
    create(place, tables)
    url = place.render_as_string(hide_password=False)
    pairs = [(measured(url, tables, OURS), measured(url, tables, PLAIN)) for _ in range(rounds)]
    shown = Table("", *SHOWN, title=f"{tables} tables on {kind}")
    for title, side in (("alembic-moltres", 0), ("plain Alembic", 1)):
        runs = [pair[side] for pair in pairs]
        middle = {key: statistics.median(run[key] for run in runs) for key in SHOWN}
        shown.add_row(title, *(f"{middle[key]:{form}}" for key, form in SHOWN.items()))
    for key in ("seconds", "CPU"):
        times = statistics.median(plain[key] / ours[key] for ours, plain in pairs)
        shown.add_row(f"times as fast, {key}", f"{times:.1f}")
    console.print(shown)


def main() -> None:
    """Read the command line, measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tables", type=int, nargs="+", default=[100, 1000, 3000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        url, tables, *plugins = given.measure
        sys.stdout.write(json.dumps(measure(url, int(tables), plugins)) + "\n")
        return
    console = Console()
    console.print(f"SQLAlchemy {sa.__version__}, median of {given.rounds}")
    with tempfile.TemporaryDirectory() as folder, servers(Path(folder), console.print) as usable:
        for kind in given.databases:
            for tables in given.tables if kind in usable.databases else ():
                with usable.database(kind) as place:
                    compare(console, kind, place, tables, given.rounds)


if __name__ == "__main__":
    main()
