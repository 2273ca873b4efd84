"""The rows on which the steps of a plan fail, and the queries that select them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...dialects.base.failing_rows import failing_rows, is_for
from ...diff import (
    AlterColumn,
    AlterTable,
    Change,
    DropTable,
    RenameColumn,
    RenameTable,
    TableKey,
    Tables,
)
from ...diff.changes.base import Addition, Removal, called, table_key
from ...diff.failures import Failure, OrphanRows, RepeatedRows, failures_of
from ...schema import ColumnDef, ForeignKeyConstraint

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ...dialects.base.impl import DialectImpl
    from .steps import Step


@dataclass(frozen=True, slots=True)
class Failing:
    """Rows on which a step fails.

    Attributes:
        text: which.
        is_of_values: each value counts once, however many rows have it.
        query: selects them in the connected database; `None` if no query can.
    """

    text: str
    is_of_values: bool
    query: sa.Select[Any] | None = field(default=None, compare=False)


@dataclass(slots=True)
class DatabaseTables:
    """The database's tables and columns whose values the plan has not changed.

    Attributes:
        tables: before the plan.
        names: of the existing ones: the original name by the current name.
        columns: those with unchanged values: the original name by the current name.
    """

    tables: Tables
    names: dict[TableKey, TableKey] = field(default_factory=dict)
    columns: dict[TableKey, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = {key: key for key in self.tables}
        self.columns = {
            key: {str(column.name): str(column.name) for column in table.columns}
            for key, table in self.tables.items()
        }

    def query(
        self, failure: Failure, key: TableKey, change: Change, impl: DialectImpl
    ) -> sa.Select[Any] | None:
        """Return the query for the rows of a table on which a change fails.

        Args:
            failure: of the change.
            key: of the table.
            change: the whole one.
            impl: of the database.
        """
        if key not in self.names:
            return None
        if isinstance(failure, OrphanRows) and not self._has_target(failure.key):
            return None
        columns = _after(change, self.columns[key])
        return failing_rows(failure, self.tables[self.names[key]], key[1], columns, impl)

    def _has_target(self, key: ForeignKeyConstraint) -> bool:
        target = key.references_schema, key.references_table
        columns = self.columns.get(target, {})
        same = all(columns.get(each) == each for each in key.references_columns)
        return self.names.get(target) == target and same

    def apply(self, change: Change) -> None:
        """Remove what a change alters; rename what it renames."""
        match change:
            case DropTable(table=table):
                self.names.pop(table_key(table), None)
            case RenameTable():
                old, new = (change.schema, change.current), (change.schema, change.desired)
                if old in self.names:
                    self.names[new] = self.names.pop(old)
                    self.columns[new] = self.columns.pop(old)
            case AlterTable() if change.key in self.names:
                columns = _after(change, self.columns[change.key])
                for each in change.changes:
                    if isinstance(each, AlterColumn) and each.retypes:
                        columns.pop(str(each.desired.name), None)
                self.columns[change.key] = columns


def _after(change: Change, columns: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that a change keeps, under their new names."""
    kept, renamed = dict(columns), dict[str, str]()
    for each in change.changes if isinstance(change, AlterTable) else ():
        match each:
            case RenameColumn(current=current, desired=desired):
                if current in kept:
                    renamed[desired] = kept.pop(current)
            case Addition(item=ColumnDef() as column) | Removal(item=ColumnDef() as column):
                kept.pop(str(column.name), None)
    return kept | renamed


def failing_of(
    step: Step, impl: DialectImpl, database: DatabaseTables, existing: set[TableKey]
) -> Iterator[Failing]:
    """Yield on which rows a step fails.

    Args:
        step: of a script.
        impl: of the database.
        database: before the step; updated.
        existing: the current names of the tables that existed before the revision; updated.
    """
    for change, tables in step.with_tables():
        for key, failure in failures_of(change, tables):
            fails = impl.fails_on(failure)
            if key in existing and fails and is_for(failure, impl.dialect):
                query = database.query(failure, key, change, impl)
                yield Failing(failure.text(called(key)), isinstance(failure, RepeatedRows), query)
        database.apply(change)
        if isinstance(change, RenameTable) and (change.schema, change.current) in existing:
            existing.add((change.schema, change.desired))
