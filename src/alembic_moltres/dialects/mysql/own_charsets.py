"""Columns with their own character set, which the conversion of their table would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy.engine import Dialect

from ...diff import AlterColumn, AlterTable, Change, SetOptions
from ...diff.changes.base import TableKey
from ...schema import ColumnDef, TableSchema
from ..base.ddl import DDLWriter
from .options import conversion_action
from .sql_mode import syntax_of
from .unstated import states_collation


def with_own_charsets(
    changes: Iterable[Change], tables: Mapping[TableKey, TableSchema], dialect: Dialect
) -> tuple[Change, ...]:
    """Return the changes; a converted table's unchanged columns keep their own character sets.

    CONVERT TO changes every column (MySQL manual, "ALTER TABLE", "Changing the Character Set"), so
    the definition of such a column is stated again.

    Args:
        changes: of the whole database.
        tables: the current tables by schema and name.
        dialect: of the database.
    """
    return tuple(
        _restated(each, tables[each.key], dialect)
        if isinstance(each, AlterTable) and each.key in tables
        else each
        for each in changes
    )


def _restated(block: AlterTable, table: TableSchema, dialect: Dialect) -> AlterTable:
    ddl = DDLWriter(dialect, block.name, block.schema)
    converts = any(
        isinstance(each, SetOptions) and conversion_action(ddl, each.current, each.desired)
        for each in block.changes
    )
    if not converts:
        return block
    restated = [AlterColumn(each, each) for each in _with_own(table, block, ddl)]
    at = 1 + max(n for n, each in enumerate(block.changes) if isinstance(each, SetOptions))
    return replace(block, changes=(*block.changes[:at], *restated, *block.changes[at:]))


def _with_own(table: TableSchema, block: AlterTable, ddl: DDLWriter) -> Iterator[ColumnDef]:
    """Yield the columns with a character set of their own that the block leaves unchanged."""
    changed = {each.desired.name for each in block.altered_columns}
    changed |= {each.name for each in block.dropped_columns}
    for column in table.columns:
        type_ = ddl.column(column).type
        if column.name not in changed and states_collation(type_, syntax_of(ddl.dialect)):
            yield column
