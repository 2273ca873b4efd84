"""A table that moves to another schema, with the foreign keys that refer to it."""

from __future__ import annotations

from dataclasses import replace

from ...schema import ForeignKeyConstraint, TableSchema


def moved(each: TableSchema, table: TableSchema, schema: str | None) -> TableSchema:
    """Return a table after one, which may be itself, is moved to another schema."""
    constraints = tuple(
        replace(key, references_schema=schema)
        if isinstance(key, ForeignKeyConstraint) and refers(key, table)
        else key
        for key in each.constraints
    )
    each_schema = schema if each is table else each.schema
    if each_schema == each.schema and constraints == each.constraints:
        return each
    return replace(each, schema=each_schema, constraints=constraints)


def refers(key: ForeignKeyConstraint, table: TableSchema) -> bool:
    """Tell whether a foreign key refers to a table."""
    return (key.references_schema, key.references_table) == (table.schema, table.name)
