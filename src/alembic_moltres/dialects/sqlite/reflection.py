"""Reads the tables of an SQLite database, or of an attached one, with one query.

`sqlite_master` has the text of every table and index, which is complete: the pragma functions lose
quotes and arguments of a type, the brackets of a default, names of constraints, CHECK and COLLATE.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.engine import Connection

from ...schema import Constraint, TableSchema
from ..base.by_identity import ByIdentity
from ..base.signatures import ReflectedColumn, ReflectedItem, ReflectedTable, without_null
from .parse import ColumnText, ConstraintText, KeyText, TableText, parse_index, parse_table
from .signatures import (
    column_signature,
    constraint_signature,
    index_signature,
    key_signature,
    option_signatures,
)
from .tokens import NOWHERE, Scope
from .values import column_value, constraint_value, index_value


@dataclass(frozen=True, slots=True)
class Stored:
    """The text of a table with that of its indexes, as SQLite stores them."""

    name: str
    sql: str
    indexes: list[str] = field(default_factory=list)

    @property
    def virtual(self) -> bool:
        """Whether it is a virtual table, such as one of full-text search."""
        return self.sql[:14].upper() == "CREATE VIRTUAL"


def table_names(connection: Connection, schema: str | None) -> list[str]:
    """Return the names of the tables, without virtual tables and their shadow tables."""
    stored = stored_tables(connection, schema)
    virtual = [name for name, table in stored.items() if table.virtual]
    shadows = _shadows(connection, schema, virtual, stored) if virtual else set()
    return sorted(name for name in stored if name not in virtual and name not in shadows)


def read(
    connection: Connection, schema: str | None, names: Collection[str]
) -> list[ReflectedTable]:
    """Return the existing tables of those names, in their order; one query.

    A virtual table is left out: no model can create one.

    Raises:
        ReflectError: the text of a table cannot be read.
    """
    stored = stored_tables(connection, schema)
    reader = TableReader(schema, stored)
    return [
        reader.reflected(stored[name])
        for name in names
        if name in stored and not stored[name].virtual
    ]


def stored_tables(connection: Connection, schema: str | None) -> dict[str, Stored]:
    """Return the tables of a schema by their names."""
    quoted = connection.dialect.identifier_preparer.quote_identifier(schema or "main")
    rows = connection.exec_driver_sql(
        f"SELECT type, name, tbl_name, sql FROM {quoted}.sqlite_master "
        "WHERE type IN ('table', 'index') AND sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' ORDER BY type DESC, name"
    )
    tables: dict[str, Stored] = {}
    for kind, name, table, sql in rows:
        if kind == "table":
            tables[name] = Stored(name, sql)
        elif table in tables:
            tables[table].indexes.append(sql)
    return tables


def _shadows(
    connection: Connection, schema: str | None, virtual: Collection[str], names: Collection[str]
) -> set[str]:
    """Return the shadow tables of virtual tables; before SQLite 3.37 they are found by name."""
    version: Any = getattr(connection.dialect.dbapi, "sqlite_version_info", (0,))
    if version >= (3, 37):
        rows = connection.exec_driver_sql(
            "SELECT name FROM pragma_table_list WHERE type = 'shadow' AND schema = ?",
            (schema or "main",),
        )
        return {str(name) for (name,) in rows}
    return {name for name in names if any(name.startswith(f"{each}_") for each in virtual)}


class TableReader:
    """Reads the tables of a schema; each text is parsed once."""

    def __init__(self, schema: str | None, stored: dict[str, Stored]) -> None:
        self._schema = schema
        self._stored = {name.lower(): table for name, table in stored.items()}
        self._parsed: dict[str, TableText] = {}
        self._columns = ByIdentity(_column)  # the parser gives equal texts one value

    def reflected(self, stored: Stored) -> ReflectedTable:
        """Return a table with its signatures."""
        text = self._text(stored)
        names = [column.name for column in text.columns]
        scope = Scope(stored.name.lower(), frozenset(map(str.lower, names)))
        of_columns = [each for column in text.columns for each in column.constraints]
        texts = sorted([*text.constraints, *of_columns], key=_is_no_primary_key)
        columns = self._columns_of(text, scope)
        constraints = tuple(self._constraint(each, scope) for each in texts)
        parsed = [parse_index(sql) for sql in stored.indexes]
        indexes = tuple(
            ReflectedItem(index_value(index, names), index_signature(index, scope))
            for index in parsed
        )
        options = _options(text, texts)
        table = TableSchema(
            stored.name,
            [each.column for each in columns],
            constraints=[each.item for each in constraints],
            indexes=[each.item for each in indexes],
            schema=self._schema,
            dialect_options=options,
        )
        return ReflectedTable(
            table, columns, constraints, indexes, options=option_signatures(options)
        )

    def _columns_of(self, table: TableText, scope: Scope) -> tuple[ReflectedColumn, ...]:
        never_null, keyed = _never_null(table), _key_columns(table)
        columns = []
        for each in table.columns:
            in_key = each.name.lower() in keyed
            if each.generated or in_key:
                never = each.name in never_null
                columns.append(_column(each, scope, never_null=never, keyed=in_key))
            else:
                columns.append(self._columns(each))
        return tuple(columns)

    def _constraint(self, text: ConstraintText, scope: Scope) -> ReflectedItem[Constraint]:
        value = constraint_value(text, self._schema, self._primary_key)
        if isinstance(text, KeyText) and not _is_plain(text):
            return ReflectedItem(value, key_signature(text, scope))
        return ReflectedItem(value, constraint_signature(value, scope, ("sqlite",)))

    def _text(self, stored: Stored) -> TableText:
        text = self._parsed.get(stored.name)
        if text is None:
            text = self._parsed[stored.name] = parse_table(stored.sql)
        return text

    def _primary_key(self, name: str) -> tuple[str, ...]:
        stored = self._stored.get(name.lower())
        if stored is None or stored.virtual:
            return ()
        key = self._text(stored).primary_key
        return () if key is None else tuple(part.column or part.text for part in key.parts)


def _is_no_primary_key(constraint: ConstraintText) -> bool:
    return not (isinstance(constraint, KeyText) and constraint.kind == "primary key")


def _is_plain(key: KeyText) -> bool:
    """Tell whether a key's elements are plain columns."""
    return all(part.collate is None and part.order != "DESC" for part in key.parts)


def _column(
    text: ColumnText, scope: Scope = NOWHERE, *, never_null: bool = False, keyed: bool = False
) -> ReflectedColumn:
    value = column_value(text)
    if not keyed and text.type.upper() == "INT":
        value = replace(value, type_name="INTEGER")
    signature = column_signature(text, scope) if text.generated else column_signature(text)
    if not never_null or not text.nullable:
        return ReflectedColumn(value, signature)
    return ReflectedColumn(replace(value, nullable=False), without_null(signature))


def _never_null(table: TableText) -> set[str]:
    """Return the columns that cannot be NULL because of the primary key.

    The rowid itself, and any part of the key of a table WITHOUT ROWID (manual, "CREATE TABLE",
    "ROWIDs and the INTEGER PRIMARY KEY", and "The WITHOUT ROWID Optimization").
    """
    key = table.primary_key
    if key is None:
        return set()
    names = _key_columns(table)
    columns = [column for column in table.columns if column.name.lower() in names]
    if table.without_rowid or (len(columns) == 1 and _is_rowid(columns[0], key)):
        return {column.name for column in columns}
    return set()


def _key_columns(table: TableText) -> set[str]:
    """Return the names of the primary key's columns in lower case."""
    key = table.primary_key
    return set() if key is None else {(part.column or part.text).lower() for part in key.parts}


def _is_rowid(column: ColumnText, key: KeyText) -> bool:
    inline_descending = key in column.constraints and key.parts[0].order == "DESC"
    return column.type.upper() == "INTEGER" and not inline_descending


def _options(table: TableText, constraints: list[ConstraintText]) -> dict[str, Any]:
    """Return the table's dialect options, those that differ from the defaults."""
    options: dict[str, Any] = {}
    if any(isinstance(each, KeyText) and each.autoincrement for each in constraints):
        options["sqlite_autoincrement"] = True
    if table.without_rowid:
        options["sqlite_with_rowid"] = False
    if table.strict:
        options["sqlite_strict"] = True
    return options
