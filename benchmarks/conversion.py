"""Time freezing and thawing 1,000 tables beside what SQLAlchemy itself takes for them.

    PYTHONPATH=src python benchmarks/conversion.py [tables] [repetitions]

Freezing is measured against writing the tables' DDL for one dialect, thawing against constructing
the same tables by hand; both in one run, the best of several, in turns.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from alembic_moltres.convert import model_to_schema, schema_to_table
from alembic_moltres.convert.dialects import shipped

POSTGRESQL = shipped("postgresql")
LIMIT = 1.5


def construct(count: int) -> list[sa.Table]:
    """Construct tables of 15 columns as an application declares them."""
    metadata = sa.MetaData()
    return [_table(metadata, number) for number in range(count)]


def _table(metadata: sa.MetaData, number: int) -> sa.Table:
    return sa.Table(
        f"table_{number}",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("code", sa.String(20), unique=True),
        sa.Column("email", sa.String(255), index=True),
        sa.Column("note", sa.Text),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("tax", sa.Numeric(4, 2), server_default="0"),
        sa.Column("created_at", sa.DateTime, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True)),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("visible", sa.Boolean),
        sa.Column("amount", sa.Integer),
        sa.Column("weight", sa.Float),
        sa.Column("birthday", sa.Date),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey(f"table_{max(number - 1, 0)}.id")),
        sa.CheckConstraint("amount > 0", name=f"ck_table_{number}_amount"),
    )


def compile_ddl(tables: list[sa.Table]) -> None:
    """Write the DDL of every table and index for one dialect."""
    for table in tables:
        str(CreateTable(table).compile(dialect=POSTGRESQL))
        for index in table.indexes:
            str(CreateIndex(index).compile(dialect=POSTGRESQL))


def seconds(work: Callable[[], Any]) -> float:
    """Return the processor's time for `work`, without the garbage collector's pauses."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def thaw(schemas: list[Any]) -> None:
    """Thaw every value into one metadata."""
    metadata = sa.MetaData()
    for schema in schemas:
        schema_to_table(schema, metadata)


def main(count: int = 1000, repetitions: int = 5) -> None:
    """Measure, and print a table of the ratios."""
    tables = construct(count)
    compile_ddl(tables)  # what is remembered after the first time is remembered for all
    schemas = [model_to_schema(table) for table in tables]
    works: dict[str, Callable[[], Any]] = {
        "write the DDL": lambda: compile_ddl(tables),
        "freeze": lambda: [model_to_schema(table) for table in tables],
        "construct by hand": lambda: construct(count),
        "thaw": lambda: thaw(schemas),
    }
    sys.stdout.write(f"SQLAlchemy {sa.__version__}, {count} tables, best of {repetitions}\n")
    best = dict.fromkeys(works, float("inf"))
    for _ in range(repetitions):
        for name, work in works.items():
            best[name] = min(best[name], seconds(work))
    for name, beside in (("freeze", "write the DDL"), ("thaw", "construct by hand")):
        ratio = best[name] / best[beside]
        sys.stdout.write(
            f"{name:>7} {best[name] * 1000:7.1f} ms  {beside:>18} {best[beside] * 1000:7.1f} ms"
            f"  ratio {ratio:5.2f} (at most {LIMIT})\n"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
