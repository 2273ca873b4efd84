"""The connected parts of a picture, split at their most referred tables if they are too large."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable

from .elements import Picture

Size = Callable[[Picture], int]
"""Returns the size of a picture, which is that of its tables together."""


def parts_of(
    picture: Picture,
    size: Size,
    largest: int,
    is_readable: Callable[[Picture], bool] = lambda _: True,
) -> list[Picture]:
    """Return the parts, the largest first; tables without a relation are one part, the last.

    A part that is too large is split at its most referred tables: each piece draws those by name
    only, and one or more pieces draw them with columns.

    Args:
        picture: the whole picture.
        size: returns the size of a picture.
        largest: the largest size allowed.
        is_readable: tells whether a picture of that size can be read.

    >>> from alembic_moltres.diagrams import Entity
    >>> whole = Picture((Entity("a"), Entity("b"), Entity("c")))
    >>> [len(each.entities) for each in parts_of(whole, lambda part: len(part.entities), 2)]
    [2, 1]
    """
    cut = _Cut(picture, size, largest, is_readable)
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
    components, seen = [], set[str]()
    for key in sorted(near):
        if key not in seen:
            part = _reached(key, near)
            seen |= part
            components.append(sorted(part))
    return sorted(components, key=lambda part: (-len(part), part))


def _reached(start: str, near: dict[str, set[str]]) -> set[str]:
    reached, pending = {start}, [start]
    while pending:
        new = near[pending.pop()] - reached
        reached |= new
        pending += sorted(new)
    return reached


class _Cut:
    """Splits parts of a picture into pieces that are small enough.

    A table that is too large itself is not split.
    """

    def __init__(
        self,
        picture: Picture,
        size: Size,
        largest: int,
        is_readable: Callable[[Picture], bool],
    ) -> None:
        self._picture, self._size, self._largest = picture, size, largest
        self._is_readable = is_readable
        self._sizes: dict[tuple[str, ...], int] = {}
        self._fitting: dict[tuple[str, ...], bool] = {}

    def pieces(self, part: list[str]) -> list[list[str]]:
        """Remove tables from a part, the most referred first, until the rest is small enough."""
        rest, hubs, groups = list(part), list[str](), [part]
        referred = most_referred(self._picture, part)
        while len(rest) > 1 and not all(self._fits(each) for each in groups):
            hubs.append(referred[len(hubs)])
            rest.remove(hubs[-1])
            groups = connected(self._picture, rest)
        return self.packed([*groups, *([hub] for hub in hubs)])

    def packed(self, groups: Iterable[list[str]]) -> list[list[str]]:
        """Join groups while they are small enough, so that there are few pieces."""
        packed: list[tuple[list[str], int]] = []
        for group in groups:
            size = self._size_of(group)
            for number, (keys, taken) in enumerate(packed):
                joined = [*keys, *group]
                if taken + size <= self._largest and self._is_readable(self._drawn(joined)):
                    packed[number] = (joined, taken + size)
                    break
            else:
                packed.append((group, size))
        return [keys for keys, _ in packed]

    def _fits(self, group: list[str]) -> bool:
        key = tuple(group)
        if key not in self._fitting:
            small = self._size_of(group) <= self._largest
            self._fitting[key] = small and self._is_readable(self._drawn(group))
        return self._fitting[key]

    def _size_of(self, group: list[str]) -> int:
        key = tuple(group)
        if key not in self._sizes:
            self._sizes[key] = self._size(self._drawn(group))
        return self._sizes[key]

    def _drawn(self, group: list[str]) -> Picture:
        return drawn(self._picture, group)


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
