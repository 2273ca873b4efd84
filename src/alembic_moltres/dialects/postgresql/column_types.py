"""The enum types, domains and sequences of one column, made before it and dropped after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..base.sequences import create_sequences, drop_sequences
from .create_types import create_types, drop_types

if TYPE_CHECKING:
    from ...schema import ColumnDef
    from ..base.alter_table import AlterTableBuilder


def create_owned(
    builder: AlterTableBuilder, desired: ColumnDef, current: ColumnDef | None = None
) -> None:
    """Make what `desired` needs and `current` has not, before the column."""
    ddl = builder.ddl
    table = ddl.thawed(desired).table
    before = ddl.empty() if current is None else ddl.thawed(current).table
    there = {_key(made.type) for made in create_types(before, ddl.dialect)}
    for made in create_types(table, ddl.dialect):
        if _key(made.type) not in there:
            builder.separate(made, f"the type {made.name!r} of {ddl.of_table}")
    sequences = {_key(made.element) for made in create_sequences(before, ddl.dialect)}
    for sequence in create_sequences(table, ddl.dialect):
        if _key(sequence.element) not in sequences:
            subject = f"the sequence {sequence.element.name!r} of {ddl.of_table}"
            builder.separate(sequence, subject)


def drop_owned(
    builder: AlterTableBuilder, current: ColumnDef, desired: ColumnDef | None = None
) -> None:
    """Drop what `current` had and `desired` has not, after the column; not what others use."""
    ddl = builder.ddl
    table = ddl.thawed(current).table
    after = ddl.empty() if desired is None else ddl.thawed(desired).table
    kept = {_key(dropped.type) for dropped in drop_types(after, ddl.dialect)}
    sequences = {_key(dropped.element) for dropped in drop_sequences(after, ddl.dialect)}
    for sequence in drop_sequences(table, ddl.dialect):
        if _key(sequence.element) not in sequences:
            subject = f"the sequence {sequence.element.name!r} of {ddl.of_table}"
            builder.after(sequence, subject)
    for dropped in drop_types(table, ddl.dialect):
        if _key(dropped.type) not in kept:
            builder.after(dropped, f"the type {dropped.name!r} of {ddl.of_table}")


def named_type(builder: AlterTableBuilder, column: ColumnDef) -> bool:
    """Is the column's type one with a name of its own?"""
    table = builder.ddl.thawed(column).table
    return bool(create_types(table, builder.ddl.dialect))


def _key(item: Any) -> tuple[Any, Any]:
    return item.schema, item.name
