"""The rows on which the steps of a plan fail, and the queries that select them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...dialects.base.failing_rows import failing_rows, is_for
from ...diff import (
    AddColumn,
    AlterColumn,
    AlterTable,
    Change,
    DropColumn,
    DropTable,
    RenameColumn,
    RenameTable,
    TableKey,
    Tables,
)
from ...diff.changes.base import called, key_of
from ...diff.failures import (
    Failure,
    LabelledRows,
    NullRows,
    OrphanRows,
    RepeatedRows,
    RowsWithoutValue,
    TooLargeRows,
    failures_of,
)

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
        query: selects them in the connected database; `None` where that cannot tell.
    """

    text: str
    is_of_values: bool
    query: sa.Select[Any] | None = field(default=None, compare=False)


@dataclass(slots=True)
class DatabaseTables:
    """What the database has, as far as the steps of a plan have left it alone.

    Attributes:
        tables: before the plan.
        names: of those that are still there, by their names now.
        changed: the columns that are no longer what they were, by the table's name now.
    """

    tables: Tables
    names: dict[TableKey, TableKey]
    changed: dict[TableKey, set[str]] = field(default_factory=dict)

    def query(
        self, failure: Failure, key: TableKey, change: Change, impl: DialectImpl
    ) -> sa.Select[Any] | None:
        """Return what selects rows of a table on which a change fails.

        Args:
            failure: of the change.
            key: of the table.
            change: the whole one.
            impl: of the database.
        """
        changed, read = self.changed.get(key, set()) | _changed(change), _read(failure)
        if isinstance(failure, OrphanRows):
            referred = (failure.key.references_schema, failure.key.references_table)
            if self.names.get(referred) != referred or self.changed.get(referred):
                return None
        if key not in self.names or (changed if read is None else changed & read):
            return None
        return failing_rows(failure, self.tables[self.names[key]], impl.dialect)

    def apply(self, change: Change) -> None:
        """Note what a change leaves otherwise than it was."""
        match change:
            case DropTable(table=table):
                self.names.pop(key_of(table), None)
            case RenameTable():
                old, new = (change.schema, change.current), (change.schema, change.desired)
                if old in self.names:
                    self.names[new] = self.names.pop(old)
                    self.changed[new] = self.changed.pop(old, set())
            case AlterTable():
                retyped = {
                    str(each.desired.name)
                    for each in change.changes
                    if isinstance(each, AlterColumn) and each.retypes
                }
                self.changed.setdefault(change.key, set()).update(_changed(change), retyped)


def _changed(change: Change) -> set[str]:
    """Return the columns that come, go, or have another name."""
    found: set[str] = set()
    for each in change.changes if isinstance(change, AlterTable) else ():
        match each:
            case RenameColumn(current=current, desired=desired):
                found |= {current, desired}
            case AddColumn(column=column) | DropColumn(column=column):
                found.add(str(column.name))
    return found


def _read(failure: Failure) -> set[str] | None:
    """Return the columns that tell which rows it is; `None` for any."""
    match failure:
        case RowsWithoutValue():
            return set()
        case NullRows(column=column) | LabelledRows(column=column):
            return {column}
        case TooLargeRows(desired=desired):
            return {str(desired.name)}
        case OrphanRows(key=key):
            return {*key.columns}
        case _:
            return None


def failing_of(
    step: Step, impl: DialectImpl, database: DatabaseTables, existing: set[TableKey]
) -> Iterator[Failing]:
    """Yield on which rows a step fails.

    Args:
        step: of a script.
        impl: of the database.
        database: before the step; afterwards as it leaves that.
        existing: the tables that there were before the revision, by their names now.
    """
    for change, tables in step.with_tables():
        for key, failure in failures_of(change, tables):
            fails = type(failure) not in impl.features.never_fails_on
            if key in existing and fails and is_for(failure, impl.dialect):
                query = database.query(failure, key, change, impl)
                yield Failing(failure.text(called(key)), isinstance(failure, RepeatedRows), query)
        database.apply(change)
        if isinstance(change, RenameTable) and (change.schema, change.current) in existing:
            existing.add((change.schema, change.desired))
