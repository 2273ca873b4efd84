"""What the database would say of the models' tables, with questions for what only it knows."""

from __future__ import annotations

from collections.abc import Mapping

from ...datatypes import DataType
from ...schema import SQL, ColumnDef, ForeignKeyConstraint, Sequence, TableSchema
from .catalogue import Names
from .columns import SERIAL
from .expected_items import ExpectedItems
from .expected_types import DesiredTypes, named_type
from .probe_ddl import Writer
from .probes import Kind, Probe, mentioned
from .reflection import option_signature
from .sequence_options import IDENTITY, numbers
from .unconfirmed import UnconfirmedText
from .unresolved import UnresolvedColumn, UnresolvedTable

PARTITION = "postgresql_partition_by"


class ExpectedTables:
    """Drafts tables; `questions` are those that the drafts have, each once."""

    def __init__(self, writer: Writer, types: DesiredTypes, names: Names) -> None:
        self._writer = writer
        self._types = types
        self._names = names
        self._column_types: dict[str, tuple[str | Probe, str]] = {}
        self._plain: dict[tuple[str, bool, str | None, str | None], UnresolvedColumn] = {}
        self.questions: dict[Probe, None] = {}

    def table(self, table: TableSchema) -> UnresolvedTable:
        """Return the draft of a table."""
        key = table.primary_key
        in_key = set(key.columns) if key else set()
        referring = {
            name
            for constraint in table.constraints
            if isinstance(constraint, ForeignKeyConstraint)
            for name in constraint.columns
        }
        serials = {
            column.name: serial
            for column in table.columns
            if column.name in in_key
            and (
                serial := self._writer.serial(
                    column, alone=len(in_key) == 1, referring=column.name in referring
                )
            )
        }
        types = {
            str(column.name): serials.get(column.name) or self._type(column)[1]
            for column in table.columns
        }
        items = ExpectedItems(self._writer, self._asked, types, self._names, table)
        return UnresolvedTable(
            {
                column.name: self._serial(column, serials[column.name])
                if column.name in serials
                else self._column(column, types, table.name, in_key=column.name in in_key)
                for column in table.columns
            },
            items.constraints(table.constraints),
            items.indexes(table.indexes),
            table.comment or None,
            self._options(table),
        )

    def _serial(self, column: ColumnDef, type_: str) -> UnresolvedColumn:
        return UnresolvedColumn(
            type_, nullable=False, generated=SERIAL, comment=column.comment or None
        )

    def _column(
        self, column: ColumnDef, types: Mapping[str, str], table: str, *, in_key: bool
    ) -> UnresolvedColumn:
        nullable = column.nullable and not in_key
        if column.computed is None and column.identity is None and column.sequence is None:
            return self._plain_column(column, table, nullable=nullable)
        signature, ddl = self._type(column)
        generated: str | Probe | None = None
        kind = ""
        if column.computed is not None:
            text = self._writer.expression(column.computed.expression)
            kind = "STORED" if self._writer.is_stored(column.computed) else "VIRTUAL"
            if text is not None:
                generated = self._asked(
                    Probe(Kind.GENERATED, text, ddl, mentioned(text, types), table)
                )
        elif column.identity is not None:
            counted = numbers(column.identity, ddl.lower())
            generated = f"{IDENTITY[column.identity.always]} {counted}"
        elif column.sequence is not None:
            generated = self._sequence(column.sequence, in_default=column.default is not None)
        return UnresolvedColumn(
            signature,
            nullable=nullable and column.identity is None,
            default=self._default(self._default_text(column), ddl, table),
            generated=generated,
            kind=kind,
            comment=column.comment or None,
        )

    def _plain_column(self, column: ColumnDef, table: str, *, nullable: bool) -> UnresolvedColumn:
        """Return the draft of a column that nothing generates; equal ones have one draft."""
        default = self._default_text(column)
        key = (self._writer.type_of(column), nullable, default, column.comment or None)
        found = self._plain.get(key)
        if found is None:
            signature, ddl = self._type(column)
            found = self._plain[key] = UnresolvedColumn(
                signature,
                nullable,
                default=self._default(default, ddl, table),
                comment=column.comment or None,
            )
        return found

    def _default_text(self, column: ColumnDef) -> str | None:
        default = column.default
        if default is None or (
            isinstance(default, SQL) and self._writer.expression(default) is None
        ):
            return None
        return self._writer.default(default)

    def _default(self, text: str | None, type_: str, table: str) -> Probe | None:
        if text is None:
            return None
        return self._asked(Probe(Kind.DEFAULT, text, type_, table=table))

    def _sequence(self, sequence: Sequence, *, in_default: bool) -> str | None:
        """Return what a sequence adds to a column's words.

        One that only Python code uses leaves no trace in the column: it is there or not, and its
        numbers are not compared.
        """
        schema = sequence.schema or self._names.default_schema
        called = f"SEQUENCE {schema}.{sequence.name}"
        if not in_default:
            there = sequence.optional or (schema, sequence.name) in self._names.sequences
            return None if there else called
        type_ = "bigint"
        if sequence.data_type is not None:
            type_ = self._writer.type(sequence.data_type).lower()
        return f"{called} {numbers(sequence, type_)} AS {type_}"

    def _type(self, column: ColumnDef) -> tuple[str | Probe, str]:
        """Return the words of a column's type, or the question for them, and its DDL."""
        name = self._writer.type_of(column)
        found = self._column_types.get(name)
        if found is None:
            named = named_type(name)
            if named is None:
                ddl = self._writer.type(name)
                found = self._asked(Probe(Kind.TYPE, ddl)), ddl
            else:
                array = "" if DataType.parse(name) == named else "[]"
                found = self._types.signature(named) + array, self._types.ddl(named) + array
            self._column_types[name] = found
        return found

    def _asked(self, question: Probe) -> Probe:
        self.questions.setdefault(question)
        return question

    def _options(self, table: TableSchema) -> Mapping[str, str]:
        signature = option_signature(table.dialect_options)
        if signature[PARTITION]:
            signature[PARTITION] = UnconfirmedText(signature[PARTITION], certain=True)
        return signature
