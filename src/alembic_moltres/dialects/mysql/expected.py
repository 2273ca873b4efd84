"""The models' tables as reflection would return them on MySQL or MariaDB.

Columns and CHECKs are probed. Keys, indexes and options have one form and are converted directly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy.engine import Connection

from ...convert import lineage
from ...convert.dialects import writing
from ...schema import (
    CheckConstraint,
    ColumnDef,
    Computed,
    Constraint,
    ForeignKeyConstraint,
    FrozenMapping,
    Index,
    TableSchema,
)
from ...schema.dialects import is_for_dialect
from ...sqltext import MYSQL, unqualified
from ..base.by_identity import ByIdentity
from ..base.probes import Kind, Probe, ProbeResults, run_probes
from ..base.signatures import (
    ColumnSignature,
    ItemSignature,
    ReflectedColumn,
    ReflectedItem,
    ReflectedTable,
    Text,
    UnconfirmedText,
    assumed,
    same_kind,
    with_kept_name,
    without_null,
)
from .catalogue import database_of
from .expected_columns import ColumnDefinitions
from .expected_rows import constraint_row, index_row
from .foreign_key_indexes import columns_of, implicit_indexes
from .index_lengths import IndexLengths, lengths_probe
from .options import NOT_COMPARED, canonical_options
from .probes import MySQLProber, Normalised
from .rows import CharsetRow, CheckRow, ColumnRow
from .signatures import (
    CHARSET,
    COLLATE,
    check_text,
    column_signature,
    constraint_signature,
    option_signatures,
    stored_comment,
)
from .sql_mode import rewritten, syntax_of
from .unconfirmed import unconfirmed_column
from .unstated import UnstatedKeeper

Constraints: TypeAlias = tuple[ReflectedItem[Constraint], ...]
Indexes: TypeAlias = tuple[ReflectedItem[Index], ...]
ColumnWithProbe: TypeAlias = tuple[ColumnDef, Probe]

KEEPING_KEYS = frozenset({"", "innodb"})
"""The engines that keep foreign keys; with none stated, the table's own counts, see `unstated`."""


def reflect_expected(connection: Connection, tables: Sequence[TableSchema]) -> list[ReflectedTable]:
    """Return these tables as reflection would; see `DialectImpl`."""
    return ExpectedTables(connection).reflected(tables)


@dataclass(frozen=True, slots=True)
class ExpectedTable:
    """A table of the models with its probes."""

    table: TableSchema
    options: Probe
    columns: list[ColumnWithProbe]
    constraints: list[tuple[Constraint, Probe | None]]
    indexes: dict[str, Probe]

    @property
    def probes(self) -> list[Probe]:
        """The probes of the table."""
        checks = [probe for _, probe in self.constraints if probe is not None]
        return [*(probe for _, probe in self.columns), *checks, *self.indexes.values()]


class ExpectedTables:
    """The models' tables for one connection; each distinct item is compiled and probed once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect: Any = writing(connection.dialect)
        self._names = lineage(connection.dialect)
        self._prefix = connection.dialect.name
        self._syntax = syntax_of(connection.dialect)
        self._definitions = ColumnDefinitions(self._dialect, self._syntax)
        self._probes: dict[tuple[str, str], Probe] = {}
        self._with_probe: dict[str, ByIdentity[ColumnDef, ColumnWithProbe]] = {}
        self._results: ProbeResults[Normalised] = ProbeResults()
        self._database = database_of(connection, None)
        engine = connection.exec_driver_sql("SELECT @@default_storage_engine").scalar()
        self._engine = str(engine)

    def reflected(self, tables: Sequence[TableSchema]) -> list[ReflectedTable]:
        """Probe for all tables, then make their signatures."""
        expected = [self._expected(table) for table in tables]
        probes = [each.options for each in expected]
        probes += [probe for each in expected for probe in each.probes]
        self._results = run_probes(MySQLProber(self._connection), probes)
        self._plain_columns = ByIdentity(self._plain_column)
        return [self._reflected(each) for each in expected]

    def _expected(self, table: TableSchema) -> ExpectedTable:
        named = canonical_options(table.dialect_options, self._prefix)
        if list(named) != list(table.dialect_options):
            table = replace(table, dialect_options=FrozenMapping(named))
        options = self._options(table)
        made = ByIdentity(partial(self._column_with_probe, options))
        with_probe = self._with_probe.setdefault(options, made)
        return ExpectedTable(
            table,
            Probe(Kind.OPTIONS, "INTEGER", options=options),
            columns=[
                with_probe(column)
                if column.computed is None
                else (column, self._computed_probe(table, column, column.computed, options))
                for column in table.columns
            ],
            constraints=[
                (item, self._check_probe(table, item, options))
                if isinstance(item, CheckConstraint)
                else (item, None)
                for item in table.constraints
            ],
            indexes=self._lengths_probes(table, options),
        )

    def _lengths_probes(self, table: TableSchema, options: str) -> dict[str, Probe]:
        if not table.indexes:
            return {}
        types = {column.name: self._definitions.of(column).type for column in table.columns}
        rows = [index_row(index, self._names, self._syntax) for index in table.indexes]
        of_engine = " ".join(filter(None, (options, *self._storage(table))))
        probes = {
            str(row.name): lengths_probe(row, types, of_engine) for row in rows if row is not None
        }
        return {name: probe for name, probe in probes.items() if probe is not None}

    def _storage(self, table: TableSchema) -> Iterator[str]:
        """Yield the options on which the maximal length of an index depends."""
        for name in ("ENGINE", "ROW_FORMAT"):
            if value := self._option(table, [name.lower()]):
                yield f"{name}={value}"

    def _column_with_probe(self, options: str, column: ColumnDef) -> ColumnWithProbe:
        definition = self._definitions.of(column).definition
        probe = self._probes.get((options, definition))
        if probe is None:
            probe = Probe(Kind.COLUMN, definition, options=options)
            self._probes[options, definition] = probe
        return column, probe

    def _computed_probe(
        self, table: TableSchema, column: ColumnDef, computed: Computed, options: str
    ) -> Probe:
        expression = computed.expression.for_dialect(self._names)
        columns = self._definitions.mentioned_columns(table, expression or "")
        definition = self._definitions.of(column).definition
        return Probe(Kind.COLUMN, definition, columns=columns, options=options)

    def _check_probe(
        self, table: TableSchema, check: CheckConstraint, options: str
    ) -> Probe | None:
        text = check.expression.for_dialect(self._names)
        if text is None or not is_for_dialect(check.ddl_if, self._prefix):
            return None
        text = unqualified(text, str(table.name), self._syntax)
        return Probe(
            Kind.CHECK,
            text,
            columns=self._definitions.mentioned_columns(table, text),
            options=options,
        )

    def _reflected(self, expected: ExpectedTable) -> ReflectedTable:
        table = expected.table
        automatic = self._definitions.autoincrement(table)
        in_key = () if table.primary_key is None else table.primary_key.columns
        columns = tuple(
            [
                ReflectedColumn(column, self._in_key(pair, automatic=automatic == column.name))
                if (column := pair[0]).name in in_key
                else self._plain_columns(pair)
                for pair in expected.columns
            ]
        )
        stated = str(table.dialect_options.get(f"{self._prefix}_engine") or "")
        types = {each.column.name: str(each.signature.type) for each in columns}
        constraints = tuple(
            ReflectedItem(
                item, with_kept_name(self._constraint(item, probe, table, stated), self._dialect)
            )
            for item, probe in expected.constraints
        )
        lengths = IndexLengths(types, self._results, expected.indexes, self._names, self._syntax)
        indexes = tuple(
            ReflectedItem(index, self._index(index, lengths)) for index in table.indexes
        )
        made = self._implicit_indexes(table.name, constraints, indexes, types)
        if made:
            table = replace(table, indexes=(*table.indexes, *(each.item for each in made)))
        keeper = self._keeper(table, frozenset(str(each.item.name) for each in made), lengths)
        return ReflectedTable(
            table,
            columns,
            constraints=constraints,
            indexes=(*indexes, *made),
            comment=stored_comment(table.comment or "") or None,
            options=self._option_signatures(expected, stated or self._engine),
            stated=self._stated(table),
            keep=keeper,
            chosen=keeper.chosen,
        )

    def _implicit_indexes(
        self, table: str, constraints: Constraints, indexes: Indexes, types: Mapping[str, str]
    ) -> tuple[ReflectedItem[Index], ...]:
        """Return the indexes that the server creates for foreign keys."""
        stored = [each.item for each in constraints if each.signature]
        keys = [each for each in stored if isinstance(each, ForeignKeyConstraint)]
        if not keys:
            return ()
        supporting = [each.item for each in indexes if each.signature]
        names = {str(each.name) for each in (*stored, *supporting) if each.name}
        supporting_columns = columns_of([*stored, *supporting], types, self._prefix)
        made = implicit_indexes(table, keys, supporting_columns, names)
        lengths = IndexLengths({}, self._results, {}, self._names, self._syntax)
        return tuple(ReflectedItem(each, self._index(each, lengths)) for each in made)

    def _stated(self, table: TableSchema) -> set[str]:
        """Return the options that a model states, a character set with its collation."""
        stated = set(table.dialect_options)
        charset = {f"{self._prefix}_{name}" for name in (*CHARSET, *COLLATE)}
        return stated | charset if stated & charset else stated

    def _keeper(
        self, table: TableSchema, made: frozenset[str], lengths: IndexLengths
    ) -> UnstatedKeeper:
        every = bool(self._options(table))
        names = {
            each.name for each in table.columns if every or self._definitions.of(each).collated
        }
        return UnstatedKeeper(self._prefix, frozenset(names), made, lengths.accepts)

    def _plain_column(self, pair: ColumnWithProbe) -> ReflectedColumn:
        return ReflectedColumn(pair[0], self._column(*pair))

    def _in_key(self, pair: ColumnWithProbe, *, automatic: bool) -> ColumnSignature:
        signature = self._column(*pair)
        if automatic:
            signature = replace(signature, generated="auto_increment")
        return without_null(signature)

    def _column(self, column: ColumnDef, probe: Probe) -> ColumnSignature:
        row = self._results.given.get(probe)
        if isinstance(row, ColumnRow):
            signature = column_signature(row)
        else:
            type_, text = (
                self._as_shown(each) for each in (self._definitions.of(column).type, probe.text)
            )
            signature = unconfirmed_column(type_, text, column)
        if not column.comment:
            return signature
        return replace(signature, comment=stored_comment(column.comment))

    def _constraint(
        self, constraint: Constraint, probe: Probe | None, table: TableSchema, engine: str
    ) -> ItemSignature | None:
        if isinstance(constraint, ForeignKeyConstraint) and engine.lower() not in KEEPING_KEYS:
            return None  # other engines parse foreign keys and discard them
        if probe is None:
            row = constraint_row(constraint, self._names, table.schema or self._database)
            return None if row is None else constraint_signature(row)
        name = None if constraint.name is None else str(constraint.name)
        result = self._results.given.get(probe)
        if isinstance(result, CheckRow):
            return constraint_signature(replace(result, name=name))
        return ItemSignature(
            name, UnconfirmedText(check_text(self._as_shown(probe.text)), same_kind)
        )

    def _as_shown(self, text: str) -> str:
        """Return a text of the models in the syntax of the server's text."""
        return rewritten(text, self._syntax, MYSQL)

    def _index(self, index: Index, lengths: IndexLengths) -> ItemSignature | None:
        row = index_row(index, self._names, self._syntax)
        return None if row is None else with_kept_name(lengths.signature(row), self._dialect)

    def _option_signatures(self, expected: ExpectedTable, engine: str) -> dict[str, Text]:
        row = self._results.given.get(expected.options)
        charset: Text = UnconfirmedText("", assumed)
        collation: Text = charset
        if isinstance(row, CharsetRow):
            charset, collation = row.charset, row.collation
        others = self._others(expected.table)
        return option_signatures(self._prefix, engine, charset, collation, others)

    def _options(self, table: TableSchema) -> str:
        """Return the options on which the character set of a table's columns depends."""
        charset, collate = (self._option(table, names) for names in (CHARSET, COLLATE))
        parts = [f"DEFAULT CHARSET={charset}"] if charset else []
        return " ".join([*parts, f"COLLATE {collate}"] if collate else parts)

    def _option(self, table: TableSchema, names: Sequence[str]) -> str | None:
        given = (table.dialect_options.get(f"{self._prefix}_{name}") for name in names)
        return next((str(value) for value in given if value is not None), None)

    def _others(self, table: TableSchema) -> dict[str, str]:
        settled = {"engine", *CHARSET, *COLLATE, *NOT_COMPARED}
        start = f"{self._prefix}_"
        return {
            key[len(start) :]: str(value).lower()
            for key, value in table.dialect_options.items()
            if key.startswith(start) and key[len(start) :] not in settled
        }
