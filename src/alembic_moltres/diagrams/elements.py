"""The elements of a diagram: entities with attributes, and relations. No text is escaped yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum


class Mark(Enum):
    """How an element changed between two revisions; the value is its sign.

    >>> Mark.ADDED.value
    '+'
    """

    SAME = ""
    ADDED = "+"
    REMOVED = "-"
    CHANGED = "±"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column, or a constraint or an index that has changed.

    Attributes:
        type: its short form.
        name: of the column.
        keys: some of "PK", "FK", "UK", in this order.
        notes: short texts about it: labels, "null", its former type.
        mark: see `Mark`.
        was: its name before, if it was renamed.
    """

    type: str
    name: str
    keys: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    mark: Mark = Mark.SAME
    was: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """A table.

    Attributes:
        key: its name, with its schema if it is not in the default one.
        attributes: in the order of the columns; none if only the name is drawn.
        note: why only the name is drawn, if that is not obvious.
        mark: see `Mark`.
        was: its key before, if it was renamed.
    """

    key: str
    attributes: tuple[Attribute, ...] = ()
    note: str = ""
    mark: Mark = Mark.SAME
    was: str = ""

    def by_name(self) -> Entity:
        """Return the entity without its attributes."""
        return replace(self, attributes=())

    def title(self) -> str:
        """Return its name with its mark, the old name and the note.

        >>> Entity("people", mark=Mark.CHANGED, was="users").title()
        '± users → people'
        """
        was = f"{self.was} → " if self.was else ""
        note = f" ({self.note})" if self.note else ""
        return f"{self.mark.value} {was}{self.key}{note}".strip()


@dataclass(frozen=True, slots=True)
class Relation:
    """A foreign key.

    Attributes:
        parent: the key of the referred table.
        child: the key of the table that has the foreign key.
        columns: of the child.
        is_unique: a row of the parent has at most one row of the child.
        is_optional: a row of the child may have no row of the parent.
        mark: see `Mark`.
    """

    parent: str
    child: str
    columns: tuple[str, ...]
    is_unique: bool = False
    is_optional: bool = False
    mark: Mark = Mark.SAME


@dataclass(frozen=True, slots=True)
class Picture:
    """Entities by key, and the relations among them, by their tables and columns."""

    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...] = ()

    @classmethod
    def of(cls, entities: Iterable[Entity], relations: Iterable[Relation]) -> Picture:
        """Order entities and relations; referred tables without an entity are added by name."""
        by_key = {each.key: each for each in entities}
        ordered = sorted(relations, key=lambda each: (each.parent, each.child, each.columns))
        for relation in ordered:
            for key in (relation.parent, relation.child):
                by_key.setdefault(key, Entity(key))
        return cls(tuple(by_key[key] for key in sorted(by_key)), tuple(ordered))
