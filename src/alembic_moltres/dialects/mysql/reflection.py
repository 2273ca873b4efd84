"""Reads the tables of a MySQL or MariaDB database; see `catalogue` for the queries."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.engine import Connection

from ..base.signatures import ReflectedTable, TableSignature
from .catalogue import base_tables, database_of, read_tables
from .rows import TableRow
from .signatures import (
    check_signature,
    column_signature,
    index_signature,
    key_signature,
    option_signature,
)
from .values import is_constraint, table_value


def table_names(connection: Connection, schema: str | None) -> list[str]:
    """Return the names of the tables, without views and sequences."""
    rows = base_tables(connection, database_of(connection, schema))
    return sorted(str(row["table_name"]) for row in rows)


def read(
    connection: Connection, schema: str | None, names: Collection[str]
) -> list[ReflectedTable]:
    """Return what the database has of those names, in nine queries at most."""
    database = database_of(connection, schema)
    default = database if schema is None else database_of(connection, None)
    prefix = connection.dialect.name
    return [
        _described(row, schema, default, prefix) for row in read_tables(connection, database, names)
    ]


def _described(row: TableRow, schema: str | None, default: str, prefix: str) -> ReflectedTable:
    table = table_value(row, schema, default, prefix)
    keys = [index_signature(each, row) for each in row.indexes if is_constraint(each)]
    return ReflectedTable(
        table,
        TableSignature(
            {column.name: column_signature(column) for column in row.columns},
            (
                *sorted(keys, key=lambda each: each.name is not None),
                *(check_signature(each.name, each.text) for each in row.checks),
                *(key_signature(each) for each in row.keys),
            ),
            tuple(index_signature(each, row) for each in row.indexes if not is_constraint(each)),
            row.comment or None,
            option_signature(
                prefix, row.engine, row.collation.partition("_")[0], row.collation, row.options
            ),
        ),
    )
