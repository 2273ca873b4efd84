"""The effect of the actions of ALTER TABLE that give a table a parent, or take it."""

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
