"""Sequences that a column's values come from, which live beside the tables that use them.

They are made if they are not there, and dropped after the table unless the database knows of
another use (a `nextval` server default). One that only Python code uses leaves no trace in the
database, so it goes with the first of its tables. A SERIAL's sequence is none of these: it comes
and goes with its table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateSequence, DropSequence

from .registry import impl_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


def create_sequences(table: sa.Table, dialect: Dialect) -> list[CreateSequence]:
    """Return what makes the sequences of a table's columns."""
    gently = impl_of(dialect).features.create_sequence_if_not_exists
    return [CreateSequence(item, if_not_exists=gently) for item in sequences(table, dialect)]


def drop_sequences(table: sa.Table, dialect: Dialect) -> list[DropSequence]:
    """Return what drops the sequences of a table's columns."""
    impl = impl_of(dialect)
    return [impl.drop_sequence(item) for item in sequences(table, dialect)]


def sequences(table: sa.Table, dialect: Dialect) -> list[sa.Sequence]:
    """Return the sequences of a table's columns on this dialect, each once.

    Optional ones are left out where the dialect has something of its own (SERIAL, IDENTITY).
    """
    if not dialect.supports_sequences:
        return []
    found: dict[tuple[Any, Any], sa.Sequence] = {}
    for column in table.columns:
        default = column.default
        if isinstance(default, sa.Sequence) and not (
            default.optional and dialect.sequences_optional
        ):
            found.setdefault((default.schema, default.name), default)
    return list(found.values())
