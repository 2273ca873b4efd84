"""A table in the database's own words: what it says of a table, kept beside the value read from it.

Two tables are the same when their words are, however the models spell them. Words are only ever
compared; what a value says is in the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ...schema import TableSchema


@dataclass(frozen=True, slots=True)
class ColumnSignature:
    """What the database says of a column. Equal words are the same column, part by part."""

    type: str
    nullable: bool = True
    default: str | None = None
    generated: str | None = None
    """The expression with STORED or VIRTUAL, or the identity with all of its options; serial and
    AUTO_INCREMENT stand here too."""
    comment: str | None = None
    options: str | None = None
    """What else stands at the column and is one of its dialect options."""


def without_null(signature: ColumnSignature) -> ColumnSignature:
    """Return the words of a column that cannot be NULL, whether it says so or not."""
    return replace(signature, nullable=False) if signature.nullable else signature


@dataclass(frozen=True, slots=True)
class ItemSignature:
    """What the database says of a constraint or an index.

    `name` is `None` where none was given and the database made one or has none: any name matches.
    `text` is everything but the name. `folded` says that creating the table folds it into another
    key, though it stands if it is added later: it is as desired whether it is there or not.
    `made_for` is how the text of the constraint begins that an index is there for, whether it was
    asked for or not: it is no difference while such a constraint is desired.
    """

    name: str | None
    text: str
    folded: bool = False
    made_for: str | None = None


@dataclass(frozen=True, slots=True)
class TableSignature:
    """What the database says of a table.

    `constraints` and `indexes` stand in the order of the value's own; `None` says that this
    database keeps nothing for it (it is meant for another dialect).
    `options` are the table's, under SQLAlchemy's names, those that have a default included.
    """

    columns: Mapping[str, ColumnSignature]
    constraints: tuple[ItemSignature | None, ...] = ()
    indexes: tuple[ItemSignature | None, ...] = ()
    comment: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReflectedTable:
    """A table's value and its words."""

    table: TableSchema
    signature: TableSignature
