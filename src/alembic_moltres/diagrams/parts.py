"""The connected parts of a picture, cut at their most referred tables where they are too long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable

from .elements import Picture

Fits = Callable[[Picture], bool]
"""Tells whether a picture is short enough."""


def parts_of(picture: Picture, fits: Fits) -> list[Picture]:
    """Return the parts, the largest first; tables without a relation are one part, the last.

    A part that does not fit is cut at its most referred tables: each piece draws those by name
    only, and one piece, or several, draw them whole.

    >>> from alembic_moltres.diagrams import Entity
    >>> tables = [Entity("a"), Entity("b")]
    >>> [len(each.entities) for each in parts_of(Picture(tuple(tables)), lambda _: True)]
    [2]
    """
    related = {key for each in picture.relations for key in (each.parent, each.child)}
    alone = [each.key for each in picture.entities if each.key not in related]
    parts = connected(picture, related)
    found = [piece for part in parts for piece in _pieces(picture, part, fits)]
    return found + [
        _draw(picture, each) for each in _packed(picture, [[key] for key in alone], fits)
    ]


def connected(picture: Picture, keys: Collection[str]) -> list[list[str]]:
    """Return the sets of tables that relations connect, the largest first."""
    near: dict[str, set[str]] = {key: set() for key in keys}
    for each in picture.relations:
        if each.parent in near and each.child in near:
            near[each.parent].add(each.child)
            near[each.child].add(each.parent)
    found, seen = [], set[str]()
    for key in sorted(near):
        if key not in seen:
            part = _reached(key, near)
            seen |= part
            found.append(sorted(part))
    return sorted(found, key=lambda part: (-len(part), part))


def _reached(start: str, near: dict[str, set[str]]) -> set[str]:
    found, pending = {start}, [start]
    while pending:
        new = near[pending.pop()] - found
        found |= new
        pending += sorted(new)
    return found


def _pieces(picture: Picture, part: list[str], fits: Fits) -> list[Picture]:
    if fits(_draw(picture, part)):
        return [_draw(picture, part)]
    rest, hubs = list(part), list[str]()
    referred = _most_referred(picture, part)
    groups = [rest]
    while len(rest) > 1 and not all(fits(_draw(picture, group)) for group in groups):
        hub = referred[len(hubs)]
        hubs.append(hub)
        rest.remove(hub)
        groups = connected(picture, rest)
    groups += [[hub] for hub in hubs]
    return [_draw(picture, each) for each in _packed(picture, groups, fits)]


def _most_referred(picture: Picture, part: Collection[str]) -> list[str]:
    """Return the tables of a part by the number of other tables that refer to them."""
    pairs = {(each.parent, each.child) for each in picture.relations}
    counts = Counter(parent for parent, child in pairs if parent != child)
    return sorted(part, key=lambda key: (-counts[key], key))


def _packed(picture: Picture, groups: Iterable[list[str]], fits: Fits) -> list[list[str]]:
    """Put groups together as long as they fit, so that there are few pieces."""
    packed: list[list[str]] = []
    for group in groups:
        for each in packed:
            if fits(_draw(picture, [*each, *group])):
                each.extend(group)
                break
        else:
            packed.append(list(group))
    return packed


def _draw(picture: Picture, keys: Iterable[str]) -> Picture:
    """Return the tables with these keys, their relations, and by name what they refer to."""
    whole = set(keys)
    relations = [each for each in picture.relations if each.child in whole]
    near = {each.parent for each in relations} - whole
    entities = [each for each in picture.entities if each.key in whole]
    entities += [each.by_name() for each in picture.entities if each.key in near]
    return Picture.of(entities, relations)
