"""The enum types, domains and sequences of one column, made before it and dropped after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..base.sequences import create_sequences, drop_sequences
from .create_types import create_types, drop_types

if TYPE_CHECKING:
    from ...schema import ColumnDef
    from ..base.alter_table import GatheredActions


def create_owned(
    gathered: GatheredActions, desired: ColumnDef, current: ColumnDef | None = None
) -> None:
    """Make what `desired` needs and `current` has not, before the column."""
    words = gathered.words
    table = words.thawed(desired).table
    before = words.empty() if current is None else words.thawed(current).table
    there = {_key(made.type) for made in create_types(before, words.dialect)}
    for made in create_types(table, words.dialect):
        if _key(made.type) not in there:
            gathered.apart(made, f"the type {made.name!r} of {words.of_table}")
    sequences = {_key(made.element) for made in create_sequences(before, words.dialect)}
    for sequence in create_sequences(table, words.dialect):
        if _key(sequence.element) not in sequences:
            subject = f"the sequence {sequence.element.name!r} of {words.of_table}"
            gathered.apart(sequence, subject)


def drop_owned(
    gathered: GatheredActions, current: ColumnDef, desired: ColumnDef | None = None
) -> None:
    """Drop what `current` had and `desired` has not, after the column; not what others use."""
    words = gathered.words
    table = words.thawed(current).table
    after = words.empty() if desired is None else words.thawed(desired).table
    kept = {_key(dropped.type) for dropped in drop_types(after, words.dialect)}
    sequences = {_key(dropped.element) for dropped in drop_sequences(after, words.dialect)}
    for sequence in drop_sequences(table, words.dialect):
        if _key(sequence.element) not in sequences:
            subject = f"the sequence {sequence.element.name!r} of {words.of_table}"
            gathered.afterwards(sequence, subject)
    for dropped in drop_types(table, words.dialect):
        if _key(dropped.type) not in kept:
            gathered.afterwards(dropped, f"the type {dropped.name!r} of {words.of_table}")


def named_type(gathered: GatheredActions, column: ColumnDef) -> bool:
    """Is the column's type one with a name of its own?"""
    table = gathered.words.thawed(column).table
    return bool(create_types(table, gathered.words.dialect))


def _key(item: Any) -> tuple[Any, Any]:
    return item.schema, item.name
