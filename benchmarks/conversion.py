"""Time freezing and thawing 1,000 tables beside what SQLAlchemy itself takes for them.

    python -m benchmarks.conversion [tables] [repetitions]

Freezing is measured against writing the tables' DDL for one dialect, thawing against constructing
the same tables by hand; both in one run, the best of several, in turns.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from alembic_moltres import TableSchema
from alembic_moltres.convert import model_to_schema, schema_to_table
from alembic_moltres.convert.dialects import shipped
from benchmarks.measure import arguments, best, construct, report

POSTGRESQL = shipped("postgresql")
LIMIT = 1.5


def compile_ddl(tables: Iterable[sa.Table]) -> None:
    """Write the DDL of every table and index for one dialect."""
    for table in tables:
        str(CreateTable(table).compile(dialect=POSTGRESQL))
        for index in table.indexes:
            str(CreateIndex(index).compile(dialect=POSTGRESQL))


def thaw(schemas: Iterable[TableSchema]) -> None:
    """Thaw every value into one metadata."""
    metadata = sa.MetaData()
    for schema in schemas:
        schema_to_table(schema, metadata)


def main(count: int, repetitions: int) -> None:
    """Measure, and print the ratios."""
    tables = construct(count)
    compile_ddl(tables)  # what is remembered after the first time is remembered for all
    schemas = [model_to_schema(table) for table in tables]
    times = best(
        {
            "write the DDL": lambda: compile_ddl(tables),
            "freeze": lambda: [model_to_schema(table) for table in tables],
            "construct by hand": lambda: construct(count),
            "thaw": lambda: thaw(schemas),
        },
        repetitions,
    )
    print(f"SQLAlchemy {sa.__version__}, {count} tables, best of {repetitions}")
    report(times, "freeze", "write the DDL", LIMIT)
    report(times, "thaw", "construct by hand", LIMIT)


if __name__ == "__main__":
    main(*arguments())
