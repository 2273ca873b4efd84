"""`Observer`: what a command records beside the state while scripts are replayed."""

from __future__ import annotations

from typing import Any

from ..schema import TableSchema
from ..schema.named_types import TypeKey


class Observer:
    """Called by the recorder that `Recorder.observed_by` adds it to; each method does nothing."""

    def before(self) -> None:
        """Called before an operation or a statement."""

    def after_operation(self, operation: Any, *, own: bool) -> None:
        """Called after an operation.

        Args:
            operation: the operation.
            own: it is of this package, and recorded; others follow as statements.
        """

    def after_statement(self, sql: str, context: Any) -> None:
        """Called after a statement.

        Args:
            sql: its text.
            context: SQLAlchemy's execution context, `None` for a statement of a bare cursor.
        """

    def unknown_result(self, sql: str) -> None:
        """Called after a query with a value that only a server knows."""

    def before_rename(
        self, table: TableSchema, current: str, desired: str, *, is_column: bool
    ) -> None:
        """Called before a table, or one of its columns, is renamed."""

    def before_type_rename(self, key: TypeKey, desired: str) -> None:
        """Called before an enum type or a domain is renamed."""

    def after_drop(self, table: TableSchema, column: str | None) -> None:
        """Called after a table, or the column of it, is dropped.

        Args:
            table: before that.
            column: its name; `None` if the table is dropped.
        """

    def after_change(self) -> None:
        """Called after a change of the tables."""

    def tables_requested(self) -> None:
        """Called when a script requests its tables."""
