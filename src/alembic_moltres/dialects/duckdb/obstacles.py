"""Finds in advance the changes that DuckDB refuses because of indexes, keys or CHECKs of a table.

Seen with DuckDB 2.0: an action that rewrites a table's entry in the catalogue fails while an index
or another table's foreign key depends on it, even in the transaction that drops the index. Its
manual, "ALTER TABLE", lists the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NoReturn

from ...errors import OperationError
from ...schema import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ...sqltext import POSTGRESQL, mentioned

NEW_TABLE = "recreate the table with op.execute(): CREATE TABLE, INSERT ... SELECT, DROP, RENAME"
SEPARATE_REVISIONS = "drop it in a revision before this one, and create it again in one after it"
DROP_REFERRING = "drop that table before, or recreate both with op.execute()"


class Obstacles:
    """The obstacles to changes of one table, as it was before all of them.

    Args:
        table: the table of the database; `None` with `--sql`, where the database itself reports
            them.
        referring: the other tables that have a foreign key to it.
        of_table: its name for errors.
    """

    def __init__(self, table: TableSchema | None, referring: Sequence[str], of_table: str) -> None:
        self._table, self._referring, self._of_table = table, referring, of_table
        self._names: dict[str, str] = {}

    def renamed(self, current: str, desired: str) -> None:
        """Record the new name of a column."""
        self._names[desired] = self._names.pop(current, current)

    def rewrite(self, action: str) -> None:
        """Refuse an action that rewrites the catalogue entry of a table with dependents."""
        if self._table is None:
            return
        for index in self._table.indexes:
            self._refuse(action, f"the index {index.name!r} is there", SEPARATE_REVISIONS)
        for name in self._referring:
            self._refuse(action, f"the table {name!r} refers to it", DROP_REFERRING)

    def rename(self, name: str) -> None:
        """Refuse to rename a column, if something depends on it."""
        action = f"rename the column {name!r}"
        self.rewrite(action)
        for key in self._constraints_of(name):
            if isinstance(key, ForeignKeyConstraint):
                self._refuse(action, f"{_constraint(key)} uses it", NEW_TABLE)

    def retype(self, name: str) -> None:
        """Refuse to change a column's type, if something depends on it."""
        action = f"change the type of the column {name!r}"
        self.rewrite(action)
        for item in self._constraints_of(name):
            self._refuse(action, f"{_constraint(item)} uses it", NEW_TABLE)
        self._refuse_computed(action, name)

    def drop(self, name: str) -> None:
        """Refuse to drop a column, if something depends on it."""
        action = f"drop the column {name!r}"
        self.rewrite(action)
        before = self._names.get(name, name)
        for item in self._constraints_of(name):
            if not isinstance(item, CheckConstraint) or self._columns(item) != {before.lower()}:
                self._refuse(action, f"{_constraint(item)} uses it", NEW_TABLE)
        for item in self._keys_behind(before):
            self._refuse(action, f"{_constraint(item)} has a later column", NEW_TABLE)
        self._refuse_computed(action, name)

    def _refuse_computed(self, action: str, name: str) -> None:
        before = self._names.get(name, name).lower()
        for column in self._table.columns if self._table else ():
            expression = column.computed and column.computed.expression.text
            if expression and before in _mentioned(expression):
                self._refuse(
                    action, f"the column {str(column.name)!r} is computed from it", NEW_TABLE
                )

    def _constraints_of(self, name: str) -> list[Constraint]:
        before = self._names.get(name, name).lower()
        every: Iterable[Constraint] = self._table.constraints if self._table else ()
        return [item for item in every if before in self._columns(item)]

    def _columns(self, item: Constraint) -> Collection[str]:
        if isinstance(item, CheckConstraint):
            return _mentioned(item.expression.text)
        return {name.lower() for name in item.columns}

    def _keys_behind(self, name: str) -> list[Constraint]:
        if self._table is None:
            return []
        names = [str(column.name).lower() for column in self._table.columns]
        if name.lower() not in names:
            return []
        following = set(names[names.index(name.lower()) + 1 :])
        keys = [
            item
            for item in self._table.constraints
            if isinstance(item, PrimaryKeyConstraint | UniqueConstraint)
        ]
        return [item for item in keys if not following.isdisjoint(self._columns(item))]

    def _refuse(self, action: str, reason: str, remedy: str) -> NoReturn:
        raise OperationError(
            f"duckdb cannot {action} while {reason} (at {self._of_table}); {remedy}", action
        )


def _mentioned(text: str) -> set[str]:
    return {name.lower() for name in mentioned(text, POSTGRESQL)}


def _constraint(item: Constraint) -> str:
    kind = item.function.replace("_", " ")
    if isinstance(item, CheckConstraint):
        return f"the {kind} ({item.expression.text})"
    return f"the {kind} on ({', '.join(item.columns)})"
