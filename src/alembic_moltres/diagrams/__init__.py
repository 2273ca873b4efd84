"""Diagrams of tables as text. Pure: values in, text out; no SQLAlchemy, no connection, no browser.

elements   entities with attributes, and relations
pictures   the elements of tables, and of what changed between two sets of them
entities   a table as an entity; changes: what changed in it
type_text  a short form of a type, and the labels of an enum
relations  foreign keys as relations: one or many, optional or not
parts      the connected parts of a diagram, cut where they are too large
layout     how wide Mermaid draws a picture, estimated
mermaid    Mermaid's `erDiagram`; dot: Graphviz

The same tables give the same bytes, in any order.
"""

from .elements import Attribute, Entity, Mark, Picture, Relation
from .pictures import picture_of, picture_of_changes

__all__ = [
    "Attribute",
    "Entity",
    "Mark",
    "Picture",
    "Relation",
    "picture_of",
    "picture_of_changes",
]
