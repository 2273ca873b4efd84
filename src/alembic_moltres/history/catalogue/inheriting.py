"""What a change of a table does to those that inherit from it, and the other way round.

See `inherited_tables` for their values, and the manual of PostgreSQL, ALTER TABLE.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ... import diff as changes
from ...diff import TableKey
from ...diff.changes.base import table_key
from ...diff.renames import names_any_column
from ...schema import CheckConstraint, ColumnDef, FrozenMapping, TableSchema
from ...schema.base import EMPTY
from ...schema.tables import INHERITS, inherits_of
from .inheritance import (
    NO_PARENTS,
    Given,
    Inheritance,
    differences,
    merged,
    needed_columns,
    renamed_checks,
)
from .inherited_tables import InheritedTables
from .tables import MissingError


class InheritingCatalogue(InheritedTables):
    """Tables that inherit, and pass on to their child tables what changes in them."""

    only = False
    """Whether the running statement says ONLY, so that child tables stay as they are."""

    def merged_with_parents(self, table: TableSchema) -> TableSchema:
        """Return a table to create, with what its columns get from those of its parents."""
        parents = self.parents_of(table)
        if not parents:
            return table
        key = table_key(table)
        self.inheriting = {**self.inheriting, key: Inheritance(parents)}
        given = self.given_to(key).columns
        columns = [
            merged(each, given[str(each.name)]) if each.name in given else each
            for each in table.columns
        ]
        return replace(table, columns=tuple(columns))

    def apply(self, change: changes.Change) -> None:
        super().apply(change)
        if isinstance(change, changes.CreateTable):
            table = change.table
            key = table_key(table)
            if key in self.partitions:  # the name of a former one
                self._forget_partition(key)
            self.set_child(key, Inheritance(self.parents_of(table)))

    def alter(self, table: TableSchema, *inside: changes.Change) -> None:
        if not self.inheriting and not any(isinstance(each, changes.SetOptions) for each in inside):
            super().alter(table, *inside)
            return
        key = table_key(table)
        with self._passing_on(key), self._changing_parents(key):
            listed = tuple(self._listing(key, inside))
            super().alter(table, *map(changes.AddColumn, listed), *inside)
            self._borrow(key, (str(each.name) for each in listed))

    def _borrow(self, key: TableKey, names: Iterable[str]) -> None:
        child = self.inheriting.get(key)
        if child is not None:
            existing = {str(each.name) for each in self.tables[key].columns}
            borrowed = child.borrowed.union(names) & existing
            if borrowed != child.borrowed:
                self.set_child(key, replace(child, borrowed=borrowed))

    def _listing(self, key: TableKey, inside: Iterable[changes.Change]) -> Iterator[ColumnDef]:
        """Yield the inherited columns that a table must list for changes inside it."""
        if key not in self.inheriting:
            return
        given = self.given_to(key).columns
        named = {str(each.name) for each in self.tables[key].columns}
        for each in inside:
            for name in needed_columns(each):
                if name in given and name not in named:
                    named.add(name)
                    yield given[name]

    @contextmanager
    def _changing_parents(self, key: TableKey) -> Iterator[None]:
        """Give a table what it loses as a child table if its parents change in the block."""
        before = self.inheriting.get(key, NO_PARENTS)
        full = self.with_inherited(key)
        yield
        table = self.tables[key]
        parents = self.parents_of(table)
        if parents == before.parents:
            return
        self.set_child(key, replace(before, parents=parents))
        self._keep(key, full)

    def _keep(
        self,
        key: TableKey,
        full: TableSchema,
        own: Collection[str] = (),
        lost: Collection[str] = (),
    ) -> None:
        """List what a table would otherwise get from its parents in another form, or not at all.

        Args:
            key: of the table.
            full: the table as it is, with what it inherits.
            own: the columns that become its own.
            lost: those that it loses.
        """
        table, child = self.tables[key], self.inheriting.get(key, NO_PARENTS)
        listed = {str(each.name) for each in table.columns}
        now = {str(each.name): each for each in self.with_inherited(key).columns}
        columns = [
            each
            for each in full.columns
            if (name := str(each.name)) not in listed
            and name not in lost
            and (name in own or now.get(name) != each)
        ]
        names = {self.name_of(table, each) for each in self.with_inherited(key).constraints}
        checks = [each for each in full.constraints if self.name_of(full, each) not in names]
        if columns or checks:
            added = (*map(changes.AddColumn, columns), *map(changes.AddConstraint, checks))
            super().alter(table, *added)
        borrowed = {str(each.name) for each in columns} & now.keys() | child.borrowed & now.keys()
        self.set_child(key, replace(child, borrowed=frozenset(borrowed.difference(own))))

    @contextmanager
    def _passing_on(self, key: TableKey) -> Iterator[None]:
        """Pass on to the descendants of a table what changes in the block."""
        descendants = self.descendants(key) if self.inheriting else []
        before = {each: self.given_by(each) for each in (key, *descendants)} if descendants else {}
        full = {each: self.with_inherited(each) for each in descendants}
        yield
        for each in descendants:
            for parent in filter(before.get, self.inheriting[each].parents):
                given = self.given_by(parent)
                if self.only and parent == key:
                    lost = before[parent].columns.keys() - given.columns.keys()
                    self._keep(each, full[each], own=lost)
                elif given != before[parent]:
                    self._receive(each, before[parent], given, full[each])
                full[each] = self.with_inherited(each)

    def _receive(self, key: TableKey, before: Given, after: Given, full: TableSchema) -> None:
        """Carry out on a table what a parent passes on.

        Args:
            key: of the table.
            before: what the parent has passed on so far.
            after: what it passes on now.
            full: the table, with what it had inherited.
        """
        fields = {
            name: differences(old, after.columns[name])
            for name, old in before.columns.items()
            if name in after.columns
        }
        columns = tuple(replace(each, **fields.get(str(each.name), {})) for each in full.columns)
        for each, desired in zip(full.columns, columns, strict=True):
            if each != desired and each in self.tables[key].columns:
                super().alter(self.tables[key], changes.AlterColumn(each, desired))
        self._rename_checks(key, before, after)
        gone = before.columns.keys() - after.columns.keys()
        lost = {name for name in gone if self._lose(key, name)}
        checks = tuple(
            each
            for name, each in before.checks.items()
            if name not in after.checks
            and names_any_column(each, gone)
            and not names_any_column(each, lost)
        )
        self._keep(key, replace(full, columns=columns, constraints=checks), lost=lost)

    def _rename_checks(self, key: TableKey, before: Given, after: Given) -> None:
        for check, renamed in renamed_checks(before.checks, after.checks):
            table = self.tables[key]
            for each in table.constraints:
                if isinstance(each, CheckConstraint) and self.name_of(table, each) == check.name:
                    options = renamed.dialect_options
                    desired = replace(each, name=renamed.name, dialect_options=options)
                    super().alter(
                        table, changes.DropConstraint(each), changes.AddConstraint(desired)
                    )

    def _lose(self, key: TableKey, name: str) -> bool:
        """Drop a column that a parent no longer passes on, unless the table has it anyhow."""
        table, borrowed = self.tables[key], self.inheriting[key].borrowed
        listed = any(each.name == name for each in table.columns)
        if self.is_inherited(table, name) or (listed and name not in borrowed):
            return False
        if listed:
            super().drop_column(table, name)
        else:
            checks = [each for each in table.constraints if names_any_column(each, [name])]
            indexes = [each for each in table.indexes if names_any_column(each, [name])]
            drops = (*map(changes.DropConstraint, checks), *map(changes.DropIndex, indexes))
            super().alter(table, *drops)
        return True

    def drop_column(self, table: TableSchema, name: str, *, cascade: bool = False) -> None:
        self._refuse_inherited(table, name)
        super().drop_column(table, name, cascade=cascade)
        self._borrow(table_key(table), ())

    def _refuse_inherited(self, table: TableSchema, name: str) -> None:
        if self.is_inherited(table, name):
            raise MissingError(
                f"the column {name!r} of the table {table.key!r} is inherited", table
            )

    def rename_column(self, table: TableSchema, current: str, desired: str) -> None:
        self._refuse_inherited(table, current)
        self._rename_with_descendants(table, current, desired)

    def _rename_with_descendants(self, table: TableSchema, current: str, desired: str) -> None:
        key = table_key(table)
        for child in self.descendants(key) if self.inheriting else ():
            each = self.tables[child]
            listed = any(column.name == current for column in each.columns)
            items = (*each.constraints, *each.indexes)
            if not listed and any(names_any_column(item, [current]) for item in items):
                inherited = self.column(each, current)
                self.alter(each, changes.AlterColumn(inherited, inherited))  # lists it
        self.rename_listed(table, current, desired)
        for child in self.descendants(key) if self.inheriting else ():
            each = self.tables[child]
            if any(column.name == current for column in each.columns):
                self.rename_listed(each, current, desired)
                known = self.inheriting[child]
                if current in known.borrowed:
                    borrowed = known.borrowed - {current} | {desired}
                    self.set_child(child, replace(known, borrowed=borrowed))

    def rename_listed(self, table: TableSchema, current: str, desired: str) -> None:
        """Rename a column that a table lists, and not those of its child tables."""
        super().rename_column(table, current, desired)

    def drop_table(self, table: TableSchema, *, cascade: bool = False) -> None:
        key = table_key(table)
        for child in self.children(key):
            if not cascade and not self.inheriting[child].partition:
                raise MissingError(
                    f"the table {self.tables[child].key!r} inherits from {table.key!r}", table
                )
            if child in self.tables:
                self.drop_table(self.tables[child], cascade=True)
        super().drop_table(table, cascade=cascade)
        self.set_child(key, NO_PARENTS)
        self.drop_partitions(key)

    def rename_table(self, table: TableSchema, name: str) -> None:
        super().rename_table(table, name)
        self._move_children(table_key(table), (table.schema, name))

    def move_table(self, table: TableSchema, schema: str | None) -> None:
        super().move_table(table, schema)
        self._move_children(table_key(table), (self.schema(schema), str(table.name)))

    def _move_children(self, key: TableKey, new: TableKey) -> None:
        """Use another key for a table, and name it in the values of its child tables."""
        moved = {}
        for each, known in self.inheriting.items():
            parents = tuple(new if parent == key else parent for parent in known.parents)
            moved[new if each == key else each] = replace(known, parents=parents)
        self.inheriting = moved
        self.partitions = {
            new if each == key else each: new if parent == key else parent
            for each, parent in self.partitions.items()
        }
        for child in self.children(new):
            if not self.inheriting[child].partition:
                parents = self.inheriting[child].parents
                self.exchange(self._with_parents(self.tables[child], parents))

    def will_inherit(self, key: TableKey, parents: Iterable[TableKey]) -> None:
        """Let a table that is created next inherit from these; its value has no schemas."""
        self.set_child(key, Inheritance(tuple(parents)))

    def add_partition(self, key: TableKey, parent: TableKey) -> None:
        """Make a table a partition of another one.

        Raises:
            MissingError: it lacks a column.
        """
        if key in self.tables:
            self._refuse_lacking(key, parent)
        self.partitions = {**self.partitions, key: parent}
        if key in self.tables:
            names = frozenset(str(each.name) for each in self.tables[key].columns)
            self.set_child(key, Inheritance((parent,), names, partition=True))

    def _refuse_lacking(self, key: TableKey, parent: TableKey) -> None:
        table = self.with_inherited(key)
        names = {str(each.name) for each in table.columns}
        for name in self.given_by(parent).columns:
            if name not in names:
                raise MissingError(f"the table {table.key!r} has no column {name!r}", table)

    def list_partition(
        self, key: TableKey, options: dict[str, Any] | FrozenMapping[Any] = EMPTY
    ) -> None:
        """Let a partition be one of the tables, if it was created as a partition.

        Args:
            key: of the partition.
            options: its dialect options.
        """
        parent = self.partitions.get(key)
        if parent is None or key in self.tables:
            return
        self.list_partition(parent)
        self.exchange(TableSchema(key[1], (), schema=key[0], dialect_options=options))
        self.set_child(key, Inheritance((parent,), partition=True))

    def table(self, name: str, schema: str | None = None) -> TableSchema:
        """Return a table, which may be a partition that no statement has named so far."""
        self.list_partition(self.key(name, schema))
        return super().table(name, schema)

    def detach_partition(self, key: TableKey) -> None:
        """Make a partition a table of its own.

        Raises:
            MissingError: it is none, or what it has from its parent is not known.
        """
        parent = self.table(self.partitions[key][1], self.partitions[key][0])
        self.list_partition(key)
        full = self.with_inherited(key)
        self._forget_partition(key)
        self._keep(key, full)
        if parent.indexes or any(each.columns for each in parent.constraints):
            raise MissingError("the names of its keys and indexes are unknown", self.tables[key])

    def drop_partitions(self, key: TableKey) -> None:
        """Forget a partition, and those of a table that is dropped."""
        for each in [each for each, parent in self.partitions.items() if key in {each, parent}]:
            self._forget_partition(each)

    def _forget_partition(self, key: TableKey) -> None:
        self.partitions = {each: p for each, p in self.partitions.items() if each != key}
        self.set_child(key, NO_PARENTS)

    def set_parents(self, table: TableSchema, parents: tuple[TableKey, ...]) -> None:
        """Let a table inherit from these tables only.

        Raises:
            MissingError: it lacks a column of one.
        """
        key = table_key(table)
        for parent in parents:
            self._refuse_lacking(key, parent)
        child, full = self.inheriting.get(key, NO_PARENTS), self.with_inherited(key)
        self.exchange(self._with_parents(table, parents))
        self.set_child(key, replace(child, parents=parents))
        self._keep(key, full)

    def _with_parents(self, table: TableSchema, parents: Iterable[TableKey]) -> TableSchema:
        names = tuple(name for _, name in parents)
        if names == inherits_of(table):
            return table
        options = {k: v for k, v in table.dialect_options.items() if not k.endswith(INHERITS)}
        stated = {self.inherits_options[0]: names} if names else {}
        return replace(table, dialect_options=FrozenMapping({**options, **stated}))
