"""The changes from one replayed database to another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ...datatypes import DataType
from ...diff import (
    AlterTable,
    AnyRename,
    Change,
    RenameGeneratedNames,
    RenameTable,
    RenameType,
    TypeRename,
    as_renamed,
    diff_renamed,
)
from ...diff.changes.base import TableKey, table_key
from ...diff.inherited_changes import Child, without_inherited_changes
from ...history.catalogue.database import Catalogue
from ...history.catalogue.foreign_key_indexes import follows_table, with_named_indexes
from ...schema import TableSchema
from ...schema.named_types import NATIVE, PORTABLE, TypeKey, key_of_type, with_types
from ..scripts.effects import staying
from .free_types import free_changes
from .repeated_keys import with_repeated_keys


def changes_between(one: Catalogue, other: Catalogue, renames: Sequence[AnyRename]) -> list[Change]:
    """Return the changes from one catalogue to another.

    As for a revision of models, what blocks a change is dropped before and made again after it, and
    the names that a server generated follow.

    Args:
        one: the catalogue before.
        other: the catalogue after.
        renames: of what exists in both.
    """
    impl, syntax = one.impl, one.impl.syntax
    one, other = _with_partitions(one, other), _with_partitions(other, one)
    altered = _altered_types(one, other, renames)
    old = _with_native(staying(one).values(), altered)
    before = dict(zip(map(table_key, as_renamed(old, renames, syntax)), old, strict=True))
    after = {table_key(each): each for each in _with_native(staying(other).values(), altered)}
    stored = [_as_stored(one, each) if key in after else each for key, each in before.items()]
    current = as_renamed(stored, renames, syntax)
    desired = [
        _as_stored(other, each) if key in before else with_named_indexes(each, other.impl)
        for key, each in after.items()
    ]
    names = _GeneratedNames(one, other)
    current = [
        names.taken_over(each, was, after[key]) if key in after else each
        for (key, was), each in zip(before.items(), current, strict=True)
    ]
    children = {**_children(other), **_children(one)}
    net = without_inherited_changes(diff_renamed(current, desired, renames), children)
    first = next(
        (at for at, each in enumerate(net) if not isinstance(each, RenameTable | RenameType)),
        len(net),
    )
    net[first:first] = free_changes(one, other, renames)
    if net:
        net = list(impl.with_dependents(net, current))
    if impl.features.folds_keys:
        net = list(with_repeated_keys(net))
    return names.inserted(net)


def _with_partitions(catalogue: Catalogue, other: Catalogue) -> Catalogue:
    """Return a catalogue whose tables include the partitions that are tables of another one.

    Their values have the columns that those of the other one repeat for indexes and constraints.
    """
    missing = catalogue.partitions.keys() & other.tables.keys() - catalogue.tables.keys()
    if missing:
        catalogue = catalogue.copy()
        for key in missing:
            catalogue.list_partition(key)
            repeated = other.inheriting[key].borrowed
            columns = (each for each in other.tables[key].columns if each.name in repeated)
            catalogue.exchange(replace(catalogue.tables[key], columns=tuple(columns)))
    return catalogue


def _as_stored(catalogue: Catalogue, table: TableSchema) -> TableSchema:
    """Return a table with the names that the server gave its foreign keys, and their indexes."""
    made = catalogue.impl.implicit_indexes(table)
    if not made and not any(follows_table(catalogue.impl, each) for each in table.constraints):
        return table
    named = tuple(
        replace(each, name=catalogue.name_of(table, each))
        if follows_table(catalogue.impl, each)
        else each
        for each in table.constraints
    )
    return replace(table, constraints=named, indexes=(*table.indexes, *made))


def _children(catalogue: Catalogue) -> dict[TableKey, Child]:
    children = {key: catalogue.child_table(key) for key in catalogue.existing_children}
    return {key: Child(each.parents, own=each.own) for key, each in children.items()}


def _with_native(tables: Iterable[TableSchema], altered: Collection[TypeKey]) -> list[TableSchema]:
    """Return tables with the database's own type for enums whose labels change.

    A portable type is none of the database, so its labels belong to the column.
    """

    def native(type_: DataType) -> DataType:
        if type_.name != PORTABLE or key_of_type(type_) not in altered:
            return type_
        kept = {key: type_.kwargs[key] for key in ("name", "schema") if key in type_.kwargs}
        return DataType(NATIVE, type_.args, kept)

    return [
        replace(each, columns=tuple(with_types(column, native) for column in each.columns))
        for each in tables
    ]


@dataclass(slots=True)
class _GeneratedNames:
    """The new names that a server generated, by table: it keeps them when something is renamed."""

    one: Catalogue
    other: Catalogue
    _names: dict[TableKey, RenameGeneratedNames] = field(default_factory=dict)

    def taken_over(self, table: TableSchema, was: TableSchema, desired: TableSchema) -> TableSchema:
        """Return a table whose constraints have the names that the desired one states.

        Args:
            table: before, with the names of columns and tables after.
            was: the same table with all names before.
            desired: the table after.
        """
        if was.name == table.name and _column_names(was) == _column_names(table):
            return table
        impl = self.one.impl
        waiting = list(desired.constraints)
        constraints = list(table.constraints)
        names = {}
        for at, (each, former) in enumerate(zip(constraints, was.constraints, strict=True)):
            nameless = replace(each, name=None)
            same = next((c for c in waiting if replace(c, name=None) == nameless), None)
            old = self.one.name_of(was, former)
            if same is None:
                kept = old != self.one.name_of(table, each) and not follows_table(impl, each)
                constraints[at] = replace(each, name=old) if kept else each
                continue
            waiting.remove(same)
            if None not in {each.name, same.name} or not impl.features.keeps_generated_names:
                continue
            constraints[at] = same
            new = self.other.name_of(desired, same)
            if old is not None and new is not None and old != new:
                names[old] = new
        sequences = dict(self._sequences(table, was))
        if names or sequences:
            self._names[table_key(table)] = RenameGeneratedNames(names, sequences)
        return replace(table, constraints=tuple(constraints))

    def _sequences(self, table: TableSchema, was: TableSchema) -> Iterator[tuple[str, str]]:
        """Yield the old and the new name of each sequence that a column keeps."""
        for column, former in zip(table.columns, was.columns, strict=True):
            old = self.one.owned.get((table_key(was), str(former.name)))
            new = self.other.owned.get((table_key(table), str(column.name)))
            if old is not None and new is not None and old.name != new.name:
                yield str(old.name), str(new.name)

    def inserted(self, net: Sequence[Change]) -> list[Change]:
        """Return the changes with these names: after the renames that they depend on."""
        waiting = dict(self._names)
        result: list[Change] = []
        behind: list[Change] = []
        for change in net:
            if isinstance(change, RenameTable):
                behind += _alone(waiting, (change.schema, change.desired))
            else:
                result, behind = [*result, *behind], []
            result.append(_with_names(change, waiting))
        rest = [each for key in list(waiting) for each in _alone(waiting, key)]
        return [*result, *behind, *rest]


def _column_names(table: TableSchema) -> list[str]:
    return [str(each.name) for each in table.columns]


def _alone(waiting: dict[TableKey, RenameGeneratedNames], key: TableKey) -> list[Change]:
    names = waiting.pop(key, None)
    schema, table = key
    return [] if names is None else [AlterTable(table, schema, (names,))]


def _with_names(change: Change, waiting: dict[TableKey, RenameGeneratedNames]) -> Change:
    """Return a block that renames columns with the new names after the last of them."""
    if not isinstance(change, AlterTable) or not change.renamed_columns:
        return change
    names = waiting.pop(change.key, None)
    return change if names is None else change.with_names_after_renames([names])


def _altered_types(one: Catalogue, other: Catalogue, renames: Iterable[AnyRename]) -> set[TypeKey]:
    """Return the enum types whose labels change, under both names of a renamed one."""
    names = {
        (each.schema, each.current): (each.schema, each.desired)
        for each in renames
        if isinstance(each, TypeRename)
    }
    pairs = ((key, names.get(key, key)) for key in one.types)
    return {
        key
        for pair in pairs
        if pair[1] in other.types and one.types[pair[0]].args != other.types[pair[1]].args
        for key in pair
    }
