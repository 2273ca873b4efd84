"""Converts the arguments of a plan's step to Moltres' columns, and checks their names."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch

from moltres.logical.plan import Aggregate, Explode, Filter, LogicalPlan, Project, Sort

from .expressions import Scope, scope_of


@singledispatch
def checked(plan: LogicalPlan) -> LogicalPlan:
    """Return a plan with the columns of its last step converted and checked.

    Raises:
        UnknownColumnError: there is no such column.
        QueryError: a name is ambiguous, or something is not a column.

    >>> from moltres import col
    >>> from moltres.logical.operators import filter, scan
    >>> checked(filter(scan("tags"), col("name") == "red"))
    Filter(child=TableScan(table='tags', alias=None), predicate=col('name') == lit('red'))
    """
    return plan


@checked.register
def _(plan: Filter) -> LogicalPlan:
    return replace(plan, predicate=_after(plan.child).written(plan.predicate))


@checked.register
def _(plan: Sort) -> LogicalPlan:
    scope = _after(plan.child)
    orders = [replace(each, expression=scope.written(each.expression)) for each in plan.orders]
    return replace(plan, orders=tuple(orders))


@checked.register
def _(plan: Project) -> LogicalPlan:
    written = map(scope_of(plan.child).written, plan.projections)
    return replace(plan, projections=tuple(written))


@checked.register
def _(plan: Aggregate) -> LogicalPlan:
    scope = scope_of(plan.child)
    return replace(
        plan,
        grouping=tuple(map(scope.written, plan.grouping)),
        aggregates=tuple(map(scope.written, plan.aggregates)),
    )


@checked.register
def _(plan: Explode) -> LogicalPlan:
    return replace(plan, column=scope_of(plan.child).written(plan.column))


def _after(plan: LogicalPlan) -> Scope:
    """Return the plans whose columns WHERE and ORDER BY may name, the selected one included."""
    return scope_of(plan, plan.child) if isinstance(plan, Project) else scope_of(plan)
