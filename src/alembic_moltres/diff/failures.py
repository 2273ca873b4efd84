"""The rows on which a change fails on any database, as values and as text.

`dialects.base.failing_rows` counts such rows in a database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from ..datatypes import DataType
from ..schema import (
    CheckConstraint,
    ColumnDef,
    ExcludeConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ..schema.named_types import PORTABLE
from .changes.alter_table import AlterTable
from .changes.base import Addition, Change, TableKey, Tables, called
from .changes.columns import AlterColumn
from .changes.constraints import AddConstraint
from .changes.enums_and_sequences import AlterEnum, enum_identity, named_enum
from .changes.indexes import CreateIndex
from .changes.tables import AddForeignKeys

NUMBERS: Final = ("SMALLINT", "INTEGER", "BIGINT")
"""The portable integers, the narrowest first."""
TEXTS: Final = ("CHAR", "NCHAR", "VARCHAR", "NVARCHAR", "TEXT", "NTEXT")
"""Types of text; a text longer than the new length does not fit."""
TEXTS_WITHOUT_END: Final = ("TEXT", "NTEXT")
TIMES: Final = ("DATE", "TIMESTAMP")
"""Pairs of types that can be converted in both directions."""
UNCHECKED: Final = "_not_valid"
"""The suffix of the option of a constraint that is not checked for existing rows."""


@dataclass(frozen=True, slots=True)
class NullRows:
    """Rows with NULL in a column that becomes NOT NULL."""

    column: str

    def text(self, table: str) -> str:
        return f"NULL in {table}.{self.column}"


@dataclass(frozen=True, slots=True)
class RowsWithoutValue:
    """Any row, if a new column is NOT NULL and has no default."""

    column: str

    def text(self, table: str) -> str:
        return f"any row of {table}: {self.column} is NOT NULL without a default"


@dataclass(frozen=True, slots=True)
class RepeatedRows:
    """Rows with repeated values of what becomes unique."""

    item: UniqueConstraint | PrimaryKeyConstraint | Index

    def text(self, table: str) -> str:
        elements = self.item.elements if isinstance(self.item, Index) else self.item.columns
        listed = ", ".join(each if isinstance(each, str) else each.text for each in elements)
        return f"rows of {table} that repeat ({listed})"


@dataclass(frozen=True, slots=True)
class ViolatingRows:
    """Rows that violate a CHECK, or pairs of rows that violate an EXCLUDE constraint."""

    constraint: CheckConstraint | ExcludeConstraint

    def text(self, table: str) -> str:
        if isinstance(self.constraint, CheckConstraint):
            return f"rows of {table} that violate CHECK ({self.constraint.expression.text})"
        return f"rows of {table} that violate {self.constraint.name or 'EXCLUDE'}"


@dataclass(frozen=True, slots=True)
class OrphanRows:
    """Rows without a parent row."""

    key: ForeignKeyConstraint

    def text(self, table: str) -> str:
        key = self.key
        target = called((key.references_schema, key.references_table))
        columns, referred = ", ".join(key.columns), ", ".join(key.references_columns)
        return f"rows of {table} whose ({columns}) is not in {target} ({referred})"


@dataclass(frozen=True, slots=True)
class TooLargeRows:
    """Rows with a value that does not fit into a narrower type."""

    current: ColumnDef
    desired: ColumnDef

    def text(self, table: str) -> str:
        name = f"{table}.{self.desired.name}"
        return f"values of {name} that do not fit into {self.desired.type_name}"


@dataclass(frozen=True, slots=True)
class UnconvertibleRows:
    """Rows with a value that the database may not be able to convert."""

    current: ColumnDef
    desired: ColumnDef

    def text(self, table: str) -> str:
        name = f"{table}.{self.desired.name}"
        return f"values of {name} that cannot be converted to {self.desired.type_name}"


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """Rows with a label that an enum type no longer has."""

    column: str
    labels: tuple[str, ...]

    def text(self, table: str) -> str:
        return f"{', '.join(map(repr, self.labels))} in {table}.{self.column}"


Failure: TypeAlias = (
    NullRows
    | RowsWithoutValue
    | RepeatedRows
    | ViolatingRows
    | OrphanRows
    | TooLargeRows
    | UnconvertibleRows
    | LabelledRows
)
"""Rows on which a change fails."""


def failures_of(change: Change, tables: Tables) -> Iterator[tuple[TableKey, Failure]]:
    """Yield the kinds of rows on which a change fails, each with its table.

    Args:
        change: of a whole database.
        tables: before it.

    >>> from ..schema import TableSchema, column
    >>> before, after = column("age", "INTEGER"), column("age", "INTEGER", nullable=False)
    >>> change = AlterTable("users", None, (AlterColumn(before, after),))
    >>> users = TableSchema("users", [before])
    >>> [failure.text("users") for _, failure in failures_of(change, {(None, "users"): users})]
    ['NULL in users.age']
    """
    match change:
        case AlterTable():
            for inside in change.changes:
                for failure in failures_inside(inside, change):
                    yield change.key, failure
        case AlterEnum():
            for key, column, labels in _with_labels(change, tables):
                yield key, LabelledRows(column, labels)
        case AddForeignKeys():
            yield from failures_of(change.block, tables)


def failures_inside(change: Change, table: AlterTable) -> Iterator[Failure]:
    """Yield the kinds of rows on which a change inside a table fails.

    Args:
        change: a change of the table.
        table: all changes of the table.
    """
    match change:
        case Addition(item=column) if change.needs_fill:
            yield RowsWithoutValue(str(column.name))
        case AlterColumn(current=current, desired=desired):
            yield from _of_column(change, current, desired)
        case AddConstraint(constraint=constraint) if _is_over_rows(constraint, table):
            yield from _of_constraint(constraint)
        case CreateIndex(index=index) if index.unique and _is_over_rows(index, table):
            yield RepeatedRows(index)


def removed_labels(change: AlterEnum) -> tuple[str, ...]:
    """Return the labels that are removed and not renamed, which rows may have."""
    before, after = change.types()
    kept = (*after.args, *change.renamed)
    return tuple(str(label) for label in before.args if label not in kept)


def own_labels(column: ColumnDef) -> tuple[str, ...]:
    """Return the labels of an ENUM without a type name, such as MySQL's; empty for none.

    >>> from ..schema import column
    >>> own_labels(column("mood", "mysql.ENUM('glad','sad')")), own_labels(column("n", "INTEGER"))
    (('glad', 'sad'), ())
    """
    type_ = DataType.parse(column.type_name)
    if type_.name.rpartition(".")[2] != PORTABLE or type_.kwargs.get("native_enum") is False:
        return ()
    return tuple(str(each) for each in type_.args)


def _with_labels(
    change: AlterEnum, tables: Tables
) -> Iterator[tuple[TableKey, str, tuple[str, ...]]]:
    removed, identity = removed_labels(change), enum_identity(change.types()[0])
    for key, table in tables.items():
        for column in table.columns:
            enum = named_enum(column)
            if removed and enum is not None and enum_identity(enum) == identity:
                yield key, str(column.name), removed


def _of_constraint(constraint: Any) -> Iterator[Failure]:
    if any(name.endswith(UNCHECKED) and on for name, on in constraint.dialect_options.items()):
        return
    match constraint:
        case UniqueConstraint() | PrimaryKeyConstraint():
            yield RepeatedRows(constraint)
        case CheckConstraint() | ExcludeConstraint():
            yield ViolatingRows(constraint)
        case _:
            yield OrphanRows(constraint)


def _of_column(change: AlterColumn, current: ColumnDef, desired: ColumnDef) -> Iterator[Failure]:
    if current.nullable and not desired.nullable and not change.fills_null:
        yield NullRows(str(desired.name))
    if change.retypes and not desired.computed:
        before, after = DataType.parse(current.type_name), DataType.parse(desired.type_name)
        removed_own = set(own_labels(current)).difference(own_labels(desired))
        if current.type_variants == desired.type_variants and _is_narrower(before, after):
            yield TooLargeRows(current, desired)
        elif own_labels(current) and own_labels(desired):
            if removed_own:
                removed = tuple(each for each in own_labels(current) if each in removed_own)
                yield LabelledRows(str(desired.name), removed)
        elif not _holds(before, after) and _labels(current) != _labels(desired):
            yield UnconvertibleRows(current, desired)


def _labels(column: ColumnDef) -> object:
    """Return the identity of an enum type; of other types, their name."""
    enum = named_enum(column) if PORTABLE in column.type_name else None
    return column.type_name if enum is None else (enum.kwargs.get("name"), enum.args)


def _is_narrower(before: DataType, after: DataType) -> bool:
    if before.name in NUMBERS and after.name in NUMBERS:
        return NUMBERS.index(after.name) < NUMBERS.index(before.name)
    if before.name in TEXTS and after.name in TEXTS:
        longest, now = length_of(before), length_of(after)
        return now is not None and (longest is None or now < longest)
    if before.name == after.name == "DECIMAL":
        (whole, fraction), (now, rest) = digits_of(before), digits_of(after)
        return now < whole or rest < fraction
    return False


def _holds(before: DataType, after: DataType) -> bool:
    """Tell whether every value can be converted, provided that the new type is not narrower."""
    both = (before.name, after.name)
    return any(all(name in kind for name in both) for kind in (NUMBERS, TEXTS, ("DECIMAL",), TIMES))


def length_of(text: DataType) -> int | None:
    """Return the length of a type of text; `None` for any."""
    length = text.args[0] if text.args else text.kwargs.get("length")
    return length if isinstance(length, int) and text.name not in TEXTS_WITHOUT_END else None


def digits_of(number: DataType) -> tuple[int, int]:
    """Return the number of digits before and after the decimal point."""
    numbers = [each for each in number.args if isinstance(each, int)]
    precision = numbers[0] if numbers else 1000
    scale = numbers[1] if len(numbers) > 1 else 0
    return precision - scale, scale


def _is_over_rows(item: Any, table: AlterTable) -> bool:
    """Tell whether rows can violate an item: not if it is over a new column, which is NULL."""
    if _guarded(item) in map(_guarded, (*table.dropped_constraints, *table.dropped_indexes)):
        return False  # the same under another name
    if isinstance(item, CheckConstraint):
        return True
    added = {column.name: column for column in table.added_columns}
    return not any(name in added and added[name].nullable for name in item.columns)


def _guarded(item: Any) -> object:
    """Return the kind of rows that violate a constraint or an index."""
    match item:
        case ForeignKeyConstraint():
            target = (item.references_schema, item.references_table, item.references_columns)
            return (item.columns, *target)
        case CheckConstraint():
            return type(item), item.expression
        case Index():
            return type(item), item.elements, item.unique
        case _:
            return type(item), item.columns
