"""The results of queries of the database's own catalogue.

The state is written to tables of those names in an in-memory SQLite database, and the query runs
there. What the state does not know is absent; a query that needs it has no result.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable

from ...dialects.base.replay_queries import CatalogueQuery
from ...schema import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ..catalogue.database import Catalogue
from ..isolation import unisolated
from .driver import Result, Row

UNKNOWN = "\0"
"""The placeholder of a value that only a server knows."""

CONSTRAINT_TYPES = {
    PrimaryKeyConstraint: "PRIMARY KEY",
    UniqueConstraint: "UNIQUE",
    ForeignKeyConstraint: "FOREIGN KEY",
    CheckConstraint: "CHECK",
}

SHAPES = {
    "information_schema.tables": ("table_schema", "table_name", "table_type"),
    "information_schema.columns": (
        "table_schema",
        "table_name",
        "column_name",
        "ordinal_position",
        "is_nullable",
        "column_default",
        "data_type",
        "column_type",
    ),
    "information_schema.table_constraints": (
        "constraint_schema",
        "constraint_name",
        "table_schema",
        "table_name",
        "constraint_type",
    ),
    "information_schema.key_column_usage": (
        "constraint_schema",
        "constraint_name",
        "table_schema",
        "table_name",
        "column_name",
        "ordinal_position",
        "referenced_table_name",
        "referenced_column_name",
    ),
    "information_schema.statistics": (
        "table_schema",
        "table_name",
        "non_unique",
        "index_schema",
        "index_name",
        "seq_in_index",
        "column_name",
    ),
}
"""The columns of each table that have known values."""


def result_of_query(query: CatalogueQuery, parameters: Any, catalogue: Catalogue) -> Result | None:
    """Return the result of a query of the catalogue; `None` if the state does not know it.

    Args:
        query: the query.
        parameters: its bound values.
        catalogue: the state.
    """
    if query.sql is None:
        return None
    with unisolated():
        connection = sqlite3.connect(":memory:")
        try:
            (_create if query.of_tables else _fill)(connection, catalogue)
            given = parameters if isinstance(parameters, Mapping) else tuple(parameters or ())
            cursor = connection.execute(query.sql, given)
            rows = [tuple(row) for row in cursor.fetchall()]
            columns = tuple(each[0] for each in cursor.description or ())
        except (sqlite3.Error, sqlite3.Warning):
            return None  # SQLite does not understand it, or it reads an unknown table
        finally:
            connection.close()
    if not columns or any(cell == UNKNOWN for row in rows for cell in row):
        return None
    return Result(columns, tuple(rows))


def _create(connection: sqlite3.Connection, catalogue: Catalogue) -> None:
    """Create the tables themselves, for what only SQLite is asked."""
    dialect = catalogue.impl.dialect
    inspected = catalogue.inspected()
    for value in catalogue.all_tables.values():
        table = inspected.table(value.name, value.schema)
        connection.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            connection.execute(str(CreateIndex(index).compile(dialect=dialect)))


def _fill(connection: sqlite3.Connection, catalogue: Catalogue) -> None:
    default = catalogue.default_schema
    for name in ("DATABASE", "SCHEMA", "CURRENT_SCHEMA", "CURRENT_DATABASE"):
        connection.create_function(name, 0, lambda: default)
    _write(connection, SHAPES, _rows(catalogue))
    own = catalogue.impl.catalogue_tables(catalogue)
    if own is not None:
        _write(connection, own.columns, own.rows)
        for name, function in own.functions.items():
            connection.create_function(name, 1, function)


def _write(
    connection: sqlite3.Connection,
    columns: Mapping[str, Sequence[str]],
    rows: Mapping[str, Sequence[Sequence[object]]],
) -> None:
    for schema in {name.partition(".")[0] for name in columns}:
        connection.execute(f"ATTACH ':memory:' AS {schema}")
    for name, shape in columns.items():
        connection.execute(f"CREATE TABLE {name} ({', '.join(shape)})")
        marks = ", ".join("?" for _ in shape)
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows[name])


def _rows(catalogue: Catalogue) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {name: [] for name in SHAPES}
    for table in catalogue.all_tables.values():
        schema = table.schema or catalogue.default_schema
        rows["information_schema.tables"].append((schema, table.name, "BASE TABLE"))
        rows["information_schema.columns"] += _columns(table, schema, catalogue)
        rows["information_schema.statistics"] += _statistics(table, schema, catalogue)
        for constraint in table.constraints:
            _constraint(rows, catalogue.name_of(table, constraint), constraint, schema, table.name)
    return rows


def _constraint(
    rows: dict[str, list[Row]],
    name: str | None,
    constraint: Constraint,
    schema: str | None,
    table: str,
) -> None:
    kind = CONSTRAINT_TYPES.get(type(constraint))
    if kind is None:
        return
    shown = "PRIMARY" if name is None and kind == "PRIMARY KEY" else name
    rows["information_schema.table_constraints"].append((schema, shown, schema, table, kind))
    columns = constraint.columns
    referred: Iterable[str | None] = (None,) * len(columns)
    to = None
    if isinstance(constraint, ForeignKeyConstraint):
        referred, to = constraint.references_columns, constraint.references_table
    rows["information_schema.key_column_usage"] += [
        (schema, shown, schema, table, column, n, to, other)
        for n, (column, other) in enumerate(zip(columns, referred, strict=True), 1)
    ]


def _statistics(table: TableSchema, schema: str | None, catalogue: Catalogue) -> list[Row]:
    """Return MySQL's rows of the columns of indexes; an expression has none."""
    keys = (
        ("PRIMARY" if isinstance(each, PrimaryKeyConstraint) else each.name, 0, each.columns)
        for each in table.constraints
        if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)
    )
    indexes = (*table.indexes, *catalogue.impl.implicit_indexes(table))
    own = ((each.name, int(not each.unique), each.elements) for each in indexes)
    return [
        (schema, table.name, other, schema, name, n, column if isinstance(column, str) else None)
        for name, other, columns in (*keys, *own)
        for n, column in enumerate(columns, 1)
    ]


def _columns(table: TableSchema, schema: str | None, catalogue: Catalogue) -> list[Row]:
    live = catalogue.inspected().table(table.name, table.schema)
    rows: list[Row] = []
    for n, column in enumerate(table.columns, 1):
        spelling = _spelling(live.c[column.name].type, catalogue)
        counts = column.autoincrement is not False and column.name in _key(table)
        default = None
        if column.default is not None:
            default = catalogue.impl.information_schema_default(column.default, spelling) or UNKNOWN
        elif column.sequence is not None or counts:
            default = UNKNOWN
        rows.append(
            (
                schema,
                table.name,
                column.name,
                n,
                "YES" if column.nullable else "NO",
                default,
                *catalogue.impl.information_schema_type(spelling),
            )
        )
    return rows


def _key(table: TableSchema) -> tuple[str, ...]:
    return () if table.primary_key is None else table.primary_key.columns


def _spelling(type_: Any, catalogue: Catalogue) -> str:
    """Return the DDL of a type."""
    compiler: Any = catalogue.impl.dialect.type_compiler_instance
    return str(compiler.process(sa.types.to_instance(type_))).lower()


__all__ = ["result_of_query"]
