"""`DefaultDialectImpl`: the hooks as most databases need them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.schema import DropSequence

from ...datatypes import DataType
from ...schema import SQL
from .impl import Charset, DialectImpl, NamedType

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ...diff import AlterDomain, AlterEnum, AlterSequence, Change
    from ...schema import ColumnDef, Constraint, Default, Index, TableSchema
    from ...schema import Sequence as SequenceValue
    from .statement import Statement


class DefaultDialectImpl(DialectImpl):
    """A database without named types and naming rules. A subclass overrides what differs."""

    def with_dependents(
        self, changes: Sequence[Change], current: Sequence[TableSchema]
    ) -> Sequence[Change]:
        """Return the changes unchanged: no dependent is known to block them."""
        return changes

    def create_types(self, table: sa.Table) -> Sequence[Statement]:
        return ()

    def drop_types(self, table: sa.Table) -> Sequence[Statement]:
        return ()

    def drop_sequence(self, sequence: sa.Sequence) -> DropSequence:
        return DropSequence(sequence, if_exists=self.features.drop_sequence_if_exists)

    def alter_enum(self, change: AlterEnum) -> Iterable[Statement]:
        return ()

    def alter_domain(self, change: AlterDomain) -> Iterable[Statement]:
        return ()

    def existing_types(
        self, connection: Connection, types: Sequence[str]
    ) -> Mapping[str, str | None]:
        return {}

    def existing_sequences(
        self, connection: Connection, sequences: Sequence[SequenceValue]
    ) -> Mapping[SequenceValue, SequenceValue | None]:
        """Return the existing ones; their options are not read."""
        if not (sequences and self.dialect.supports_sequences):
            return {}
        inspector = sa.inspect(connection)
        return {
            each: each if inspector.has_sequence(each.name, each.schema) else None
            for each in sequences
        }

    def alter_sequence(self, change: AlterSequence) -> Iterable[Statement]:
        from .alter_sequence import alter_sequence

        return alter_sequence(self, change)

    def default_constraint_name(
        self, table: str, kind: type[Constraint], columns: Sequence[str]
    ) -> str | None:
        return None

    def find_constraint_names(
        self, connection: Connection, table: str, schema: str | None, constraint: Constraint
    ) -> Collection[str]:
        from .constraint_names import inspected_names

        return inspected_names(connection, table, schema, constraint)

    def names_of_rename(self, current: str, desired: str) -> Sequence[str]:
        return (current, desired)

    def renames_after(self, current: str, desired: str, schema: str | None) -> Iterable[Statement]:
        return ()

    def server(self) -> str | None:
        return None

    def session_queries(self, server: str | None) -> Mapping[str, object]:
        """Return nothing: the dialect sends no query whose result a script could notice."""
        return {}

    def generated_name(
        self, table: TableSchema, constraint: Constraint, taken: Collection[str]
    ) -> str | None:
        return None

    def may_generate(self, name: str) -> bool:
        return True

    def rehearse(
        self, connection: Connection, work: Callable[[Connection], None]
    ) -> list[str] | None:
        return None

    def rehearse_on(
        self, tables: Iterable[TableSchema], work: Callable[[Connection], None]
    ) -> list[str] | None:
        return None

    def serial_fields(self, table: TableSchema, column: ColumnDef) -> dict[str, object]:
        return {}

    def serial_type(self, text: str) -> str | None:
        return None

    def type_of_ddl(self, text: str, named: NamedType) -> str:
        return str(DataType("CUSTOM", (text,)))

    def implicit_indexes(self, table: TableSchema) -> Sequence[Index]:
        return ()

    def default_of_ddl(self, text: str, type_: str) -> Default:
        return SQL(text)

    def reflected_autoincrement(self, type_name: str, *, counts: bool, alone: bool) -> bool | str:
        return "auto"

    def with_charset(self, table: TableSchema, charset: Charset) -> TableSchema | None:
        return None

    def information_schema_type(self, text: str) -> tuple[str, str]:
        return text, text

    def information_schema_default(self, default: Default, type_: str) -> str | None:
        return None
