"""Creates and drops the sequences of columns, which are objects outside the tables.

They are created if they do not exist, and dropped after the table unless something else in the
database uses them (a `nextval` server default). A sequence that only Python code uses is dropped
with the first of its tables, because such a use is not visible in the database. The sequence of a
SERIAL is not handled here: it is created and dropped with its table.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateSequence, DropSequence

from .registry import impl_of


def create_sequences(table: sa.Table, dialect: Dialect) -> list[CreateSequence]:
    """Return the statements that create the sequences of a table's columns."""
    if_not_exists = impl_of(dialect).features.create_sequence_if_not_exists
    return [CreateSequence(item, if_not_exists=if_not_exists) for item in sequences(table, dialect)]


def drop_sequences(table: sa.Table, dialect: Dialect) -> list[DropSequence]:
    """Return the statements that drop the sequences of a table's columns."""
    impl = impl_of(dialect)
    return [impl.drop_sequence(item) for item in sequences(table, dialect)]


def sequences(table: sa.Table, dialect: Dialect) -> list[sa.Sequence]:
    """Return the sequences of a table's columns on this dialect, each once.

    Optional ones are left out if the dialect has SERIAL or IDENTITY.
    """
    if not dialect.supports_sequences:
        return []
    by_name: dict[tuple[Any, Any], sa.Sequence] = {}
    for column in table.columns:
        default = column.default
        if isinstance(default, sa.Sequence) and not (
            default.optional and dialect.sequences_optional
        ):
            by_name.setdefault((default.schema, default.name), default)
    return list(by_name.values())
