"""Reads the tables of a DuckDB database; see `catalogue` for the queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from ...schema import TableSchema
from ..base.signatures import ReflectedColumn, ReflectedItem, ReflectedTable
from .catalogue import enum_names, names, place, read_tables, runner
from .rows import KeyRow, TableRow
from .signatures import column_signature, constraint_signature, index_signature
from .values import column_value, constraint_value, index_value


def table_names(connection: Connection, schema: str | None) -> list[str]:
    """Return the names of the tables, without views and temporary ones."""
    return sorted(names(connection, schema))


def read(
    connection: Connection, schema: str | None, wanted: Collection[str]
) -> list[ReflectedTable]:
    """Return the existing tables of those names, in five queries at most."""
    rows = read_tables(runner(connection), place(schema), wanted)
    has_enums = any("ENUM(" in column.type for row in rows for column in row.columns)
    enums = enum_names(connection, schema) if has_enums else {}
    return [_table(row, schema, enums) for row in rows]


def _table(
    row: TableRow, schema: str | None, enums: Mapping[tuple[str, ...], list[str]]
) -> ReflectedTable:
    keys = [each for each in row.constraints if isinstance(each, KeyRow)]
    in_key = {name for key in keys if key.kind == "PRIMARY KEY" for name in key.columns}
    columns = tuple(
        ReflectedColumn(
            column_value(each, enums, in_key=each.name in in_key), column_signature(each)
        )
        for each in row.columns
    )
    constraints = tuple(
        ReflectedItem(constraint_value(each, schema), constraint_signature(each))
        for each in row.constraints
    )
    named = frozenset(each.name for each in row.columns)
    indexes = tuple(
        ReflectedItem(index_value(each, named), index_signature(each)) for each in row.indexes
    )
    table = TableSchema(
        row.name,
        [each.column for each in columns],
        constraints=[each.item for each in constraints],
        indexes=[each.item for each in indexes],
        schema=schema,
        comment=row.comment,
    )
    return ReflectedTable(
        table, columns, constraints=constraints, indexes=indexes, comment=row.comment
    )
