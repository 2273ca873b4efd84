"""Copied statements that create or drop views, functions and triggers: their order and use."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ...history.kept_objects import ROUTINES, KeptObject, object_of
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


def without_replaced(parts: Iterable[Part], syntax: Syntax) -> None:
    """Remove objects that are created and dropped or replaced inside the range."""
    created: dict[tuple[str, str], tuple[Part, CopiedStatement]] = {}
    rights: dict[str, list[tuple[Part, CopiedStatement]]] = {}
    for part in parts:
        for copied in list(part.statements):
            objects = [
                object_of(e.text, syntax) for e in copied.effects if e.kind is EffectKind.TEXT
            ]
            if len(objects) != 1 or len(copied.effects) != 1:
                continue
            if objects[0].owner and not objects[0].kind:
                rights.setdefault(objects[0].owner, []).append((part, copied))
            if not objects[0].kind:
                continue
            _replace_earlier(part, copied, objects[0], created)
            if objects[0].kind == "VIEW" and objects[0].action == "DROP":
                _remove_indexes(objects[0].name, created, syntax)
                _remove_all(rights.pop(objects[0].name, ()))


def _remove_all(statements: Iterable[tuple[Part, CopiedStatement]]) -> None:
    """Remove statements, such as the rights of a view, which go with it."""
    for part, copied in statements:
        part.statements.remove(copied)


def _replace_earlier(
    part: Part,
    copied: CopiedStatement,
    kept: KeptObject,
    created: dict[tuple[str, str], tuple[Part, CopiedStatement]],
) -> None:
    earlier = created.pop(kept.key, None)
    if earlier is not None and kept.action in {"CREATE", "DROP"}:
        earlier[0].statements.remove(earlier[1])
    elif earlier is not None:
        created[kept.key] = earlier
    if kept.action == "CREATE":
        created[kept.key] = (part, copied)
    elif kept.action == "DROP" and earlier is not None:
        part.statements.remove(copied)


def _remove_indexes(
    view: str, created: dict[tuple[str, str], tuple[Part, CopiedStatement]], syntax: Syntax
) -> None:
    """Remove the indexes of a materialized view, which are dropped with it."""
    for key, (part, copied) in list(created.items()):
        if view == object_of(copied.effects[0].text, syntax).owner:
            del created[key]
            part.statements.remove(copied)
