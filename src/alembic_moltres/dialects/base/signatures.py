"""Signatures: a database's normalised form of a column, a constraint, an index, a table's options.

A signature is paired with its item. For each dialect and kind of item one function makes it, for
the database's tables and for the models'. Equal signatures mean the same item in whatever spelling.
Signatures are only compared; the item itself is the value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Self, TypeAlias, TypeVar

from sqlalchemy.engine import Dialect

from ...convert.names import kept_name
from ...schema import ColumnDef, Constraint, Index, TableSchema
from ...schema.base import EMPTY

Item_co = TypeVar("Item_co", bound=Constraint | Index, covariant=True)


@dataclass(frozen=True, slots=True)
class UnconfirmedText:
    """A text of the models that could not be probed.

    `alike` compares it with a text of the database; `==` compares two unconfirmed texts.
    """

    text: str
    alike: Callable[[str, str], bool]

    def matches(self, current: object) -> bool:
        """Tell whether this text of the database is assumed to be equal."""
        return isinstance(current, str) and self.alike(self.text, current)

    def __str__(self) -> str:
        return self.text


def assumed(text: str, current: str) -> bool:
    """Assume that two texts are equal: an unconfirmed difference may be false."""
    return True


def same_kind(text: str, current: str) -> bool:
    """Tell whether two texts have the same kind (first word); expressions are not compared."""
    return text.split(None, 1)[0] == current.split(None, 1)[0]


class SpelledText(str):
    """A text of the models with several spellings in a database; `==` compares it as a string."""

    alike: Callable[[str, str], bool]
    __slots__ = ("alike",)

    def __new__(cls, text: str, alike: Callable[[str, str], bool]) -> Self:
        self = super().__new__(cls, text)
        self.alike = alike
        return self

    def matches(self, current: object) -> bool:
        """Tell whether this text of the database is one of its spellings."""
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
    checks: tuple[str, ...] = ()
    """The CHECKs in its definition, where the database keeps them there; see `column_checks`."""


def without_null(signature: ColumnSignature) -> ColumnSignature:
    """Return the signature of a column that is never NULL, declared NOT NULL or not."""
    return replace(signature, nullable=False) if signature.nullable else signature


@dataclass(frozen=True, slots=True)
class ItemSignature:
    """The normalised form of a constraint or an index.

    `name` is `None` if it is generated or does not exist: then any name matches. `text` is
    everything except the name. A `folded` item is merged into another key by CREATE TABLE, but not
    if it is added later, so it matches whether it exists or not. `implied_by` is the beginning of
    the text of a constraint for which the database created the index: the index is ignored while
    such a constraint is desired. `options` are what a model need not state: "comment", or the name
    of a dialect option (with a dot and a key for an entry of it); see `unstated`.
    """

    name: str | None
    text: Text
    folded: bool = False
    implied_by: str | None = None
    options: Mapping[str, str] = EMPTY


def with_kept_name(signature: ItemSignature | None, dialect: Dialect) -> ItemSignature | None:
    """Return a signature of the models with its name as it is created: shortened if too long."""
    if signature is None or signature.name is None:
        return signature
    kept = kept_name(signature.name, dialect)
    return signature if kept == signature.name else replace(signature, name=kept)


@dataclass(frozen=True, slots=True)
class ReflectedColumn:
    """A column and its signature.

    An `inherited` one also belongs to a parent table, and a model may omit it; one that is not
    `local` is dropped with the parent's.
    """

    column: ColumnDef
    signature: ColumnSignature
    inherited: bool = False
    local: bool = True


@dataclass(frozen=True, slots=True)
class ReflectedItem(Generic[Item_co]):
    """A constraint or an index and its signature.

    The signature is `None` for an item of other dialects, which this database does not store. For
    `inherited` and `local` see `ReflectedColumn`. `in_column` is the column
    in whose definition the database has a CHECK.
    """

    item: Item_co
    signature: ItemSignature | None
    inherited: bool = False
    local: bool = True
    in_column: str | None = None


def is_own(item: ReflectedColumn | ReflectedItem[Constraint | Index]) -> bool:
    """Tell whether a column or an item is the table's own, not only inherited."""
    return item.local or not item.inherited


@dataclass(frozen=True, slots=True)
class Partition:
    """What a partition has from the table that it is part of; it changes with that.

    Attributes:
        options: those with which a model may state its parent.
        inherited: the names of columns, constraints and indexes.
        parents: the table that it is part of, by schema and name.
    """

    options: Mapping[str, object]
    inherited: frozenset[str]
    parents: tuple[tuple[str | None, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReflectedTable:
    """A table with the signature of each of its columns, constraints and indexes.

    Attributes:
        table: its value.
        columns: the columns of the value, in its order, as are `constraints` and `indexes`.
        comment: the table's comment, `None` if this database stores none.
        options: the signatures of the table's options by SQLAlchemy's names, including defaults; a
            name with a dot is an entry of an option that is a mapping.
        stated: the options that a model states, all if `None`; the others are not changed.
        sequences: the names of the sequences that columns own, by the column.
        parents: the tables that a table of the database inherits from, by schema and name.
        partition: the properties that it has from the table that it is a partition of.
        keep: returns this table of a model, its second argument, with further properties that only
            the database's table states, besides options and comments; `None` if there are none.
        chosen: returns it with the names and lengths of indexes that only a server chose; `None`
            if there are none.
    """

    table: TableSchema
    columns: tuple[ReflectedColumn, ...]
    constraints: tuple[ReflectedItem[Constraint], ...] = ()
    indexes: tuple[ReflectedItem[Index], ...] = ()
    comment: str | None = None
    options: Mapping[str, Text] = field(default_factory=dict)
    stated: Collection[str] | None = None
    parents: tuple[tuple[str | None, str], ...] = ()
    partition: Partition | None = None
    keep: Callable[[ReflectedTable, ReflectedTable], ReflectedTable] | None = None
    sequences: Mapping[str, str] = EMPTY
    chosen: Callable[[ReflectedTable, ReflectedTable], ReflectedTable] | None = None

    def with_items(
        self,
        *,
        columns: Iterable[ReflectedColumn] | None = None,
        constraints: Iterable[ReflectedItem[Constraint]] | None = None,
        indexes: Iterable[ReflectedItem[Index]] | None = None,
        **of_value: Any,
    ) -> ReflectedTable:
        """Return the table with other columns, constraints or indexes, which its value has, too.

        Args:
            columns: the columns; the present ones by default.
            constraints: the constraints; the present ones by default.
            indexes: the indexes; the present ones by default.
            of_value: other fields of the value.
        """
        parts: dict[str, Any] = {}
        if columns is not None:
            parts["columns"] = tuple(columns)
            of_value["columns"] = tuple(each.column for each in parts["columns"])
        for name, items in (("constraints", constraints), ("indexes", indexes)):
            if items is not None:
                parts[name] = tuple(items)
                of_value[name] = tuple(each.item for each in parts[name])
        return replace(self, table=replace(self.table, **of_value), **parts)


def matches(current: Text | None, desired: Text | None) -> bool:
    """Tell whether two parts of signatures are equal, as far as the database could be probed.

    >>> matches("lower(a)", UnconfirmedText("LOWER(a)", lambda a, b: a.lower() == b.lower()))
    True
    """
    if current == desired:
        return True
    return isinstance(desired, UnconfirmedText | SpelledText) and desired.matches(current)
