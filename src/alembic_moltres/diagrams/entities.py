"""A table as an entity."""

from __future__ import annotations

from ..schema import ColumnDef, TableSchema
from .elements import Attribute, Entity, Mark
from .relations import is_nullable, unique_keys
from .type_text import labels, short_type


def entity_of(table: TableSchema, mark: Mark = Mark.SAME) -> Entity:
    """Return a table as an entity.

    >>> from alembic_moltres.schema import column, primary_key
    >>> tag = TableSchema("tags", [column("id", "INTEGER")], constraints=[primary_key("id")])
    >>> entity_of(tag).attributes
    (Attribute(type='INTEGER', name='id', keys=('PK',), notes=(), mark=<Mark.SAME: ''>, was=''),)
    """
    attributes = tuple(attribute_of(table, column) for column in table.columns)
    return Entity(table.key, attributes, mark=mark)


def attribute_of(
    table: TableSchema, column: ColumnDef, mark: Mark = Mark.SAME, notes: tuple[str, ...] = ()
) -> Attribute:
    """Return a column as an attribute.

    Args:
        table: has the column.
        column: the column.
        mark: see `Mark`.
        notes: placed before the column's own.
    """
    own = (labels(column.type_name), "null" if is_nullable(table, column.name) else "")
    return Attribute(
        short_type(column.type_name),
        column.name,
        keys_of(table, column.name),
        notes + tuple(filter(None, own)),
        mark,
    )


def keys_of(table: TableSchema, name: str) -> tuple[str, ...]:
    """Return the keys that a column is part of; "UK" if it is unique by itself."""
    primary = table.primary_key
    is_primary = primary is not None and name in primary.columns
    is_foreign = any(name in each.columns for each in table.foreign_keys)
    is_unique = frozenset({name}) in unique_keys(table)
    alone = is_primary and primary is not None and len(primary.columns) == 1
    marks = (
        ("PK", is_primary),
        ("FK", is_foreign),
        ("UK", is_unique and not alone),
    )
    return tuple(text for text, has in marks if has)
