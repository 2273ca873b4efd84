"""How long autogenerate takes without a database, beside plain Alembic's on PostgreSQL.

    python -m benchmarks.offline [--tables 1000] [--rounds 3]

The comparison alone: the models with tables that replayed scripts have made, and plain Alembic with
the same tables in PostgreSQL (types and server defaults compared), each in a process of its own,
by the processor's time. The whole process: `alembic-moltres check --offline` of a project whose one
script creates the tables, and plain `alembic check`. And a replay: 300 revisions with 200 tables.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from rich.console import Console

from alembic_moltres.convert import model_to_schema
from alembic_moltres.history.environment import dialect_of
from alembic_moltres.history.replay import Replay, connect
from benchmarks.comparison import OURS, PLAIN, measured
from benchmarks.corpus.databases import servers
from benchmarks.models import create, models

NOWHERE = "postgresql+psycopg://nobody@host.invalid/none"
WANTED = {"comparison": 6.0, "replay": 1.0}
BIN = Path(sys.executable).parent


def compared(tables: int) -> float:
    """Return the processor's time of a comparison with replayed tables."""
    warm, found = _comparison(1), _comparison(tables)
    warm()
    begin = time.process_time()
    found()
    return time.process_time() - begin


def _comparison(tables: int) -> Callable[[], None]:
    metadata = models(tables)
    connection = connect(dialect_of(NOWHERE))
    opts = {"autogenerate_plugins": OURS}
    replay = Replay(MigrationContext.configure(connection, opts=opts))
    for table in metadata.sorted_tables:
        replay.recorder.catalogue.create_table(model_to_schema(table))
    context = MigrationContext.configure(connection, opts=opts)

    def run() -> None:
        if compare_metadata(context, metadata):
            raise SystemExit("the comparison finds something")

    return run


def replayed(revisions: int, tables: int) -> float:
    """Return the processor's time of loading and replaying a project's scripts."""
    from alembic.config import Config

    from alembic_moltres.history import state_at

    with tempfile.TemporaryDirectory() as folder:
        write_project(Path(folder))
        write_revisions(Path(folder), revisions, tables)
        config = Config(str(Path(folder, "alembic.ini")))
        begin = time.process_time()
        with contextlib.chdir(folder):
            state = state_at(config)
        seconds = time.process_time() - begin
    if len(state.tables) != tables or state.uncertain:
        raise SystemExit("the replay finds something else")
    return seconds


def write_project(folder: Path, url: str = NOWHERE, plugins: list[str] = OURS) -> None:
    """Write an environment whose models are those of `benchmarks.models`."""
    (folder / "migrations" / "versions").mkdir(parents=True)
    ini = f"[alembic]\nscript_location = {folder}/migrations\nsqlalchemy.url = {url}\n"
    (folder / "alembic.ini").write_text(ini)
    mako = Path(BIN.parent, "lib").glob("python3*/site-packages/alembic/templates/generic/*.mako")
    for each in mako:
        if each.name == "script.py.mako":
            (folder / "migrations" / each.name).write_text(each.read_text())
    (folder / "migrations" / "env.py").write_text(
        "import os\nimport sqlalchemy as sa\nfrom alembic import context\n"
        "from benchmarks.models import models\n"
        "metadata = models(int(os.environ.get('TABLES', '0')))\n"
        "engine = sa.create_engine(context.config.get_main_option('sqlalchemy.url'))\n"
        "with engine.connect() as connection:\n"
        "    context.configure(connection=connection, target_metadata=metadata,\n"
        f"        compare_type=True, compare_server_default=True, autogenerate_plugins={plugins})\n"
        "    context.run_migrations()\n"
    )


def write_revisions(folder: Path, revisions: int, tables: int) -> None:
    """Write scripts: each creates a table, and then each adds a column to one."""
    for number in range(revisions):
        down = repr(f"r{number - 1:04}") if number else "None"
        name = f"table_{number % tables:03}"
        body = (
            f"op.moltres_create_table(TableSchema({name!r}, COLUMNS))"
            if number < tables
            else f"op.add_column({name!r}, sa.Column('c{number}', sa.Integer()))"
        )
        (folder / "migrations" / "versions" / f"r{number:04}.py").write_text(
            "from alembic import op\nimport sqlalchemy as sa\n"
            "from alembic_moltres import TableSchema, column\n"
            f"revision = 'r{number:04}'\ndown_revision = {down}\n"
            "COLUMNS = [column('id', 'INTEGER', nullable=False), column('name', 'VARCHAR(50)'),\n"
            "           column('note', 'TEXT'), column('price', 'DECIMAL(10,2)', default=0)]\n"
            f"def upgrade():\n    {body}\ndef downgrade():\n    pass\n"
        )


def process_seconds(folder: Path, tables: int, *command: str) -> float:
    """Return the processor's time of a whole process."""
    environment = {**os.environ, "TABLES": str(tables), "PYTHONPATH": str(Path.cwd())}
    process = subprocess.Popen(  # noqa: S603 - our own
        [str(BIN / command[0]), *command[1:]],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return usage.ru_utime + usage.ru_stime


def whole(url: str, tables: int) -> tuple[float, float]:
    """Return the whole processes' times: ours without a database, plain Alembic's with it."""
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = Path(folder, "ours"), Path(folder, "plain")
        for place, plugins in ((ours, OURS), (plain, PLAIN)):
            place.mkdir()
            write_project(place, NOWHERE if place is ours else url, plugins)
        write = ("alembic-moltres", "revision", "--autogenerate", "--offline", "-m", "all")
        process_seconds(ours, tables, *write)
        return (
            process_seconds(ours, tables, "alembic-moltres", "check", "--offline"),
            process_seconds(plain, tables, "alembic", "check"),
        )


def own_process(*arguments: str) -> float:
    """Return what this module measures in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.offline", "--measure", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    return float(json.loads(done.stdout.splitlines()[-1]))


def beside_plain(console: Console, url: str, tables: int, rounds: int) -> None:
    """Print both comparisons beside each other, and the whole processes."""
    pairs = [
        (own_process("compare", str(tables)), measured(url, tables, PLAIN)) for _ in range(rounds)
    ]
    ratio = statistics.median(plain["CPU"] / ours for ours, plain in pairs)
    console.print(
        f"comparison of {tables} tables: {pairs[0][0]:.2f} s, plain Alembic "
        f"{pairs[0][1]['CPU']:.2f} s; {ratio:.1f} times as fast (wanted {WANTED['comparison']})"
    )
    ours, plain = whole(url, tables)
    console.print(f"whole process: {ours:.2f} s, plain Alembic {plain:.2f} s")


def main() -> None:
    """Read the command line, measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        kind, *numbers = given.measure
        works: dict[str, Callable[..., float]] = {"compare": compared, "replay": replayed}
        print(json.dumps(works[kind](*map(int, numbers))))
        return
    console = Console()
    seconds = statistics.median(own_process("replay", "300", "200") for _ in range(given.rounds))
    console.print(
        f"replay of 300 revisions with 200 tables: {seconds:.2f} s (wanted {WANTED['replay']})"
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        servers(Path(folder), console.print) as usable,
        usable.database("postgresql") as place,
    ):
        create(place, given.tables)
        url = place.render_as_string(hide_password=False)
        beside_plain(console, url, given.tables, given.rounds)


if __name__ == "__main__":
    main()
