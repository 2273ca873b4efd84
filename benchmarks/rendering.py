"""Time writing the script of 1,000 new tables beside plain Alembic's.

    python -m benchmarks.rendering [tables] [repetitions]

Rendering turns the operations that were found into the text of both directions. The whole, finding
the tables in an empty SQLite database included, stands beside it for comparison.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import _render_python_into_templatevars
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext

from benchmarks.measure import arguments, best, construct, report

PLAIN = ["alembic.autogenerate.*"]
OURS = [*PLAIN, "alembic_moltres"]
LIMIT = 2.0
PREFIXES: dict[str, Any] = {
    "sqlalchemy_module_prefix": "sa.",
    "alembic_module_prefix": "op.",
    "user_module_prefix": None,
    "render_item": None,
    "render_as_batch": False,
}


def context(connection: sa.Connection, metadata: sa.MetaData, plugins: Sequence[str]) -> Any:
    """Return what `context.configure` in env.py makes."""
    opts = {**PREFIXES, "target_metadata": metadata, "autogenerate_plugins": plugins}
    return MigrationContext.configure(connection, opts=opts)


def render(configured: MigrationContext, script: MigrationScript) -> dict[str, Any]:
    """Return the texts that the template gets, as `alembic revision` makes them."""
    texts: dict[str, Any] = {}
    _render_python_into_templatevars(AutogenContext(configured), script, texts)
    return texts


def main(count: int, repetitions: int) -> None:
    """Measure, and print the ratios."""
    logging.disable(logging.INFO)
    metadata = construct(count)[0].metadata
    with sa.create_engine("sqlite://").connect() as connection:
        ours = context(connection, metadata, OURS)
        plain = context(connection, metadata, PLAIN)
        our_script = produce_migrations(ours, metadata)
        plain_script = produce_migrations(plain, metadata)
        times = best(
            {
                "render (plain)": lambda: render(plain, plain_script),
                "render (ours)": lambda: render(ours, our_script),
                "whole (plain)": lambda: render(plain, produce_migrations(plain, metadata)),
                "whole (ours)": lambda: render(ours, produce_migrations(ours, metadata)),
            },
            repetitions,
        )
        written = render(ours, our_script)["imports"].count("= TableSchema(")
    if written != count:
        raise SystemExit(f"the script has {written} constants for {count} tables")
    print(f"SQLAlchemy {sa.__version__}, {count} tables, best of {repetitions}")
    report(times, "render (ours)", "render (plain)", LIMIT)
    report(times, "whole (ours)", "whole (plain)")


if __name__ == "__main__":
    main(*arguments())
