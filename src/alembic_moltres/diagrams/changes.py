"""What changed in a table, as marks of its entity, its attributes and its relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..schema import ColumnDef, Constraint, ForeignKeyConstraint, Index, TableSchema
from ..schema.constraints import PrimaryKeyConstraint, content_of
from .elements import Attribute, Entity, Mark, Relation
from .entities import attribute_of, keys_of
from .relations import is_nullable, relations_of
from .type_text import label_names, short_type, shortened


def changed_entity(
    old: TableSchema, new: TableSchema, former: Mapping[str, str] | None = None, was: str = ""
) -> Entity:
    """Return a table that differs between two sets.

    Removed columns keep their place; added and removed constraints and indexes are below.

    Args:
        old: under its new names.
        new: the table.
        former: the old names of columns by the new ones.
        was: the table's old key, if it was renamed.

    >>> from alembic_moltres.schema import column
    >>> entity = changed_entity(
    ...     TableSchema("t", [column("a", "TEXT"), column("b", "TEXT")]),
    ...     TableSchema("t", [column("a", "VARCHAR(5)"), column("c", "TEXT")]),
    ... )
    >>> for each in entity.attributes:
    ...     print(each.mark.value, each.name, each.notes)
    ± a ('was TEXT', 'null')
    - b ('null',)
    + c ('null',)
    """
    names = former or {}
    columns = [_renamed(each, names.get(each.name, "")) for each in _columns(old, new)]
    attributes = (*columns, *_items(old, new))
    return Entity(new.key, attributes, mark=Mark.CHANGED, was=was)


def _renamed(attribute: Attribute, was: str) -> Attribute:
    return replace(attribute, mark=Mark.CHANGED, was=was) if was else attribute


def _columns(old: TableSchema, new: TableSchema) -> Iterator[Attribute]:
    before = {column.name: column for column in old.columns}
    after = {column.name: column for column in new.columns}
    gone = [name for name in before if name not in after]
    position = list(before).index
    for name, column in after.items():
        if name in before:
            while gone and position(gone[0]) < position(name):
                removed = gone.pop(0)
                yield attribute_of(old, before[removed], Mark.REMOVED)
            yield _both(old, before[name], new, column)
        else:
            yield from (attribute_of(old, before[each], Mark.REMOVED) for each in gone)
            gone.clear()
            yield attribute_of(new, column, Mark.ADDED)
    yield from (attribute_of(old, before[each], Mark.REMOVED) for each in gone)


def _both(old: TableSchema, was: ColumnDef, new: TableSchema, now: ColumnDef) -> Attribute:
    notes = tuple(_was(old, was, new, now))
    same = not notes and was == now
    return attribute_of(new, now, Mark.SAME if same else Mark.CHANGED, notes)


def _was(old: TableSchema, was: ColumnDef, new: TableSchema, now: ColumnDef) -> Iterator[str]:
    name = now.name
    if short_type(was.type_name) != short_type(now.type_name):
        yield f"was {short_type(was.type_name)}"
    elif was.type_name != now.type_name:
        yield _changed_labels(was.type_name, now.type_name) or "other type"
    if is_nullable(old, name) != is_nullable(new, name):
        yield "was null" if is_nullable(old, name) else "was not null"
    if was.default != now.default or type(was.default) is not type(now.default):
        yield "other default"
    if keys_of(old, name) != keys_of(new, name):
        yield f"was {', '.join(keys_of(old, name)) or 'no key'}"


def _changed_labels(was: str, now: str) -> str:
    """Return the labels that came and went, with their signs; empty if none did.

    >>> _changed_labels("ENUM('a','b',name='x')", "ENUM('b','c',name='x')")
    '+ c, - a'
    """
    before, after = label_names(was), label_names(now)
    came = [f"{Mark.ADDED.value} {each}" for each in after if each not in before]
    went = [f"{Mark.REMOVED.value} {each}" for each in before if each not in after]
    return shortened(came + went)


def _items(old: TableSchema, new: TableSchema) -> Iterator[Attribute]:
    """Yield the constraints and indexes that were added or removed, except keys of one column."""
    rows = [
        *(_item(each, Mark.REMOVED) for each in _missing(old, new)),
        *(_item(each, Mark.ADDED) for each in _missing(new, old)),
    ]
    yield from sorted(rows, key=lambda each: (each.type, each.name, each.mark.value))
    if old.comment != new.comment or old.dialect_options != new.dialect_options:
        yield Attribute("TABLE", "options", mark=Mark.CHANGED)


def _missing(table: TableSchema, other: TableSchema) -> list[Constraint | Index]:
    """Return the items that another table lacks, without foreign and primary keys."""
    shown = ForeignKeyConstraint | PrimaryKeyConstraint
    items = [each for each in table.constraints if not isinstance(each, shown)]
    return [
        *(each for each in items if each not in other.constraints),
        *(each for each in table.indexes if each not in other.indexes),
    ]


def _item(item: Constraint | Index, mark: Mark) -> Attribute:
    if isinstance(item, Index):
        return Attribute("INDEX", item.name, mark=mark)
    kind = item.function.replace("_", " ").upper()
    return Attribute(kind, item.name or "_".join(content_of(item)), mark=mark)


def changed_relations(
    current: Iterable[TableSchema], desired: Iterable[TableSchema]
) -> list[Relation]:
    """Return the relations of both sets of tables, with their marks."""
    before = {_key(each): each for table in current for each in relations_of(table)}
    after = {_key(each): each for table in desired for each in relations_of(table)}
    relations = [_marked(before.get(key), each) for key, each in after.items()]
    relations += [
        replace(each, mark=Mark.REMOVED) for key, each in before.items() if key not in after
    ]
    return relations


def _key(relation: Relation) -> tuple[object, ...]:
    return relation.parent, relation.child, relation.columns


def _marked(old: Relation | None, new: Relation) -> Relation:
    if old is None:
        return replace(new, mark=Mark.ADDED)
    return new if old == new else replace(new, mark=Mark.CHANGED)
