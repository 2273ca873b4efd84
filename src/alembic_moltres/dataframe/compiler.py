"""Plans into SQL: Moltres' compiler with the columns of models, and with corrections.

The corrections are listed in docs/dataframe.md. They are of three kinds: names are quoted by
SQLAlchemy and tables have their schema; joins are joined, not nested in subqueries whose columns
cannot be named; and what comes after `limit` and after aggregation applies to their result.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from moltres.engine.dialects import DialectSpec
from moltres.expressions import Column
from moltres.logical.plan import (
    Aggregate,
    AntiJoin,
    Distinct,
    Filter,
    Join,
    Limit,
    LogicalPlan,
    Project,
    SemiJoin,
    Sort,
    SortOrder,
    TableScan,
)
from moltres.sql.expression_compiler import ExpressionCompiler
from moltres.sql.plan_compiler import SQLCompiler
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter, UnaryExpression
from sqlalchemy.sql.selectable import FromClause

from .expressions import SQLALCHEMY
from .scans import ModelScan, output_name

STAR: Any = sa.literal_column("*")


def compiled(plan: LogicalPlan, dialect: DialectSpec) -> sa.Select[Any]:
    """Return the statement of a plan.

    >>> from moltres.engine.dialects import get_dialect
    >>> print(compiled(TableScan("order items"), get_dialect("sqlite")))
    SELECT *
    FROM "order items"
    """
    return _Plans(dialect).compile(plan)


def compiled_column(column: Column, dialect: DialectSpec) -> sa.ColumnElement[Any]:
    """Return the expression of a column.

    >>> from moltres import col
    >>> from moltres.engine.dialects import get_dialect
    >>> print(compiled_column(col("unit price") + 1, get_dialect("sqlite")))
    "unit price" + :param_1
    """
    return _Plans(dialect).of(column)


class _Expressions(ExpressionCompiler):
    """Moltres' compiler of expressions, which refuses names that are not plain words."""

    def __init__(self, dialect: DialectSpec, plans: SQLCompiler) -> None:
        super().__init__(dialect, plan_compiler=plans)

    def _compile(self, expression: Any) -> sa.ColumnElement[Any]:
        if isinstance(expression, Column):
            if expression.op == "column":
                return _aliased(self.named(str(expression.args[0])), expression)
            if expression.op == SQLALCHEMY:
                return _aliased(self._clause(*expression.args), expression)
        return super()._compile(expression)

    def named(self, name: str, type_: Any = None) -> sa.ColumnElement[Any]:
        """Return the column of a name, which may have a table's before it."""
        table, _, column = name.rpartition(".")
        if not table:
            return sa.column(column, type_)
        return sa.literal_column(f"{self.quoted(table)}.{self.quoted(column)}", type_)

    def quoted(self, name: str) -> str:
        quote = self.dialect.quote_char
        return f"{quote}{name.replace(quote, quote * 2)}{quote}"

    def _clause(self, element: Any, qualified: Any) -> sa.ColumnElement[Any]:
        def replaced(each: Any, **_: Any) -> Any:
            if isinstance(each, sa.SelectBase):
                return each
            if isinstance(each, BindParameter) and isinstance(each.value, Column):
                return self._compile(each.value)
            if isinstance(each, sa.Column):
                table = f"{each.table.name}." if qualified else ""
                return self.named(f"{table}{each.name}", each.type)
            return None

        traverse: Any = visitors.replacement_traverse
        made: sa.ColumnElement[Any] = traverse(element, {}, replaced)
        return made


class _Plans(SQLCompiler):
    """Moltres' compiler of plans."""

    def __init__(self, dialect: DialectSpec) -> None:
        super().__init__(dialect)
        self._expr: _Expressions = _Expressions(dialect, self)

    def _compile_plan(self, plan: LogicalPlan) -> sa.Select[Any]:
        match plan:
            case TableScan():
                return sa.select(STAR).select_from(_table(plan))
            case Project() if _is_plain(plan):
                chosen = self._compile_plan(plan.child)
                return chosen.with_only_columns(*map(self._chosen, plan.projections))
            case Aggregate(child=child) if _is_flat(child):
                return self._aggregated(plan)
            case Filter(predicate=predicate):
                return self._narrowed(plan.child, predicate).where(self.of(predicate))
            case Sort():
                return self._apart(plan.child, Limit).order_by(*map(self._ordered, plan.orders))
            case Distinct():
                return self._apart(plan.child, Limit).distinct()
            case Limit():
                limited = self._apart(plan.child, Limit).limit(plan.count)
                return limited.offset(plan.offset) if plan.offset else limited
            case Join() if not plan.lateral and not plan.hints and plan.how in JOINS:
                return self._joined(plan)
            case SemiJoin() | AntiJoin():
                return self._matched(plan)
            case _:
                return super()._compile_plan(plan)

    def _aggregated(self, plan: Aggregate) -> sa.Select[Any]:
        groups = [self.of(column) for column in plan.grouping]
        chosen = self._compile_plan(plan.child).order_by(None)
        columns = map(self._chosen, (*plan.grouping, *plan.aggregates))
        return chosen.with_only_columns(*columns).group_by(*groups)

    def _matched(self, plan: SemiJoin | AntiJoin) -> sa.Select[Any]:
        """Compile to EXISTS: DISTINCT over all columns merges rows, and JSON has no equality."""
        matching = sa.exists(
            sa.select(sa.literal_column("1"))
            .select_from(self._side(plan.right))
            .where(self._on(plan))
            .correlate(None)
        )
        chosen = sa.select(STAR).select_from(self._side(plan.left))
        return chosen.where(matching if isinstance(plan, SemiJoin) else ~matching)

    def _qualified_column_literal(self, table_name: str, column_name: str) -> sa.ColumnElement[Any]:
        return self._expr.named(f"{table_name}.{column_name}")

    def of(self, column: Column) -> sa.ColumnElement[Any]:
        return self._expr.compile_expr(column)

    def _chosen(self, column: Column) -> sa.ColumnElement[Any]:
        """Compile a column of the rows, where it is called without its table's name."""
        made, name = self.of(column), output_name(column)
        named = column.op == "column" and column.alias_name is None and "." in str(column.args[0])
        return made.label(name) if named else made

    def _ordered(self, order: SortOrder) -> sa.ColumnElement[Any]:
        made = self.of(order.expression)
        if isinstance(made, UnaryExpression) and made.modifier is not None:
            return made
        return made.desc() if order.descending else made.asc()

    def _apart(self, plan: LogicalPlan, *kinds: type[LogicalPlan]) -> sa.Select[Any]:
        """Compile a plan; in a subquery, if it has one of these kinds on the way down."""
        made = self._compile_plan(plan)
        if not isinstance(_below(plan, Filter, Sort), kinds):
            return made
        return sa.select(STAR).select_from(made.subquery())

    def _narrowed(self, plan: LogicalPlan, predicate: Column) -> sa.Select[Any]:
        """Compile the plan that a condition applies to; WHERE cannot use results of SELECT."""
        if isinstance(plan, Project) and _names(predicate) & _made(plan):
            return self._apart(plan, Project)
        return self._apart(plan, Limit, Aggregate)

    def _joined(self, plan: Join) -> sa.Select[Any]:
        left, conditions = self._left(plan)
        right = self._side(plan.right)
        chosen = sa.select(STAR)
        match plan.how:
            case "cross":
                chosen = chosen.select_from(left.join(right, sa.true()))
            case "right":
                chosen = chosen.select_from(right.outerjoin(left, self._on(plan)))
            case how:
                outer, full = how != "inner", how in {"outer", "full"}
                joined = left.join(right, self._on(plan), isouter=outer, full=full)
                chosen = chosen.select_from(joined)
        return chosen.where(*conditions)

    def _on(self, plan: Join | SemiJoin | AntiJoin) -> sa.ColumnElement[Any]:
        if plan.condition is not None:
            return self.of(plan.condition)
        left, right = self._extract_table_name(plan.left), self._extract_table_name(plan.right)
        pairs = [
            (_qualified(first, left), _qualified(second, right)) for first, second in plan.on or ()
        ]
        return sa.and_(*(self._expr.named(a) == self._expr.named(b) for a, b in pairs))

    def _left(self, plan: Join) -> tuple[FromClause, list[sa.ColumnElement[Any]]]:
        """Return the left side, and its conditions that may apply to the whole join."""
        below, conditions = plan.left, []
        if plan.how in KEEPING_LEFT:
            while isinstance(below, Filter) and _is_joined(below):
                conditions.append(self.of(below.predicate))
                below = below.child
        return self._side(below), conditions

    def _side(self, plan: LogicalPlan) -> FromClause:
        if isinstance(plan, TableScan):
            return _table(plan)
        made = self._compile_plan(plan)
        if isinstance(plan, Join):
            (joined,) = made.get_final_froms()
            return joined
        return made.subquery(name=self._extract_table_name(plan))


JOINS = ("inner", "left", "right", "outer", "full", "cross")
KEEPING_LEFT = ("inner", "left", "cross")
"""The joins in which a condition on the left side may be applied before or after the join."""


def _table(plan: TableScan) -> FromClause:
    source = plan.source if isinstance(plan, ModelScan) else None
    before, _, name = plan.table.rpartition(".") if source is None else ("", "", plan.table)
    schema = (before or None) if source is None else source.schema
    made = sa.table(name, schema=schema)
    return made.alias(plan.alias or name) if plan.alias or schema is not None else made


def _is_joined(plan: LogicalPlan) -> bool:
    """Tell whether a plan returns rows of a join, whose columns are qualified by their tables."""
    return isinstance(_below(plan, Filter, Sort), Join)


def _is_flat(plan: LogicalPlan) -> bool:
    """Whether a selection from a plan needs no subquery."""
    return isinstance(_below(plan, Filter, Sort), Join | TableScan | SemiJoin | AntiJoin)


def _is_plain(plan: Project) -> bool:
    """Whether a projection needs no subquery.

    A database would refuse an aggregate beside an ORDER BY in the same SELECT.
    """
    if plan.for_update or plan.for_share or not plan.projections:
        return False
    sorted_below = isinstance(_below(plan.child, Filter), Sort)
    plain = all(column.op in {"column", "star"} for column in plan.projections)
    return _is_flat(plan.child) and (plain or not sorted_below)


def _below(plan: LogicalPlan, *kinds: type[LogicalPlan]) -> LogicalPlan:
    while isinstance(plan, kinds):
        (plan,) = plan.children()
    return plan


def _names(column: Column) -> set[str]:
    return {str(each.args[0]) for each in column.walk() if getattr(each, "op", "") == "column"}


def _made(plan: Project) -> set[str]:
    """Return the names of a selection that are not those of columns."""
    made = [column for column in plan.projections if column.op != "column" or column.alias_name]
    return {name for name in map(output_name, made) if name is not None}


def _qualified(name: str, table: str | None) -> str:
    return name if table is None or "." in name else f"{table}.{name}"


def _aliased(made: sa.ColumnElement[Any], column: Column) -> sa.ColumnElement[Any]:
    return made if column.alias_name is None else made.label(column.alias_name)
