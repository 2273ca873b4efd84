"""The enum types, domains and sequences of one column, created before it and dropped after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..base.sequences import create_sequences, drop_sequences, sequences

if TYPE_CHECKING:
    from ..base.alter_table import AlterTableBuilder
    from ..base.ddl import ThawedColumn


def create_types_and_sequences(
    builder: AlterTableBuilder, desired: ThawedColumn, current: ThawedColumn | None = None
) -> None:
    """Create, before the column, those that only `desired` needs."""
    if desired.is_self_contained:
        return
    from .type_ddl import create_types

    ddl, existing = builder.ddl, _keys_of(builder, current)
    for made in create_types(desired.thawed.table, ddl.dialect):
        if _key(made.type) not in existing:
            builder.separate(made, f"the type {made.name!r} of {ddl.of_table}")
    for sequence in create_sequences(desired.thawed.table, ddl.dialect):
        if _key(sequence.element) not in existing:
            subject = f"the sequence {sequence.element.name!r} of {ddl.of_table}"
            builder.separate(sequence, subject)


def drop_types_and_sequences(
    builder: AlterTableBuilder, current: ThawedColumn, desired: ThawedColumn | None = None
) -> None:
    """Drop, after the column, those that only `current` has; used ones stay."""
    if current.is_self_contained:
        return
    from .type_ddl import drop_types

    ddl, kept = builder.ddl, _keys_of(builder, desired)
    for sequence in drop_sequences(current.thawed.table, ddl.dialect):
        if _key(sequence.element) not in kept:
            subject = f"the sequence {sequence.element.name!r} of {ddl.of_table}"
            builder.after(sequence, subject)
    for dropped in drop_types(current.thawed.table, ddl.dialect):
        if _key(dropped.type) not in kept:
            builder.after(dropped, f"the type {dropped.name!r} of {ddl.of_table}")


def has_named_type(builder: AlterTableBuilder, column: ThawedColumn) -> bool:
    """Tell whether the column's type is an enum type or a domain."""
    if column.is_self_contained:
        return False
    from .type_ddl import create_types

    return bool(create_types(column.thawed.table, builder.ddl.dialect))


def _keys_of(builder: AlterTableBuilder, column: ThawedColumn | None) -> set[tuple[Any, ...]]:
    """Return the keys of the types and sequences of a column."""
    if column is None or column.is_self_contained:
        return set()
    from .type_ddl import create_types

    dialect = builder.ddl.dialect
    types = (made.type for made in create_types(column.thawed.table, dialect))
    return {_key(each) for each in (*types, *sequences(column.thawed.table, dialect))}


def _key(item: Any) -> tuple[Any, ...]:
    return isinstance(item, sa.Sequence), item.schema, item.name
