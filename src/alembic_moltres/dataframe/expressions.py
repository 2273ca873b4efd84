"""The expressions of a query: Moltres' columns, names, and SQLAlchemy's expressions of models.

Everything becomes a Moltres `Column`. A mapped attribute becomes `col(...)`; an expression of
SQLAlchemy (`User.name == "Alice"`, `func.lower(User.name)`, `case(...)`) stays what it is, in a
`Column` of the operation `SQLALCHEMY`, and `compiler` puts it into the statement. So every
expression of SQLAlchemy can be used here, with its types and parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from moltres.expressions import Column, col
from moltres.logical.plan import LogicalPlan, WindowSpec
from sqlalchemy.orm import InspectionAttr, QueryableAttribute, RelationshipProperty
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.elements import Label

from ..errors import QueryError, UnknownColumnError
from ..messages import did_you_mean
from .scans import ModelScan, names_of, scans_of

__all__ = ["SQLALCHEMY", "Scope", "col", "is_clause", "relationship_of", "scope_of"]

SQLALCHEMY = "sqlalchemy"
"""The operation of a `Column` whose first argument is an expression of SQLAlchemy."""


@dataclass(frozen=True)
class Scope:
    """The columns that may be named at one place of a query.

    Args:
        tables: of models, as the query has them.
        names: the columns by name, with the number of tables that have one; `None` if not all are
            known, and then only the database can say whether there is one.
    """

    tables: Sequence[ModelScan]
    names: dict[str, int] | None

    def written(self, given: Any) -> Column:
        """Return a Moltres column for anything that is accepted as one.

        Raises:
            UnknownColumnError: there is no such column.
            QueryError: a name is ambiguous, or something is not a column.
        """
        if isinstance(given, str):
            given = col(given)
        if isinstance(given, Column):
            return self._column(given)
        if not is_clause(given):
            raise QueryError(
                f"{given!r} is not a column (at {self._place()}); write a name, col(...), or an "
                "attribute of a model",
                given,
            )
        return self._clause(given)

    def _column(self, column: Column) -> Column:
        match column.op, column.args:
            case "column", (str(name), *_) if name != "*":
                self._check(name)
                return column
            case "literal", (value, *_) if is_clause(value):
                made = self._clause(value)
                return made if column.alias_name is None else made.alias(column.alias_name)
            case _:
                condition = column._filter  # noqa: SLF001 - a field of Moltres' own dataclass
                return replace(
                    column,
                    args=tuple(self._argument(argument) for argument in column.args),
                    _filter=None if condition is None else self._column(condition),
                )

    def _argument(self, argument: Any) -> Any:
        match argument:
            case Column():
                return self._column(argument)
            case tuple() | list():
                return tuple(self._argument(each) for each in argument)
            case WindowSpec():
                return replace(
                    argument,
                    partition_by=tuple(map(self.written, argument.partition_by)),
                    order_by=tuple(map(self.written, argument.order_by)),
                )
            case _ if is_clause(argument):
                return self._clause(argument)
            case _:
                return argument

    def _clause(self, given: Any) -> Column:
        element, name = _unwrapped(given)
        if isinstance(element, sa.Column):
            self._check_column(element)
            made = col(self._called(element))
        else:
            for each in columns_in(element):
                self._check_column(each)
            made = Column(op=SQLALCHEMY, args=(element, len(self.tables) > 1))
        return made if name is None else made.alias(name)

    def _called(self, column: sa.Column[Any]) -> str:
        name = str(column.name)
        return f"{column.table.name}.{name}" if len(self.tables) > 1 else name

    def _check_column(self, column: sa.Column[Any]) -> None:
        table = str(getattr(column.table, "name", ""))
        if not any(scan.called == table for scan in self.tables):
            raise UnknownColumnError(
                f"{str(column)!r} is a column of a table that is not in this query "
                f"(at {self._place()}); join it first",
                column,
            )
        self._check(f"{table}.{column.name}")

    def _check(self, name: str) -> None:
        table, _, column = name.rpartition(".")
        if table:
            self._check_qualified(table, column)
        elif self.names is None:
            return
        elif column not in self.names:
            raise self._unknown(column, self.names)
        elif self.names[column] > 1:
            having = [scan.called for scan in self.tables if column in scan.columns]
            raise QueryError(
                f"the column {column!r} is in {' and in '.join(map(repr, having))} "
                f"(at {self._place()}); qualify it, as in col('{having[0]}.{column}')",
                name,
            )

    def _check_qualified(self, table: str, column: str) -> None:
        named = [scan for scan in self.tables if scan.called == table]
        if named and column not in named[0].columns:
            raise self._unknown(column, named[0].columns)
        if not named and self.names is not None:
            hint = did_you_mean(table, [scan.called for scan in self.tables])
            raise UnknownColumnError(
                f"the table {table!r} of the column {column!r} is not in this query "
                f"(at {self._place()}){hint or '; join it first'}",
                column,
            )

    def _unknown(self, name: str, known: Iterable[str]) -> UnknownColumnError:
        hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
        return UnknownColumnError(f"there is no column {name!r} (at {self._place()}){hint}", name)

    def _place(self) -> str:
        named = ", ".join(f"the table {scan.called!r}" for scan in self.tables)
        return named or "a query of no model"


def scope_of(plan: LogicalPlan, *before: LogicalPlan) -> Scope:
    """Return what may be named after a plan.

    Args:
        plan: the query so far.
        before: plans whose columns SQL still lets one name, such as what was selected from.
    """
    names = names_of(plan)
    for each in before:
        earlier = names_of(each)
        names = None if names is None or earlier is None else earlier | names
    return Scope(list(scans_of(plan)), names)


def is_clause(given: object) -> bool:
    """Tell whether it is SQLAlchemy's, such as an attribute of a model or an expression with one.

    >>> is_clause(sa.column("name") == "Alice"), is_clause("name")
    (True, False)
    """
    return isinstance(given, ClauseElement | QueryableAttribute) or (
        isinstance(given, InspectionAttr) and hasattr(given, "__clause_element__")
    )


def relationship_of(given: object) -> RelationshipProperty[Any] | None:
    """Return the relationship that an attribute of a model is, if it is one."""
    relationship = (
        getattr(given, "property", None) if isinstance(given, QueryableAttribute) else None
    )
    return relationship if isinstance(relationship, RelationshipProperty) else None


def columns_in(element: ClauseElement) -> Iterator[sa.Column[Any]]:
    """Yield the columns that an expression names, those of its subqueries left out.

    >>> table = sa.Table("tags", sa.MetaData(), sa.Column("name"))
    >>> [column.name for column in columns_in(sa.func.lower(table.c.name))]
    ['name']
    """
    if isinstance(element, sa.SelectBase):
        return
    if isinstance(element, sa.Column):
        yield element
        return
    for child in element.get_children():
        yield from columns_in(child)


def _unwrapped(given: Any) -> tuple[Any, str | None]:
    """Return the expression and the name that it was given."""
    if relationship_of(given) is not None:
        raise QueryError(
            f"{given} is a relationship, not a column (at a query); use it in join(..., on=...)",
            given,
        )
    element = given.__clause_element__() if hasattr(given, "__clause_element__") else given
    if isinstance(element, Label):
        return _unwrapped(element.element)[0], str(element.name)
    if isinstance(given, QueryableAttribute) and not isinstance(element, sa.Column):
        return element, given.key
    return element, None
