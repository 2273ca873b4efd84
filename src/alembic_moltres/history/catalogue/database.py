"""The content of the replayed database: tables, named types, sequences, views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Self

from ... import diff as changes
from ...datatypes import DataType
from ...dialects.base.impl import DialectImpl
from ...diff import TableKey
from ...diff.changes.base import by_key, table_key
from ...schema import (
    CheckConstraint,
    ColumnDef,
    Constraint,
    Sequence,
    TableSchema,
    UniqueConstraint,
)
from ...schema.named_types import (
    ENUMS,
    TypeKey,
    as_known,
    key_of_type,
    named_in,
    place_of_type,
    renamed,
    types_of,
    with_types,
)
from ...schema.names import qualified_name
from ...sqltext import tokens
from ..observer import Observer
from ..stand_in.inspection import InspectedTables
from ..state import State
from .autoincrement import next_of
from .inheriting import InheritingCatalogue
from .names import with_folded_keys
from .tables import MissingError, UnknownTableError

SequenceKey = tuple[str | None, str]
"""The schema, `None` for the default one, and the name of a sequence."""


class Catalogue(InheritingCatalogue):
    """The database during a replay: tables, types, sequences and views.

    Attributes:
        views: the names of the indexes of each view; only a materialized one has any.
        version_table: Alembic's own table, which is there before the first script, and in no state.
        filled: the names of the tables that have rows.
        changing: the functions that change tables.
        triggered: the tables with a trigger that changes tables.
        observers: called before renames, and after drops and changes of tables.
    """

    def __init__(self, impl: DialectImpl) -> None:
        super().__init__(impl)
        self.types: dict[TypeKey, DataType] = {}
        self.sequences: dict[SequenceKey, Sequence] = {}
        self.views: dict[TableKey, frozenset[str]] = {}
        self.version_table: TableSchema | None = None
        self.filled: set[str] = set()
        self.changing: set[str] = set()
        self.triggered: set[str] = set()
        self.observers: list[Observer] = []

    def copy(self) -> Self:
        """Return a catalogue with the same content, which is not observed."""
        copied = copy(self)
        copied.observers = []
        copied.restore(self)
        return copied

    def restore(self, other: Catalogue) -> None:
        """Take the content of another catalogue."""
        self.restore_tables(other)
        self.types = dict(other.types)
        self.sequences = dict(other.sequences)
        self.views = dict(other.views)
        self.filled = set(other.filled)
        self.changing, self.triggered = set(other.changing), set(other.triggered)

    @property
    def used_sequences(self) -> dict[SequenceKey, Sequence]:
        """The sequences that columns use, by schema and name."""
        return {
            (self.schema(column.sequence.schema), str(column.sequence.name)): column.sequence
            for table in self.tables.values()
            for column in table.columns
            if column.sequence is not None
        }

    @property
    def sequence_keys(self) -> tuple[SequenceKey, ...]:
        """The schemas and names of all sequences."""
        owned = ((each.schema, str(each.name)) for each in self.owned.values())
        return (*self.sequences, *owned)

    @property
    def all_tables(self) -> Mapping[TableKey, TableSchema]:
        """The tables with all that they inherit, partitions too, and Alembic's own."""
        if not self.partitions.keys() <= self.tables.keys():
            listed = self.copy()
            for key in self.partitions:
                listed.list_partition(key)
            return listed.all_tables
        tables = {
            **self.tables,
            **{key: self.with_inherited(key) for key in self.existing_children},
        }
        version = self.version_table
        return tables if version is None else {table_key(version): version, **tables}

    def is_version_table(self, key: str) -> bool:
        """Tell whether it is Alembic's own table."""
        return self.version_table is not None and self.version_table.key == key

    def inspected(self) -> InspectedTables:
        """Return the content as an inspector reflects it."""
        return InspectedTables(
            tables=self.all_tables,
            types=frozenset(self.types),
            sequences=frozenset(self.sequence_keys),
            default_schema=self.default_schema,
            name_of=self.name_of,
            views=frozenset(self.views),
        )

    def is_referred_to(self, key: TableKey) -> bool:
        """Does a foreign key of any table refer to this table, which may be unknown?"""
        return any(
            self.key(each.references_table, each.references_schema) == key
            for table in self.tables.values()
            for each in table.foreign_keys
        )

    def filled_in(self, query: str) -> list[str]:
        """Return the names of the tables with rows that a query reads."""
        if not self.filled:
            return []
        names = {token.value for token in tokens(query, self.impl.syntax) if token.is_name}
        return sorted(self.filled & (names | {name.lower() for name in names}))

    def is_table(self, name: str) -> bool:
        """Tell whether a table has this name, in any schema; one of a query is not folded."""
        tables = (*self.tables.values(), *filter(None, [self.version_table]))
        return name.lower() in {str(each.name).lower() for each in tables}

    def view_of_index(self, name: str) -> TableKey | None:
        """Return the view that has an index of this name."""
        return next((key for key, names in self.views.items() if name in names), None)

    def state(self) -> State:
        """Return the content as a value."""
        held = {key for table in self.tables.values() for key in self._types_of(table)}
        used = self.used_sequences
        return State(
            types=tuple(str(each) for key, each in self.types.items() if key not in held),
            sequences=tuple(each for key, each in self.sequences.items() if key not in used),
            child_tables={
                self.tables[key].key: self.child_table(key)
                for key in self.existing_children
                if key not in self.partitions
            },
            partitions=frozenset(qualified_name(name, schema) for schema, name in self.partitions),
        ).with_tables({each.key: each for each in self.tables.values() if not each.temporary})

    def apply(self, change: changes.Change) -> None:
        super().apply(change)
        for each in self.observers:
            each.after_change()

    def rename_table(self, table: TableSchema, name: str) -> None:
        for each in self.observers:
            each.before_rename(table, str(table.name), name, is_column=False)
        super().rename_table(table, name)

    def rename_listed(self, table: TableSchema, current: str, desired: str) -> None:
        for each in self.observers:
            each.before_rename(table, current, desired, is_column=True)
        super().rename_listed(table, current, desired)

    def drop_table(self, table: TableSchema, *, cascade: bool = False) -> None:
        super().drop_table(table, cascade=cascade)
        for each in self.observers:
            each.after_drop(table, None)

    def drop_column(self, table: TableSchema, name: str, *, cascade: bool = False) -> None:
        super().drop_column(table, name, cascade=cascade)
        for each in self.observers:
            each.after_drop(table, name)

    def create_table(self, table: TableSchema) -> None:
        """Create a table; its enum columns get the labels of the existing types."""
        if self.key(table.name, table.schema) in self.tables:
            raise MissingError(f"the table {table.key!r} already exists", table)
        table = self.merged_with_parents(self.with_table_checks(table))
        table = with_folded_keys(table) if self.impl.features.folds_keys else table
        columns = tuple(map(self.known, table.columns))
        bare = replace(self.in_default(table), columns=columns, constraints=(), indexes=())
        self.apply(changes.CreateTable(bare))
        for constraint in _once(table.constraints):
            self.add_first_constraint(self.table(table.name, table.schema), constraint)
        for index in table.indexes:
            self.alter(bare, changes.CreateIndex(index))
        self._number(self.table(table.name, table.schema), columns)
        self.check_parents(table)

    def with_table_checks(self, table: TableSchema) -> TableSchema:
        """Return a table with its columns' CHECKs, if the database does not keep them there."""
        checks = [check for column in table.columns for check in column.constraints]
        if not checks or self.impl.features.checks_in_columns:
            return table
        columns = tuple(replace(each, constraints=()) for each in table.columns)
        return replace(table, columns=columns, constraints=(*table.constraints, *checks))

    def without_checks(self, column: ColumnDef) -> tuple[ColumnDef, tuple[CheckConstraint, ...]]:
        """Return a column without its CHECKs, and these, unless the database keeps them there."""
        if not column.constraints or self.impl.features.checks_in_columns:
            return column, ()
        return replace(column, constraints=()), column.constraints

    def _number(self, table: TableSchema, columns: tuple[ColumnDef, ...]) -> None:
        """Set `autoincrement` from all constraints of the table."""
        if table.columns != columns:
            self.exchange(replace(table, columns=columns))
        self.owned.forget_table(table_key(table))
        self.create_sequences(self.table(table.name, table.schema))

    def known(self, column: ColumnDef) -> ColumnDef:
        """Return a column whose named types have the labels of the database.

        Raises:
            MissingError: there is no such type.
        """
        if not self.impl.features.named_types:
            return column
        return with_types(column, self._known)

    def _known(self, type_: DataType) -> DataType:
        key = key_of_type(type_)
        if key is None:
            return type_
        key = (self.schema(key[0]), key[1])
        if key not in self.types:
            raise MissingError(f"there is no type {key[1]!r}", type_)
        return as_known(self.types)(renamed(type_, key))

    def add_type(self, type_: DataType) -> None:
        """Create a named type."""
        schema, name = place_of_type(type_)
        key = (self.schema(schema), name)
        if key in self.types:
            raise MissingError(f"the type {key[1]!r} already exists", type_)
        self.types[key] = renamed(type_, key)

    def named_type(self, schema: str | None, name: str) -> DataType | None:
        """Return the type of a name."""
        return self.types.get((self.schema(schema), name))

    def make_types(self, column: ColumnDef) -> None:
        """Create the named types of a column that do not exist."""
        if not self.impl.features.named_types:
            return
        for each in named_in(column, self.impl.dialect.name):
            key = key_of_type(each)
            if key is None:
                continue
            key = (self.schema(key[0]), key[1])
            if key not in self.types:
                self.types[key] = renamed(each, key)

    def drop_types(self, column: ColumnDef) -> None:
        """Drop the named types of a column that no other column uses."""
        if not self.impl.features.named_types:
            return
        for each in named_in(column, self.impl.dialect.name):
            key = key_of_type(each)
            if (
                key is not None
                and each.kwargs.get("create_type", True)
                and not any(self.tables_with(key))
            ):
                self.types.pop((self.schema(key[0]), key[1]), None)

    def exchange_sequence(self, current: Sequence, desired: Sequence) -> None:
        """Replace a sequence in every column that uses it."""
        key = (self.schema(current.schema), str(current.name))
        if key in self.sequences:
            del self.sequences[key]
            self.sequences[self.schema(desired.schema), str(desired.name)] = desired
        if (at := self.owned.owner(*key)) is not None:
            self.owned[at] = replace(desired, schema=self.schema(desired.schema))
        for table in list(self.tables.values()):
            for column in table.columns:
                has = column.sequence
                if has is not None and (self.schema(has.schema), str(has.name)) == key:
                    self.alter_column(table, column.name, **_read_by(column, has, desired))

    def rename_type(self, key: TypeKey, name: str) -> None:
        """Rename a type in every column that uses it.

        Raises:
            MissingError: there is another type of that name.
        """
        if (key[0], name) in self.types:
            raise MissingError(f"the type {name!r} already exists", name)
        for each in self.observers:
            each.before_type_rename(key, name)
        self.exchange_type(key, renamed(self.types[key], (key[0], name)))

    def exchange_type(self, key: TypeKey, type_: DataType) -> None:
        """Replace a type in every column that uses it."""
        new_key = place_of_type(type_)
        types = {new_key if each == key else each: t for each, t in self.types.items()}
        self.types = {**types, new_key: type_}
        change = partial(_in_place_of, key, type_)
        self.tables = by_key(
            replace(table, columns=tuple(with_types(c, change) for c in table.columns))
            if key in self._types_of(table)
            else table
            for table in self.tables.values()
        )

    def rename_default(self, key: TypeKey, old: str, new: str) -> None:
        """Rename a label of an enum type in the defaults of its columns."""
        for table in list(self.tables_with(key)):
            for column in table.columns:
                keys = [key_of_type(each) for each in named_in(column, self.impl.dialect.name)]
                if key in keys and column.default == old:
                    now = self.table(str(table.name), table.schema)
                    self.alter_column(now, column.name, default=new)

    def tables_with(self, key: TypeKey) -> Iterator[TableSchema]:
        """Return the tables that use a type."""
        return (table for table in self.tables.values() if key in self._types_of(table))

    def _types_of(self, table: TableSchema) -> Mapping[TypeKey, DataType]:
        if not self.impl.features.named_types:
            return {}
        return types_of(table, self.impl.dialect.name)


def _once(constraints: Iterable[Constraint]) -> Iterator[Constraint]:
    """Return constraints without a repeated UNIQUE: a server makes it only once."""
    seen: set[Constraint] = set()
    for constraint in constraints:
        if not isinstance(constraint, UniqueConstraint) or constraint not in seen:
            seen.add(constraint)
            yield constraint


def _read_by(column: ColumnDef, current: Sequence, desired: Sequence) -> dict[str, object]:
    """Return the fields of a column whose sequence is replaced."""
    fields: dict[str, object] = {"sequence": desired}
    return {**fields, "default": next_of(desired)} if column.default == next_of(current) else fields


def _in_place_of(key: TypeKey, new: DataType, type_: DataType) -> DataType:
    if key_of_type(type_) != key:
        return type_
    if new.name not in ENUMS:
        return new
    kept = renamed(type_, key_of_type(new) or key)
    return DataType(kept.name, new.args, kept.kwargs)


__all__ = ["Catalogue", "MissingError", "UnknownTableError"]
