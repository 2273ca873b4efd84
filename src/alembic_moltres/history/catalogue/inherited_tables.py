"""Tables that inherit (PostgreSQL's INHERITS), with what they have from their parents.

The value of such a table lists the columns and CHECKs that it declares itself, as its script does;
the others come from its parents' values (the manual, "Inheritance"). So what a parent gains is no
change of its child tables' values. A column that the child alone alters, or that its keys and
indexes use, is listed too; it is `borrowed`, and goes with the parent's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ...convert import lineage
from ...dialects.base.impl import DialectImpl
from ...diff import TableKey
from ...diff.changes.base import table_key
from ...schema import CheckConstraint, ColumnDef, TableSchema
from ...schema.base import EMPTY
from ...schema.tables import INHERITS, inherits_of
from ..state import ChildTable
from .autoincrement import numbered
from .inheritance import NO_PARENTS, Given, Inheritance, merged
from .tables import MissingError, TableCatalogue


class InheritedTables(TableCatalogue):
    """Tables that may inherit from each other; see the module.

    Attributes:
        inheriting: the tables that inherit, by key; attached partitions too.
        partitions: the tables that are partitions, with their parents; only attached ones have a
            value, the others are what their parent is.
    """

    def __init__(self, impl: DialectImpl) -> None:
        super().__init__(impl)
        self.inheriting: Mapping[TableKey, Inheritance] = {}
        self.partitions: Mapping[TableKey, TableKey] = {}
        self.inherits_options = [f"{name}{INHERITS}" for name in lineage(impl.dialect)]

    def restore_tables(self, other: TableCatalogue) -> None:
        super().restore_tables(other)
        if isinstance(other, InheritedTables):
            self.inheriting, self.partitions = other.inheriting, other.partitions

    @property
    def existing_children(self) -> list[TableKey]:
        """The tables that inherit."""
        return [key for key in self.inheriting if key in self.tables]

    def child_table(self, key: TableKey) -> ChildTable:
        """Return a table that inherits as a value."""
        table, child, given = self.tables[key], self.inheriting[key], self.given_to(key)
        own = {str(each.name) for each in table.columns} - child.borrowed
        own |= {name for each in table.constraints if (name := self.name_of(table, each))}
        inherited = frozenset({*given.columns, *given.checks})
        return ChildTable(self.with_inherited(key), child.parents, inherited, frozenset(own))

    def children(self, key: TableKey) -> list[TableKey]:
        """Return the tables that inherit from one directly."""
        return [each for each in self.existing_children if key in self.inheriting[each].parents]

    def descendants(self, key: TableKey) -> list[TableKey]:
        """Return all that inherit from a table, parents first."""
        found = [key]
        for each in found:  # grows
            found += self.children(each)
        return [each for n, each in enumerate(found) if n and each not in found[n + 1 :]]

    def with_descendants(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return tables and all that inherit from them, which are uncertain when these are."""
        named = tuple(names)
        descendants = (
            self.tables[child].key
            for key, table in (self.tables.items() if self.inheriting else ())
            if table.key in named
            for child in self.descendants(key)
        )
        return tuple(dict.fromkeys((*named, *descendants)))

    def parents(self, key: TableKey) -> tuple[TableKey, ...]:
        """Return the tables that one inherits from."""
        return self.inheriting[key].parents if key in self.inheriting else ()

    def with_inherited(self, key: TableKey) -> TableSchema:
        """Return a table with what it has from its parents."""
        table = self.tables[key]
        if key not in self.inheriting:
            return table
        given = self.given_to(key)
        own = {str(each.name): each for each in table.columns}
        columns = [own.pop(name, each) for name, each in given.columns.items()]
        names = {self.name_of(table, each) for each in table.constraints}
        checks = (each for name, each in given.checks.items() if name not in names)
        return replace(
            table,
            columns=(*columns, *own.values()),
            constraints=(*table.constraints, *checks),
        )

    def given_to(self, key: TableKey) -> Given:
        """Return what the parents of a table pass on to it, merged as the server does."""
        columns: dict[str, ColumnDef] = {}
        checks: dict[str, CheckConstraint] = {}
        child = self.inheriting.get(key)
        for parent in () if child is None else child.parents:
            given = self.given_by(parent)
            for name, column in given.columns.items():
                columns[name] = merged(columns[name], column) if name in columns else column
            checks |= given.checks
        return Given(columns, checks)

    def given_by(self, key: TableKey) -> Given:
        """Return what a table passes on."""
        if key not in self.tables:
            return Given(EMPTY, EMPTY)
        table = self.with_inherited(key)
        counting = {each.name for each in numbered(table) if each.identity is None}
        key_columns = () if table.primary_key is None else table.primary_key.columns
        columns = {}
        for each in table.columns:
            fields: dict[str, Any] = {"identity": None, "comment": None, "autoincrement": "auto"}
            if each.identity is not None or each.name in key_columns:
                fields["nullable"] = False
            if each.name in counting:
                fields |= self.owned.fields_without_key(table, each)
            columns[str(each.name)] = replace(each, **fields)
        named = ((self.name_of(table, each), each) for each in table.constraints)
        checks = {
            name: replace(each, name=name, comment=None)
            for name, each in named
            if name is not None and isinstance(each, CheckConstraint)
        }
        return Given(columns, checks)

    def is_inherited(self, table: TableSchema, name: str) -> bool:
        """Tell whether a table has a column of this name from a parent."""
        return bool(self.inheriting) and name in self.given_to(table_key(table)).columns

    def has_column(self, table: TableSchema, name: str) -> bool:
        """Tell whether a table has a column, its own or an inherited one."""
        return any(each.name == name for each in table.columns) or self.is_inherited(table, name)

    def column(self, table: TableSchema, name: str) -> ColumnDef:
        if self.inheriting and all(each.name != name for each in table.columns):
            inherited = self.given_to(table_key(table)).columns.get(name)
            if inherited is not None:
                return inherited
        return super().column(table, name)

    def parents_of(self, table: TableSchema) -> tuple[TableKey, ...]:
        """Return the tables that one names as its parents."""
        known = self.inheriting.get(table_key(table), NO_PARENTS)
        if known.partition:
            return known.parents
        if not any(option in table.dialect_options for option in self.inherits_options):
            return ()
        parents = []
        for name in inherits_of(table):
            found = (key for key in known.parents if key[1] == name)
            default = (None, name) if (None, name) in self.tables else (table.schema, name)
            parents.append(next(found, default))
        return tuple(parents)

    def set_child(self, key: TableKey, child: Inheritance) -> None:
        """Record what a table inherits from; nothing if it has no parents."""
        others = {each: other for each, other in self.inheriting.items() if each != key}
        self.inheriting = {**others, key: child} if child.parents else others

    def check_parents(self, table: TableSchema) -> None:
        """Check that the parents of a table are known.

        Raises:
            MissingError: no script creates one.
        """
        for parent in self.parents(table_key(table)):
            if parent not in self.tables:
                raise MissingError(f"no script creates its parent {parent[1]!r}", table)
