"""Counts the rows on which a change fails; see `diff.failures`.

A count stops at `MOST` and has a time limit; its transaction is read-only.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError

from ...convert import lineage, schema_to_table
from ...datatypes import DataType
from ...diff.failures import (
    TEXTS,
    Failure,
    LabelledRows,
    NullRows,
    OrphanRows,
    RepeatedRows,
    RowsWithoutValue,
    TooLargeRows,
    ViolatingRows,
    digits_of,
    length_of,
)
from ...errors import MoltresError
from ...schema import SQL, CheckConstraint, ForeignKeyConstraint, Index, TableSchema
from ...schema.dialects import is_for_dialect
from ...sqltext.names import columns as columns_in

if TYPE_CHECKING:
    from .impl import DialectImpl

MOST: Final = 1000
"""The largest number of rows that is counted."""
SECONDS: Final = 5
"""The time limit of a count, in seconds."""
LARGEST: Final = {"SMALLINT": 2**15 - 1, "INTEGER": 2**31 - 1}
"""The largest value of an integer."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows.

    Attributes:
        rows: their number, at most `MOST`.
        more: whether there are more.
    """

    rows: int
    more: bool = False


def count_rows(connection: Connection, impl: DialectImpl, query: sa.Select[Any]) -> Count | None:
    """Return the number of rows of a query; `None` if the database exceeds the time limit.

    Args:
        connection: in AUTOCOMMIT.
        impl: of its database.
        query: the result of `failing_rows`.
    """
    limited = query.limit(MOST + 1).subquery()
    try:
        for statement in impl.begin_reading(SECONDS):
            connection.exec_driver_sql(statement)
        count = connection.execute(sa.select(sa.func.count()).select_from(limited)).scalar_one()
        return Count(min(count, MOST), count > MOST)
    except DBAPIError:
        return None
    finally:
        with suppress(DBAPIError):
            connection.exec_driver_sql("ROLLBACK")


def failing_rows(
    failure: Failure, table: TableSchema, name: str, columns: Mapping[str, str], impl: DialectImpl
) -> sa.Select[Any] | None:
    """Return a query of the rows on which a change fails; `None` if no query can tell them.

    For duplicates it returns one row for each repeated value.

    Args:
        failure: the way in which a change may fail.
        table: the table in the database.
        name: the name of the table at the change.
        columns: the names of columns in the database, by their names at the change.
        impl: of the database.
    """
    try:
        made = schema_to_table(table, sa.MetaData())
        selected = [made.c[former].label(now) for now, former in columns.items()]
        live = sa.select(*selected or (made.c[0],)).subquery(name)
        if isinstance(failure, RepeatedRows):
            return _repeated(failure, live, impl)
        condition = _condition(failure, live, impl)
    except (MoltresError, KeyError):  # a type that is not known, a column that comes only later
        return None
    return None if condition is None else _rows(live).where(condition)


def is_for(failure: Failure, dialect: Dialect) -> bool:
    """Tell whether a dialect has the failing item, according to its `ddl_if` and expression."""
    item = getattr(failure, "constraint", None) or getattr(failure, "key", None)
    item = item or getattr(failure, "item", None)
    if isinstance(item, CheckConstraint) and item.expression.for_dialect(lineage(dialect)) is None:
        return False
    return is_for_dialect(getattr(item, "ddl_if", ()), dialect.name)


def _rows(live: sa.Subquery) -> sa.Select[Any]:
    return sa.select(sa.literal_column("1").label("n")).select_from(live)


def _condition(
    failure: Failure, live: sa.Subquery, impl: DialectImpl
) -> sa.ColumnElement[bool] | None:
    match failure:
        case NullRows(column=column):
            return live.c[column].is_(None)
        case RowsWithoutValue():
            return sa.literal_column("1") == sa.literal_column("1")
        case ViolatingRows(constraint=CheckConstraint(expression=expression)):
            return sa.not_(_expression(expression, live, impl))
        case OrphanRows(key=key):
            return _orphans(key, live)
        case TooLargeRows(current=current, desired=desired):
            return _too_large(live.c[current.name], DataType.parse(desired.type_name))
        case LabelledRows(column=column, labels=labels) if isinstance(live.c[column].type, sa.Enum):
            return sa.cast(live.c[column], sa.Text()).in_(labels)
        case _:
            return None


def _expression(expression: SQL, live: sa.Subquery, impl: DialectImpl) -> sa.ColumnElement[Any]:
    """Return an expression with the names of columns in the database.

    Raises:
        KeyError: it contains a column that the database does not have.
    """
    text = expression.for_dialect(lineage(impl.dialect)) or expression.text
    names = {str(column.name).lower() for column in live.c}
    for token in columns_in(text, impl.syntax):
        if str(token.value).lower() not in names:
            raise KeyError(token.value)
    return sa.literal_column(f"({text})", sa.Boolean())


def _orphans(key: ForeignKeyConstraint, live: sa.Subquery) -> sa.ColumnElement[bool] | None:
    if key.match:
        return None
    columns: list[sa.ColumnClause[Any]] = [sa.column(each) for each in key.references_columns]
    target = sa.table(key.references_table, *columns, schema=key.references_schema)
    referred = target.alias("referred")
    pairs = [
        (live.c[column], referred.c[referred_column])
        for column, referred_column in zip(key.columns, key.references_columns, strict=True)
    ]
    same = (column == referred_column for column, referred_column in pairs)
    select: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(referred).where(*same)
    return sa.and_(
        *(column.is_not(None) for column, _ in pairs), sa.not_(sa.exists(select.correlate(live)))
    )


def _too_large(column: sa.ColumnElement[Any], type_: DataType) -> sa.ColumnElement[bool] | None:
    if type_.name in TEXTS:
        return sa.func.char_length(sa.func.rtrim(column)) > sa.literal_column(str(length_of(type_)))
    if type_.name in LARGEST:
        most = LARGEST[type_.name]
        return sa.not_(
            column.between(sa.literal_column(str(-most - 1)), sa.literal_column(str(most)))
        )
    if type_.name == "DECIMAL":
        whole, fraction = digits_of(type_)
        rounded = sa.func.round(column, sa.literal_column(str(fraction)))
        return sa.func.abs(rounded) >= sa.literal_column(str(10**whole))
    return None


def _repeated(failure: RepeatedRows, live: sa.Subquery, impl: DialectImpl) -> sa.Select[Any] | None:
    item, options = failure.item, failure.item.dialect_options
    if any(name.endswith("_length") for name in options):
        return None
    elements = item.elements if isinstance(item, Index) else item.columns
    columns = [
        live.c[each] if isinstance(each, str) else _expression(each, live, impl)
        for each in elements
    ]
    repeated: sa.Select[Any] = (
        _rows(live).group_by(*columns).having(sa.func.count() > sa.literal_column("1"))
    )
    if not options.get(f"{impl.dialect.name}_nulls_not_distinct"):
        repeated = repeated.where(*(each.is_not(None) for each in columns))
    where = options.get(f"{impl.dialect.name}_where")
    if where is None:
        return repeated
    return repeated.where(_expression(where, live, impl)) if isinstance(where, SQL) else None
