"""How wide Mermaid draws a picture from left to right, estimated; its layout is dagre's.

Each table stands in a rank to the right of those that it refers to. The sizes were measured on
Mermaid 11, in Chromium.
"""

from __future__ import annotations

from .elements import Attribute, Entity, Picture

CHARACTER = 7.5
CELL = 31
"""The room around a text in a table."""

GAP = 90
"""Between two ranks, without the label of a relation."""


def estimated_width(picture: Picture) -> int:
    """Return the width of a picture in pixels.

    >>> users, orders = Entity("users"), Entity("orders")
    >>> estimated_width(Picture((users,)))
    100
    >>> from .elements import Relation
    >>> estimated_width(Picture((users, orders), (Relation("users", "orders", ("user_id",)),)))
    342
    """
    ranks = ranks_of(picture)
    widths = [0.0] * (max(ranks.values(), default=0) + 1)
    gaps = [0.0, *(GAP for _ in widths[1:])]
    for each in picture.entities:
        rank = ranks[each.key]
        widths[rank] = max(widths[rank], entity_width(each))
    for relation in picture.relations:
        rank = ranks[relation.child]
        label = CHARACTER * len(", ".join(relation.columns))
        gaps[rank] = max(gaps[rank], GAP + label) if rank else 0
    return round(sum(widths) + sum(gaps))


def entity_width(entity: Entity) -> float:
    """Return the width of a table in pixels."""
    cells = [_cells(each) for each in entity.attributes]
    columns = [max(lengths) for lengths in zip(*cells, strict=True)]
    body: float = sum(CELL + CHARACTER * length for length in columns if length)
    return max(100.0, body, CELL + CHARACTER * len(entity.title()))


def _cells(attribute: Attribute) -> tuple[int, ...]:
    texts = (attribute.type, attribute.name, ",".join(attribute.keys), "; ".join(attribute.notes))
    return tuple(map(len, texts))


def ranks_of(picture: Picture) -> dict[str, int]:
    """Return the rank of each table: above the ranks of those that it refers to.

    A cycle is broken at its first table.

    >>> from .elements import Relation
    >>> pairs = [Relation("a", "b", ("x",)), Relation("b", "c", ("x",)), Relation("c", "a", ("x",))]
    >>> ranks_of(Picture.of([], pairs))
    {'a': 0, 'b': 1, 'c': 2}
    """
    parents: dict[str, set[str]] = {each.key: set() for each in picture.entities}
    children: dict[str, set[str]] = {each.key: set() for each in picture.entities}
    for each in picture.relations:
        if each.parent != each.child:
            parents[each.child].add(each.parent)
            children[each.parent].add(each.child)
    ranks: dict[str, int] = {}
    free = sorted(key for key, referred in parents.items() if not referred)
    while len(ranks) < len(parents):
        if not free:
            free = [min(parents.keys() - ranks.keys())]
        key = free.pop(0)
        ranks[key] = max((ranks[each] + 1 for each in parents[key] if each in ranks), default=0)
        for child in sorted(children[key] - ranks.keys()):
            if child not in free and parents[child] <= ranks.keys():
                free.append(child)
    return ranks
