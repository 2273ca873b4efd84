"""Computed columns, identities and sequences, both ways."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.functions import next_value

from ..schema import Computed, Identity, Sequence
from ..schema.dialects import ORDERED
from ..types import moltres_type_to_sqlalchemy_type, sqlalchemy_type_to_moltres_type
from .dialect_options import freeze_options, thaw_options
from .expressions import freeze_expression, thaw_expression
from .names import freeze_name, thaw_name, thaw_optional

ORACLE_ONLY = ("order", "on_null")
"""Fields that SQLAlchemy 2.1 calls `oracle_order` and `oracle_on_null`."""

NUMBERS = (
    "start",
    "increment",
    "minvalue",
    "maxvalue",
    "nominvalue",
    "nomaxvalue",
    "cycle",
    "cache",
)


def freeze_computed(computed: sa.Computed, dialects: SequenceOf[Dialect], where: str) -> Computed:
    """Return the value of a computed column's expression."""
    return Computed(freeze_expression(computed.sqltext, dialects, where), computed.persisted)


def thaw_computed(computed: Computed) -> sa.Computed:
    """Return SQLAlchemy's form of a computed column's expression."""
    return sa.Computed(thaw_expression(computed.expression), computed.persisted)


def freeze_identity(identity: sa.Identity, dialects: SequenceOf[Dialect], where: str) -> Identity:
    """Return the value of a column's identity."""
    return Identity(always=bool(identity.always), **_options(identity, dialects, where))


def thaw_identity(identity: Identity) -> sa.Identity:
    """Return SQLAlchemy's form of an identity."""
    return sa.Identity(always=identity.always, **_thaw(identity, sa.Identity))


def freeze_sequence(
    column: sa.Column[Any], dialects: SequenceOf[Dialect], where: str
) -> Sequence | None:
    """Return the sequence that fills a column and is created with its table.

    It is that of its default, or of its server default if `create_all` creates that one.
    """
    sequence: Any = column.default
    if not isinstance(sequence, sa.Sequence):
        arg = getattr(column.server_default, "arg", None)
        sequence = arg.sequence if isinstance(arg, next_value) else None
        if sequence is None or sequence.metadata is None:
            return None
    return sequence_value(sequence, dialects, where)


def sequence_value(sequence: Any, dialects: SequenceOf[Dialect], where: str) -> Sequence:
    """Return the value of a sequence."""
    options = _options(sequence, dialects, where)
    options.pop("on_null", None)
    data_type = sequence.data_type
    return Sequence(
        freeze_name(sequence.name),
        None if sequence.schema is None else freeze_name(sequence.schema),
        data_type=None if data_type is None else sqlalchemy_type_to_moltres_type(data_type),
        optional=bool(sequence.optional),
        **options,
    )


def thaw_sequence(sequence: Sequence) -> sa.Sequence:
    """Return SQLAlchemy's form of a sequence."""
    data_type = sequence.data_type
    return sa.Sequence(
        thaw_name(sequence.name),
        schema=thaw_optional(sequence.schema),
        data_type=None if data_type is None else moltres_type_to_sqlalchemy_type(data_type),
        optional=sequence.optional,
        **_thaw(sequence, sa.Sequence),
    )


def _options(item: Any, dialects: SequenceOf[Dialect], where: str) -> dict[str, Any]:
    arguments = {name: getattr(item, name) for name in NUMBERS}
    options = freeze_options(item, dialects, where) if hasattr(item, "dialect_kwargs") else {}
    for name in ORACLE_ONLY:
        stated = options.pop(f"{ORDERED}_{name}", None)
        arguments[name] = vars(item).get(name) if stated is None else stated
    return {**arguments, "dialect_options": options}


def _thaw(value: Identity | Sequence, target: type) -> dict[str, Any]:
    stated = {name: getattr(value, name) for name in NUMBERS}
    for name in ORACLE_ONLY:
        content = getattr(value, name, None)
        if content is not None:
            prefix = f"{ORDERED}_" if hasattr(target, "dialect_kwargs") else ""
            stated[f"{prefix}{name}"] = content
    return {**stated, **thaw_options(value.dialect_options)}
