"""The elements of tables, and of what changed between two sets of them."""

from __future__ import annotations

from collections.abc import Iterable

from ..schema import TableSchema
from .changes import changed_entity, changed_relations
from .elements import Entity, Mark, Picture
from .entities import entity_of
from .relations import relations_of


def picture_of(tables: Iterable[TableSchema], uncertain: Iterable[str] = ()) -> Picture:
    """Return the picture of tables.

    Args:
        tables: in any order.
        uncertain: the keys of tables that are drawn by name only.

    >>> from alembic_moltres.schema import column
    >>> [each.key for each in picture_of([TableSchema("b", []), TableSchema("a", [])]).entities]
    ['a', 'b']
    """
    tables = list(tables)
    entities = [Entity(key, note="uncertain") for key in uncertain]
    entities += [entity_of(table) for table in tables]
    return Picture.of(entities, (each for table in tables for each in relations_of(table)))


def picture_of_changes(
    current: Iterable[TableSchema], desired: Iterable[TableSchema], uncertain: Iterable[str] = ()
) -> Picture:
    """Return the picture of what changed, with the unchanged tables beside it by name only.

    Args:
        current: the tables before.
        desired: the tables after.
        uncertain: the keys of tables that are drawn by name only, if something refers to them.

    >>> from alembic_moltres.schema import column
    >>> tags = TableSchema("tags", [column("name", "TEXT")])
    >>> (entity,) = picture_of_changes([], [tags]).entities
    >>> entity.mark
    <Mark.ADDED: '+'>
    """
    before = {table.key: table for table in current}
    after = {table.key: table for table in desired}
    entities: list[Entity] = []
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            entities.append(entity_of(new, Mark.ADDED))
        elif old is not None and new is None:
            entities.append(entity_of(old, Mark.REMOVED))
        elif old is not None and new is not None and old != new:
            entities.append(changed_entity(old, new))
    shown = {entity.key for entity in entities}
    relations = [
        relation
        for relation in changed_relations(before.values(), after.values())
        if {relation.parent, relation.child} & shown
    ]
    near = {key for relation in relations for key in (relation.parent, relation.child)}
    entities += [Entity(key, note="uncertain") for key in uncertain if key in near]
    return Picture.of(entities, relations)
