"""The elements of tables, and of what changed between two sets of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..diff import ColumnRename, Rename, TableRename, as_renamed
from ..schema import TableSchema
from ..schema.names import qualified_name
from .changes import changed_entity, changed_relations
from .elements import Entity, Mark, Picture
from .entities import entity_of
from .relations import relations_of


def picture_of(tables: Iterable[TableSchema], uncertain: Iterable[str] = ()) -> Picture:
    """Return the picture of tables.

    Args:
        tables: in any order.
        uncertain: the keys of tables to draw by name only.

    >>> from alembic_moltres.schema import column
    >>> [each.key for each in picture_of([TableSchema("b", []), TableSchema("a", [])]).entities]
    ['a', 'b']
    """
    tables = list(tables)
    entities = [Entity(key, note="uncertain") for key in uncertain]
    entities += [entity_of(table) for table in tables]
    return Picture.of(entities, (each for table in tables for each in relations_of(table)))


def picture_of_changes(
    current: Iterable[TableSchema],
    desired: Iterable[TableSchema],
    uncertain: Iterable[str] = (),
    renames: Iterable[Rename] = (),
) -> Picture:
    """Return the picture of the changed tables, with unchanged ones around them by name only.

    Args:
        current: the tables before.
        desired: the tables after.
        uncertain: the keys of tables to draw by name only, if something refers to them.
        renames: of tables and columns, which are drawn once with both names.

    >>> from alembic_moltres.schema import column
    >>> tags = TableSchema("tags", [column("name", "TEXT")])
    >>> (entity,) = picture_of_changes([], [tags]).entities
    >>> entity.mark
    <Mark.ADDED: '+'>
    """
    after = {table.key: table for table in desired}
    kept = [each for each in renames if _is_kept(each, after)]
    before = {table.key: table for table in as_renamed(current, kept)}
    tables, columns = _former(kept)
    entities: list[Entity] = []
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if old is None and new is not None:
            entities.append(entity_of(new, Mark.ADDED))
        elif old is not None and new is None:
            entities.append(entity_of(old, Mark.REMOVED))
        elif old is not None and new is not None:
            was, former = tables.get(key, ""), columns.get(key)
            if was or former or old != new:
                entities.append(changed_entity(old, new, former, was))
    shown = {entity.key for entity in entities}
    relations = [
        relation
        for relation in changed_relations(before.values(), after.values())
        if {relation.parent, relation.child} & shown
    ]
    near = {key for relation in relations for key in (relation.parent, relation.child)}
    entities += [Entity(key, note="uncertain") for key in uncertain if key in near]
    return Picture.of(entities, relations)


def _is_kept(rename: Rename, after: Mapping[str, TableSchema]) -> bool:
    """Tell whether the renamed item still exists; it may have been dropped later."""
    if isinstance(rename, TableRename):
        return qualified_name(rename.desired, rename.schema) in after
    table = after.get(qualified_name(rename.table, rename.schema))
    return table is not None and any(each.name == rename.desired for each in table.columns)


def _former(
    renames: Iterable[Rename],
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return the old keys of tables by the new ones, and the old names of each one's columns."""
    tables: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    for each in renames:
        if isinstance(each, ColumnRename):
            own = columns.setdefault(qualified_name(each.table, each.schema), {})
            own[each.desired] = each.current
        else:
            tables[qualified_name(each.desired, each.schema)] = qualified_name(
                each.current, each.schema
            )
    return tables, columns
