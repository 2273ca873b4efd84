"""The models' columns: their probes and their signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...datatypes import DataType
from ...schema import SQL, ColumnDef, Sequence, TableSchema
from ..base.probes import Kind, Probe, ProbeResults, ProbeSet
from ..base.signatures import ColumnSignature, Text, UnconfirmedText
from .catalogue import CatalogueRow, Names
from .columns import (
    SEQUENCE,
    SERIAL,
    column_signature,
    default_signature,
    generated_signature,
    identity_signature,
    sequence_signature,
    type_signature,
)
from .named_types import ByOid, DesiredTypes, Domain, named_type
from .probe_ddl import ProbeWriter
from .probes import mentioned_columns
from .sequence_options import numbers
from .unconfirmed import constant, unconfirmed


def _is_sequence(_: str, current: str) -> bool:
    return current.startswith(SEQUENCE)


NEXTVAL = "nextval("
SOME_SEQUENCE = UnconfirmedText(SEQUENCE, _is_sequence)
"""The signature of a default `nextval('...')` in a model without a `Sequence`."""


@dataclass(frozen=True, slots=True)
class DomainType:
    """A domain, or an array of one; its definition is probed."""

    domain: Domain
    array: str
    probe: Probe | None


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedColumn:
    """The parts of a column's signature; a probe for each part that the database normalises."""

    type: str | Probe | DomainType
    nullable: bool
    default: Probe | None = None
    generated: Text | Probe | None = None
    stored: bool = False
    comment: str | None = None


class ExpectedColumns:
    """Collects the probes of columns; equal columns share them."""

    def __init__(
        self,
        writer: ProbeWriter,
        probes: ProbeSet,
        types: DesiredTypes,
        names: Names,
    ) -> None:
        self._writer = writer
        self._probes = probes
        self._types = types
        self._names = names
        self._column_types: dict[str, tuple[str | Probe | DomainType, str]] = {}
        self._plain: dict[tuple[str, bool, str | None, str | None], ExpectedColumn] = {}

    def types(self, table: TableSchema) -> tuple[dict[str, str], dict[str, str]]:
        """Return the types of a table's columns as DDL; the second has those of SERIALs only."""
        key = table.primary_key
        in_key = set(key.columns) if key else set()
        referring = {name for each in table.foreign_keys for name in each.columns}
        serials: dict[str, str] = {}
        for column in table.columns:
            if column.name in in_key:
                serial = self._writer.serial(
                    column, alone=len(in_key) == 1, referring=column.name in referring
                )
                serials |= {column.name: serial} if serial else {}
        types = {
            str(column.name): serials.get(column.name) or self._type(column)[1]
            for column in table.columns
        }
        return types, serials

    def columns(
        self, table: TableSchema, types: Mapping[str, str], serials: Mapping[str, str]
    ) -> list[tuple[ColumnDef, ExpectedColumn]]:
        """Return the table's columns, each with its probes.

        Args:
            table: the table.
            types: the result of `types`.
            serials: those of SERIALs.
        """
        key = table.primary_key
        in_key = set(key.columns) if key else set()
        return [
            (
                column,
                ExpectedColumn(
                    serials[column.name],
                    nullable=False,
                    generated=SERIAL,
                    comment=column.comment or None,
                )
                if column.name in serials
                else self._column(column, types, table.name, in_key=column.name in in_key),
            )
            for column in table.columns
        ]

    def _column(
        self, column: ColumnDef, types: Mapping[str, str], table: str, *, in_key: bool
    ) -> ExpectedColumn:
        nullable = column.nullable and not in_key
        if column.computed is None and column.identity is None and column.sequence is None:
            return self._plain_column(column, table, nullable=nullable)
        signature, ddl = self._type(column)
        generated: Text | Probe | None = None
        stored = False
        if column.computed is not None:
            text = self._writer.expression(column.computed.expression)
            stored = self._writer.is_stored(column.computed)
            if text is not None:
                columns = mentioned_columns(text, types)
                generated = self._probes.add(Probe(Kind.GENERATED, text, ddl, columns, table=table))
        elif column.identity is not None:
            counted = numbers(column.identity, ddl.lower())
            generated = identity_signature(counted, always=column.identity.always)
        elif column.sequence is not None:
            generated = self._sequence(column.sequence, in_default=column.default is not None)
        return ExpectedColumn(
            signature,
            nullable=nullable and column.identity is None,
            default=self._default(self._default_text(column), ddl, table),
            generated=generated,
            stored=stored,
            comment=column.comment or None,
        )

    def _plain_column(self, column: ColumnDef, table: str, *, nullable: bool) -> ExpectedColumn:
        """Return a column that is neither an identity nor computed nor autoincrement."""
        default = self._default_text(column)
        key = (self._writer.type_of(column), nullable, default, column.comment or None)
        plain = self._plain.get(key)
        if plain is None:
            signature, ddl = self._type(column)
            plain = self._plain[key] = ExpectedColumn(
                signature,
                nullable,
                default=self._default(default, ddl, table),
                comment=column.comment or None,
            )
        return plain

    def _default_text(self, column: ColumnDef) -> str | None:
        default = column.default
        if default is None or (
            isinstance(default, SQL) and self._writer.expression(default) is None
        ):
            return None
        return self._writer.default_of(default)

    def _default(self, text: str | None, type_: str, table: str) -> Probe | None:
        if text is None:
            return None
        return self._probes.add(Probe(Kind.DEFAULT, text, type_, table=table))

    def _sequence(self, sequence: Sequence, *, in_default: bool) -> str | None:
        """Return the part of a column's signature that is its sequence.

        A sequence that only Python code uses is not visible in the column: only its existence is
        compared, not its options.
        """
        schema = sequence.schema or self._names.schema_of(sequence.name)
        if not in_default:
            exists = sequence.optional or (schema, sequence.name) in self._names.sequences
            return None if exists else f"SEQUENCE {schema}.{sequence.name}"
        type_ = "bigint"
        if sequence.data_type is not None:
            type_ = self._writer.type(sequence.data_type).lower()
        return sequence_signature(schema, sequence.name, numbers(sequence, type_), type_)

    def _type(self, column: ColumnDef) -> tuple[str | Probe | DomainType, str]:
        """Return the signature of a column's type, or what is probed for it, and its DDL."""
        name = self._writer.type_of(column)
        known = self._column_types.get(name)
        if known is None:
            named = named_type(name)
            if named is None:
                ddl = self._writer.type(name)
                known = self._probes.add(Probe(Kind.TYPE, ddl)), ddl
            else:
                array = "" if DataType.parse(name) == named else "[]"
                signature = self._types.signature(named)
                if isinstance(signature, Domain):
                    twin = signature.twin
                    probe = None if twin is None else self._probes.add(Probe(Kind.TYPE, twin))
                    known = DomainType(signature, array, probe), self._types.ddl(named) + array
                else:
                    known = signature + array, self._types.ddl(named) + array
            self._column_types[name] = known
        return known


class ColumnSignatures:
    """Makes the signatures of the models' columns from the results of probes."""

    def __init__(self, results: ProbeResults[CatalogueRow], named: ByOid) -> None:
        self._results = results
        self._named = named
        self._made: dict[ExpectedColumn, ColumnSignature] = {}

    def signature(self, expected: ExpectedColumn) -> ColumnSignature:
        """Return the signature of a column."""
        signature = self._made.get(expected)
        if signature is None:
            type_, generated = expected.type, expected.generated
            default = None if expected.default is None else self._default(expected.default)
            if generated is None and str(default).startswith(NEXTVAL):
                generated = SOME_SEQUENCE
            signature = self._made[expected] = column_signature(
                type_ if isinstance(type_, str) else self._type(type_),
                nullable=expected.nullable,
                default=default,
                generated=self._generated(generated, stored=expected.stored)
                if isinstance(generated, Probe)
                else generated,
                comment=expected.comment,
            )
        return signature

    def _type(self, probe: Probe | DomainType) -> Text:
        if isinstance(probe, DomainType):
            made = None if probe.probe is None else self._results.given.get(probe.probe)
            return probe.domain.signature(None if made is None else made.text, probe.array)
        row = self._results.given.get(probe)
        if row is None:
            return unconfirmed(probe.text, certain=True)
        return type_signature(row, self._named)

    def _default(self, probe: Probe) -> Text | None:
        row = self._results.given.get(probe)
        if row is not None:
            return None if row.text is None else default_signature(row.text, row.type)
        if probe.text.upper() == "NULL":
            return None
        certain = self._results.unavailable is None
        return constant(probe.text) or unconfirmed(probe.text, certain=certain)

    def _generated(self, probe: Probe, *, stored: bool) -> Text:
        row = self._results.given.get(probe)
        if row is not None:
            return generated_signature(row.text, stored=stored)
        text = generated_signature(probe.text, stored=stored)
        return unconfirmed(text, certain=self._results.unavailable is None)
