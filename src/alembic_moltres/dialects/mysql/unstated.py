"""Properties of MySQL's and MariaDB's columns that a model need not state.

These are a collation other than the current default, INVISIBLE, COMPRESSED, and WITHOUT SYSTEM
VERSIONING.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from operator import eq, is_

from ...schema import ColumnDef, ForeignKeyConstraint, FrozenMapping, Index
from ...sqltext import Syntax, tokens
from ..base.signatures import ReflectedColumn, ReflectedItem, ReflectedTable
from .foreign_key_indexes import may_be_implicit
from .rows import ColumnRow
from .signatures import TypeText
from .values import type_value

COLLATED = frozenset(
    {
        "CHARACTER",
        "CHARSET",
        "COLLATE",
        "NATIONAL",
        "ASCII",
        "UNICODE",
        "BINARY",
        "NCHAR",
        "NVARCHAR",
    }
)
"""The keywords in a type that state a character set or a collation."""


def states_collation(type_: str, syntax: Syntax) -> bool:
    """Tell whether a type's DDL states a character set or a collation.

    >>> from ...sqltext import MYSQL
    >>> [states_collation(each, MYSQL) for each in ("VARCHAR(9)", "VARCHAR(9) COLLATE utf8mb4_bin")]
    [False, True]
    """
    return any(token.upper in COLLATED for token in tokens(type_, syntax))


@dataclass(frozen=True, slots=True)
class UnstatedKeeper:
    """Adds to a model's table the properties of columns and keys that only the database states.

    Attributes:
        prefix: the dialect's name.
        stated: the columns whose collation the model states.
        made: the indexes that the server creates for the model's foreign keys.
        accepts: tells whether an index of the model, its first argument, differs from a current one
            only in lengths that the server chose.
    """

    prefix: str
    stated: Collection[str]
    made: Collection[str] = ()
    accepts: Callable[[Index, Index], bool] = eq

    def __call__(self, current: ReflectedTable, desired: ReflectedTable) -> ReflectedTable:
        """Return the desired table with the properties that only the current one states."""
        current_columns = {each.column.name: each for each in current.columns}
        columns = tuple(
            self._kept(current, column, each)
            if (column := current_columns.get(each.column.name))
            and column.signature != each.signature
            else each
            for each in desired.columns
        )
        indexes = self._indexes(current, desired)
        if _differ(columns, desired.columns) or _differ(indexes, desired.indexes):
            desired = desired.with_items(columns=columns, indexes=indexes)
        return self._without_foreign_keys(current, desired) if self._discards(current) else desired

    def _indexes(
        self, current: ReflectedTable, desired: ReflectedTable
    ) -> tuple[ReflectedItem[Index], ...]:
        """Return the desired indexes with the names and the lengths that the server chose.

        The index of a key that was renamed since keeps its old name.
        """
        stated = {each.item.name for each in desired.indexes if each.item.name not in self.made}
        current_indexes = [
            each
            for each in current.indexes
            if each.item.name not in stated and may_be_implicit(each.item, current.table)
        ]
        kept = []
        for each in desired.indexes:
            text = each.signature and each.signature.text
            alike = [
                other
                for other in current_indexes
                if other.signature and other.signature.text == text
            ]
            alike.sort(key=lambda other: other.item.name != each.item.name)
            if each.item.name in self.made and alike:
                kept.append(each if alike[0].item == each.item else alike[0])
            else:
                kept.append(self._with_length(each, current))
        return tuple(kept)

    def chosen(self, current: ReflectedTable, desired: ReflectedTable) -> ReflectedTable:
        """Return the desired table with the names and lengths of indexes that the server chose."""
        return desired.with_items(indexes=self._indexes(current, desired))

    def _with_length(
        self, desired: ReflectedItem[Index], current: ReflectedTable
    ) -> ReflectedItem[Index]:
        wanted = desired.signature
        for each in current.indexes:
            signature = each.signature
            if wanted is None or signature is None or signature.name != wanted.name:
                continue
            if signature.text != wanted.text and self.accepts(desired.item, each.item):
                return replace(desired, signature=replace(wanted, text=signature.text))
        return desired

    def _discards(self, current: ReflectedTable) -> bool:
        return str(current.options.get(f"{self.prefix}_engine")) != "innodb"

    def _without_foreign_keys(
        self, current: ReflectedTable, desired: ReflectedTable
    ) -> ReflectedTable:
        """Return the desired table without foreign keys that its current engine discards."""
        engine = f"{self.prefix}_engine"
        if desired.stated is None or engine in desired.stated:
            return desired
        constraints = tuple(
            replace(each, signature=None) if isinstance(each.item, ForeignKeyConstraint) else each
            for each in desired.constraints
        )
        return replace(desired, constraints=constraints)

    def _kept(
        self, table: ReflectedTable, current: ReflectedColumn, desired: ReflectedColumn
    ) -> ReflectedColumn:
        own, wanted = current.signature.type, desired.signature.type
        if not isinstance(own, str) or not isinstance(wanted, str):
            return desired  # was not probed, and is compared without these properties
        ours, theirs = TypeText.parse(own), TypeText.parse(wanted)
        collation = theirs.collation
        if collation and ours.collation and desired.column.name not in self.stated:
            collation = ours.collation
        made = theirs._replace(collation=collation, attributes=theirs.attributes or ours.attributes)
        if made == theirs:
            return desired
        default = table.options.get(f"{self.prefix}_collate")
        return replace(
            desired,
            column=self._column(desired, made, None if collation == default else collation),
            signature=replace(desired.signature, type=str(made)),
        )

    def _column(self, desired: ReflectedColumn, made: TypeText, collation: str | None) -> ColumnDef:
        column, signature = desired.column, desired.signature
        if made.type == "json" or (collation is None and not made.attributes):
            return column
        row = ColumnRow(
            column.name,
            made.type,
            generated=None if column.computed is None else "",
            autoincrement=signature.generated == "auto_increment",
            attributes=made.attributes,
        )
        variants = {**column.type_variants, self.prefix: type_value(row, collation)}
        return replace(column, type_variants=FrozenMapping(variants))


def _differ(kept: Sequence[object], desired: Sequence[object]) -> bool:
    """Tell whether an item has been replaced."""
    return not all(map(is_, kept, desired))
