"""A plan that reads the table of a model, and the known columns of plans.

Only the leaf `ModelScan` is ours. It has the table, so everything else (which tables a plan joins,
which columns it has) is read from the plan itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

import sqlalchemy as sa
from moltres.expressions import Column
from moltres.logical.plan import (
    Aggregate,
    AntiJoin,
    Distinct,
    Except,
    Filter,
    Intersect,
    Join,
    Limit,
    LogicalPlan,
    Project,
    Sample,
    SemiJoin,
    Sort,
    TableScan,
    Union,
)

Names = dict[str, int]
"""The names of a plan's columns, each with the number of columns that have it."""


@dataclass(frozen=True)
class ModelScan(TableScan):
    """Read the table of a model. `table` is its name, as in Moltres' own scan."""

    source: sa.Table = field(kw_only=True)
    model: object = field(kw_only=True, default=None, compare=False)

    @property
    def called(self) -> str:
        """The table's name in the query."""
        return self.alias or self.table

    @property
    def columns(self) -> list[str]:
        """The names of its columns in the database."""
        return [str(column.name) for column in self.source.columns if not column.system]

    @property
    def title(self) -> str:
        """The name for messages: the model's, if the table has no other in the query."""
        return self.alias or str(getattr(self.model, "__name__", self.called))


def scan(source: sa.Table, *, model: object = None, alias: str | None = None) -> ModelScan:
    """Return the plan that reads a table.

    >>> scan(sa.Table("tags", sa.MetaData()), alias="t").called
    't'
    """
    return ModelScan(str(source.name), alias, source=source, model=model)


def scans_of(plan: LogicalPlan) -> Iterator[ModelScan]:
    """Yield what a plan reads of models' tables and joins, from left to right.

    Columns are no longer those of a table once the plan has grouped them, or has united them with
    those of another plan.
    """
    match plan:
        case ModelScan():
            yield plan
        case Join():
            yield from scans_of(plan.left)
            yield from scans_of(plan.right)
        case SemiJoin() | AntiJoin():
            yield from scans_of(plan.left)
        case Filter() | Sort() | Limit() | Distinct() | Sample() | Project():
            yield from scans_of(plan.child)
        case _:
            return


@singledispatch
def names_of(plan: LogicalPlan) -> Names | None:
    """Return the columns of a plan, `None` if only the database knows them.

    >>> names_of(scan(sa.Table("tags", sa.MetaData(), sa.Column("name"))))
    {'name': 1}
    """
    return None


@names_of.register
def _(plan: ModelScan) -> Names | None:
    return dict.fromkeys(plan.columns, 1)


@names_of.register(Filter)
@names_of.register(Sort)
@names_of.register(Limit)
@names_of.register(Distinct)
@names_of.register(Sample)
def _(plan: Any) -> Names | None:
    return names_of(plan.child)


@names_of.register(SemiJoin)
@names_of.register(AntiJoin)
@names_of.register(Union)
@names_of.register(Intersect)
@names_of.register(Except)
def _(plan: Any) -> Names | None:
    return names_of(plan.left)


@names_of.register
def _(plan: Join) -> Names | None:
    left, right = names_of(plan.left), names_of(plan.right)
    return None if left is None or right is None else _added(left, right)


@names_of.register
def _(plan: Project) -> Names | None:
    counts: Names = {}
    for column in plan.projections:
        given = names_of(plan.child) if column.op == "star" else _named(column)
        if given is None:
            return None
        counts = _added(counts, given)
    return counts if plan.projections else names_of(plan.child)


@names_of.register
def _(plan: Aggregate) -> Names | None:
    counts: Names = {}
    for column in (*plan.grouping, *plan.aggregates):
        given = _named(column)
        if given is None:
            return None
        counts = _added(counts, given)
    return counts


def _named(column: Column) -> Names | None:
    name = output_name(column)
    return None if name is None else {name: 1}


def output_name(column: Column) -> str | None:
    """Return a column's name in the rows, `None` if the database names it.

    >>> from moltres import col
    >>> output_name(col("users.name")), output_name(col("name").alias("called"))
    ('name', 'called')
    """
    if column.alias_name is not None:
        return column.alias_name
    if column.op != "column":
        return None
    return str(column.args[0]).rpartition(".")[2]


def _added(left: Names, right: Names) -> Names:
    return {name: left.get(name, 0) + right.get(name, 0) for name in [*left, *right]}
