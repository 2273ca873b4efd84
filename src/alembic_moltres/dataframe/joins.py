"""The joins of two queries: by `on`, or by the only path between their models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from moltres.expressions import Column, col
from moltres.logical.operators import join
from moltres.logical.plan import LogicalPlan, TableScan

from ..errors import QueryError
from .expressions import is_clause, relationship_of, scope_of
from .paths import Path, along, only_path
from .scans import scan, scans_of


def joined(left: LogicalPlan, right: LogicalPlan, on: Any) -> tuple[LogicalPlan, Column]:
    """Return the plans to join, and the condition.

    The plans are `right`, after the table between the two if a relationship has one.

    Args:
        left: the left side.
        right: the right side.
        on: a name or names that both have, pairs of names, conditions, a relationship; or `None`
            for the only foreign key or relationship between the models.

    Raises:
        QueryError: there is no such path or more than one, or `on` is none of these.
        UnknownColumnError: one side has no such column.
    """
    _check_twice(left, right)
    if on is None:
        return _by(left, right, only_path(left, right))
    relationship = relationship_of(on)
    if relationship is not None:
        return _by(left, right, along(left, right, relationship))
    each = [on] if isinstance(on, str | Column) or is_clause(on) else list(on)
    if not each:
        raise QueryError("`on` is empty (at join); name the columns, or leave it out", on)
    return right, _all(_one(left, right, item) for item in each)


def _by(left: LogicalPlan, right: LogicalPlan, path: Path) -> tuple[LogicalPlan, Column]:
    if path.through is None:
        return right, _condition(left, right, path.near)
    between = scan(path.through)
    _check_twice(left, between)
    _check_twice(between, right)
    nested = join(between, right, how="inner", condition=_condition(between, right, path.far))
    return nested, _condition(left, between, path.near)


def _condition(left: LogicalPlan, right: LogicalPlan, given: Any) -> Column:
    """Return pairs of qualified names as a condition; a condition is checked for both sides."""
    if isinstance(given, sa.ColumnElement):
        return scope_of(join(left, right, how="inner")).written(given)
    return _all(col(first) == col(second) for first, second in given)


def _one(left: LogicalPlan, right: LogicalPlan, item: Any) -> Column:
    match item:
        case str():
            return _pair(left, right, item, item)
        case Column(op="eq", args=(Column(op="column") as first, Column(op="column") as second)):
            return _sided(left, right, str(first.args[0]), str(second.args[0]))
        case (first, second):
            return _pair(left, right, first, second)
        case _:
            return scope_of(join(left, right, how="inner")).written(item)


def _sided(left: LogicalPlan, right: LogicalPlan, first: str, second: str) -> Column:
    """Return `col(first) == col(second)`, whose names may be on either side."""
    if "." in first or "." in second:
        both = scope_of(join(left, right, how="inner"))
        return both.written(first) == both.written(second)
    fits = all(
        scope.names is None or name in scope.names
        for scope, name in ((scope_of(left), first), (scope_of(right), second))
    )
    return _pair(left, right, first, second) if fits else _pair(left, right, second, first)


def _pair(left: LogicalPlan, right: LogicalPlan, first: Any, second: Any) -> Column:
    return _on_side(left, first) == _on_side(right, second)


def _on_side(plan: LogicalPlan, given: Any) -> Column:
    """Return a column of one side, with its table's name: the other side may have the same."""
    scope = scope_of(plan)
    column = scope.written(given)
    if column.op != "column" or "." in str(column.args[0]):
        return column
    name = str(column.args[0])
    having = [scan.called for scan in scope.tables if name in scan.columns]
    table = having[0] if having else _first_name(plan)
    return column if table is None else col(f"{table}.{name}")


def _first_name(plan: LogicalPlan) -> str | None:
    """Return the name of the first table that is read, also the name of a subquery of it."""
    while plan.children():
        plan = plan.children()[0]
    return plan.alias or plan.table.rpartition(".")[2] if isinstance(plan, TableScan) else None


def _check_twice(left: LogicalPlan, right: LogicalPlan) -> None:
    names = {each.called for each in scans_of(left)}
    for each in scans_of(right):
        if each.called in names:
            raise QueryError(
                f"the table {each.called!r} is in this join twice (at join); give one of the two "
                f"another name, as in aliased({each.title}, name='other')",
                each.model,
            )


def _all(conditions: Iterator[Column]) -> Column:
    whole = next(conditions)
    for other in conditions:
        whole &= other
    return whole
