"""Signatures: a database's normalised form of a column, a constraint, an index, a table's options.

A signature is paired with its item. For each dialect and kind of item one function makes it, for
the database's tables and for the models'. Equal signatures mean the same item, however it is
written. Signatures are only compared; the item itself is the value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, Self, TypeAlias, TypeVar

from ...schema import ColumnDef, Constraint, Index, TableSchema
from ...schema.base import EMPTY

Item_co = TypeVar("Item_co", bound=Constraint | Index, covariant=True)


@dataclass(frozen=True, slots=True)
class UnconfirmedText:
    """A text of the models that the database could not be probed for.

    `alike` compares it with a text of the database; `==` compares two unconfirmed texts.
    """

    text: str
    alike: Callable[[str, str], bool]

    def matches(self, current: object) -> bool:
        """Is this text of the database assumed to be the same?"""
        return isinstance(current, str) and self.alike(self.text, current)

    def __str__(self) -> str:
        return self.text


class SpelledText(str):
    """A text of the models that a database may spell otherwise; equal to itself as any text is."""

    alike: Callable[[str, str], bool]
    __slots__ = ("alike",)

    def __new__(cls, text: str, alike: Callable[[str, str], bool]) -> Self:
        self = super().__new__(cls, text)
        self.alike = alike
        return self

    def matches(self, current: object) -> bool:
        """Is this text of the database a spelling of it?"""
        return isinstance(current, str) and self.alike(str(self), current)


Text: TypeAlias = str | UnconfirmedText


@dataclass(frozen=True, slots=True)
class ColumnSignature:
    """The normalised form of a column. Equal signatures mean the same column, part by part."""

    type: Text
    nullable: bool = True
    default: Text | None = None
    generated: Text | None = None
    """The expression with STORED or VIRTUAL, or the identity with all of its options; SERIAL and
    AUTO_INCREMENT too."""
    comment: str | None = None
    options: str | None = None
    """The column's dialect options."""


def without_null(signature: ColumnSignature) -> ColumnSignature:
    """Return the signature of a column that cannot be NULL, with or without NOT NULL."""
    return replace(signature, nullable=False) if signature.nullable else signature


@dataclass(frozen=True, slots=True)
class ItemSignature:
    """The normalised form of a constraint or an index.

    `name` is `None` if none was given and the database made one or has none: any name matches.
    `text` is everything but the name. `folded`: creating the table folds it into another key, but
    it is kept if it is added later; so it is no difference whether it exists or not. `implied_by`
    is the beginning of the text of a constraint for which the database made the index: the index is
    no difference while such a constraint is desired. `options` has what a model may leave to the
    database: "comment", or the name of a dialect option (with a dot and a key, of an entry in it);
    see `unstated`.
    """

    name: str | None
    text: Text
    folded: bool = False
    implied_by: str | None = None
    options: Mapping[str, str] = EMPTY


@dataclass(frozen=True, slots=True)
class ReflectedColumn:
    """A column and its signature.

    An `inherited` one is a parent table's as well, and a model may omit it; one that is not `local`
    goes with the parent's.
    """

    column: ColumnDef
    signature: ColumnSignature
    inherited: bool = False
    local: bool = True


@dataclass(frozen=True, slots=True)
class ReflectedItem(Generic[Item_co]):
    """A constraint or an index and its signature.

    Without a signature this database does not store it: it is meant for another dialect. For
    `inherited` and `local` see `ReflectedColumn`.
    """

    item: Item_co
    signature: ItemSignature | None
    inherited: bool = False
    local: bool = True


def is_own(item: ReflectedColumn | ReflectedItem[Constraint | Index]) -> bool:
    """Tell whether a table has a column or an item not from its parents alone."""
    return item.local or not item.inherited


@dataclass(frozen=True, slots=True)
class ReflectedTable:
    """A table with the signature of each of its columns, constraints and indexes.

    Attributes:
        table: its value.
        columns: those of the value, in its order, as are `constraints` and `indexes`.
        comment: the table's, `None` where this database keeps none.
        options: the signatures of the table's options by SQLAlchemy's names, those that have a
            default included; a name with a dot is an entry of an option that is a mapping.
        stated: the options that a model states, all if `None`; the others are left as they are.
        sequences: the names of the sequences that columns own, by the column.
        parents: the tables that a table of the database inherits from, by schema and name.
        keep: returns this table of a model, the second argument, with what only the database's
            states, beside its options and comments; `None` where there is nothing else.
    """

    table: TableSchema
    columns: tuple[ReflectedColumn, ...]
    constraints: tuple[ReflectedItem[Constraint], ...] = ()
    indexes: tuple[ReflectedItem[Index], ...] = ()
    comment: str | None = None
    options: Mapping[str, Text] = field(default_factory=dict)
    stated: Collection[str] | None = None
    parents: tuple[tuple[str | None, str], ...] = ()
    keep: Callable[[ReflectedTable, ReflectedTable], ReflectedTable] | None = None
    sequences: Mapping[str, str] = EMPTY


def matches(current: Text | None, desired: Text | None) -> bool:
    """Are these two parts of signatures the same, as far as the database could be probed?

    >>> matches("lower(a)", UnconfirmedText("LOWER(a)", lambda a, b: a.lower() == b.lower()))
    True
    """
    if current == desired:
        return True
    return isinstance(desired, UnconfirmedText | SpelledText) and desired.matches(current)
