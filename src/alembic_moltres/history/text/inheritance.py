"""The effect of the actions of ALTER TABLE about parents and partitions of a table."""

from __future__ import annotations

from ...diff.changes.base import table_key
from ...schema import TableSchema
from ..catalogue.database import Catalogue, MissingError
from .cursor import Cursor


def inherit(cursor: Cursor, catalogue: Catalogue, table: TableSchema) -> bool:
    """Carry out INHERIT or NO INHERIT, and tell whether it is one of these.

    The cursor is after the first word.
    """
    cursor.at -= 1
    loses = cursor.accept("NO")
    if not cursor.accept("INHERIT"):
        return False
    schema, name = cursor.qualified()
    parent = table_key(catalogue.table(name, schema))
    parents = catalogue.parents(table_key(table))
    kept = tuple(each for each in parents if each != parent)
    if loses == (kept == parents):
        raise MissingError(f"{name!r} is {'no' if loses else 'a'} parent of it", table)
    catalogue.set_parents(table, kept if loses else (*kept, parent))
    return True


def attach(cursor: Cursor, catalogue: Catalogue, table: TableSchema) -> bool:
    """Carry out ATTACH PARTITION."""
    cursor.need("PARTITION")
    schema, name = cursor.qualified()
    cursor.until(",")
    catalogue.add_partition(catalogue.key(name, schema), table_key(table))
    return True


def detach(cursor: Cursor, catalogue: Catalogue) -> bool:
    """Carry out DETACH PARTITION."""
    cursor.need("PARTITION")
    schema, name = cursor.qualified()
    cursor.until(",")
    key = catalogue.key(name, schema)
    if key not in catalogue.partitions:
        raise MissingError(f"{name!r} is no partition", catalogue.table(name, schema))
    catalogue.detach_partition(key)
    return True
