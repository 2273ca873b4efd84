"""Time `alembic upgrade head` over many small revisions, ours beside plain Alembic's.

    python -m benchmarks.upgrading [revisions [pairs]]

Each revision makes one small change, and both sides make the same. A run is a whole process; the
two sides take turns. It counts the processor's time below which a quarter of the runs stays.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

REVISIONS = 600
PAIRS = 4
LIMIT = 1.0
DATABASES = {"SQLite": ("sqlite:///app.db", ()), "--sql": ("postgresql://app/app", ("--sql",))}
"""The databases by what is measured: their URL, and the options of the command."""

ENV = """\
import os

from alembic import context
from sqlalchemy import create_engine

url = os.environ["BENCHMARK_URL"]
if context.is_offline_mode():
    context.configure(url=url, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"""

HEAD = """\
\"\"\"Change {number}.\"\"\"

from typing import Sequence, Union

from alembic import op
{imports}

revision: str = "{revision}"
down_revision: Union[str, Sequence[str], None] = {parent!r}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None
"""

PLAIN = (
    """op.create_table(
        "{table}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )""",
    'op.add_column("{table}", sa.Column("price", sa.Numeric(10, 2)))',
    'op.create_index("ix_{table}_name", "{table}", ["name"])',
    'op.add_column("{table}", sa.Column("state", sa.String(10), server_default="new"))',
    'op.drop_index("ix_{table}_name", "{table}")',
    'op.drop_column("{table}", "price")',
)
"""What each of six revisions in a row does, in Alembic's words."""

OURS = (
    "op.moltres_create_table(TABLE)",
    't.add_column(column("price", "NUMERIC(10,2)"))',
    't.create_index(index("ix_{table}_name", "name"))',
    't.add_column(column("state", "VARCHAR(10)", default="new"))',
    't.drop_index(index("ix_{table}_name", "name"))',
    't.drop_column(column("price", "NUMERIC(10,2)"))',
)
"""The same as autogenerate writes it."""

TABLE = """
TABLE = TableSchema(
    "{table}",
    [
        column("id", "INTEGER", primary_key=True),
        column("name", "VARCHAR(100)", nullable=False),
    ],
)
"""


def scripts(revisions: int, *, ours: bool) -> Iterator[str]:
    """Yield the text of each revision."""
    for number in range(revisions):
        round_, step = divmod(number, len(PLAIN))
        table = f"table_{round_}"
        change = (OURS if ours else PLAIN)[step].format(table=table)
        before = ""
        if not ours:
            imports = "import sqlalchemy as sa"
        elif step == 0:
            imports = "from alembic_moltres import TableSchema, column"
            before = TABLE.format(table=table)
        else:
            imports = f"from alembic_moltres import {'index' if 'index' in change else 'column'}"
            change = f'with op.moltres_alter_table("{table}") as t:\n        {change}'
        head = HEAD.format(
            number=number,
            imports=imports,
            revision=f"r{number:05}",
            parent=f"r{number - 1:05}" if number else None,
        )
        yield f"{head}{before}\n\ndef upgrade() -> None:\n    {change}\n"


def write_project(folder: Path, revisions: int, *, ours: bool) -> None:
    """Write an Alembic environment with that many revisions."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n")
    (folder / "migrations" / "env.py").write_text(ENV)
    for number, text in enumerate(scripts(revisions, ours=ours)):
        (versions / f"r{number:05}_.py").write_text(text)


def seconds(folder: Path, url: str, options: tuple[str, ...]) -> float:
    """Return the processor's time of one `alembic upgrade head` on a new database."""
    (folder / "app.db").unlink(missing_ok=True)
    command = (sys.executable, "-m", "alembic", "upgrade", "head", *options)
    environment = {**os.environ, "BENCHMARK_URL": url}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # scripts are compiled once, as for people
    with (folder / "written.sql").open("wb") as written:
        process = subprocess.Popen(  # noqa: S603 - our own
            command, cwd=folder, env=environment, stdout=written
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return usage.ru_utime + usage.ru_stime


def main(revisions: int, pairs: int) -> None:
    """Measure, and print each ratio."""
    with tempfile.TemporaryDirectory() as place:
        folders = {"ours": Path(place, "ours"), "plain": Path(place, "plain")}
        for side, folder in folders.items():
            write_project(folder, revisions, ours=side == "ours")
        for name, (url, options) in DATABASES.items():
            times: dict[str, list[float]] = {side: [] for side in folders}
            for number in range(pairs + 1):
                for side, folder in folders.items():
                    taken = seconds(folder, url, options)
                    if number:  # the first run has compiled the scripts
                        times[side].append(taken)
            ours, plain = (quantiles(times[side], n=4)[0] for side in ("ours", "plain"))
            print(
                f"{name:>8}, {revisions} revisions, {pairs} pairs: "
                f"ours {ours:5.2f} s   plain Alembic {plain:5.2f} s   "
                f"ratio {ours / plain:5.2f} (at most {LIMIT})"
            )


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(*given, *(REVISIONS, PAIRS)[len(given) :]))
