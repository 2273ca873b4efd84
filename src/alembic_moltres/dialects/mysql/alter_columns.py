"""Alters one column: an UPDATE of its rows if needed, then its whole new definition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from ...errors import OperationError
from .collected_columns import definition, states_autoincrement
from .current_columns import CHECK

if TYPE_CHECKING:
    from ...diff import AlterColumn
    from ...schema import ColumnDef
    from ..base.alter_table import AlterTableBuilder
    from ..base.ddl import DDLWriter
    from ..base.execution import Execution
    from .collected_columns import CollectedColumns
    from .current_columns import CurrentColumns

WHOLE_NUMBERS = ("INTEGER", "BIGINT", "SMALLINT", "TINYINT", "MEDIUMINT")

EVERY_ROW = "LIMIT 9223372036854775807"
"""The end of an UPDATE of all rows that `sql_safe_updates` accepts.

It demands a key in WHERE, or a LIMIT below the largest number (manuals of MySQL and MariaDB,
"sql_safe_updates"; MariaDB 10.11 was seen to take the largest number for no LIMIT).
"""


class Block(Protocol):
    """The statements of the block that an altered column is part of."""

    execution: Execution
    ddl: DDLWriter
    builder: AlterTableBuilder
    columns: CollectedColumns
    current_columns: CurrentColumns

    def flush(self) -> None:
        """Complete the statement that is being collected."""

    def flush_if_changed(self, name: str) -> None:
        """Complete the statement if it changes the column already."""


class AlteredColumn:
    """Alters the column `current` to `desired`."""

    def __init__(self, block: Block, change: AlterColumn) -> None:
        self.block, self.ddl = block, block.ddl
        self.change, self.current, self.desired = change, change.current, change.desired
        self.made, self.attributes = block.current_columns.kept(self.current, self.desired)
        self.fill_null = change.fills_null
        self.column = self.ddl.quoted(self.desired.name)

    @property
    def has_check(self) -> bool:
        """Whether its new definition has a CHECK."""
        return bool(self.made.constraints) or any(
            each.startswith(CHECK) for each in self.attributes
        )

    def alter(self) -> None:
        """Add the statements."""
        self._check_auto_increment()
        if is_recreated(self.change):
            self._recreate()
            return
        if self.fill_null:
            self._fill()
        self.block.columns.change(self.made, self.attributes)

    def _recreate(self) -> None:
        self.block.flush_if_changed(self.desired.name)
        self.block.builder.add(f"DROP COLUMN {self.column}")
        text = definition(self.ddl, self.made, self.desired.name, self.attributes)
        self.block.builder.add(f"ADD COLUMN {text}")

    def _fill(self) -> None:
        """Write the new default into NULLs, after the column has got its new type."""
        nullable = replace(self.made, nullable=True)
        if self.ddl.column(nullable).definition != self.ddl.column(self.current).definition:
            self.block.columns.change(nullable, self.attributes)
        self.block.flush()
        self.block.builder.separate(
            f"UPDATE {self.ddl.table} SET {self.column} = DEFAULT WHERE {self.column} IS NULL "
            f"{EVERY_ROW}",
            f"the NULLs of the column {self.desired.name!r} of {self.ddl.of_table}",
        )

    def _check_auto_increment(self) -> None:
        """Refuse to drop AUTO_INCREMENT from a key column whose value does not mention it."""
        if not _may_be_auto_increment(self.desired) or self.current.nullable:
            return
        row = self.block.current_columns.row(self.desired.name)
        if row is not None and row.autoincrement:
            raise OperationError(
                f"the column {self.desired.name!r} is an AUTO_INCREMENT (at "
                f"{self.ddl.of_table}), and the new one does not say whether it still is; "
                "write autoincrement=True or autoincrement=False in both",
                self.desired,
            )


def is_recreated(change: AlterColumn) -> bool:
    """Tell whether a column's generation changes such that it is dropped and added again.

    A virtual column cannot become a stored one, and the other way round (MySQL's manual, "ALTER
    TABLE and Generated Columns").

    >>> from alembic_moltres.diff import AlterColumn
    >>> from alembic_moltres.schema import column, computed
    >>> stored = column("b", "INTEGER", computed=computed("a * 2", persisted=True))
    >>> virtual = column("b", "INTEGER", computed=computed("a * 2", persisted=False))
    >>> is_recreated(AlterColumn(stored, virtual))
    True
    """
    before, after = change.current.computed, change.desired.computed
    if (before is None) != (after is None):
        return after is not None or not (before and before.persisted)
    return bool(before and after and bool(before.persisted) != bool(after.persisted))


def _may_be_auto_increment(column: ColumnDef) -> bool:
    type_name = column.type_name.rpartition(".")[2].partition("(")[0]
    elsewhere = (column.default, column.computed, column.identity, column.sequence)
    unstated = column.autoincrement == "auto" and not states_autoincrement(column)
    return unstated and type_name in WHOLE_NUMBERS and all(item is None for item in elsewhere)
