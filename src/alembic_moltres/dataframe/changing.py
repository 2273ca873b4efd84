"""INSERT, UPDATE and DELETE, with conditions and values as in queries.

Rows of a model go through the types of its columns, so everything that an ORM stores can be stored
here. No
value becomes text: Moltres writes those of conditions into SQL in which `:name` is a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from moltres.engine.dialects import DialectSpec
from moltres.expressions import Column
from moltres.logical import operators
from moltres.logical.plan import LogicalPlan
from moltres.utils.exceptions import ExecutionError, ValidationError
from sqlalchemy.engine import Connection

from .checking import checked
from .compiler import compiled, compiled_column
from .expressions import is_clause, scope_of
from .scans import ModelScan, output_name


@dataclass(frozen=True)
class Change:
    """A statement that changes rows, with its rows."""

    statement: sa.Insert | sa.Update | sa.Delete
    rows: list[dict[str, Any]]

    def on(self, connection: Connection) -> int:
        """Carry it out; return how many rows were changed.

        Raises:
            ExecutionError: the database refuses it.
        """
        if isinstance(self.statement, sa.Insert) and not self.rows:
            return 0
        try:
            result = connection.execute(self.statement, self.rows or None)
        except sa.exc.SQLAlchemyError as err:
            raise ExecutionError(f"cannot change the rows: {err}") from err
        return len(self.rows) or int(result.rowcount)


def insertion(scan: ModelScan, rows: Iterable[Mapping[Any, Any]]) -> Change:
    """Return the INSERT of rows into the table of a model.

    Args:
        scan: what reads the table.
        rows: with values by the names of columns or by attributes.

    Raises:
        UnknownColumnError: there is no such column.
        ValidationError: the rows do not all have the same columns.
    """
    named = [_named(scan, row) for row in rows]
    for number, row in enumerate(named):
        if row.keys() != named[0].keys():
            raise ValidationError(
                f"row {number} has the columns {', '.join(row)}, the first one "
                f"{', '.join(named[0])} (at the table {scan.called!r}); give all rows the same"
            )
    return Change(sa.insert(_table(scan, scan.columns)), named)


def update(
    plan: LogicalPlan, where: Any, values: Mapping[Any, Any], dialect: DialectSpec
) -> Change:
    """Return the UPDATE of the rows that meet a condition.

    Raises:
        UnknownColumnError: there is no such column.
        ValidationError: no column is set.
    """
    named = _named(plan, values)
    if not named:
        raise ValidationError("update requires at least one value in `set`; name a column")
    scope = scope_of(plan)
    made = {
        name: compiled_column(scope.written(value), dialect)
        if isinstance(value, Column) or is_clause(value)
        else value
        for name, value in named.items()
    }
    statement = sa.update(_table(plan, named)).values(made)
    return Change(statement.where(_condition(plan, where, dialect)), [])


def deletion(plan: LogicalPlan, where: Any, dialect: DialectSpec) -> Change:
    """Return the DELETE of the rows that meet a condition.

    Raises:
        UnknownColumnError: there is no such column.
    """
    return Change(sa.delete(_table(plan, ())).where(_condition(plan, where, dialect)), [])


def _condition(plan: LogicalPlan, where: Any, dialect: DialectSpec) -> sa.ColumnElement[bool]:
    condition = compiled(checked(operators.filter(plan, where)), dialect).whereclause
    return sa.true() if condition is None else condition


def _named(plan: LogicalPlan, values: Mapping[Any, Any]) -> dict[str, Any]:
    scope = scope_of(plan)
    return {str(output_name(scope.written(key))): value for key, value in values.items()}


def _table(plan: Any, names: Iterable[str]) -> sa.TableClause:
    """Return the table with the columns named, which have the types of the model's."""
    if not isinstance(plan, ModelScan):
        schema, _, name = plan.table.rpartition(".")
        return sa.table(name, *map(sa.column, names), schema=schema or None)
    types = {str(column.name): column.type for column in plan.source.columns}
    columns = (sa.column(name, types[name]) for name in names)
    return sa.table(plan.table, *columns, schema=plan.source.schema)
