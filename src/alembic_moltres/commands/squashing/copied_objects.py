"""Copied statements that create or drop views, functions and triggers: their order and use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from ...history.kept_objects import ROUTINES, KeptObject, object_of
from ...schema.base import EMPTY
from ...sqltext import Syntax, tokens
from ..scripts.effects import EffectKind
from .copied_statements import CopiedStatement, Part


def place_routines(parts: Iterable[Part], names: Collection[str], syntax: Syntax) -> None:
    """Move the routines that no table needs after the tables: they may read them.

    Args:
        parts: of all the scripts, for `upgrade()`.
        names: the identifiers in the DDL of the tables.
        syntax: of the database.
    """
    waiting = [e for part in parts for e in part.statements if e.is_first and _routines(e, syntax)]
    needed = {each.casefold() for each in names}
    while more := [each for each in waiting if not needed.isdisjoint(_routines(each, syntax))]:
        waiting = [each for each in waiting if each not in more]
        texts = (effect.text for each in more for effect in each.effects)
        needed = needed.union(*(_names_in(text, syntax) for text in texts))
    for each in waiting:
        each.is_first = False


def _names_in(text: str, syntax: Syntax) -> set[str]:
    """Return the names in a text and in its strings: the body of a routine is one."""
    stream = tokens(text, syntax)
    inside = (_names_in(token.value, syntax) for token in stream if token.is_string)
    return {token.value.casefold() for token in stream if token.is_name}.union(*inside)


def _routines(copied: CopiedStatement, syntax: Syntax) -> set[str]:
    """Return the names of the routines that a statement creates or drops, without their schemas."""
    objects = (object_of(each.text, syntax) for each in copied.effects)
    return {each.name.rpartition(".")[2] for each in objects if each.kind in ROUTINES}


Created = dict[tuple[str, str], list[tuple[Part, CopiedStatement]]]
"""The statements that create and replace each object, with their parts."""


def without_replaced(
    parts: Iterable[Part], syntax: Syntax, same: Mapping[str, Collection[str]] = EMPTY
) -> None:
    """Remove objects that are created and dropped or replaced inside the range.

    A routine stays until it is replaced if something uses it before, such as a trigger.

    Args:
        parts: of the scripts, in the order in which they run.
        syntax: of the database.
        same: all names of each table that is renamed, by each of them.
    """
    objects = _Objects(syntax, same)
    for part in parts:
        for copied in list(part.statements):
            objects.add(part, copied)


class _Objects:
    """The objects that copied statements create, while these are read in order."""

    def __init__(self, syntax: Syntax, same: Mapping[str, Collection[str]]) -> None:
        self._syntax, self._same = syntax, same
        self._created: Created = {}
        self._rights: dict[str, list[tuple[Part, CopiedStatement]]] = {}
        self._used: list[tuple[CopiedStatement, set[str]]] = []

    def add(self, part: Part, copied: CopiedStatement) -> None:
        """Add a statement, or remove it and those that it undoes."""
        texts = (effect.text for effect in copied.effects)
        names = set[str]().union(*(_names_in(text, self._syntax) for text in texts))
        self._used.append((copied, names))
        objects = [
            object_of(e.text, self._syntax) for e in copied.effects if e.kind is EffectKind.TEXT
        ]
        if len(objects) != 1 or len(copied.effects) != 1:
            return
        (kept,) = objects
        if kept.owner and not kept.kind:
            self._rights.setdefault(kept.owner, []).append((part, copied))
        if not kept.kind:
            return
        self._replace_earlier(part, copied, kept)
        if kept.kind == "VIEW" and kept.action == "DROP":
            self._remove_indexes(kept.name)
            for other, right in self._rights.pop(kept.name, ()):
                other.statements.remove(right)

    def _replace_earlier(self, part: Part, copied: CopiedStatement, kept: KeptObject) -> None:
        keys = (key for key in _keys(kept, self._same) if key in self._created)
        key = next(keys, None) or kept.among(self._created) or kept.key
        if kept.action not in {"CREATE", "DROP"}:
            return
        earlier = self._created.pop(key, [])
        needed = []
        for each in earlier:
            replaces = kept.action == "CREATE" and kept.kind in ROUTINES
            if replaces and self._is_used_after(each[1], kept.name):
                needed.append(each)
            else:
                each[0].statements.remove(each[1])
        if kept.action == "CREATE":
            self._created[kept.key] = [*needed, (part, copied)]
        elif earlier:
            part.statements.remove(copied)

    def _is_used_after(self, copied: CopiedStatement, name: str) -> bool:
        """Tell whether a routine is in a statement between the one that creates it and the last."""
        at = next(n for n, (each, _) in enumerate(self._used) if each is copied)
        return any(name.rpartition(".")[2] in names for _, names in self._used[at + 1 : -1])

    def _remove_indexes(self, view: str) -> None:
        """Remove the indexes of a materialized view, which are dropped with it."""
        for key, ((part, copied), *_) in list(self._created.items()):
            if view == object_of(copied.effects[0].text, self._syntax).owner:
                del self._created[key]
                part.statements.remove(copied)


def _keys(kept: KeptObject, same: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """Yield the keys of an object, with each name that its table had."""
    yield kept.key
    name, on, table = kept.name.rpartition(" ON ")
    if on:
        schema, dot, bare = table.rpartition(".")
        for other in sorted(same.get(bare, ())):
            yield kept.kind, f"{name}{on}{schema}{dot}{other}"
