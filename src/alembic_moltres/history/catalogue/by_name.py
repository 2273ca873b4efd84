"""Drops and renames constraints and indexes by name."""

from __future__ import annotations

from dataclasses import replace

from ... import diff as changes
from ...operations.alter.indexes import STATEMENT_OPTION
from ...schema import ForeignKeyConstraint, Index, TableSchema
from .database import Catalogue, MissingError


def without_creation_options(index: Index) -> Index:
    """Return an index without the options that only affect how it is created.

    >>> from alembic_moltres.schema import index
    >>> without_creation_options(index("i", "a", dialect_options={"postgresql_concurrently": True}))
    index('i', 'a')
    """
    options = index.dialect_options
    kept = {name: each for name, each in options.items() if not name.endswith(STATEMENT_OPTION)}
    return index if len(kept) == len(options) else replace(index, dialect_options=kept)


def drop_index(
    catalogue: Catalogue, name: str, *, schema: str | None, on: str | None, if_exists: bool
) -> None:
    """Drop an index, or a unique constraint on databases where it is an index.

    Raises:
        MissingError: there is none.
    """
    index_of_table = catalogue.index(name, schema, on)
    if index_of_table is not None:
        catalogue.alter(index_of_table[0], changes.DropIndex(index_of_table[1]))
        return
    if (
        on
        and catalogue.key(on, schema) in catalogue.tables
        and catalogue.impl.features.unique_is_index
    ):
        table = catalogue.table(on, schema)
        constraint = catalogue.constraint(table, name)
        if constraint is not None and not isinstance(constraint, ForeignKeyConstraint):
            catalogue.drop_constraint(table, constraint)
            return
        if _is_implied_by_key(table, name):
            catalogue.dropped_with_keys.add((table.key, name))
            return
    if not if_exists:
        raise MissingError(
            f"there is no index {name!r}", None if on is None else catalogue.table(on, schema)
        )


def _is_implied_by_key(table: TableSchema, name: str) -> bool:
    """Tell whether it is the index that MySQL and MariaDB create for a foreign key."""
    return any(name in {each.name, each.columns[0]} for each in table.foreign_keys)


def drop_constraint(
    catalogue: Catalogue,
    table: TableSchema,
    name: str | None,
    *,
    kind: str = "",
    if_exists: bool = False,
    cascade: bool = False,
) -> None:
    """Drop a constraint by its name, or a primary key without one if the database allows that.

    Raises:
        MissingError: there is none with that name.
    """
    constraint = None if name is None else catalogue.constraint(table, name)
    if (
        constraint is None
        and kind == "primary_key_constraint"
        and catalogue.impl.features.unique_is_index
    ):
        constraint = table.primary_key
    if constraint is not None:
        catalogue.drop_constraint(table, constraint)
        if cascade and not isinstance(constraint, ForeignKeyConstraint):
            wanted = set(constraint.columns)
            catalogue.drop_keys_to(table, lambda columns: set(columns) == wanted)
        return
    if name is not None and catalogue.impl.features.unique_is_index:
        index_of_table = catalogue.index(name, table.schema, table.name)
        if index_of_table is not None:
            catalogue.alter(table, changes.DropIndex(index_of_table[1]))
            return
    if not if_exists:
        raise MissingError(f"there is no constraint {name!r} on the table {table.key!r}", table)


def rename_constraint(catalogue: Catalogue, table: TableSchema, old: str, new: str) -> None:
    """Rename a constraint.

    Raises:
        MissingError: there is none with that name.
    """
    constraint = catalogue.constraint(table, old)
    if constraint is None:
        raise MissingError(f"there is no constraint {old!r} on the table {table.key!r}", table)
    catalogue.alter(
        table,
        changes.DropConstraint(constraint),
        changes.AddConstraint(replace(constraint, name=new)),
    )


def rename_index(
    catalogue: Catalogue, schema: str | None, old: str, new: str, on: str | None = None
) -> None:
    """Rename an index, or the constraint that it belongs to.

    Args:
        catalogue: the database.
        schema: see `Catalogue.index`.
        old: its name.
        new: its new name.
        on: see `Catalogue.index`.

    Raises:
        MissingError: there is none with that name.
    """
    index_of_table = catalogue.index(old, schema, on)
    if index_of_table is not None:
        table, index = index_of_table
        catalogue.alter(
            table, changes.DropIndex(index), changes.CreateIndex(replace(index, name=new))
        )
        return
    for table in catalogue.tables.values() if on is None else (catalogue.table(on, schema),):
        if catalogue.constraint(table, old) is not None:
            rename_constraint(catalogue, table, old, new)
            return
    raise MissingError(f"there is no index {old!r}")
