"""Counts the rows of the connected databases on which plans fail."""

from __future__ import annotations

from collections.abc import Iterable

from alembic.config import Config
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from ...dialects.base.failing_rows import Count, count_rows
from ...dialects.base.registry import impl_of
from ...errors import RunnerError
from ...runtime.connections import own_connection
from ..databases import ConnectedDatabase
from .databases import connect
from .failing import DatabaseTables, Failing, failing_of
from .revisions import Plan


def count_failing(config: Config, url: str | None, plans: Iterable[Plan]) -> None:
    """Connect to the databases again, and add the counts to their plans.

    Args:
        config: the project's.
        url: see `databases.targets_of`.
        plans: of the databases.
    """
    queries = {plan.name: _counted(plan) for plan in plans}
    of_name = {plan.name: plan for plan in plans}
    if not any(queries.values()):
        return

    def use(database: ConnectedDatabase) -> None:
        connection, failing = database.context.connection, queries.get(database.name)
        if connection is not None and failing:
            of_name[database.name].counts = _counts(connection, failing)

    connect(config, url, use)


def failing_steps(plan: Plan) -> list[list[tuple[Failing, ...]]]:
    """Return the rows on which a plan fails, for each step of each revision."""
    impl = impl_of(plan.context.dialect)
    first = plan.revisions[0].before.tables if plan.revisions and plan.is_current else {}
    database = DatabaseTables(first)
    failing = []
    for revision in plan.revisions:
        existing = set(revision.before.tables)
        failing.append([tuple(failing_of(e, impl, database, existing)) for e in revision.steps])
    return failing


def _counted(plan: Plan) -> list[Failing]:
    if not plan.is_current:
        return []
    failing = (each for revision in failing_steps(plan) for step in revision for each in step)
    return [each for each in failing if each.query is not None]


def _counts(connection: Connection, failing: Iterable[Failing]) -> dict[Failing, Count]:
    try:
        with own_connection(connection) as own:
            counts = [(each, _count(own, each)) for each in failing]
    except (RunnerError, SQLAlchemyError):  # the server accepts no second connection
        return {}
    return {each: count for each, count in counts if count is not None}


def _count(connection: Connection, failing: Failing) -> Count | None:
    if failing.query is None:
        return None
    return count_rows(connection, impl_of(connection.dialect), failing.query)
