"""SQLAlchemy's form of one column, constraint or index, on a separate table.

The columns of constraints and indexes have the types that are known, and no type otherwise: only
their names are compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import sqlalchemy as sa

from ..schema import ColumnDef, Constraint, ForeignKeyConstraint, Index
from ..schema.base import EMPTY
from .columns import thaw_column
from .constraints import thaw_constraint
from .dialect_options import check_constraint_options, check_index_options
from .foreign_keys import thaw_foreign_key
from .indexes import thaw_index
from .names import attach, thaw_name, thaw_optional

Known: TypeAlias = Mapping[str, ColumnDef]
"""Columns by their names."""


def thaw_single_constraint(
    table: str, schema: str | None, constraint: Constraint, known: Known = EMPTY
) -> sa.Constraint:
    """Return SQLAlchemy's form of a constraint, on a table with the columns that it names.

    Args:
        table: the table's name.
        schema: where the table is.
        constraint: the constraint.
        known: columns of the table by name, for their types.
    """
    check_constraint_options(constraint, _of_table(table, schema))
    if not isinstance(constraint, ForeignKeyConstraint):
        columns = (*constraint.columns, *_included(constraint))
        on = _table_with(table, schema, columns, known)
        made = thaw_constraint(constraint)
        attach(made, on)
        return made
    names = [*constraint.columns]
    if (constraint.references_schema, constraint.references_table) == (schema, table):
        names += constraint.references_columns
    on = _table_with(table, schema, names, known)
    thaw_foreign_key(constraint, on)
    (key,) = on.foreign_key_constraints
    return key


def thaw_single_index(
    table: str, schema: str | None, index: Index, known: Known = EMPTY, *, for_ddl: bool = False
) -> sa.Index:
    """Return SQLAlchemy's form of an index, on a table with the columns that it names.

    Args:
        table: the table's name.
        schema: where the table is.
        index: the index.
        known: columns of the table by name, for their types.
        for_ddl: it is only compiled: its table is `sa.table()`, which is quicker.
    """
    check_index_options(index, _of_table(table, schema))
    names = (*index.columns, *_included(index))
    if for_ddl:
        named = _columns(names, known)
        return thaw_index(index, sa.table(thaw_name(table), *named, schema=thaw_optional(schema)))
    return thaw_index(index, _table_with(table, schema, names, known))


def thaw_single_column(
    table: str, schema: str | None, definition: ColumnDef, model: sa.Column[Any] | None = None
) -> sa.Column[Any]:
    """Return SQLAlchemy's form of a column, on a separate table.

    Args:
        table: the table's name.
        schema: where the table is.
        definition: the column.
        model: that of the models, whose `info`, `doc` and `key` it gets, and its table's `info`.
    """
    column = thaw_column(definition)
    info = None
    if model is not None:
        column.info, column.doc, column.key = model.info, model.doc, model.key
        info = model.table.info
    sa.Table(thaw_name(table), sa.MetaData(), column, schema=thaw_optional(schema), info=info)
    return column


def _included(item: Constraint | Index) -> list[str]:
    """Return the columns that an index includes besides its own."""
    options = item.dialect_options.items()
    return [name for key, names in options if key.endswith("_include") for name in names]


def _of_table(table: str, schema: str | None) -> str:
    return f"the table {f'{schema}.{table}' if schema else table!r}"


def _table_with(name: str, schema: str | None, columns: Iterable[str], known: Known) -> sa.Table:
    named = _columns(columns, known)
    return sa.Table(thaw_name(name), sa.MetaData(), *named, schema=thaw_optional(schema))


def _columns(names: Iterable[str], known: Known) -> list[sa.Column[Any]]:
    return [_column(name, known.get(name)) for name in dict.fromkeys(names)]


def _column(name: str, definition: ColumnDef | None) -> sa.Column[Any]:
    if definition is None:
        return sa.Column(thaw_name(name), sa.types.NullType())
    made = thaw_column(definition)
    return sa.Column(thaw_name(name), made.type, nullable=made.nullable)
