"""Labels of a column's own: MySQL's ENUM, and a CHECK with a list, as a portable Enum has it.

What replaces a removed one in rows is an UPDATE between two blocks: the first allows both. So is
what replaces NULL by an expression over other columns, which no default can read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...convert.dialects import lineage
from ...datatypes import DataType
from ...dialects.base.impl import DialectImpl
from ...diff import AddConstraint, AlterColumn, AlterTable, Change, TableKey, Tables
from ...diff.changes.base import Line
from ...diff.failures import own_labels
from ...schema import SQL, CheckConstraint, ColumnDef
from ...sqltext import tokens

if TYPE_CHECKING:
    from ...schema.item_text import ItemText


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a column, before and after.

    Attributes:
        column: its name.
        before: the labels that it has.
        after: those that it will have.
        change: the last one of the table that is about them.
    """

    column: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    change: Change


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class ReplaceValue(Change):
    """A value that becomes another one in the rows of a table.

    Attributes:
        table: its schema and name.
        column: of the table.
        current: the value; `None`: NULL.
        desired: the other one, or an expression; `None`: nothing is replaced.
        has_both: the other one was a value before, so that there is no way back.
    """

    table: TableKey
    column: str
    current: str | None
    desired: str | SQL | None
    has_both: bool = False

    def lines(self, texts: ItemText) -> Iterator[Line]:
        """Yield nothing: the labels of the column or its CHECK have a line."""
        yield from ()

    def reverse(self) -> ReplaceValue:
        if self.has_both or self.desired is None or isinstance(self.desired, SQL):
            return replace(self, desired=None)
        return replace(self, current=self.desired, desired=self.current)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        return tables


def labels_of(table: AlterTable, impl: DialectImpl) -> Iterator[Labels]:
    """Yield the labels of each column that loses some."""
    for each in table.changes:
        match each:
            case AlterColumn(current=current, desired=desired):
                before, after = own_labels(current), own_labels(desired)
                if before and after and not set(before) <= set(after):
                    yield Labels(str(desired.name), before, after, each)
            case AddConstraint(constraint=CheckConstraint() as check):
                yield from _of_check(each, check, table, impl)
            case _:
                pass


def _of_check(
    change: AddConstraint, check: CheckConstraint, table: AlterTable, impl: DialectImpl
) -> Iterator[Labels]:
    listed = _listed(check, impl)
    for old in table.dropped_constraints:
        former = _listed(old, impl) if isinstance(old, CheckConstraint) else None
        if listed and former and former[0] == listed[0] and not {*former[1]} <= {*listed[1]}:
            yield Labels(listed[0], former[1], listed[1], change)


def _listed(check: CheckConstraint, impl: DialectImpl) -> tuple[str, tuple[str, ...]] | None:
    """Return the column and the strings of `column IN ('a', 'b')`; `None` for anything else."""
    text = check.expression.for_dialect(lineage(impl.dialect))
    stream = list(tokens(text or "", impl.syntax))
    if len(stream) < 5 or not stream[0].is_name or stream[1].upper != "IN":
        return None
    inside = stream[3:-1]
    marks = [each.upper for each in (stream[2], *inside[1::2], stream[-1])]
    strings = inside[::2]
    if marks != ["(", *[","] * (len(strings) - 1), ")"] or not all(e.is_string for e in strings):
        return None
    return str(stream[0].value), tuple(str(each.value) for each in strings)


def replaced(table: AlterTable, labels: Labels, values: Mapping[str, str]) -> Iterator[Change]:
    """Yield the changes of a table with values replaced between them.

    Args:
        table: its changes.
        labels: of one column.
        values: what replaces each of its labels.
    """
    first, last = list[Change](), list[Change]()
    for each in table.changes:
        if each is not labels.change:
            (last if _narrows(each, labels) else first).append(each)
        elif isinstance(each, AlterColumn):
            both = _with_labels(each.desired, labels)
            first.append(AlterColumn(each.current, both))
            last.append(AlterColumn(both, each.desired))
        else:
            last.append(each)
    if first:
        yield replace(table, changes=tuple(first))
    for old, new in values.items():
        yield ReplaceValue(table.key, labels.column, old, new, has_both=new in labels.before)
    yield replace(table, changes=tuple(last))


def _narrows(change: Change, labels: Labels) -> bool:
    """Tell whether a column is narrowed, as its labels become shorter; rows must change first."""
    if not isinstance(change, AlterColumn) or change.desired.name != labels.column:
        return False
    return max(map(len, labels.after)) < max(map(len, labels.before))


def _with_labels(column: ColumnDef, labels: Labels) -> ColumnDef:
    type_ = DataType.parse(column.type_name)
    added = (each for each in labels.before if each not in labels.after)
    return replace(column, type_name=str(replace(type_, args=(*type_.args, *added))))


def nulls_replaced(change: AlterColumn, table: TableKey, value: SQL) -> tuple[Change, ...]:
    """Return the changes of a column that becomes NOT NULL, with its NULLs replaced before."""
    nullable = replace(change.desired, nullable=True)
    retyped = (AlterColumn(change.current, nullable),) if change.current != nullable else ()
    name = str(change.desired.name)
    update = ReplaceValue(table, name, None, value)
    return (*retyped, update, AlterColumn(nullable, change.desired))


def split(table: AlterTable) -> Iterator[Change]:
    """Yield the changes of a table as blocks, and the replaced values between them."""
    block = list[Change]()
    for each in table.changes:
        if not isinstance(each, ReplaceValue):
            block.append(each)
            continue
        if block:
            yield replace(table, changes=tuple(block))
        yield each
        block = []
    if block:
        yield replace(table, changes=tuple(block))
