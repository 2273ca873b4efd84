"""The enum types, domains and sequences of one column, made before it and dropped after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..base.sequences import create_sequences, drop_sequences
from .create_types import create_types, drop_types

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ..base.alter_table import AlterTableBuilder
    from ..base.ddl import ThawedColumn


def create_owned(
    builder: AlterTableBuilder, desired: ThawedColumn, current: ThawedColumn | None = None
) -> None:
    """Make what `desired` needs and `current` has not, before the column."""
    ddl, table, before = builder.ddl, desired.table, _table(builder, current)
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
    builder: AlterTableBuilder, current: ThawedColumn, desired: ThawedColumn | None = None
) -> None:
    """Drop what `current` had and `desired` has not, after the column; not what others use."""
    ddl, table, after = builder.ddl, current.table, _table(builder, desired)
    kept = {_key(dropped.type) for dropped in drop_types(after, ddl.dialect)}
    sequences = {_key(dropped.element) for dropped in drop_sequences(after, ddl.dialect)}
    for sequence in drop_sequences(table, ddl.dialect):
        if _key(sequence.element) not in sequences:
            subject = f"the sequence {sequence.element.name!r} of {ddl.of_table}"
            builder.after(sequence, subject)
    for dropped in drop_types(table, ddl.dialect):
        if _key(dropped.type) not in kept:
            builder.after(dropped, f"the type {dropped.name!r} of {ddl.of_table}")


def has_named_type(builder: AlterTableBuilder, column: ThawedColumn) -> bool:
    """Is the column's type one with a name of its own?"""
    return bool(create_types(column.table, builder.ddl.dialect))


def _table(builder: AlterTableBuilder, column: ThawedColumn | None) -> sa.Table:
    return builder.ddl.empty() if column is None else column.table


def _key(item: Any) -> tuple[Any, Any]:
    return item.schema, item.name
