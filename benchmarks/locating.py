"""Time `locate` among 300 revisions of 1,000 tables, beside one reading of the same database.

    python -m benchmarks.locating [--tables 1000] [--revisions 300] [--databases sqlite postgresql]

A third of the revisions create the tables, the others change a few of them each. The database is at
one in the last quarter. Figures are the processor's time of this process, the best of three: one
`MetaData.reflect()` of SQLAlchemy's, one of ours, a replay of every revision, and finding the
revision, which reads the database once.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import alembic.command
import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from alembic_moltres import model_to_schema, schema_to_table
from alembic_moltres.autogenerate.gc_pause import gc_paused
from alembic_moltres.autogenerate.script.formatting import lay_out, write
from alembic_moltres.autogenerate.states.locate import locate
from alembic_moltres.dialects.base.reflection import reflect_database, table_keys
from alembic_moltres.history.every_revision import RevisionTables, every_revision
from benchmarks.corpus.databases import servers
from benchmarks.measure import best, construct

HEAD = """\
from alembic import op
from alembic_moltres import *

revision = {revision!r}
down_revision = {down!r}
branch_labels = depends_on = None
"""
ALTERED = 3
"""How many tables a revision changes."""


def write_history(folder: Path, url: str, tables: int, revisions: int) -> Config:
    """Write a project, and return its configuration."""
    config = Config(folder / "alembic.ini", stdout=io.StringIO())
    alembic.command.init(config, str(folder / "migrations"))
    env = folder / "migrations" / "env.py"
    env.write_text(
        "from alembic import context\nfrom sqlalchemy import create_engine\n\n"
        f"with create_engine({url!r}).connect() as connection:\n"
        "    context.configure(connection=connection)\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations()\n",
        encoding="utf-8",
    )
    values = [model_to_schema(each) for each in construct(tables)]
    creating = revisions // 3
    down = None
    for number in range(revisions):
        revision = f"r{number:03}"
        lines = [HEAD.format(revision=revision, down=down)]
        body = []
        for each in values[number::creating] if number < creating else ():
            name = f"T_{each.name}"
            lines.append(lay_out(write(each), before=f"{name} = "))
            body.append(f"    op.moltres_create_table({name})")
        for change in range(ALTERED if number >= creating else 0):
            table = values[(number * 37 + change * 101) % tables].name
            body += [
                f"    with op.moltres_alter_table({table!r}) as t:",
                f'        t.add_column(column("more_{number}", "INTEGER"))',
                f'        t.create_index(index("ix_{number}_{change}", "more_{number}"))',
            ]
        source = "\n".join(
            [*lines, "", "def upgrade():", *body, "", "def downgrade():", "    pass\n"]
        )
        (folder / "migrations" / "versions" / f"{revision}_.py").write_text(source, "utf-8")
        down = revision
    return config


def create(engine: sa.Engine, revision: RevisionTables) -> None:
    """Create the tables of a revision, in steps that PostgreSQL's lock table holds."""
    metadata = sa.MetaData()
    for each in revision.tables.values():
        schema_to_table(each, metadata)
    tables = metadata.sorted_tables
    for start in range(0, len(tables), 100):
        metadata.create_all(engine, tables=tables[start : start + 100])


def measured(url: str, tables: int, revisions: int) -> Iterator[str]:
    """Give the lines of one database."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        config = write_history(Path(folder), url, tables, revisions)
        (found,) = every_revision(config).values()
        there = found[revisions * 5 // 6]
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        create(engine, there)

        def ours() -> None:
            with engine.connect() as connection:
                reflect_database(connection, table_keys(connection, [None]))

        def replay() -> None:
            with gc_paused():
                every_revision(config)

        def find() -> None:
            with engine.connect() as connection:
                best_match, *_ = locate(MigrationContext.configure(connection), found)
            if best_match.drift or best_match.revisions != ((there.revision,),):
                raise RuntimeError(f"{best_match.revisions} found, not {there.revision}")

        works = {
            "SQLAlchemy's reflect()": lambda: sa.MetaData().reflect(engine),
            "our reading": ours,
            "replay of every revision": replay,
            "finding the revision": find,
        }
        times = best(works, 3)
        engine.dispose()
    yield from (f"  {name}: {seconds:.2f} s" for name, seconds in times.items())
    whole = times["replay of every revision"] + times["finding the revision"]
    for name in ("SQLAlchemy's reflect()", "our reading"):
        yield f"  locate is {whole / times[name]:.1f} times {name}"


def main() -> None:
    """Print the figures of each database."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--revisions", type=int, default=300)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, servers(Path(folder), print) as usable:
        for kind in given.databases:
            if kind in usable.databases:
                with usable.database(kind) as place:
                    print(kind)
                    url = place.render_as_string(hide_password=False)
                    for line in measured(url, given.tables, given.revisions):
                        print(line, flush=True)


if __name__ == "__main__":
    main()
