"""The models' tables as reflection would return them on DuckDB.

Columns, CHECKs and indexes over expressions are probed. Keys and other indexes have one form.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from ...schema import (
    CheckConstraint,
    ColumnDef,
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ...schema.dialects import is_for_dialect
from ...sqltext import POSTGRESQL, loose_form, mentioned, tokens, unqualified
from ..base.probes import Kind, Probe, ProbeResults, run_probes
from ..base.signatures import (
    ColumnSignature,
    ItemSignature,
    ReflectedColumn,
    ReflectedItem,
    ReflectedTable,
    UnconfirmedText,
    assumed,
    same_kind,
    without_null,
)
from .compiled_columns import CompiledColumns
from .probes import DuckDBProber, Normalised
from .rows import CheckRow, ColumnRow, ConstraintRow, ForeignKeyRow, IndexRow, KeyRow
from .signatures import column_signature, constraint_signature, index_signature


def reflect_expected(connection: Connection, tables: Sequence[TableSchema]) -> list[ReflectedTable]:
    """Return these tables as reflection would; see `DialectImpl`."""
    compiled = CompiledColumns(connection.dialect)
    expected = [Expected(table, compiled) for table in tables]
    with closing(DuckDBProber(connection)) as prober:
        results = run_probes(prober, (probe for each in expected for probe in each.probes))
    return [each.reflected(results) for each in expected]


@dataclass(frozen=True, slots=True)
class Expected:
    """A table of the models, with its probes."""

    table: TableSchema
    compiled: CompiledColumns

    @property
    def probes(self) -> list[Probe]:
        """The probes of the table."""
        probes = [self._column_probe(column) for column in self.table.columns]
        checks = map(self._check_probe, self.table.constraints)
        indexes = map(self._index_probe, self.table.indexes)
        return [*probes, *(each for each in (*checks, *indexes) if each is not None)]

    def reflected(self, results: ProbeResults[Normalised]) -> ReflectedTable:
        """Return the table with its signatures."""
        table = self.table
        in_key = () if table.primary_key is None else table.primary_key.columns
        columns = []
        for column in table.columns:
            signature = self._column(column, results)
            if column.name in in_key:
                signature = without_null(signature)
            columns.append(ReflectedColumn(column, signature))
        return ReflectedTable(
            table,
            tuple(columns),
            constraints=tuple(
                ReflectedItem(each, self._constraint(each, results)) for each in table.constraints
            ),
            indexes=tuple(
                ReflectedItem(each, self._index(each, results)) for each in table.indexes
            ),
            comment=table.comment or None,
        )

    def _column_probe(self, column: ColumnDef) -> Probe:
        text = self.compiled.definition(column)
        columns = self._mentioned(text) if column.computed is not None else ()
        return Probe(Kind.COLUMN, text, columns=columns)

    def _check_probe(self, constraint: Constraint) -> Probe | None:
        if not isinstance(constraint, CheckConstraint) or not self._is_here(constraint):
            return None
        text = constraint.expression.for_dialect(self.compiled.lineage)
        if text is None:
            return None
        text = unqualified(text, str(self.table.name), POSTGRESQL)
        return Probe(Kind.CHECK, text, columns=self._mentioned(text))

    def _index_probe(self, index: Index) -> Probe | None:
        if all(isinstance(each, str) for each in index.elements) or not self._is_here(index):
            return None
        parts = [
            POSTGRESQL.quoted_name(each)
            if isinstance(each, str)
            else each.for_dialect(self.compiled.lineage)
            for each in index.elements
        ]
        texts = [part for part in parts if part is not None]
        if len(texts) < len(parts):
            return None
        text = ", ".join(texts)
        return Probe(Kind.INDEX, text, columns=self._mentioned(text))

    def _column(self, column: ColumnDef, results: ProbeResults[Normalised]) -> ColumnSignature:
        probe = self._column_probe(column)
        row = results.given.get(probe)
        comment = column.comment or None
        if isinstance(row, ColumnRow):
            row_of_column = replace(row, name="", nullable=column.nullable, comment=comment)
            return column_signature(row_of_column)
        default = probe.text.partition(" DEFAULT ")[2]
        return ColumnSignature(
            UnconfirmedText(self.compiled.type(column), same_text),
            column.nullable,
            UnconfirmedText(default, same_text) if column.default is not None else None,
            UnconfirmedText(probe.text, assumed) if column.computed is not None else None,
            comment,
        )

    def _constraint(
        self, constraint: Constraint, results: ProbeResults[Normalised]
    ) -> ItemSignature | None:
        probe = self._check_probe(constraint)
        if probe is not None:
            row = results.given.get(probe)
            if isinstance(row, CheckRow):
                return constraint_signature(row)
            return ItemSignature(None, UnconfirmedText(f"check ({probe.text})", same_kind))
        key = constraint_row(constraint) if self._is_here(constraint) else None
        return None if key is None else constraint_signature(key)

    def _index(self, index: Index, results: ProbeResults[Normalised]) -> ItemSignature | None:
        if not self._is_here(index):
            return None
        name = str(index.name)
        probe = self._index_probe(index)
        if probe is not None:
            row = results.given.get(probe)
            if isinstance(row, IndexRow):
                return index_signature(replace(row, name=name, unique=index.unique))
            unique = "unique " if index.unique else ""
            return ItemSignature(name, UnconfirmedText(f"{unique}index ({probe.text})", same_kind))
        parts = tuple(each for each in index.elements if isinstance(each, str))
        if len(parts) < len(index.elements):
            return None
        return index_signature(IndexRow(name, index.unique, parts))

    def _is_here(self, item: Constraint | Index) -> bool:
        """Tell whether an item is created on this dialect."""
        return is_for_dialect(item.ddl_if, self.compiled.lineage[0])

    def _mentioned(self, text: str) -> tuple[tuple[str, str], ...]:
        names = {name.lower() for name in mentioned(text, POSTGRESQL)}
        return tuple(
            (str(column.name), self.compiled.type(column))
            for column in self.table.columns
            if column.name.lower() in names
        )


def same_text(text: str, current: str) -> bool:
    """Tell whether two texts are equal except for spaces, brackets and case.

    >>> same_text("NEXTVAL( 's' )", "nextval('s')"), same_text("'A'", "'a'")
    (True, False)
    """
    return loose_form(tokens(text, POSTGRESQL)) == loose_form(tokens(current, POSTGRESQL))


def constraint_row(constraint: Constraint) -> ConstraintRow | None:
    """Return the row of a key; `None` for a constraint that DuckDB does not support (EXCLUDE)."""
    match constraint:
        case PrimaryKeyConstraint():
            return KeyRow("PRIMARY KEY", constraint.columns)
        case UniqueConstraint():
            return KeyRow("UNIQUE", constraint.columns)
        case ForeignKeyConstraint():
            return ForeignKeyRow(
                constraint.columns, constraint.references_table, constraint.references_columns
            )
        case _:
            return None
