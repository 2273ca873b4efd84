"""Rows: a table of MySQL or MariaDB in one form.

They are made from `information_schema`, from scratch tables, and from the models' tables.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

ATTRIBUTES = ("COMPRESSED", "INVISIBLE", "WITHOUT SYSTEM VERSIONING")
"""Attributes of a column for which SQLAlchemy has neither a type nor an option."""


def in_order(attributes: Collection[str]) -> tuple[str, ...]:
    """Return attributes in the order of `ATTRIBUTES`."""
    return tuple(each for each in ATTRIBUTES if each in attributes)


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column; `default` and `generated` are the server's text."""

    name: str
    type: str
    collation: str | None = None
    nullable: bool = True
    default: str | None = None
    on_update: str | None = None
    generated: str | None = None
    stored: bool = False
    autoincrement: bool = False
    comment: str = ""
    json: bool = False
    """Whether it is MariaDB's JSON: a LONGTEXT with a CHECK."""
    attributes: tuple[str, ...] = ()
    """Its attributes, of `ATTRIBUTES`."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """An element of an index: a column, or MySQL's functional key part."""

    column: str | None
    expression: str | None = None
    length: int | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True)
class IndexRow:
    """An index or key; `kind` is BTREE, HASH, FULLTEXT or SPATIAL."""

    name: str | None
    unique: bool
    kind: str
    parts: tuple[PartRow, ...]
    comment: str = ""

    @property
    def leading_columns(self) -> tuple[str, ...]:
        """The columns before the first expression, and before the first prefix of a column.

        >>> parts = PartRow("a"), PartRow("b", length=9), PartRow("c")
        >>> IndexRow("ix", False, "BTREE", parts).leading_columns
        ('a',)
        """
        whole = takewhile(lambda part: part.column and part.length is None, self.parts)
        return tuple(str(part.column) for part in whole)


@dataclass(frozen=True, slots=True)
class LengthsRow:
    """The lengths of an index's parts; `None` is a whole column."""

    lengths: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A CHECK; one in a column's definition has no name on MariaDB, and `name` is the column's."""

    name: str | None
    text: str
    at_column: bool = False


@dataclass(frozen=True, slots=True)
class ForeignKeyRow:
    """A foreign key; `database` is the referred table's."""

    name: str | None
    columns: tuple[str, ...]
    database: str
    table: str
    references: tuple[str, ...]
    on_delete: str
    on_update: str


ConstraintRow = IndexRow | CheckRow | ForeignKeyRow
"""Primary keys and UNIQUEs are indexes."""


@dataclass(frozen=True, slots=True)
class CharsetRow:
    """A table's character set and collation."""

    charset: str
    collation: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table with all of its items."""

    name: str
    database: str
    engine: str
    collation: str
    comment: str
    options: Mapping[str, str]
    columns: tuple[ColumnRow, ...] = ()
    indexes: tuple[IndexRow, ...] = ()
    checks: tuple[CheckRow, ...] = ()
    foreign_keys: tuple[ForeignKeyRow, ...] = field(default=())
    partition_by: str = ""
    """The text after PARTITION BY."""
    versioning: str = ""
    """The actions of ALTER TABLE that make it system-versioned."""
