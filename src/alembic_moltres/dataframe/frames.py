"""Moltres' DataFrames, grouped ones too, which know the models that they read.

`ModelDataFrame` is what both kinds share. Each step reaches Moltres' plan through `_with_plan`,
which checks it, so each of Moltres' operations takes what `expressions` takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, cast

import moltres.dataframe.core.async_dataframe as asynchronous
import moltres.dataframe.core.dataframe as synchronous
from moltres.dataframe.groupby import async_groupby, groupby
from moltres.expressions import Column, col
from moltres.logical import operators
from moltres.logical.plan import LogicalPlan, Project

from ..errors import QueryError
from .checking import checked
from .expressions import is_clause, scope_of
from .joins import joined
from .named_tables import with_columns
from .reading import read
from .scans import Names, names_of, output_name

BOTH_SIDES = "cross"
"""The join that has no condition."""


class ModelDataFrame:
    """The base of DataFrames with attributes of models, checked as they are written."""

    plan: LogicalPlan
    database: Any
    model: Any

    @classmethod
    def of(cls, frame: Any) -> Self:
        """Return a DataFrame of Moltres as one of ours."""
        made: Any = cls
        ours: Self = made(plan=checked(frame.plan), database=frame.database, model=frame.model)
        return ours

    @classmethod
    def from_table(cls, table_handle: Any, columns: Sequence[Any] | None = None) -> Self:
        """Return a DataFrame of a handle's table."""
        moltres, made = cast(Any, super()), cast(Any, cls)
        whole = moltres.from_table(table_handle)
        frame: Self = made(read(table_handle, whole.database), whole.database, whole.model)
        return frame.select(*columns) if columns else frame

    def _with_plan(self, plan: LogicalPlan) -> Self:
        made: Any = type(self)
        ours: Self = made(plan=checked(plan), database=self.database, model=self.model)
        return ours

    def _normalize_projection(self, expr: Any) -> Column:
        if is_clause(expr):
            return Column(op="literal", args=(expr,))  # `checked` resolves it
        return col(expr) if isinstance(expr, str) else expr

    def _known(self, plan: LogicalPlan) -> LogicalPlan:
        """Return a plan with the columns of its tables, if they can be read."""
        return plan

    def _extract_column_names(self, plan: LogicalPlan) -> list[str]:
        known = names_of(plan)
        if known is not None:
            return list(known)
        moltres: Any = super()
        names: list[str] = moltres._extract_column_names(plan)  # noqa: SLF001 - Moltres' own
        return names

    def select(self, *columns: Any) -> Self:
        """Return these columns only: names, `col(...)`, attributes, or what is made of them.

        Raises:
            QueryError: two of them have the same name.
        """
        moltres: Any = super()
        frame: Self = moltres.select(*columns)
        if isinstance(frame.plan, Project):
            _check_names(frame.plan)
        return frame

    def __getitem__(self, key: Any) -> Any:
        if is_clause(key):
            return self.where(key)
        moltres: Any = super()
        return moltres.__getitem__(key)

    def join(
        self,
        other: Any,
        on: Any = None,
        how: str = "inner",
        lateral: bool = False,
        hints: Sequence[str] | None = None,
    ) -> Self:
        """Return the rows of both that belong together.

        Args:
            other: a DataFrame, a handle, a model, an `aliased(model)`, or a `Table`.
            on: a name or names that both have, pairs of names, `col("orders.user_id") ==
                col("users.id")`, `Order.user_id == User.id`, or a relationship. By default the only
                foreign key or relationship between the models.
            how: "inner", "left", "right", "full" or "cross".
            lateral: may `other` name columns of this one?
            hints: for the database's optimizer.

        Raises:
            QueryError: there is no path between the models, or more than one.
        """
        left, how = self._known(self.plan), how.lower()
        right = self._known(read(other, self.database))
        condition = None
        if how != BOTH_SIDES:
            right, condition = joined(left, right, on)
        return self._with_plan(
            operators.join(left, right, how=how, condition=condition, lateral=lateral, hints=hints)
        )

    def semi_join(self, other: Any, *, on: Any = None) -> Self:
        """Return the rows that have a matching one in `other`; see `join`."""
        right, condition = joined(self.plan, read(other, self.database), on)
        return self._with_plan(operators.semi_join(self.plan, right, condition=condition))

    def anti_join(self, other: Any, *, on: Any = None) -> Self:
        """Return the rows that have no matching one in `other`; see `join`."""
        right, condition = joined(self.plan, read(other, self.database), on)
        return self._with_plan(operators.anti_join(self.plan, right, condition=condition))

    def union(self, other: Any) -> Self:
        """Return the rows of both, each once."""
        return self._with_plan(operators.union(self.plan, read(other, self.database)))

    def unionAll(self, other: Any) -> Self:
        """Return the rows of both."""
        return self._with_plan(
            operators.union(self.plan, read(other, self.database), distinct=False)
        )

    def intersect(self, other: Any) -> Self:
        """Return the rows that both have."""
        return self._with_plan(operators.intersect(self.plan, read(other, self.database)))

    def except_(self, other: Any) -> Self:
        """Return the rows that `other` does not have."""
        return self._with_plan(operators.except_(self.plan, read(other, self.database)))

    def drop(self, *cols: Any) -> Self:
        """Return all columns but these.

        Raises:
            QueryError: the columns are not known, and cannot be asked for here.
        """
        frame, known = self._listed("drop")
        scope = scope_of(frame.plan)
        dropped = {output_name(scope.written(each)) for each in cols}
        return frame.select(*(name for name in known if name not in dropped))

    def withColumnRenamed(self, existing: str, new: str) -> Self:
        """Return all columns, one of them under another name.

        Raises:
            QueryError: the columns are not known, and cannot be asked for here.
        """
        frame, known = self._listed("withColumnRenamed")
        scope_of(frame.plan).written(existing)
        return frame.select(*(col(name).alias(new) if name == existing else name for name in known))

    with_column_renamed = withColumnRenamed

    def _listed(self, method: str) -> tuple[Self, Names]:
        """Return this with the columns of its tables, and the names of all that it gives."""
        frame = self._with_plan(self._known(self.plan))
        known = names_of(frame.plan)
        if known is None:
            raise QueryError(
                f"the columns of this query are not known (at {method}); read a model, or select "
                "its columns by name before",
                self.plan,
            )
        return frame, known

    if TYPE_CHECKING:  # Moltres' own, which give and take what these give and take

        def where(self, predicate: Any) -> Self: ...
        def filter(self, predicate: Any) -> Self: ...
        def order_by(self, *columns: Any) -> Self: ...
        def orderBy(self, *columns: Any) -> Self: ...
        def sort(self, *columns: Any) -> Self: ...
        def limit(self, count: int) -> Self: ...
        def sample(self, fraction: float, seed: int | None = None) -> Self: ...
        def distinct(self) -> Self: ...
        def cross_join(self, other: Any) -> Self: ...
        def crossJoin(self, other: Any) -> Self: ...
        def union_all(self, other: Any) -> Self: ...
        def explode(self, column: Any, alias: str = "value") -> Self: ...
        def withColumn(self, colName: str, col_expr: Any) -> Self: ...
        def with_column(self, colName: str, col_expr: Any) -> Self: ...
        def withColumns(self, cols_map: dict[str, Any]) -> Self: ...
        def with_columns(self, cols_map: dict[str, Any]) -> Self: ...


class DataFrame(ModelDataFrame, synchronous.DataFrame):
    """A query of a `Database`; Moltres' own, written with attributes of models as well."""

    def _known(self, plan: LogicalPlan) -> LogicalPlan:
        return with_columns(plan, self.database)

    def group_by(self, *columns: Any) -> GroupedDataFrame:
        """Return the rows in groups that have the same in these columns."""
        grouped = super().group_by(*columns)
        return GroupedDataFrame(grouped.plan, grouped.keys, self)

    groupBy = group_by


class AsyncDataFrame(ModelDataFrame, asynchronous.AsyncDataFrame):
    """A query of an `AsyncDatabase`; Moltres' own, written with attributes of models as well."""

    def group_by(self, *columns: Any) -> AsyncGroupedDataFrame:
        """Return the rows in groups that have the same in these columns."""
        return AsyncGroupedDataFrame(super().group_by(*columns).plan, self)

    groupBy = group_by


def _check_names(plan: Project) -> None:
    seen: dict[str, Column] = {}
    for column in plan.projections:
        name = output_name(column)
        other = seen.get(name or "")
        if name is not None and other is not None and other.args != column.args:
            raise QueryError(
                f"two columns are named {name!r}: {other!r} and {column!r} (at select); give one "
                f"another name, as in {column!r}.alias('other')",
                column,
            )
        if name is not None:
            seen[name] = column


class GroupedDataFrame(groupby.GroupedDataFrame):
    """Result of `DataFrame.group_by`."""

    parent: DataFrame

    def agg(self, *aggregations: Any, allow_empty: bool = False) -> DataFrame:
        """Return one row for each group, with what is aggregated; attributes are columns here."""
        written = _aggregations(self.plan, aggregations)
        made = super().agg(*written, allow_empty=allow_empty)
        return self.parent.of(made)

    def pivot(self, pivot_col: str, values: Any = None) -> PivotedGroupedDataFrame:
        """Return the groups with a column for each value of another one."""
        made = super().pivot(pivot_col, values)
        return PivotedGroupedDataFrame(
            made.plan, made.keys, made.pivot_column, made.pivot_values, self.parent
        )


class PivotedGroupedDataFrame(groupby.PivotedGroupedDataFrame):
    """Result of `GroupedDataFrame.pivot`."""

    parent: DataFrame

    def agg(self, *aggregations: Any) -> DataFrame:
        """Return one row for each group, with one aggregate for each value."""
        return self.parent.of(super().agg(*_aggregations(self.plan, aggregations)))


class AsyncGroupedDataFrame(async_groupby.AsyncGroupedDataFrame):
    """Result of `AsyncDataFrame.group_by`."""

    def __init__(self, plan: LogicalPlan, parent: AsyncDataFrame) -> None:
        super().__init__(plan, parent.database)
        self.parent = parent

    def agg(self, *aggregates: Any) -> AsyncDataFrame:
        """Return one row for each group, with what is aggregated; attributes are columns here."""
        return self.parent.of(super().agg(*_aggregations(self.parent.plan, aggregates)))


def _aggregations(plan: LogicalPlan, aggregations: tuple[Any, ...]) -> list[Any]:
    """Return columns for attributes first: Moltres names an aggregate by its column."""
    scope = scope_of(plan)
    return [
        scope.written(each) if isinstance(each, Column) or is_clause(each) else each
        for each in aggregations
    ]
