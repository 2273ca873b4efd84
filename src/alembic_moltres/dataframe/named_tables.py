"""The columns of tables that are read by their names, from the database, in a query for each table.

So a name in a join is looked up in both tables, and all columns but one can be listed.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa
from moltres.logical import operators
from moltres.logical.plan import LogicalPlan, TableScan
from moltres.utils.exceptions import ExecutionError

from .compiler import compiled
from .scans import ModelScan


def with_columns(plan: LogicalPlan, database: Any) -> LogicalPlan:
    """Return a plan in which every table that is read by its name has its columns.

    Args:
        plan: whatever is read.
        database: the `Database` to read them from.

    Raises:
        ExecutionError: the database has no such table.
    """
    if isinstance(plan, TableScan):
        return plan if isinstance(plan, ModelScan) else _resolved(plan, database)
    made: Any = plan
    known = {
        field.name: with_columns(inside, database)
        for field in fields(made)
        if isinstance(inside := getattr(plan, field.name), LogicalPlan)
    }
    resolved: LogicalPlan = replace(made, **known) if known else plan
    return resolved


def _resolved(plan: TableScan, database: Any) -> ModelScan:
    alone = operators.scan(plan.table)
    try:
        with database.connection_manager.connect() as connection:
            result = connection.execute(compiled(operators.limit(alone, 0), database.dialect))
            names = list(result.keys())
    except sa.exc.DBAPIError as err:
        raise ExecutionError(f"cannot read the columns of {plan.table!r}: {err}") from err
    schema, _, name = plan.table.rpartition(".")
    columns = (sa.Column(each) for each in names)
    source = sa.Table(name, sa.MetaData(), *columns, schema=schema or None)
    return ModelScan(name, plan.alias, source=source)
