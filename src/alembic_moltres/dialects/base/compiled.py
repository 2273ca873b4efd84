"""The signatures of tables that are values on both sides, without a database.

A signature is the normalised DDL that SQLAlchemy compiles for an item, so a difference is one of
tokens. Not here: how a database normalises it; see `reflection`.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.engine import Dialect

from ...convert import lineage
from ...convert.dialects import writing
from ...schema import (
    CheckConstraint,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ...schema.tables import PREFIXES
from .align import align, comparable
from .compiled_columns import COUNTING, CompiledColumns
from .compiled_items import CompiledItems
from .registry import impl_of
from .signatures import ReflectedItem, ReflectedTable, Text


class CompiledTables:
    """Tables compiled for one dialect.

    >>> from sqlalchemy.dialects import sqlite
    >>> from alembic_moltres.schema import column
    >>> tables = CompiledTables(sqlite.dialect())
    >>> one, other = (
    ...     tables.desired(TableSchema("t", [column("a", "VARCHAR(9)", default=each)]))
    ...     for each in ("x", "y")
    ... )
    >>> one.columns[0].signature.type == other.columns[0].signature.type
    True
    >>> one.columns[0].signature == other.columns[0].signature
    False
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = writing(dialect)
        self._impl = impl_of(dialect)
        self._names = lineage(dialect)
        self._columns = CompiledColumns(self._dialect, self._impl)

    def desired(self, table: TableSchema) -> ReflectedTable:
        """Return a table of the models."""
        return self._signed(self._with_implicit_indexes(comparable(table)))

    def current(self, table: TableSchema, desired: ReflectedTable | None = None) -> ReflectedTable:
        """Return a table as reflection would, once its DDL had been executed.

        What the database would not store is left out; names that the server generates are included.

        Args:
            table: what scripts have made.
            desired: the same table of the models; if nothing differs, the values are not converted
                to the form of reflection, since nobody sees them.
        """
        made = self._with_names(self._with_implicit_indexes(comparable(table)), table)
        signed = self._stored(self._with_columns_of_checks(self._signed(made), table))
        if desired is not None and align(signed, desired) is desired.table:
            return signed
        return self._reflected(signed)

    def _stored(self, signed: ReflectedTable) -> ReflectedTable:
        """Return a table without what the database does not store, in the database's order."""
        constraints = [
            each for each in signed.constraints if each.signature and not each.signature.folded
        ]
        indexes = [each for each in signed.indexes if each.signature]
        if self._impl.features.unique_is_index:
            constraints += map(_as_constraint, filter(_is_constraint, indexes))
            indexes = [each for each in indexes if not _is_constraint(each)]
        constraints.sort(key=self._order)
        kept = signed.with_items(constraints=constraints, indexes=indexes)
        return replace(kept, sequences=self._sequences(signed))

    def _sequences(self, signed: ReflectedTable) -> dict[str, str]:
        """Return the sequences of autoincrement columns, with their generated names."""
        if not self._impl.features.keeps_generated_names:
            return {}
        return {
            str(each.column.name): self._impl.sequence_name(signed.table.name, each.column.name)
            for each in signed.columns
            if each.signature.generated == COUNTING or each.column.identity is not None
        }

    def _reflected(self, signed: ReflectedTable) -> ReflectedTable:
        """Return a table with values in the form of reflection."""
        items = CompiledItems(self._dialect, self._impl, signed.table)
        return signed.with_items(
            columns=self._columns.reflected(signed.table, signed.columns),
            constraints=(replace(e, item=items.reflected(e.item)) for e in signed.constraints),
            indexes=(replace(e, item=items.reflected(e.item)) for e in signed.indexes),
            comment=signed.comment,
            dialect_options=items.own_options(signed.table),
            ddl=(),
        )

    def _with_implicit_indexes(self, table: TableSchema) -> TableSchema:
        """Return a table with the indexes that the server creates for its foreign keys."""
        made = self._impl.implicit_indexes(table)
        return replace(table, indexes=(*table.indexes, *made)) if made else table

    def _order(self, each: ReflectedItem[Constraint]) -> int:
        """Return the position of a constraint: the primary key first, others in their order."""
        if isinstance(each.item, PrimaryKeyConstraint):
            return 0
        if not self._impl.features.checks_first:
            return 1
        kinds = (CheckConstraint, UniqueConstraint | ExcludeConstraint, ForeignKeyConstraint)
        return next(at for at, kind in enumerate(kinds, 1) if isinstance(each.item, kind))

    def _signed(self, table: TableSchema) -> ReflectedTable:
        items = CompiledItems(self._dialect, self._impl, table)
        return ReflectedTable(
            table,
            self._columns.signed(table),
            tuple(ReflectedItem(each, items.constraint(each)) for each in table.constraints),
            tuple(ReflectedItem(each, items.index(each)) for each in table.indexes),
            (table.comment or None) if self._dialect.supports_comments else None,
            self._options(table),
        )

    def _with_names(self, table: TableSchema, made: TableSchema) -> TableSchema:
        """Return a table with the names that the server generates for constraints.

        A CHECK that stays in a column has none.

        Args:
            table: to name the constraints of.
            made: the same table, with CHECKs in its columns.
        """
        stored = self._impl.features.primary_key_has_name
        named = tuple(
            replace(each, name=self._impl.generated_name(table, each, ()))
            if each.name is None
            and column is None
            and (stored or not isinstance(each, PrimaryKeyConstraint))
            else each
            for each, column in zip(table.constraints, self._columns_of_checks(made), strict=True)
        )
        return table if named == table.constraints else replace(table, constraints=named)

    def _with_columns_of_checks(self, signed: ReflectedTable, made: TableSchema) -> ReflectedTable:
        """Return a table whose CHECKs know the column in whose definition they are."""
        columns = self._columns_of_checks(made)
        if not any(columns):
            return signed
        constraints = (
            replace(each, in_column=column)
            for each, column in zip(signed.constraints, columns, strict=True)
        )
        return replace(signed, constraints=tuple(constraints))

    def _columns_of_checks(self, table: TableSchema) -> list[str | None]:
        """Return the column that keeps each constraint of `comparable(table)`, if any."""
        kept = self._impl.features.checks_in_columns
        of_columns = [
            column.name if kept else None for column in table.columns for _ in column.constraints
        ]
        return [*(None for _ in table.constraints), *of_columns]

    def _options(self, table: TableSchema) -> dict[str, Text]:
        features = self._impl.features
        own = dict(features.option_defaults)
        for key, value in table.dialect_options.items():
            prefix, _, name = key.partition("_")
            if prefix in self._names and value not in (None, "", (), {}):
                own[name] = str(value).lower()
        options: dict[str, Text] = {
            f"{self._names[0]}_{name}": value
            for name, value in own.items()
            if name not in features.uncompared_options
        }
        prefixes = features.compared_prefixes & {each.upper() for each in table.prefixes}
        return {**options, PREFIXES: " ".join(sorted(prefixes))}


def _is_constraint(each: ReflectedItem[Index]) -> bool:
    """Tell whether a unique index equals a constraint, which has no lengths and no expressions."""
    plain = len(each.item.columns) == len(each.item.elements) and not each.item.dialect_options
    return each.item.unique and plain


def _as_constraint(each: ReflectedItem[Index]) -> ReflectedItem[Constraint]:
    return ReflectedItem(UniqueConstraint(each.item.columns, each.item.name), each.signature)
