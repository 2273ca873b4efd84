"""One constraint or index as SQLAlchemy has it, on a table of its own with the columns it names."""

from __future__ import annotations

import sqlalchemy as sa

from ..schema import ColumnDef, Constraint, ForeignKeyConstraint, Index, TableSchema
from .tables import schema_to_table


def made_constraint(table: str, schema: str | None, constraint: Constraint) -> sa.Constraint:
    """Return SQLAlchemy's form of a constraint, on a table with the columns that it names."""
    kind = type(constraint).__name__
    on_table = _table_with(table, schema, constraint=constraint).constraints
    return next(item for item in on_table if type(item).__name__ == kind)


def made_index(table: str, schema: str | None, index: Index) -> sa.Index:
    """Return SQLAlchemy's form of an index, on a table with the columns that it names."""
    (made,) = _table_with(table, schema, index=index).indexes
    return made


def _table_with(
    name: str,
    schema: str | None,
    *,
    constraint: Constraint | None = None,
    index: Index | None = None,
) -> sa.Table:
    """Return a table of that name which has the constraint or index and the columns that it names.

    The types of its columns mean nothing; only what names the columns is compiled.
    """
    return schema_to_table(_around(name, schema, constraint, index), sa.MetaData())


def _around(
    name: str, schema: str | None, constraint: Constraint | None, index: Index | None
) -> TableSchema:
    names: list[str] = []
    for item in (constraint, index):
        names += getattr(item, "columns", ())
        options = {} if item is None else item.dialect_options
        names += [name for key in options if key.endswith("_include") for name in options[key]]
    if isinstance(constraint, ForeignKeyConstraint):
        referred = (constraint.references_schema, constraint.references_table)
        names += constraint.references_columns if referred == (schema, name) else ()
    return TableSchema(
        name,
        [ColumnDef(column, "INTEGER") for column in dict.fromkeys(names)],
        constraints=() if constraint is None else (constraint,),
        indexes=() if index is None else (index,),
        schema=schema,
    )
