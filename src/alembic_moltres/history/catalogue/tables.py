"""The tables of the replayed database.

The side effects of a statement are included: names of unnamed constraints, the dependents of a
dropped column, the references to a renamed one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from ... import diff as changes
from ...convert import schema_to_table
from ...convert.names import kept_name
from ...dialects.base.impl import DialectImpl
from ...diff import TableKey
from ...diff.changes.base import by_key, table_key
from ...diff.renames import as_renamed, names_any_column
from ...errors import OperationError, SchemaError
from ...schema import (
    ColumnDef,
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
)
from ...schema.names import qualified_name
from . import foreign_key_indexes
from .autoincrement import OwnedSequences, in_key, kept, with_stated
from .moved_table import moved, refers
from .names import NamesOfSchemas, name_of, names_of


class MissingError(OperationError):
    """A statement names something that does not exist; a server would reject it.

    Its `subject` is the table, if it is known.
    """


class UnknownTableError(MissingError):
    """A statement names a table that no script creates; its `subject` is the table's key."""


class TableCatalogue:
    """Tables of a database with this impl; see the module."""

    def __init__(self, impl: DialectImpl) -> None:
        self.impl = impl
        self.tables: Mapping[TableKey, TableSchema] = {}
        self.dropped_with_keys: set[tuple[str, str]] = set()
        self.orphaned_indexes: dict[TableKey, set[str]] = {}  # of keys, stated in values
        self.owned = OwnedSequences(impl)
        self._names = NamesOfSchemas(self.name_of)

    def restore_tables(self, other: TableCatalogue) -> None:
        """Take the tables of another catalogue."""
        self.tables = other.tables
        self.dropped_with_keys = set(other.dropped_with_keys)
        self.orphaned_indexes = {key: set(each) for key, each in other.orphaned_indexes.items()}
        self.owned = other.owned.copy()

    @property
    def default_schema(self) -> str | None:
        """The schema that statements need not name."""
        return self.impl.dialect.default_schema_name

    def schema(self, name: str | None) -> str | None:
        """Return a schema, `None` for the default one."""
        return None if name == self.default_schema else name

    def key(self, name: str, schema: str | None) -> TableKey:
        """Return the key of a table."""
        return self.schema(schema), str(name)

    def table(self, name: str, schema: str | None = None) -> TableSchema:
        """Return a table.

        Raises:
            UnknownTableError: there is none.
        """
        key = self.key(name, schema)
        if key not in self.tables:
            shown = qualified_name(key[1], key[0])
            raise UnknownTableError(f"no script creates the table {shown!r}", shown)
        return self.tables[key]

    def apply(self, change: changes.Change) -> None:
        """Carry out a change of tables.

        Raises:
            MissingError: the database would reject it.
        """
        try:
            self.tables = change.apply(self.tables)
        except SchemaError as err:
            key = change.key if isinstance(change, changes.AlterTable) else None
            raise MissingError(str(err.args[0]), self.tables.get(key) if key else None) from err

    def alter(self, table: TableSchema, *inside: changes.Change) -> None:
        """Carry out changes inside a table."""
        change = changes.AlterTable(table.name, table.schema, inside)
        for each in inside:
            if isinstance(each, changes.CreateIndex):
                self.drop_orphaned_index(self.tables.get(change.key, table), each.index.name)
        before = self.tables.get(change.key)
        self.apply(change)
        if before is not None:
            self._keep_numbers(before, inside)
        made = [each.constraint for each in inside if isinstance(each, changes.AddConstraint)]
        keys = [each.columns for each in made if isinstance(each, ForeignKeyConstraint)]
        self._drop_orphaned_indexes(change.key, keys)

    def _keep_numbers(self, before: TableSchema, inside: Sequence[changes.Change]) -> None:
        """Keep `autoincrement` through changes of other items."""
        table = self.tables[table_key(before)]
        stated = kept(before, table, inside)
        if stated:
            self.exchange(with_stated(table, stated))

    def create_sequences(self, table: TableSchema) -> None:
        """Create the sequences of the columns of a table that autoincrement and have none."""
        self.owned.create_for(table, self.taken_names(table))

    def in_default(self, table: TableSchema) -> TableSchema:
        """Return a table without the schema that statements need not name."""
        schema = self.schema(table.schema)
        return table if schema == table.schema else replace(table, schema=schema)

    def drop_table(self, table: TableSchema, *, cascade: bool = False) -> None:
        """Drop a table; with `cascade` also the foreign keys of other tables to it."""
        self.apply(changes.DropTable(table))
        self.owned.forget_table(table_key(table))
        if cascade:
            self.drop_keys_to(table)

    def rename_table(self, table: TableSchema, name: str) -> None:
        """Rename a table; its constraints keep the names that the server gave them, as a rule."""
        self._fix_names(table, replace(table, name=name))
        self.apply(changes.RenameTable(table.name, name, table.schema))
        self.owned.rename_table(table_key(table), (table.schema, name))
        self.orphaned_indexes[table.schema, name] = self.orphaned_indexes.pop(
            table_key(table), set()
        )

    def move_table(self, table: TableSchema, schema: str | None) -> None:
        """Move a table to another schema, with the sequences of its columns."""
        schema = self.schema(schema)
        if (schema, str(table.name)) in self.tables:
            shown = qualified_name(table.name, schema)
            raise MissingError(f"the table {shown!r} already exists", table)
        self.tables = by_key(moved(each, table, schema) for each in self.tables.values())
        self.owned.move_table(table_key(table), (schema, str(table.name)))

    def rename_column(self, table: TableSchema, current: str, desired: str) -> None:
        """Rename a column, and in all references to it."""
        if all(each.name != current for each in table.columns):
            raise MissingError(f"there is no column {current!r} in the table {table.key!r}", table)
        table = self._with_index_of_key(table, current)
        renamed = changes.RenameColumn(current, desired)
        altered = changes.AlterTable(table.name, table.schema, (renamed,))
        self._fix_names(table, altered.apply(self.tables)[altered.key])
        rename = changes.ColumnRename(str(table.name), current, desired, table.schema)
        # not `apply`: the new name is quoted as this database quotes
        self.tables = by_key(as_renamed(self.tables.values(), [rename], self.impl.syntax))
        self.owned.rename_column(altered.key, current, desired)
        self._drop_orphaned_indexes(altered.key)

    def _with_index_of_key(self, table: TableSchema, column: str) -> TableSchema:
        """Create the index that MySQL and MariaDB named like a foreign key's column.

        It keeps that name when the column is renamed.
        """
        for index in foreign_key_indexes.named_like(column, table, self.impl):
            if (table.key, index.name) not in self.dropped_with_keys:
                self._keep_generated(table, index)
        return self.table(table.name, table.schema)

    def _fix_names(self, before: TableSchema, after: TableSchema) -> None:
        """Set the names of constraints for which a server would generate another name now."""
        made_after = dict(zip(before.constraints, after.constraints, strict=True))
        for constraint, later in made_after.items():
            name = self.name_of(before, constraint)
            if foreign_key_indexes.follows_table(self.impl, constraint):
                named = replace(
                    constraint, name=foreign_key_indexes.renamed_key(constraint.name, before, after)
                )
                self._exchange(self.table(before.name, before.schema), constraint, named)
            elif constraint.name is None and name != self.name_of(after, later):
                table = self.table(before.name, before.schema)
                self._exchange(table, constraint, replace(constraint, name=name))

    def _exchange(self, table: TableSchema, old: Constraint, new: Constraint) -> None:
        kept = tuple(new if each is old or each == old else each for each in table.constraints)
        self.exchange(replace(table, constraints=kept))

    def exchange(self, table: TableSchema) -> None:
        """Replace the table of the same name."""
        self.tables = {**self.tables, table_key(table): table}

    def name_of(self, table: TableSchema, item: Constraint | Index) -> str | None:
        """Return the name that the database has; see `names.name_of`."""
        return name_of(self.impl, table, item)

    def add_constraint(self, table: TableSchema, constraint: Constraint) -> None:
        """Add a constraint to an existing table.

        Unlike in CREATE TABLE, a primary key makes no column autoincrement; a SERIAL does already.
        """
        if isinstance(constraint, PrimaryKeyConstraint):
            for name in constraint.columns:
                column = self.column(table, name)
                owned = self.owned.get((table_key(table), str(name)))
                fields = in_key(self.impl, table, column, owned)
                if constraint.columns[1:] and not fields.get("autoincrement"):
                    fields = {}
                now = self.table(table.name, table.schema)
                self.alter_column(now, name, nullable=False, **fields)
        self.add_first_constraint(self.table(table.name, table.schema), constraint)
        if isinstance(constraint, PrimaryKeyConstraint):
            self.create_sequences(self.table(table.name, table.schema))

    def add_first_constraint(self, table: TableSchema, constraint: Constraint) -> None:
        """Add a constraint; a generated name that depends on other names is stated."""
        if isinstance(constraint, ForeignKeyConstraint):
            constraint = self._in_default_key(constraint)
        if constraint.name is None:
            first = self.impl.generated_name(table, constraint, ())
            is_numbered = foreign_key_indexes.follows_table(self.impl, constraint)  # after keys
            others = replace(table, indexes=()) if is_numbered else table
            made = self.impl.generated_name(table, constraint, self.taken_names(others))
            stated = constraint if made == first else replace(constraint, name=made)
            self.alter(table, changes.AddConstraint(stated))
            return
        self.alter(table, changes.AddConstraint(constraint))
        now = self.table(table.name, table.schema)
        for index in foreign_key_indexes.named_like_key(constraint, now, self.impl):
            self._keep_generated(table, index)

    def _in_default_key(self, key: ForeignKeyConstraint) -> ForeignKeyConstraint:
        schema = self.schema(key.references_schema)
        return key if schema == key.references_schema else replace(key, references_schema=schema)

    def taken_names(self, table: TableSchema) -> Collection[str]:
        """Return the names that are taken for constraints of a table.

        On a database with named types, those of the whole schema; else those of the table.
        """
        if not self.impl.features.named_types:
            return names_of(table, self.name_of)
        return self._names.of_schema(table.schema, self.tables)

    def drop_constraint(self, table: TableSchema, constraint: Constraint) -> None:
        """Drop a constraint; a column that autoincrements because of it keeps its sequence."""
        counting = None
        if isinstance(constraint, PrimaryKeyConstraint):
            counting = schema_to_table(table, sa.MetaData()).autoincrement_column
        self.alter(table, changes.DropConstraint(constraint))
        if isinstance(constraint, ForeignKeyConstraint) and self.impl.features.keys_create_indexes:
            self._keep_index(self.table(table.name, table.schema), constraint)
        if counting is None:
            return
        column = self.column(table, counting.name)
        fields = self.owned.fields_without_key(table, column)
        if fields:
            self.alter_column(self.table(table.name, table.schema), column.name, **fields)

    def _keep_index(self, table: TableSchema, key: ForeignKeyConstraint) -> None:
        """Keep the index that MySQL and MariaDB created for a foreign key, if there is one."""
        generated = key.name is None or foreign_key_indexes.is_generated(key.name, table)
        index = Index(str(key.columns[0] if generated else key.name), key.columns)
        if (table.key, index.name) in self.dropped_with_keys:
            self.dropped_with_keys.discard((table.key, index.name))
        elif not (
            foreign_key_indexes.has_index(table, index.name)
            or foreign_key_indexes.is_redundant(table, index, self.impl)
        ):
            self._keep_generated(table, index)

    def _keep_generated(self, table: TableSchema, index: Index) -> None:
        """Create an index that the server created for a foreign key, until another replaces it."""
        self.alter(table, changes.CreateIndex(index))
        self.orphaned_indexes.setdefault(table_key(table), set()).add(index.name)

    def drop_orphaned_index(self, table: TableSchema, name: str) -> None:
        """Drop the index that a dropped foreign key left, as operations of this package do."""
        for index in table.indexes:
            if index.name == name and name in self.orphaned_indexes.get(table_key(table), ()):
                self.alter(table, changes.DropIndex(index))

    def _drop_orphaned_indexes(self, key: TableKey, keys: Iterable[Sequence[str]] = ()) -> None:
        """Drop the indexes of dropped foreign keys once another has the same first columns."""
        table, names = self.tables.get(key), self.orphaned_indexes.get(key, set[str]())
        indexes = () if table is None or not names else table.indexes
        names.intersection_update([each.name for each in indexes])
        for index in indexes:
            now = self.tables[key]
            if index.name in names and (
                foreign_key_indexes.replaces(keys, index)
                or foreign_key_indexes.has_other_index(now, index, self.impl)
            ):
                names.discard(index.name)
                self.alter(self.tables[key], changes.DropIndex(index))

    def constraint(self, table: TableSchema, name: str) -> Constraint | None:
        """Return the constraint of that name, also if the name is generated."""
        kept = kept_name(name, self.impl.dialect)
        return next((each for each in table.constraints if self.name_of(table, each) == kept), None)

    def index(
        self, name: str, schema: str | None = None, on: str | None = None
    ) -> tuple[TableSchema, Index] | None:
        """Return the index of that name with its table.

        Args:
            name: of the index.
            schema: if `None`, other schemas are searched after the default one.
            on: its table, where each table has names of its own.
        """
        wanted, kept = self.schema(schema), kept_name(name, self.impl.dialect)
        own = on if self.impl.features.unique_is_index else None
        found = [
            (table, index)
            for table in self.tables.values()
            for index in table.indexes
            if self.name_of(table, index) == kept
            and (schema is None or table.schema == wanted)
            and (own is None or table.name == own)
        ]
        return min(found, key=lambda each: each[0].schema is not None, default=None)

    def add_column(self, table: TableSchema, column: ColumnDef) -> None:
        """Add a column to an existing table."""
        self.alter(table, changes.AddColumn(column))
        self.create_sequences(self.table(table.name, table.schema))

    def drop_column(self, table: TableSchema, name: str, *, cascade: bool = False) -> None:
        """Drop a column, and the keys and indexes over it; MySQL's keep their other columns."""
        column = self.column(table, name)
        indexes = [each for each in table.indexes if names_any_column(each, [name])]
        constraints = [each for each in table.constraints if names_any_column(each, [name])]
        drops = (*map(changes.DropIndex, indexes), *map(changes.DropConstraint, constraints))
        narrowed: list[changes.Change] = []
        if self.impl.features.unique_is_index:
            narrowed += map(changes.CreateIndex, foreign_key_indexes.without_column(name, indexes))
        self.alter(table, *drops, changes.DropColumn(column), *narrowed)
        self.owned.pop((table_key(table), name), None)
        if cascade:
            self.drop_keys_to(table, lambda columns: name in columns)

    def drop_keys_to(
        self, table: TableSchema, needs: Callable[[tuple[str, ...]], bool] = bool
    ) -> None:
        """Drop the foreign keys of all tables that refer to a table.

        Args:
            table: which may be gone.
            needs: tells whether a key that refers to these columns is one of them; all by default.
        """
        for other in list(self.tables.values()):
            for key in other.constraints:
                if (
                    isinstance(key, ForeignKeyConstraint)
                    and refers(key, table)
                    and needs(key.references_columns)
                ):
                    self.drop_constraint(other, key)

    def column(self, table: TableSchema, name: str) -> ColumnDef:
        """Return a column.

        Raises:
            MissingError: there is none.
        """
        for each in table.columns:
            if each.name == name:
                return each
        raise MissingError(f"there is no column {name!r} in the table {table.key!r}", table)

    def alter_column(self, table: TableSchema, name: str, **fields: object) -> None:
        """Change fields of a column."""
        current = self.column(table, name)
        desired = replace(current, **fields)  # type: ignore[arg-type]
        self.alter(table, changes.AlterColumn(current, desired))
        if desired.identity is not None and current.identity is None:
            self.create_sequences(self.table(table.name, table.schema))

    def forget_temporary(self) -> None:
        """Drop the temporary tables, as the end of a session does."""
        self.tables = {k: each for k, each in self.tables.items() if not each.temporary}
