"""The DDL of the models' columns."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import MetaData

from ...convert import schema_to_table
from ...convert.dialects import ddl_compiler
from ...schema import ColumnDef, ForeignKeyConstraint, TableSchema
from ...schema.base import distinct
from ...sqltext import Syntax, mentioned
from ..base.by_identity import ByIdentity
from ..base.ddl import DDLWriter
from .unstated import states_collation


@dataclass(frozen=True, slots=True)
class ColumnDefinition:
    """A column's definition without its name and comment, and its type alone.

    `collated`: the type states a character set or a collation.
    """

    definition: str
    type: str
    collated: bool


class ColumnDefinitions:
    """The texts of columns; equal columns are compiled once.

    Args:
        dialect: that compiles them.
        syntax: of their text.
    """

    def __init__(self, dialect: Any, syntax: Syntax) -> None:
        self._dialect, self._syntax = dialect, syntax
        self._of = ByIdentity(self._text)
        self._definitions: dict[Hashable, ColumnDefinition] = {}
        self._automatic: dict[Hashable, str | None] = {}

    def of(self, column: ColumnDef) -> ColumnDefinition:
        """Return the text of a column."""
        return self._of(column)

    def mentioned_columns(self, table: TableSchema, expression: str) -> tuple[tuple[str, str], ...]:
        """Return the columns that an expression names, with their types."""
        names = mentioned(expression, self._syntax)
        return tuple(
            (column.name, self.of(column).type)
            for column in table.columns
            if column.name.lower() in names
        )

    def autoincrement(self, table: TableSchema) -> str | None:
        """Return the column that SQLAlchemy makes AUTO_INCREMENT."""
        key = table.primary_key
        if key is None:
            return None
        columns = [table.column(name) for name in key.columns]
        referring = [
            ForeignKeyConstraint((name,), "other", ("id",))
            for name in key.columns
            if any(name in each.columns for each in table.foreign_keys)
        ]
        cached = (tuple(map(_of_key, columns)), tuple(each.columns for each in referring))
        if cached not in self._automatic:
            alone = TableSchema("t", columns, constraints=[key, *referring])
            made = schema_to_table(alone, MetaData())
            compiler = ddl_compiler(self._dialect)
            names = [
                str(column.name)
                for column in made.columns
                if " AUTO_INCREMENT" in compiler.get_column_specification(column)
            ]
            self._automatic[cached] = names[0] if names else None
        return self._automatic[cached]

    def _text(self, column: ColumnDef) -> ColumnDefinition:
        key: Hashable = (column.type_name, column.nullable)
        plain = column.default is None and column.computed is None
        if not plain or column.type_variants:
            key = (*key, distinct(column.default), column.computed, distinct(column.type_variants))  # type: ignore[misc]
        text = self._definitions.get(key)
        if text is None:
            alone = replace(
                column, name="q", comment=None, identity=None, sequence=None, constraints=()
            )
            made = DDLWriter(self._dialect, "t", None).column(alone)
            definition, collated = made.definition, states_collation(made.type, self._syntax)
            text = ColumnDefinition(definition.removeprefix("q "), made.type, collated)
            self._definitions[key] = text
        return text


def _of_key(column: ColumnDef) -> tuple[object, ...]:
    """Return the parts of a column of a primary key on which AUTO_INCREMENT depends."""
    return (
        column.name,
        column.type_name,
        distinct(column.type_variants),
        column.autoincrement,
        distinct(column.default),
        column.sequence,
        column.identity,
    )
