"""`DefaultDialectImpl`: the hooks that are the same on most databases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.schema import DropSequence

from ...schema import Constraint
from .impl import DialectImpl

if TYPE_CHECKING:
    from ...diff import AlterSequence
    from ...schema import Sequence as SequenceValue
    from .statement import Statement


class DefaultDialectImpl(DialectImpl):
    """A database whose constraints and sequences SQLAlchemy can inspect and drop."""

    def drop_sequence(self, sequence: sa.Sequence) -> DropSequence:
        return DropSequence(sequence, if_exists=self.features.drop_sequence_if_exists)

    def existing_sequences(
        self, connection: Connection, sequences: Sequence[SequenceValue]
    ) -> Mapping[SequenceValue, SequenceValue | None]:
        """Return the existing ones; their options are not read."""
        if not (sequences and self.dialect.supports_sequences):
            return {}
        inspector = sa.inspect(connection)
        return {
            each: each if inspector.has_sequence(each.name, each.schema) else None
            for each in sequences
        }

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        from .alter_sequence import alter_sequence

        return alter_sequence(self, change)

    def find_constraint_names(
        self, connection: Connection, table: str, schema: str | None, constraint: Constraint
    ) -> Collection[str]:
        from .constraint_names import inspected_names

        return inspected_names(connection, table, schema, constraint)
