"""The models' columns as DDL: their types and definitions.

Enum types are written with their labels, as a column stores them: the type of that name may have
other labels, or may not exist yet.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.engine import Dialect

from ...convert import lineage, schema_to_table
from ...convert.dialects import writing
from ...schema import ColumnDef, TableSchema
from ...schema.base import distinct
from ...sqltext import POSTGRESQL


class CompiledColumns:
    """Columns for one dialect; each distinct one is compiled once."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect: Any = writing(dialect)
        self._dialect.type_compiler_instance = with_inline_enums(self._dialect)
        self.lineage = lineage(dialect)
        self._types: dict[Hashable, str] = {}
        self._definitions: dict[Hashable, str] = {}

    def type(self, column: ColumnDef) -> str:
        """Return a column's type as DDL."""
        key = (column.type_name, distinct(column.type_variants))
        if key not in self._types:
            made = self._made(column)
            self._types[key] = self._dialect.type_compiler_instance.process(
                made.type,
                type_expression=made,
                identifier_preparer=self._dialect.identifier_preparer,
            )
        return self._types[key]

    def definition(self, column: ColumnDef) -> str:
        """Return a column's type with its default or computed expression."""
        if column.computed is not None:
            expression = column.computed.expression.for_dialect(self.lineage)
            return f"{self.type(column)} GENERATED ALWAYS AS ({expression})"
        if column.default is None:
            return self.type(column)
        key = (column.type_name, distinct(column.type_variants), distinct(column.default))
        if key not in self._definitions:
            made = self._made(column)
            compiler = self._dialect.ddl_compiler(self._dialect, None)
            default = compiler.get_column_default_string(made)
            self._definitions[key] = f"{self.type(column)} DEFAULT {default}"
        return self._definitions[key]

    def _made(self, column: ColumnDef) -> Any:
        alone = replace(column, identity=None, sequence=None, constraints=(), computed=None)
        return schema_to_table(TableSchema("t", [alone]), MetaData()).columns[column.name]


def with_inline_enums(dialect: Any) -> Any:
    """Return the type compiler of a dialect that writes the labels of an enum, not its name."""
    base: Any = type(dialect.type_compiler_instance)

    class InlineEnums(base):  # type: ignore[misc]  # the dialect's own class
        def visit_ENUM(self, type_: Any, **_: Any) -> str:  # noqa: N802 - SQLAlchemy's name
            return f"ENUM({', '.join(map(POSTGRESQL.literal, type_.enums))})"

    return InlineEnums(dialect)
