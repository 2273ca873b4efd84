"""Sources of queries as plans: names, models, tables, handles and DataFrames."""

from __future__ import annotations

from typing import Any

import moltres.table.async_table as asynchronous
import moltres.table.table as synchronous
import sqlalchemy as sa
from moltres.logical import operators
from moltres.logical.plan import LogicalPlan
from sqlalchemy.orm.util import AliasedInsp

from ..convert.models import table_of
from ..errors import QueryError
from .scans import ModelScan, scan


def model_scan(source: object) -> ModelScan:
    """Return the plan that reads the table of a model, of an `aliased(model)`, or a `Table`.

    Raises:
        NotAModelError: it is none of these.

    >>> model_scan(sa.Table("tags", sa.MetaData())).table
    'tags'
    """
    alias = None
    seen = sa.inspect(source, raiseerr=False)
    if isinstance(seen, AliasedInsp):
        source, alias = seen.mapper.class_, seen.name
    model = None if isinstance(source, sa.Table) else source
    return scan(table_of(source), model=model, alias=alias)


def read(source: Any, database: object) -> LogicalPlan:
    """Return the plan of anything that a query may be joined or united with.

    Args:
        source: a DataFrame, a handle, a model, an `aliased(model)`, or a `Table`.
        database: that the source must belong to.

    Raises:
        NotAModelError: it is none of these.
        QueryError: it is of another database.
    """
    if hasattr(source, "database") and source.database is not database:
        raise QueryError(
            f"{source!r} is of another database (at join); read both from one Database", source
        )
    if isinstance(getattr(source, "plan", None), LogicalPlan):
        plan: LogicalPlan = source.plan
        return plan
    if isinstance(source, synchronous.TableHandle | asynchronous.AsyncTableHandle):
        return operators.scan(source.name)
    return model_scan(source)
