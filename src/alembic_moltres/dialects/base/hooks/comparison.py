"""The hooks of `DialectImpl` that read a database and compare it with models."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from ....schema import ColumnDef, TableSchema
from .base import Hooks

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ....diff import Change
    from ....schema import Sequence as SequenceValue
    from ..signatures import ReflectedTable
    from ..stored_objects import StoredObject


class ComparisonHooks(Hooks):
    """Reading a database, and comparing it with models."""

    def creatable(self, table: TableSchema) -> TableSchema:
        """Return the part of a table that this database can create; what is left out is logged."""
        return table

    def table_names(self, connection: Connection, schema: str | None) -> list[str]:
        """Return the tables that models may be compared with, without views, in any order.

        Partitions and tables of extensions are left out.
        """
        self.unsupported("read tables")

    def read(
        self, connection: Connection, schema: str | None, names: Collection[str]
    ) -> list[ReflectedTable]:
        """Return the tables of those names; missing ones are left out.

        If possible, the number of queries does not depend on the number of tables.
        """
        self.unsupported("read tables")

    def reflect_expected(
        self, connection: Connection, tables: Sequence[TableSchema]
    ) -> list[ReflectedTable]:
        """Return `tables` (results of `comparable`) as reflection would return them, in order.

        Nothing remains in the database. Failed probes are logged once.
        """
        self.unsupported("compare tables")

    def existing_types(
        self, connection: Connection, types: Sequence[str]
    ) -> Mapping[str, str | None]:
        """Return each of these named types as the database has it; the same value if it is equal.

        Missing ones are `None`; those that the database cannot be asked about are left out, by
        default all.
        """
        return {}

    def types_of_columns(self, connection: Connection, types: Sequence[str]) -> Collection[str]:
        """Return those of these named types that a column has, of any table in any schema."""
        return ()

    def existing_sequences(
        self, connection: Connection, sequences: Sequence[SequenceValue]
    ) -> Mapping[SequenceValue, SequenceValue | None]:
        """Return each of these sequences as it is in the database; see `existing_types`."""
        self.unsupported("read sequences")

    def stored_objects(self, connection: Connection) -> list[StoredObject]:
        """Return the views, routines, triggers, types and sequences of a database."""
        self.unsupported("read views")

    def with_dependents(
        self, changes: Sequence[Change], current: Sequence[TableSchema]
    ) -> Sequence[Change]:
        """Return the changes, with dependents that block them dropped before and added again after.

        By default an index blocks another one of its name, where those are a schema's.

        Args:
            changes: the result of `diff`.
            current: the current tables, as the models write them.
        """
        from ....diff import with_moved_names

        if not self.features.index_names_in_schema:
            return changes
        return with_moved_names(changes, keys=self.features.keys_are_indexes)

    def suggest_cast(self, current: ColumnDef, desired: ColumnDef) -> str | None:
        """Suggest SQL that converts a column for which there is no cast; `None` if there is one."""
        return None
