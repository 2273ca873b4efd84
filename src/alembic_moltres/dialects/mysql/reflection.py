"""Reads the tables of a MySQL or MariaDB database; see `catalogue` for the queries."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from sqlalchemy.engine import Connection

from ...schema import TableSchema
from ..base.signatures import ReflectedColumn, ReflectedItem, ReflectedTable
from .catalogue import database_of, read_tables, table_names_of
from .rows import CheckRow, ColumnRow, ConstraintRow, TableRow
from .signatures import column_signature, constraint_signature, option_signatures
from .sql_mode import syntax_of, table_under, without_sql_mode
from .values import (
    column_value,
    constraint_value,
    index_value,
    is_constraint,
    option_values,
    versioning_ddl,
)


def table_names(connection: Connection, schema: str | None) -> list[str]:
    """Return the names of the tables, without views and sequences."""
    with without_sql_mode(connection):
        return sorted(table_names_of(connection, database_of(connection, schema)))


def read(
    connection: Connection, schema: str | None, names: Collection[str]
) -> list[ReflectedTable]:
    """Return the existing tables of those names, with at most ten queries."""
    database = database_of(connection, schema)
    default = database if schema is None else database_of(connection, None)
    prefix = connection.dialect.name
    with without_sql_mode(connection):
        rows = read_tables(connection, database, names)
    syntax = syntax_of(connection.dialect)
    return [table_under(_table(row, schema, default, prefix), syntax) for row in rows]


@lru_cache(maxsize=16384)
def _column(row: ColumnRow, collation: str, database: str, *, in_key: bool) -> ReflectedColumn:
    """Return a column; equal columns of several tables share one value."""
    value = column_value(row, collation, database, in_key=in_key)
    return ReflectedColumn(value, column_signature(row))


def _table(row: TableRow, schema: str | None, default: str, prefix: str) -> ReflectedTable:
    in_key = {
        part.column for index in row.indexes if index.name == "PRIMARY" for part in index.parts
    }
    columns = tuple(
        _column(each, row.collation, default, in_key=each.name in in_key) for each in row.columns
    )
    keys = sorted(filter(is_constraint, row.indexes), key=lambda each: each.name != "PRIMARY")
    rows: list[ConstraintRow] = [*keys, *row.checks, *row.foreign_keys]
    constraints = tuple(
        ReflectedItem(
            constraint_value(each, schema, default),
            constraint_signature(each),
            in_column=each.name if isinstance(each, CheckRow) and each.at_column else None,
        )
        for each in rows
    )
    indexes = tuple(
        ReflectedItem(index_value(each, prefix), constraint_signature(each))
        for each in row.indexes
        if not is_constraint(each)
    )
    comment = row.comment or None
    table = TableSchema(
        row.name,
        [each.column for each in columns],
        constraints=[each.item for each in constraints],
        indexes=[each.item for each in indexes],
        schema=schema,
        comment=comment,
        dialect_options=option_values(row, prefix),
        ddl=versioning_ddl(row, prefix),
    )
    charset = row.collation.partition("_")[0]
    options = option_signatures(prefix, row.engine, charset, row.collation, row.options)
    return ReflectedTable(
        table, columns, constraints=constraints, indexes=indexes, comment=comment, options=options
    )
