"""The connected parts of a picture, split at their most referred tables if they are too long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable

from .elements import Picture

Size = Callable[[Picture], int]
"""Returns the length of a picture's text."""


def parts_of(picture: Picture, size: Size, longest: int) -> list[Picture]:
    """Return the parts, the largest first; tables without a relation are one part, the last.

    A part that is too long is split at its most referred tables: each piece draws those by name
    only, and one or more pieces draw them with columns.

    Args:
        picture: the whole picture.
        size: returns the length of a picture's text.
        longest: the longest text allowed.

    >>> from alembic_moltres.diagrams import Entity
    >>> whole = Picture((Entity("a"), Entity("b"), Entity("c")))
    >>> [len(each.entities) for each in parts_of(whole, lambda part: len(part.entities), 2)]
    [2, 1]
    """
    cut = _Cut(picture, size, longest)
    related = {key for each in picture.relations for key in (each.parent, each.child)}
    alone = [[each.key] for each in picture.entities if each.key not in related]
    groups = [piece for part in connected(picture, related) for piece in cut.pieces(part)]
    return [drawn(picture, each) for each in [*groups, *cut.packed(alone)]]


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


class _Cut:
    """Splits parts of a picture into pieces that are short enough.

    A table that is too long itself is not split.
    """

    def __init__(self, picture: Picture, size: Size, longest: int) -> None:
        self._picture, self._size, self._longest = picture, size, longest
        self._sizes: dict[tuple[str, ...], int] = {}

    def pieces(self, part: list[str]) -> list[list[str]]:
        """Remove tables from a part, the most referred first, until the rest is short enough."""
        rest, hubs, groups = list(part), list[str](), [part]
        referred = most_referred(self._picture, part)
        while len(rest) > 1 and any(self._length(each) > self._longest for each in groups):
            hubs.append(referred[len(hubs)])
            rest.remove(hubs[-1])
            groups = connected(self._picture, rest)
        return self.packed([*groups, *([hub] for hub in hubs)])

    def packed(self, groups: Iterable[list[str]]) -> list[list[str]]:
        """Join groups while they are short enough, so that there are few pieces."""
        packed: list[tuple[list[str], int]] = []
        for group in groups:
            length = self._length(group)
            for number, (keys, taken) in enumerate(packed):
                if taken + length <= self._longest:
                    packed[number] = ([*keys, *group], taken + length)
                    break
            else:
                packed.append((group, length))
        return [keys for keys, _ in packed]

    def _length(self, group: list[str]) -> int:
        key = tuple(group)
        if key not in self._sizes:
            self._sizes[key] = self._size(drawn(self._picture, group))
        return self._sizes[key]


def most_referred(picture: Picture, part: Collection[str]) -> list[str]:
    """Return the tables of a part by the number of other tables that refer to them."""
    pairs = {(each.parent, each.child) for each in picture.relations}
    counts = Counter(parent for parent, child in pairs if parent != child)
    return sorted(part, key=lambda key: (-counts[key], key))


def drawn(picture: Picture, keys: Iterable[str]) -> Picture:
    """Return the tables with these keys, their relations, and the referred tables by name."""
    whole = set(keys)
    relations = [each for each in picture.relations if each.child in whole]
    near = {each.parent for each in relations} - whole
    entities = [each for each in picture.entities if each.key in whole]
    entities += [each.by_name() for each in picture.entities if each.key in near]
    return Picture.of(entities, relations)
