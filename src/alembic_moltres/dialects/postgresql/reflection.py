"""Reads tables of the database, with their signatures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine import Connection

from ...schema import DDL, TableSchema
from ..base.signatures import Partition, ReflectedTable
from .catalogue import NAMES, Catalogue, CatalogueRow, load, query, scope
from .columns import ColumnReader
from .constraints import read_constraint
from .indexes import WITH, read_index
from .named_types import types_by_oid
from .options import HEAP, UNLOGGED_TABLE, option_signatures

INHERITS = "postgresql_inherits"
"""SQLAlchemy's reflection has the parent of a partition as this option."""
TEMPORARY, UNLOGGED = "t", "u"
OWNED = frozenset({"a", "i"})
"""The kinds of dependency of an owned sequence: AUTO (SERIAL) and INTERNAL (identity)."""


def table_names(connection: Connection, schema: str | None) -> list[str]:
    """Return the tables of a schema without partitions, temporary ones and those of extensions."""
    rows = query(connection, NAMES.format(schema=scope(schema)), schema=schema)
    return [row[0] for row in rows]


def read(
    connection: Connection, schema: str | None, names: Collection[str]
) -> list[ReflectedTable]:
    """Return the tables of those names that exist, in at most eight queries.

    NOT VALID is kept in the value but not compared: the constraint is the same whether its rows
    have been checked or not.
    """
    catalogue = load(connection, schema, names)
    oids = {
        row.named for rows in catalogue.columns.values() for row in rows if row.named is not None
    }
    reader = ColumnReader(types_by_oid(connection, oids) if oids else {})
    return [_table(row, catalogue, reader, schema) for row in catalogue.tables]


def _table(
    row: CatalogueRow, catalogue: Catalogue, reader: ColumnReader, schema: str | None
) -> ReflectedTable:
    rows = catalogue.columns[row.oid]
    positions: Mapping[int, str] = {each.position: each.name for each in rows}
    indexes = {each.oid: each for each in catalogue.indexes[row.oid]}
    key = next((each.columns for each in catalogue.constraints[row.oid] if each.kind == "p"), ())
    used = catalogue.sequences.get(row.oid, {})
    columns = tuple([reader.read(each, used.get(each.position, ()), key) for each in rows])
    constraints = tuple(
        read_constraint(each, positions, indexes, {row.schema: schema})
        for each in sorted(catalogue.constraints[row.oid], key=lambda each: each.kind != "p")
    )
    items = tuple(
        read_index(each) for each in catalogue.indexes[row.oid] if each.definition is not None
    )
    table = TableSchema(
        row.name,
        [each.column for each in columns],
        temporary=row.persistence == TEMPORARY,
        constraints=[each.item for each in constraints],
        indexes=[each.item for each in items],
        schema=schema,
        comment=row.description or None,
        prefixes=(UNLOGGED_TABLE,) if row.persistence == UNLOGGED else (),
        dialect_options=_options(row),
        ddl=list(chain.from_iterable(map(_partition, catalogue.partitions[row.oid]))),
    )
    return ReflectedTable(
        table,
        columns,
        constraints=constraints,
        indexes=items,
        comment=table.comment,
        options=option_signatures(table),
        parents=tuple((schema, name) for name in row.parents or ()),
        partition=_partition_of(row, schema, catalogue),
        sequences=_owned_sequences(row, used, positions),
    )


def _partition_of(row: CatalogueRow, schema: str | None, catalogue: Catalogue) -> Partition | None:
    """Return what a partition has from its parent; `None` for another table."""
    if row.partition_of is None:
        return None
    items = (catalogue.columns[row.oid], catalogue.constraints[row.oid], catalogue.indexes[row.oid])
    names = (each.name for each in chain.from_iterable(items) if each.of_partition)
    parents = ((schema, row.partition_of),)
    return Partition({INHERITS: (row.partition_of,)}, frozenset(names), parents)


def _partition(row: CatalogueRow) -> Iterator[DDL]:
    """Yield the DDL of a partition, which is dropped with its table, and of its own items.

    SQLAlchemy doubles the percent signs of `%(fullname)s` twice.
    """
    follows = row.depth == 1 and "%" not in row.parent
    parent = "%(fullname)s" if follows else row.parent.replace("%", "%%")
    kind = "UNLOGGED TABLE" if row.persistence == UNLOGGED else "TABLE"
    by = f" PARTITION BY {row.partition_by}" if row.partition_by else ""
    storage = f" WITH ({row.storage})" if row.storage else ""
    bound = f"{row.bound}{by}{storage}".replace("%", "%%")
    name = row.name.replace("%", "%%")
    own = (each.replace("%", "%%") for each in row.own)
    for text in (f"CREATE {kind} {name} PARTITION OF {parent} {bound}", *own):
        yield DDL("after_create", text, ddl_if=("postgresql",))


def _owned_sequences(
    row: CatalogueRow, used: Mapping[int, list[CatalogueRow]], positions: Mapping[int, str]
) -> dict[str, str]:
    """Return the sequences of a table's SERIAL and identity columns, in its own schema."""
    return {
        positions[position]: each.name
        for position in sorted(used)
        for each in used[position]
        if each.kind in OWNED and each.schema == row.schema
    }


def _options(row: CatalogueRow) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if row.reloptions and WITH in supported_options():
        pairs = (option.partition("=") for option in row.reloptions)
        options[WITH] = {key: value for key, _, value in pairs}
    if row.method not in {None, HEAP}:
        options["postgresql_using"] = row.method
    if row.tablespace:
        options["postgresql_tablespace"] = row.tablespace
    if row.partition_by:
        options["postgresql_partition_by"] = row.partition_by.replace("%", "%%")
    if row.parents:
        options["postgresql_inherits"] = tuple(row.parents)
    return options


@cache
def supported_options() -> frozenset[str]:
    """Return the options that a `Table` accepts: storage parameters since SQLAlchemy 2.1.

    An option that no model can have is not compared.
    """
    known = dict(PGDialect.construct_arguments or ())[sa.Table]
    return frozenset(f"postgresql_{name}" for name in known)
