"""One run of another project's suite on one database."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from benchmarks.corpus.databases import Servers
from benchmarks.suites.outcomes import VARIABLE, read_outcomes
from benchmarks.suites.sources import ROOT

TEST_SCHEMA = "test_schema"
"""The schema that SQLAlchemy's test suites want beside the default one."""


def run_alembic(folder: Path, kind: str, at: Servers, log: Path) -> dict[str, str]:
    """Run Alembic's suite, and return why each test failed.

    Args:
        folder: its unpacked source distribution.
        kind: the database.
        at: where databases are made.
        log: the file for what pytest writes; the outcomes are put beside it.
    """
    with at.database(kind) as url, _schema(url):
        database = (
            [] if kind == "sqlite" else ["--dburi", url.render_as_string(hide_password=False)]
        )
        return run_pytest(folder, "benchmarks.suites.alembic_in_place", database, log)


def run_moltres(folder: Path, log: Path) -> dict[str, str]:
    """Run Moltres' suite, which makes its own SQLite files, and return why each test failed.

    Args:
        folder: its unpacked source distribution.
        log: the file for what pytest writes; the outcomes are put beside it.
    """
    plain = ["-o", "addopts=", "-W", "ignore", "tests"]
    return run_pytest(folder, "benchmarks.suites.moltres_in_place", plain, log)


def run_pytest(folder: Path, plugin: str, arguments: list[str], log: Path) -> dict[str, str]:
    """Run the tests of a folder with a plugin of ours, and return why each failed."""
    outcomes = log.with_suffix(".json")
    outcomes.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-p", plugin, "-p", "no:pytest_alembic", "-q"]
    command += ["--maxfail=100000", "--tb=short", "--continue-on-collection-errors", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: str(outcomes)}
    with log.open("w", encoding="utf-8") as output:
        subprocess.run(  # noqa: S603 - our own command
            command, cwd=folder, env=environment, stdout=output, stderr=output, check=False
        )
    if not outcomes.exists():
        raise SystemExit(f"pytest ran no test; see {log}")
    return read_outcomes(outcomes)


@contextlib.contextmanager
def _schema(url: sa.URL) -> Iterator[None]:
    """Make the second schema; MariaDB's is a database of its own, which is dropped afterwards."""
    if url.get_backend_name() == "sqlite":
        yield
        return
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {TEST_SCHEMA}")
    try:
        yield
    finally:
        with engine.connect() as connection:
            cascade = " CASCADE" if url.get_backend_name() == "postgresql" else ""
            connection.exec_driver_sql(f"DROP SCHEMA {TEST_SCHEMA}{cascade}")
