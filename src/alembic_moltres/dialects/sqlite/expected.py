"""The models' tables as reflection would return them on SQLite.

SQLite stores text unchanged, so nothing is probed. SQLAlchemy's text of a column is parsed with the
parser of the stored text, once for each distinct definition: making and compiling whole tables
costs ten times as much as all the rest (5 ms a table of 15 columns, measured). Keys, checks and
indexes have one form in SQLAlchemy's compiler, so their signatures are made from the values; a test
compares both ways.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import MetaData
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.schema import CreateTable

from ...convert import lineage, schema_to_table
from ...schema import (
    SQL,
    ColumnDef,
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ...schema.base import EMPTY, distinct
from ...schema.dialects import is_for_dialect
from ..base.by_identity import ByIdentity
from ..base.signatures import (
    ColumnSignature,
    ItemSignature,
    ReflectedColumn,
    ReflectedItem,
    ReflectedTable,
    SpelledText,
    with_kept_name,
    without_null,
)
from .cursor import KeyPart
from .parse import ColumnText, IndexText, KeyText, parse_index, parse_table
from .signatures import column_signature, constraint_signature, index_signature, option_signatures
from .tokens import Scope, normalised_name
from .type_spellings import same_type
from .unstated import with_conflicts


def reflect_expected(connection: Connection, tables: Sequence[TableSchema]) -> list[ReflectedTable]:
    """Return these tables as reflection would; see `DialectImpl`."""
    expecting = ExpectedTables(connection.dialect)
    return [expecting.reflected(table) for table in tables]


class ExpectedTables:
    """Tables for one dialect; each distinct column is compiled once."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._names = lineage(dialect)
        self._compiled = ByIdentity(self._compile)
        self._texts: dict[Hashable, tuple[ColumnText, ColumnSignature]] = {}

    def reflected(self, table: TableSchema) -> ReflectedTable:
        """Return a table with its signatures."""
        scope = Scope(table.name.lower(), frozenset(c.name.lower() for c in table.columns))
        never_null = self._never_null(table)
        autoincrement = self._autoincrement(table)
        columns = [self._column(column, scope) for column in table.columns]
        if never_null:
            columns = [
                replace(each, signature=without_null(each.signature))
                if each.column.name in never_null
                else each
                for each in columns
            ]
        options = {**table.dialect_options, "sqlite_autoincrement": autoincrement}
        return ReflectedTable(
            table,
            tuple(columns),
            tuple(
                ReflectedItem(
                    each,
                    with_kept_name(
                        self._constraint(each, table, scope, autoincrement), self._dialect
                    ),
                )
                for each in table.constraints
            ),
            tuple(
                ReflectedItem(each, with_kept_name(self._index(each, scope), self._dialect))
                for each in table.indexes
            ),
            options=option_signatures(options),
            keep=with_conflicts,
        )

    def _column(self, column: ColumnDef, scope: Scope) -> ReflectedColumn:
        text, reflected = self._compiled(column)
        if text.generated is None:
            return reflected
        return ReflectedColumn(column, _by_affinity(column_signature(text, scope)))

    def _compile(self, column: ColumnDef) -> tuple[ColumnText, ReflectedColumn]:
        """Return a column as SQLite would store it, and with its signature outside a table."""
        text, signature = self._text(column)
        return text, ReflectedColumn(column, signature)

    def _text(self, column: ColumnDef) -> tuple[ColumnText, ColumnSignature]:
        """Return a column as SQLite would store it; equal definitions are compiled once."""
        key: Hashable = (column.type_name, column.nullable)
        plain = column.default is None and column.computed is None
        if not plain or column.type_variants or column.dialect_options:
            key = (*key, *map(distinct, (column.type_variants, column.dialect_options)))  # type: ignore[misc]
            key = (key, distinct(column.default), column.computed)
        known = self._texts.get(key)
        if known is None:
            alone = replace(column, identity=None, sequence=None, constraints=())
            [text] = parse_table(self._ddl(TableSchema("t", [alone]))).columns
            known = self._texts[key] = (text, _by_affinity(column_signature(text)))
        return known

    def _ddl(self, table: TableSchema) -> str:
        made = schema_to_table(table, MetaData())
        return str(CreateTable(made).compile(dialect=self._dialect))

    def _constraint(
        self, constraint: Constraint, table: TableSchema, scope: Scope, autoincrement: bool
    ) -> ItemSignature | None:
        if isinstance(constraint, ForeignKeyConstraint):
            if constraint.references_schema != table.schema:
                return None  # a key cannot refer to another database file; SQLAlchemy omits it
            return constraint_signature(constraint, scope, self._names)
        signature = constraint_signature(
            constraint, scope, self._names, _conflict_of_column(constraint, table)
        )
        if autoincrement and signature is not None and isinstance(constraint, PrimaryKeyConstraint):
            return replace(signature, name=None)  # in the column
        return signature

    def _index(self, index: Index, scope: Scope) -> ItemSignature | None:
        """Return the signature of an index; `None` if it is not for SQLite."""
        if not is_for_dialect(index.ddl_if, self._names[0]):
            return None
        parsed = _parsed(index, self._names)
        return None if parsed is None else index_signature(parsed, scope)

    def _autoincrement(self, table: TableSchema) -> bool:
        """Tell whether SQLAlchemy writes AUTOINCREMENT: only for a key of one integer column."""
        if not table.dialect_options.get("sqlite_autoincrement"):
            return False
        alone = replace(table, schema=None, indexes=(), ddl=())
        key = parse_table(self._ddl(alone)).primary_key
        return isinstance(key, KeyText) and key.autoincrement

    def _never_null(self, table: TableSchema) -> Sequence[str]:
        """Return the columns that cannot be NULL because of the primary key; see `reflection`."""
        key = table.primary_key
        if key is None:
            return ()
        if not table.dialect_options.get("sqlite_with_rowid", True):
            return key.columns
        if len(key.columns) > 1:
            return ()
        type_ = self._compiled(table.column(key.columns[0]))[1].signature.type
        return key.columns if type_ == "integer" else ()


def _parsed(index: Index, names: tuple[str, ...]) -> IndexText | None:
    """Return an index as its text would be parsed; `None` if an element is for other dialects."""
    name, where = str(index.name), index.dialect_options.get("sqlite_where")
    texts = [
        normalised_name(item) if isinstance(item, str) else item.for_dialect(names)
        for item in index.elements
    ]
    elements = [text for text in texts if text is not None]
    if len(elements) < len(texts):
        return None
    if where is None and all(isinstance(item, str) for item in index.elements):
        parts = tuple(map(KeyPart, elements, map(str, index.elements)))
        return IndexText(name, "t", index.unique, parts, None)
    if isinstance(where, SQL):
        where = where.for_dialect(names)
    unique = "UNIQUE " if index.unique else ""
    where_clause = "" if where is None else f" WHERE {where}"
    parsed = parse_index(f"CREATE {unique}INDEX i ON t ({', '.join(elements)}){where_clause}")
    return replace(parsed, name=name)


def _conflict_of_column(constraint: Constraint, table: TableSchema) -> str | None:
    """Return the ON CONFLICT option of the only column of a key."""
    if not isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
        return None
    if len(constraint.columns) != 1:
        return None
    options = _options_of(table, constraint.columns[0])
    kind = "primary_key" if isinstance(constraint, PrimaryKeyConstraint) else "unique"
    conflict = options.get(f"sqlite_on_conflict_{kind}")
    return None if conflict is None else str(conflict)


def _options_of(table: TableSchema, name: str) -> Mapping[str, object]:
    return next((c.dialect_options for c in table.columns if c.name == name), EMPTY)


def _by_affinity(signature: ColumnSignature) -> ColumnSignature:
    """Return a model's signature with a type that matches all of its spellings."""
    return replace(signature, type=SpelledText(str(signature.type), same_type))
