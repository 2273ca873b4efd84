"""Histories of real applications: how much of them replay understands, and whether it is right.

    python -m benchmarks.histories PATH --url URL [--stubs FILE] [--run]

PATH is an Alembic script location that is there already. `--stubs` is a Python file that is run
first: it puts what the scripts import of their application into `sys.modules`, and may define
`opts`, the keyword arguments of `context.configure`. With `--run` the scripts are really run on the
empty database of the URL, each in a transaction of its own, and the state at head is compared
with it table by table.
"""

from __future__ import annotations

import argparse
import runpy
import time
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script

from alembic_moltres.history import State
from alembic_moltres.history.directory import open_directory, scripts_until
from alembic_moltres.history.environment import dialect_of
from alembic_moltres.history.live_tables import ScriptTables
from alembic_moltres.history.replay import Replay, run_all
from tests.history.agreement import differences

UNKNOWN = "no script creates the table"


def scripts_of(path: str, script_tables: ScriptTables) -> list[Script]:
    """Return the scripts of a location, in the order in which they run."""
    config = Config()
    config.set_main_option("script_location", path)
    with script_tables.watching():
        return scripts_until(open_directory(config))


def replayed(
    scripts: Sequence[Script], url: str, opts: Mapping[str, Any], script_tables: ScriptTables
) -> tuple[State, float]:
    """Return the state at head, and the processor time that it took."""
    dialect = dialect_of(url)
    begin = time.process_time()
    with script_tables.watching():
        state = run_all(Replay.of(dialect, opts, script_tables=script_tables), scripts)
    return state, time.process_time() - begin


def really_run(
    scripts: Sequence[Script], engine: sa.Engine, opts: Mapping[str, Any]
) -> dict[str, str]:
    """Run the scripts, and return what the server said to those that failed."""
    failed = {}
    with engine.connect() as connection:
        given = {"transaction_per_migration": True, **opts}
        context = MigrationContext.configure(connection, opts=given)
        with connection.begin():
            context._ensure_version_table()  # noqa: SLF001 - which scripts may read
        for script in scripts:
            with Operations.context(context):
                try:
                    with context.begin_transaction(_per_migration=True):
                        script.module.upgrade()
                except Exception as err:  # noqa: BLE001 - whatever a script or a server raises
                    failed[script.revision] = str(err).splitlines()[0]
                    connection.rollback()
    return failed


def report(scripts: Sequence[Script], state: State, seconds: float) -> list[str]:
    """Return the shares, and what is uncertain."""
    unread = {
        each.place.revision for each in state.uncertain if not each.reason.startswith(UNKNOWN)
    }
    beside = {
        key for each in state.uncertain for key in each.tables if each.reason.startswith(UNKNOWN)
    }
    tables = len(state.tables) + len(beside)
    certain = len(list(state.certain))
    understood = len(scripts) - len(unread)
    return [
        f"scripts without a hint: {understood} of {len(scripts)}",
        f"tables at head certain: {certain} of {tables}",
        f"processor time: {seconds:.2f} s",
        *map(str, state.uncertain),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the shares, and with `--run` the differences."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path")
    parser.add_argument("--url", required=True)
    parser.add_argument("--stubs")
    parser.add_argument("--run", action="store_true")
    given = parser.parse_args(arguments)
    opts = runpy.run_path(given.stubs).get("opts", {}) if given.stubs else {}
    script_tables = ScriptTables([given.path])
    scripts = scripts_of(given.path, script_tables)
    state, seconds = replayed(scripts, given.url, opts, script_tables)
    print("\n".join(report(scripts, state, seconds)))
    if given.run:
        engine = sa.create_engine(given.url, poolclass=sa.NullPool)
        fresh = scripts_of(given.path, script_tables)  # none has globals of the replay
        for revision, why in really_run(fresh, engine, opts).items():
            print(f"failed on the server: {revision}: {why}")
        with engine.connect() as connection:
            print("\n".join(differences(connection, state)) or "the database is the state")


if __name__ == "__main__":
    main()
