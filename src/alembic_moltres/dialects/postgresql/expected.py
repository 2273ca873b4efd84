"""The models' tables as reflection would return them.

There are two passes. First the probes of all tables are collected and run together; then the
signatures are made, by the same functions as those of the database's tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from ...convert.dialects import writing
from ...schema import ColumnDef, Constraint, Index, TableSchema
from ..base.probes import ProbeResults, ProbeSet, run_probes
from ..base.signatures import ReflectedColumn, ReflectedItem, ReflectedTable, Text
from .catalogue import CatalogueRow, resolve_names
from .expected_columns import ColumnSignatures, ExpectedColumn, ExpectedColumns
from .expected_items import ExpectedItem, ExpectedItems, item_signature
from .long_names import refuse_long_names_of
from .named_types import desired_types, types_by_oid
from .options import option_signatures, stated_options
from .probe_ddl import ProbeWriter
from .probes import PostgreSQLProber
from .unconfirmed import unconfirmed

PARTITION = "postgresql_partition_by"


@dataclass(frozen=True, slots=True)
class ExpectedTable:
    """A table of the models, each part with its probes."""

    table: TableSchema
    columns: list[tuple[ColumnDef, ExpectedColumn]]
    constraints: list[tuple[Constraint, ExpectedItem | None]]
    indexes: list[tuple[Index, ExpectedItem | None]]

    def reflected(
        self, results: ProbeResults[CatalogueRow], columns: ColumnSignatures
    ) -> ReflectedTable:
        """Return the table with its signatures."""
        return ReflectedTable(
            self.table,
            tuple(
                ReflectedColumn(column, columns.signature(expected))
                for column, expected in self.columns
            ),
            constraints=tuple(
                ReflectedItem(constraint, item_signature(expected, results))
                for constraint, expected in self.constraints
            ),
            indexes=tuple(
                ReflectedItem(index, item_signature(expected, results))
                for index, expected in self.indexes
            ),
            comment=self.table.comment or None,
            options=_options(self.table),
            stated=stated_options(self.table),
        )


def reflect_expected(
    connection: Connection, tables: SequenceOf[TableSchema]
) -> list[ReflectedTable]:
    """Return these tables as reflection would; see `DialectImpl`.

    Foreign keys, partitions, storage and sequences are compared as values and not probed.

    Raises:
        OperationError: a type or an expression cannot be written for PostgreSQL.
    """
    for table in tables:
        refuse_long_names_of(table)
    writer = ProbeWriter(connection.dialect)
    type_names = dict.fromkeys(
        writer.type_of(column) for table in tables for column in table.columns
    )
    types = desired_types(connection, type_names, writing(connection.dialect))
    names = resolve_names(connection, _sequences(tables))
    probes = ProbeSet()
    columns = ExpectedColumns(writer, probes, types, names)

    def expected(table: TableSchema) -> ExpectedTable:
        column_types, serials = columns.types(table)
        items = ExpectedItems(writer, probes, column_types, names, table)
        return ExpectedTable(
            table,
            columns.columns(table, column_types, serials),
            items.constraints(table),
            items.indexes(table),
        )

    expected_tables = [expected(table) for table in tables]
    results = run_probes(PostgreSQLProber(connection, list(types.statements)), probes)
    oids = {row.named for row in results.given.values() if row.named is not None}
    signatures = ColumnSignatures(results, types_by_oid(connection, oids) if oids else {})
    return [each.reflected(results, signatures) for each in expected_tables]


def _sequences(tables: Iterable[TableSchema]) -> set[str]:
    return {
        str(column.sequence.name)
        for table in tables
        for column in table.columns
        if column.sequence is not None
    }


def _options(table: TableSchema) -> dict[str, Text]:
    """Return the options' signatures; PARTITION BY is not probed."""
    options = option_signatures(table)
    if options[PARTITION]:
        options[PARTITION] = unconfirmed(str(options[PARTITION]), certain=True)
    return options
