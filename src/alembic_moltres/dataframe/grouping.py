"""Grouped DataFrames, whose results are ours again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moltres.dataframe.groupby import async_groupby, groupby
from moltres.expressions import Column

from .expressions import is_clause, scope_of

if TYPE_CHECKING:
    from moltres.logical.plan import LogicalPlan

    from .frames import AsyncDataFrame, DataFrame


class GroupedDataFrame(groupby.GroupedDataFrame):
    """What `DataFrame.group_by` gives."""

    parent: DataFrame

    def agg(self, *aggregations: Any, allow_empty: bool = False) -> DataFrame:
        """Return one row for each group, with what is aggregated; attributes are columns here."""
        written = _written(self.plan, aggregations)
        made = super().agg(*written, allow_empty=allow_empty)
        return self.parent.of(made)

    def pivot(self, pivot_col: str, values: Any = None) -> PivotedGroupedDataFrame:
        """Return the groups with a column for each value of another one."""
        made = super().pivot(pivot_col, values)
        return PivotedGroupedDataFrame(
            made.plan, made.keys, made.pivot_column, made.pivot_values, self.parent
        )


class PivotedGroupedDataFrame(groupby.PivotedGroupedDataFrame):
    """What `GroupedDataFrame.pivot` gives."""

    parent: DataFrame

    def agg(self, *aggregations: Any) -> DataFrame:
        """Return one row for each group, with one aggregate for each value."""
        return self.parent.of(super().agg(*_written(self.plan, aggregations)))


class AsyncGroupedDataFrame(async_groupby.AsyncGroupedDataFrame):
    """What `AsyncDataFrame.group_by` gives."""

    def __init__(self, plan: LogicalPlan, parent: AsyncDataFrame) -> None:
        super().__init__(plan, parent.database)
        self.parent = parent

    def agg(self, *aggregates: Any) -> AsyncDataFrame:
        """Return one row for each group, with what is aggregated; attributes are columns here."""
        return self.parent.of(super().agg(*_written(self.parent.plan, aggregates)))


def _written(plan: LogicalPlan, aggregations: tuple[Any, ...]) -> list[Any]:
    """Return columns for attributes first: Moltres names an aggregate by its column."""
    scope = scope_of(plan)
    return [
        scope.written(each) if isinstance(each, Column) or is_clause(each) else each
        for each in aggregations
    ]
