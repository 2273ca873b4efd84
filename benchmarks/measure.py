"""The tables that the benchmarks of speed work on, and how they take time."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

TABLES = 1000
REPETITIONS = 5


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


def best(works: Mapping[str, Callable[[], Any]], repetitions: int) -> dict[str, float]:
    """Return the shortest time of each work in seconds; they take turns."""
    shortest = dict.fromkeys(works, float("inf"))
    for _ in range(repetitions):
        for name, work in works.items():
            shortest[name] = min(shortest[name], seconds(work))
    return shortest


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


def report(times: Mapping[str, float], ours: str, beside: str, limit: float | None = None) -> None:
    """Print one time beside another, and what the ratio may be."""
    ratio = times[ours] / times[beside]
    wanted = "" if limit is None else f" (at most {limit})"
    print(
        f"{ours:>20} {times[ours] * 1000:8.1f} ms   {beside:>20} {times[beside] * 1000:8.1f} ms"
        f"   ratio {ratio:5.2f}{wanted}"
    )


def arguments() -> tuple[int, int]:
    """Return how many tables and repetitions the command asks for."""
    given = [int(argument) for argument in sys.argv[1:]]
    tables, repetitions = (*given, *(TABLES, REPETITIONS)[len(given) :])
    return tables, repetitions
