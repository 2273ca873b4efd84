"""Autoincrementing columns and their sequences, as a server keeps them through other changes.

A foreign key that is added or dropped does not change whether a column autoincrements, and the
sequence of a SERIAL or an identity keeps its name when its table or its column is renamed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Self

from ... import diff as changes
from ...dialects.base.impl import DialectImpl
from ...diff import TableKey
from ...diff.autoincrement import autoincrement_column
from ...diff.changes.base import table_key
from ...schema import SQL, ColumnDef, Sequence, TableSchema

ColumnKey = tuple[TableKey, str]
"""The table and the name of a column."""


class OwnedSequences(dict[ColumnKey, Sequence]):
    """The sequences that columns own, by column; empty where the database has no SERIAL.

    Args:
        impl: of the database.
        content: of another one.
    """

    def __init__(
        self, impl: DialectImpl, content: Mapping[ColumnKey, Sequence] | None = None
    ) -> None:
        super().__init__(content or {})
        self._impl = impl

    def copy(self) -> Self:
        """Return one with the same content."""
        return type(self)(self._impl, self)

    def create_for(self, table: TableSchema, taken: Collection[str]) -> None:
        """Record the sequences that the server creates for a table's columns.

        Args:
            table: the table.
            taken: the names that exist in its schema.
        """
        for column in numbered(table):
            at = (table_key(table), str(column.name))
            if at not in self and (made := self.new(table, column, taken)) is not None:
                self[at] = made

    def new(self, table: TableSchema, column: ColumnDef, taken: Collection[str]) -> Sequence | None:
        """Return the sequence that the server creates for a column; `None` if it creates none."""
        made = self._impl.serial_fields(table, replace(column, identity=None))
        sequence = made.get("sequence")
        if not isinstance(sequence, Sequence):
            return None
        names = {str(each.name) for each in self.values() if each.schema == sequence.schema}
        name = str(sequence.name)
        numbers = count(1)
        while name in names or name in taken:
            name = f"{sequence.name}{next(numbers)}"
        data_type = None if column.identity else sequence.data_type
        return replace(sequence, name=name, data_type=data_type)

    def fields_without_key(self, table: TableSchema, column: ColumnDef) -> dict[str, object]:
        """Return the fields of a column that autoincrements without being the key any longer."""
        fields = self._impl.serial_fields(table, column)
        sequence = self.get((table_key(table), str(column.name)))
        if not fields or sequence is None:
            return fields
        return {**fields, "default": next_of(sequence), "sequence": sequence}

    def forget_table(self, key: TableKey) -> None:
        """Drop the sequences of a table."""
        for at in [at for at in self if at[0] == key]:
            del self[at]

    def rename_table(self, key: TableKey, new: TableKey) -> None:
        """Move the sequences of a table to its new name."""
        for at in [at for at in self if at[0] == key]:
            self[new, at[1]] = self.pop(at)

    def move_table(self, key: TableKey, new: TableKey) -> None:
        """Move the sequences of a table with it to another schema."""
        self.rename_table(key, new)
        for at in [at for at in self if at[0] == new]:
            self[at] = replace(self[at], schema=new[0])

    def rename_column(self, key: TableKey, current: str, desired: str) -> None:
        """Move the sequence of a column to its new name."""
        if (key, current) in self:
            self[key, desired] = self.pop((key, current))

    def rename(self, schema: str | None, current: str, desired: str) -> None:
        """Rename a sequence that a column owns."""
        at = self.owner(schema, current)
        if at is not None:
            self[at] = replace(self[at], name=desired)

    def owner(self, schema: str | None, name: str) -> ColumnKey | None:
        """Return the column that owns a sequence."""
        for at, each in self.items():
            if (each.schema, each.name) == (schema, name):
                return at
        return None


def next_of(sequence: Sequence) -> SQL:
    """Return the default of a column that reads a sequence."""
    place = f"{sequence.schema}." if sequence.schema else ""
    return SQL(f"nextval('{place}{sequence.name}'::regclass)")


def numbered(table: TableSchema) -> Iterator[ColumnDef]:
    """Yield the columns of a table that autoincrement."""
    counting = autoincrement_column(table)
    for column in table.columns:
        if column.identity is not None or column.name == counting:
            yield column


def numbers_of(column: ColumnDef) -> str | None:
    """Return how an operation's column autoincrements by its value; `None` if it does not."""
    if column.identity is not None:
        return "identity"
    elsewhere = (column.default, column.computed, column.sequence)
    serial = column.autoincrement is True and all(each is None for each in elsewhere)
    return "serial" if serial else None


def kept(
    before: TableSchema, after: TableSchema, inside: Collection[changes.Change]
) -> dict[str, bool]:
    """Return the `autoincrement` to state, for columns that the changes do not alter.

    Args:
        before: the table.
        after: the table with the changes.
        inside: the changes.
    """
    had, has = autoincrement_column(before), autoincrement_column(after)
    if had == has or before.primary_key != after.primary_key:
        return {}
    about = {str(name) for each in inside for name in _about_numbers(each)}
    unaltered = {str(column.name) for column in after.columns} - about
    return {name: name == had for name in (had, has) if name in unaltered}


def _about_numbers(change: changes.Change) -> Iterator[str]:
    before, after = change.sides()
    if isinstance(after, ColumnDef) and (before is None or _numbers(before) != _numbers(after)):
        yield after.name


def _numbers(column: ColumnDef) -> tuple[object, ...]:
    parts = ("autoincrement", "identity", "default", "sequence", "computed")
    return tuple(getattr(column, part) for part in parts)


def with_stated(table: TableSchema, stated: Mapping[str, bool]) -> TableSchema:
    """Return a table whose columns state whether they autoincrement."""
    columns = [
        replace(each, autoincrement=stated[each.name]) if each.name in stated else each
        for each in table.columns
    ]
    return replace(table, columns=tuple(columns))


def in_key(
    impl: DialectImpl, table: TableSchema, column: ColumnDef, owned: Sequence | None
) -> dict[str, object]:
    """Return the fields of a column that change when it becomes the primary key.

    Args:
        impl: of the database.
        table: of the column.
        column: the column.
        owned: the sequence that it owns, which may have the name of an earlier table.
    """
    own = impl.serial_fields(table, replace(column, sequence=None, default=None))
    sequence = column.sequence
    if own and sequence is not None and sequence in (own["sequence"], owned):
        return {"sequence": None, "default": None, "autoincrement": True}
    counts = column.autoincrement == "auto" and column.identity is None
    return {"autoincrement": False} if counts else {}
