"""The named types and sequences of a `MetaData`, whether columns use them or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import SchemaType

from ..schema import Sequence as SequenceValue
from ..sqla_compat import sequences_of
from ..types import freeze_type
from .generated import sequence_value


def metadata_types(
    metadata: sa.MetaData, dialects: Sequence[Dialect]
) -> Iterator[tuple[SchemaType, str]]:
    """Yield the types that `create_all()` creates, each with its name on the first dialect.

    They wait for an event of the `MetaData`.
    """
    for listener in metadata.dispatch.before_create:
        method = getattr(listener, "func", listener)
        # SQLAlchemy 2.0 has a picklable method in the place of a bound one
        owner: Any = getattr(method, "__self__", None) or getattr(method, "target", None)
        if not isinstance(owner, SchemaType) or not owner.name:
            continue
        type_: Any = owner
        frozen = freeze_type(type_, dialects, where=f"the type {owner.name!r}")
        yield owner, frozen.variants.get(dialects[0].name, frozen.type_name)


def metadata_sequences(
    metadata: sa.MetaData, dialects: Sequence[Dialect]
) -> Iterator[tuple[sa.Sequence, SequenceValue]]:
    """Yield the sequences that `create_all()` creates, each with its value."""
    for each in sequences_of(metadata):
        yield each, sequence_value(each, dialects, f"the sequence {each.name!r}")
