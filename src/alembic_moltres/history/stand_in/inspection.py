"""An inspector of a state: SQLAlchemy's `get_*` and `has_*`, without queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.engine.reflection import ReflectionDefaults

from ...convert import schema_to_table
from ...convert.dialect_options import thaw_options
from ...dialects.base.impl import DialectImpl
from ...diff import TableKey
from ...diff.changes.base import table_key
from ...schema import (
    SQL,
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    Index,
    TableSchema,
    UniqueConstraint,
)
from ...schema.names import qualified_name
from ...sqltext import Syntax, tokens

LAST = "~"
"""Sorts behind any name: SQLAlchemy lists a CHECK without a name so."""

OfKind = TypeVar("OfKind", bound=Constraint)
Named = Callable[[TableSchema, "Constraint | Index"], "str | None"]


@dataclass
class InspectedTables:
    """The tables at one point as SQLAlchemy tables, made on first use.

    `not_found` is called with the key of a table that a script inspects and that is not there.
    """

    tables: Mapping[TableKey, TableSchema]
    types: frozenset[tuple[str | None, str]]
    sequences: frozenset[tuple[str | None, str]]
    default_schema: str | None
    name_of: Named
    not_found: Callable[[TableKey], None] = lambda _: None
    views: frozenset[tuple[str | None, str]] = frozenset()
    _live: dict[str, sa.Table] = field(default_factory=dict)

    @cached_property
    def metadata(self) -> sa.MetaData:
        return sa.MetaData()

    def schema(self, name: str | None) -> str | None:
        """Return a schema, `None` for the default one."""
        return None if name == self.default_schema else name

    def value(self, name: str, schema: str | None) -> TableSchema:
        """Return a table's value.

        Raises:
            NoSuchTableError: there is none.
        """
        key = (self.schema(schema), str(name))
        if key not in self.tables:
            self.not_found(key)
            raise exc.NoSuchTableError(qualified_name(name, key[0]))
        return self.tables[key]

    def table(self, name: str, schema: str | None) -> sa.Table:
        """Return a table as an SQLAlchemy table."""
        value = self.value(name, schema)
        if value.key not in self._live:
            self._live[value.key] = schema_to_table(value, self.metadata)
        return self._live[value.key]

    def names(self, schema: str | None) -> list[str]:
        """Return the names of the tables of a schema."""
        wanted = self.schema(schema)
        return sorted(str(each.name) for each in self.tables.values() if each.schema == wanted)


SAME_KEY = ("constrained_columns", "referred_table", "referred_columns")
"""What SQLAlchemy tells the foreign keys of SQLite by."""


class InspectsState:
    """The reflection methods of the stand-in's dialect."""

    database: Any
    default_schema_name: str | None

    def has_table(self, connection: Any, table_name: str, schema: Any = None, **_: Any) -> bool:
        inspected = self.database.inspected()
        name = (inspected.schema(schema), str(table_name))
        exists = name in inspected.tables or name in inspected.views
        if not exists:
            inspected.not_found(name)
        return exists

    def has_sequence(
        self, connection: Any, sequence_name: str, schema: Any = None, **_: Any
    ) -> bool:
        inspected = self.database.inspected()
        return (inspected.schema(schema), str(sequence_name)) in inspected.sequences

    def has_type(self, connection: Any, type_name: str, schema: Any = None, **_: Any) -> bool:
        inspected = self.database.inspected()
        return (inspected.schema(schema), str(type_name)) in inspected.types

    def has_index(
        self, connection: Any, table_name: str, index_name: str, schema: Any = None, **_: Any
    ) -> bool:
        if not self.has_table(connection, table_name, schema):
            return False
        inspected = self.database.inspected()
        value = inspected.value(table_name, schema)
        return any(inspected.name_of(value, each) == index_name for each in value.indexes)

    def has_schema(self, connection: Any, schema_name: str, **_: Any) -> bool:
        return schema_name in self.get_schema_names(connection)

    def get_schema_names(self, connection: Any, **_: Any) -> list[str]:
        inspected = self.database.inspected()
        names = {each.schema or self.default_schema_name for each in inspected.tables.values()}
        return sorted(name for name in {*names, self.default_schema_name} if name)

    def get_table_names(self, connection: Any, schema: Any = None, **_: Any) -> list[str]:
        names: list[str] = self.database.inspected().names(schema)
        return names

    def get_view_names(self, connection: Any, schema: Any = None, **_: Any) -> list[str]:
        inspected = self.database.inspected()
        return sorted(n for s, n in inspected.views if s == inspected.schema(schema))

    def get_sequence_names(self, connection: Any, schema: Any = None, **_: Any) -> list[str]:
        inspected = self.database.inspected()
        return sorted(n for s, n in inspected.sequences if s == inspected.schema(schema))

    def get_temp_table_names(self, connection: Any, **_: Any) -> list[str]:
        return []

    get_temp_view_names = get_temp_table_names

    def get_materialized_view_names(
        self, connection: Any, schema: Any = None, **_: Any
    ) -> list[str]:
        return []

    def get_columns(
        self, connection: Any, table_name: str, schema: Any = None, **_: Any
    ) -> list[dict[str, Any]]:
        inspected, catalogue = self.database.inspected(), self.database.catalogue
        value, table = inspected.value(table_name, schema), inspected.table(table_name, schema)
        impl = catalogue.impl
        found = []
        for each in table.columns:
            owned = catalogue.owned.get((table_key(value), str(each.name)))
            told = {**_column(each, self), "type": impl.inspected_type(each.type)}  # type: ignore[arg-type]
            sequence = None if owned is None else str(owned.name)
            found.append(impl.inspected_column(told, value, sequence))
        return found

    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: Any = None, **_: Any
    ) -> Any:
        inspected = self.database.inspected()
        value = inspected.value(table_name, schema)
        key = value.primary_key
        if key is None:
            return ReflectionDefaults.pk_constraint()
        return {
            "constrained_columns": list(key.columns),
            "name": inspected.name_of(value, key),
            "comment": key.comment,
        }

    def get_foreign_keys(
        self, connection: Any, table_name: str, schema: Any = None, **_: Any
    ) -> list[dict[str, Any]]:
        found = [
            {
                **shared,
                "constrained_columns": list(each.columns),
                "referred_schema": each.references_schema,
                "referred_table": each.references_table,
                "referred_columns": list(each.references_columns),
                "options": _key_options(each),
            }
            for each, shared in self._constraints(table_name, schema, ForeignKeyConstraint)
        ]
        if not self.database.catalogue.impl.features.lists_keys_in_order:
            return found
        first: dict[str, dict[str, Any]] = {}
        for each in found:
            first.setdefault(repr([each[name] for name in SAME_KEY]), each)
        return list(first.values())

    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: Any = None, **_: Any
    ) -> list[dict[str, Any]]:
        found = [
            {**shared, "column_names": list(each.columns)}
            for each, shared in self._constraints(table_name, schema, UniqueConstraint)
        ]
        if not self.database.catalogue.impl.features.unique_is_index:
            return found
        indexes = self.get_indexes(connection, table_name, schema)
        unique = [(each["name"], each["column_names"]) for each in indexes if each["unique"]]
        return [{"name": n, "column_names": c, "duplicates_index": n} for n, c in unique]

    def get_check_constraints(
        self, connection: Any, table_name: str, schema: Any = None, **_: Any
    ) -> list[dict[str, Any]]:
        return [
            {**shared, "sqltext": each.expression.text}
            for each, shared in self._constraints(table_name, schema, CheckConstraint)
        ]

    def _constraints(
        self, table_name: str, schema: Any, kind: type[OfKind]
    ) -> Iterator[tuple[OfKind, dict[str, Any]]]:
        """Yield the constraints of a kind in SQLAlchemy's order, each with what all kinds share."""
        inspected = self.database.inspected()
        value = inspected.value(table_name, schema)
        named = [
            (inspected.name_of(value, each), each)
            for each in value.constraints
            if isinstance(each, kind)
        ]
        features = self.database.catalogue.impl.features
        if kind is CheckConstraint or not features.lists_keys_in_order:
            named.sort(key=lambda each: each[0] or LAST)
        for name, constraint in named:
            yield constraint, {"name": name, "comment": constraint.comment}

    def get_indexes(
        self, connection: Any, table_name: str, schema: Any = None, **_: Any
    ) -> list[dict[str, Any]]:
        inspected, impl = self.database.inspected(), self.database.catalogue.impl
        value = inspected.value(table_name, schema)
        every = (*value.indexes, *impl.implicit_indexes(value))
        kept = [replace(each, name=inspected.name_of(value, each)) for each in every]
        read = (impl.inspected_index(each) for each in kept)
        found = [_index(each, impl) for each in read if each is not None]
        for key, shared in self._constraints(table_name, schema, UniqueConstraint):
            made = {"name": shared["name"], "column_names": list(key.columns), "unique": True}
            if impl.features.keys_are_indexes:
                found.append({**made, "duplicates_constraint": shared["name"]})
            elif impl.features.unique_is_index:
                found.append(made)
        return sorted(found, key=lambda each: str(each["name"]))

    def get_table_comment(
        self, connection: Any, table_name: str, schema: Any = None, **_: Any
    ) -> dict[str, Any]:
        return {"text": self.database.inspected().value(table_name, schema).comment}

    def get_table_options(
        self, connection: Any, table_name: str, schema: Any = None, **_: Any
    ) -> dict[str, Any]:
        value = self.database.inspected().value(table_name, schema)
        options: dict[str, Any] = self.database.catalogue.impl.inspected_options(
            value.dialect_options
        )
        return options

    get_multi_columns = DefaultDialect.get_multi_columns
    get_multi_pk_constraint = DefaultDialect.get_multi_pk_constraint
    get_multi_foreign_keys = DefaultDialect.get_multi_foreign_keys
    get_multi_unique_constraints = DefaultDialect.get_multi_unique_constraints
    get_multi_check_constraints = DefaultDialect.get_multi_check_constraints
    get_multi_indexes = DefaultDialect.get_multi_indexes
    get_multi_table_comment = DefaultDialect.get_multi_table_comment
    get_multi_table_options = DefaultDialect.get_multi_table_options
    if hasattr(DefaultDialect, "has_multi_table"):  # since SQLAlchemy 2.1
        has_multi_table = DefaultDialect.has_multi_table


def _key_options(key: Any) -> dict[str, Any]:
    named = {
        "ondelete": key.on_delete,
        "onupdate": key.on_update,
        "deferrable": key.deferrable,
        "initially": key.initially,
        "match": key.match,
    }
    return {name: text for name, text in named.items() if text is not None}


def _column(column: sa.Column[Any], dialect: Dialect) -> dict[str, Any]:
    compiler: Any = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]
    attributes = {
        "name": str(column.name),
        "nullable": bool(column.nullable),
        "default": compiler.get_column_default_string(column),
        "autoincrement": column is column.table.autoincrement_column,
        "comment": column.comment,
    }
    if column.computed is not None:
        attributes["computed"] = {
            "sqltext": str(column.computed.sqltext),
            "persisted": column.computed.persisted,
        }
    if column.identity is not None:
        attributes["identity"] = _identity(column.identity)
        attributes["autoincrement"] = True
    return attributes


def _identity(identity: sa.Identity) -> dict[str, Any]:
    """Return the options of an identity column, with the database's defaults."""
    stated = {
        "always": identity.always,
        "start": identity.start,
        "increment": identity.increment,
        "minvalue": identity.minvalue,
        "maxvalue": identity.maxvalue,
        "cycle": identity.cycle,
        "cache": identity.cache,
    }
    defaults = {"always": False, "start": 1, "increment": 1, "cycle": False, "cache": 1}
    return defaults | {name: each for name, each in stated.items() if each is not None}


def _index(index: Index, impl: DialectImpl) -> dict[str, Any]:
    """Return what is told of an index; the order of a column stands apart from its name."""
    sorted_ = [_sorted_column(each, impl.syntax) for each in index.elements]
    names = [each and each[0] for each in sorted_]
    attributes: dict[str, Any] = {
        "name": index.name,
        "column_names": names,
        "unique": index.unique,
        "dialect_options": thaw_options(index.dialect_options),
    }
    sorting = {name: order for name, order in filter(None, sorted_) if order}
    if sorting and impl.features.inspects_orders:
        attributes["column_sorting"] = sorting
    if None in names:
        attributes["expressions"] = [
            name if name or isinstance(each, str) else each.text
            for name, each in zip(names, index.elements, strict=True)
        ]
    return attributes


ORDERS = {
    ("DESC",): ("desc",),
    ("DESC", "NULLS", "LAST"): ("desc", "nulls_last"),
    ("NULLS", "FIRST"): ("nulls_first",),
    ("ASC",): (),
    (): (),
}
"""What SQLAlchemy calls the orders of an index's column; others are the defaults of these."""


def _sorted_column(element: str | SQL, syntax: Syntax) -> tuple[str, tuple[str, ...]] | None:
    """Return the column of an index's element and its order; `None` of an expression."""
    if isinstance(element, str):
        return str(element), ()
    name, *rest = tokens(element.text, syntax)
    keywords = tuple(token.upper for token in rest)
    return (name.value, ORDERS[keywords]) if name.is_name and keywords in ORDERS else None
