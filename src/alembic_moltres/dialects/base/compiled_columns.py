"""The signatures of columns from their compiled DDL; see `compiled`."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.types import Enum

from ...convert import lineage, schema_to_table
from ...convert.dialects import ddl_compiler
from ...datatypes import DataType
from ...schema import SQL, ColumnDef, Computed, Default, ForeignKeyConstraint, Identity, TableSchema
from ...schema.base import distinct
from ...schema.named_types import NATIVE, PORTABLE
from ...sqltext import normal_form, tokens
from .ddl import DDLWriter, ThawedColumn
from .impl import DialectImpl
from .signatures import ColumnSignature, ReflectedColumn, without_null

NULL = "null"
"""The default that equals no default."""

COUNTING = "autoincrement"
"""The signature of an autoincrement column."""


@dataclass(frozen=True, slots=True)
class CompiledColumn:
    """A column's signature, and its type and default as reflection returns them."""

    signature: ColumnSignature
    type_name: str
    default: Default | None


class CompiledColumns:
    """Columns compiled for one dialect, each distinct one once.

    Args:
        dialect: one that doubles no percent signs.
        impl: of that dialect.
    """

    def __init__(self, dialect: Dialect, impl: DialectImpl) -> None:
        self._dialect = dialect
        self._impl = impl
        self._names = lineage(dialect)
        self._ddl = DDLWriter(dialect, "t", None)
        equal = impl.features.equal_defaults.items()
        self._equal_defaults = {self._normal(text): self._normal(other) for text, other in equal}
        self._cache: dict[Hashable, CompiledColumn] = {}
        self._counting: dict[Hashable, str | None] = {}

    def signed(self, table: TableSchema) -> tuple[ReflectedColumn, ...]:
        """Return the columns of a table with their signatures."""
        key = table.primary_key
        in_key = () if key is None else key.columns
        counting = self._autoincrement(table) if in_key else None
        signed_columns = []
        for column in table.columns:
            signature = self._compiled(column).signature
            if column.name == counting:
                signature = replace(signature, generated=COUNTING)
            if column.name in in_key:
                signature = without_null(signature)
            signed_columns.append(ReflectedColumn(column, signature))
        return tuple(signed_columns)

    def reflected(
        self, table: TableSchema, columns: Iterable[ReflectedColumn]
    ) -> tuple[ReflectedColumn, ...]:
        """Return columns with values as reflection returns them, and the same signatures.

        Args:
            table: of the columns.
            columns: the result of `signed`.
        """
        key = table.primary_key
        in_key = () if key is None else key.columns
        return tuple(
            ReflectedColumn(self._reflected(each.column, each.signature, in_key), each.signature)
            for each in columns
        )

    def _reflected(
        self, column: ColumnDef, signature: ColumnSignature, in_key: Collection[str]
    ) -> ColumnDef:
        compiled = self._compiled(column)
        counting: bool | str = "auto"
        if column.name in in_key and column.default is None and column.identity is None:
            counting = self._impl.reflected_autoincrement(
                compiled.type_name,
                counts=signature.generated == COUNTING,
                alone=len(in_key) == 1,
            )
        return replace(
            column,
            type_name=compiled.type_name,
            type_variants={},
            default=compiled.default,
            nullable=signature.nullable,
            computed=self._computed(column),
            identity=without_defaults(column.identity)
            if self._dialect.supports_identity_columns
            else None,
            autoincrement=counting,
            comment=signature.comment,
            dialect_options={
                key: value
                for key, value in column.dialect_options.items()
                if key.partition("_")[0] in self._names
            },
        )

    def _computed(self, column: ColumnDef) -> Computed | None:
        if column.computed is None:
            return None
        text = column.computed.expression.for_dialect(self._names)
        return replace(column.computed, expression=SQL(text or ""))

    def _compiled(self, column: ColumnDef) -> CompiledColumn:
        key = _key(column)
        compiled = self._cache.get(key)
        if compiled is None:
            compiled = self._cache[key] = self._compile(column)
        return compiled

    def _compile(self, column: ColumnDef) -> CompiledColumn:
        identity = without_defaults(column.identity)
        alone = replace(
            column,
            name="q",
            comment=None,
            constraints=(),
            identity=identity,
            autoincrement="auto" if identity is not None else False,
        )
        thawed = self._ddl.column(alone)
        default = NULL if thawed.default is None else self._normal(thawed.default)
        counts = column.identity is not None and self._dialect.supports_identity_columns
        signature = ColumnSignature(
            self._type(thawed),
            nullable=column.nullable and not counts,
            default=None if default == NULL else self._equal_defaults.get(default, default),
            generated=self._generated(column, thawed),
            comment=(column.comment or None) if self._dialect.supports_comments else None,
            options=self._options(column),
        )
        value = None
        if signature.default is not None and thawed.default is not None:
            value = self._impl.default_of_ddl(thawed.default, thawed.type)
        return CompiledColumn(signature, self._type_name(column, thawed), value)

    def _type_name(self, column: ColumnDef, thawed: ThawedColumn) -> str:
        """Return the type as reflection returns it; one with a collation is returned unchanged."""
        own = next((name for name in self._names if name in column.type_variants), None)
        stated = column.type_name if own is None else column.type_variants[own]
        if any(token.upper == "COLLATE" for token in tokens(thawed.type, self._impl.syntax)):
            return stated
        named = self._named(stated)
        return self._impl.type_of_ddl(thawed.type, lambda *_: named)

    def _named(self, stated: str) -> DataType | None:
        """Return an enum type or a domain as reflection returns it."""
        if not self._impl.features.named_types:
            return None
        type_ = DataType.parse(stated)
        while type_.args and isinstance(type_.args[0], DataType) and "name" not in type_.kwargs:
            type_ = type_.args[0]
        if "name" not in type_.kwargs:
            return None
        called = {key: type_.kwargs[key] for key in ("name", "schema") if key in type_.kwargs}
        if type_.kwargs.get("native_enum", True) is False:
            return None
        is_enum = type_.name in {PORTABLE, NATIVE}
        return DataType(NATIVE, type_.args, called) if is_enum else type_

    def _type(self, thawed: ThawedColumn) -> str:
        """Return the type's DDL; a named type has its definition too."""
        text = self._normal(thawed.type)
        if not self._impl.features.named_types:
            return text
        type_: Any = thawed.thawed.type.dialect_impl(self._dialect)
        while getattr(type_, "item_type", None) is not None:
            type_ = type_.item_type.dialect_impl(self._dialect)
        if isinstance(type_, Enum) and type_.native_enum:
            return f"{text} {type_.enums!r}"
        if type_.__visit_name__ == "DOMAIN":
            return f"{text} {self._names[0]} {thawed.value.type_name}"
        return text

    def _generated(self, column: ColumnDef, thawed: ThawedColumn) -> str | None:
        live = thawed.thawed
        if live.computed is not None:
            return self._normal(self._ddl.write(live.computed))
        if live.identity is not None and self._dialect.supports_identity_columns:
            return self._normal(self._ddl.write(live.identity))
        sequence = column.sequence
        if sequence is not None and self._dialect.supports_sequences and not sequence.optional:
            return repr(sequence)
        return None

    def _options(self, column: ColumnDef) -> str | None:
        own = {
            key: value
            for key, value in column.dialect_options.items()
            if key.partition("_")[0] in self._names
        }
        return repr(sorted(own.items())) if own else None

    def _autoincrement(self, table: TableSchema) -> str | None:
        """Return the primary key's column that autoincrements on the dialect."""
        key = table.primary_key
        if key is None:
            return None
        columns = tuple(map(table.column, key.columns))
        referring = tuple(
            name for name in key.columns if any(name in each.columns for each in table.foreign_keys)
        )
        parts = tuple((each.name, each.autoincrement, _key(each)) for each in columns)
        cached = (parts, referring)
        if cached not in self._counting:
            keys = [ForeignKeyConstraint((name,), "other", ("id",)) for name in referring]
            alone = TableSchema("t", columns, constraints=[replace(key, name=None), *keys])
            self._counting[cached] = self._counts(alone)
        return self._counting[cached]

    def _counts(self, table: TableSchema) -> str | None:
        never = tuple(
            each if each.identity is not None else replace(each, autoincrement=False)
            for each in table.columns
        )
        made, still = (
            schema_to_table(each, MetaData()) for each in (table, replace(table, columns=never))
        )
        compiler = ddl_compiler(self._dialect)
        for column, other in zip(made.columns, still.columns, strict=True):
            written = [compiler.get_column_specification(each) for each in (column, other)]
            if written[0] != written[1]:
                return str(column.name)
        return None

    def _normal(self, text: str) -> str:
        return normal_form(text, self._impl.syntax)


def _key(column: ColumnDef) -> Hashable:
    """Return what the DDL of a column depends on, except its name and autoincrement."""
    key: Hashable = (column.type_name, column.nullable, column.comment)
    if column.type_variants or column.dialect_options:
        key = (key, distinct(column.type_variants), distinct(column.dialect_options))
    if column.computed is not None or column.identity is not None:
        key = (key, column.computed, column.identity)
    if column.default is not None or column.sequence is not None:
        key = (key, distinct(column.default), column.sequence)
    return key


def without_defaults(identity: Identity | None) -> Identity | None:
    """Return an identity without options that equal the defaults.

    >>> without_defaults(Identity(start=1, increment=1))
    identity()
    """
    if identity is None:
        return None
    upwards = identity.increment in {None, 1} and identity.minvalue in {None, 1}
    return replace(
        identity,
        start=None if upwards and identity.start == 1 else identity.start,
        increment=None if identity.increment == 1 else identity.increment,
    )
