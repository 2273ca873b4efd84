"""Collects the changes of columns for one ALTER TABLE, which renames or changes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...schema import ColumnDef
    from ..base.ddl import DDLWriter


@dataclass(slots=True)
class PendingColumn:
    """A column with its new name or its new definition, which is `None` if it does not change.

    `attributes` are written after the definition. `text` is a definition as the server writes it.
    """

    before: str
    after: str
    definition: ColumnDef | None = None
    attributes: Sequence[str] = ()
    text: str | None = None


class CollectedColumns:
    """The columns that one ALTER TABLE renames, or those that it changes."""

    def __init__(self, ddl: DDLWriter) -> None:
        self.ddl = ddl
        self._by_name: dict[str, PendingColumn] = {}

    def __bool__(self) -> bool:
        return bool(self._by_name)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    @property
    def renames(self) -> bool:
        """Tell whether a column is renamed."""
        return any(each.before != each.after for each in self._by_name.values())

    @property
    def defines(self) -> bool:
        """Tell whether a column gets a definition."""
        return any((each.definition, each.text) != (None, None) for each in self._by_name.values())

    def rename(self, old: str, new: str) -> None:
        """Record that a column is named `new` from now on."""
        pending = self._by_name.pop(old, PendingColumn(old, old))
        pending.after = new
        self._by_name[new] = pending

    def change(self, desired: ColumnDef, attributes: Sequence[str] = ()) -> None:
        """Record a column's new definition, and the attributes after it."""
        name = desired.name
        pending = self._by_name.setdefault(name, PendingColumn(name, name))
        pending.definition, pending.attributes = desired, attributes

    def restate(self, name: str, text: str) -> None:
        """Record a column's definition as the server writes it."""
        self._by_name.setdefault(name, PendingColumn(name, name)).text = text

    def actions(self) -> Iterator[str]:
        """Yield the actions of the ALTER TABLE."""
        for pending in self._by_name.values():
            before, after = self.ddl.quoted(pending.before), self.ddl.quoted(pending.after)
            if pending.definition is not None:
                text = definition(self.ddl, pending.definition, pending.after, pending.attributes)
                yield f"MODIFY {text}"
            elif pending.text is not None:
                yield f"MODIFY {after} {pending.text}"
            else:
                yield f"RENAME COLUMN {before} TO {after}"

    def clear(self) -> None:
        """Reset for the next statement."""
        self._by_name.clear()


def definition(ddl: DDLWriter, column: ColumnDef, name: str, attributes: Sequence[str] = ()) -> str:
    """Return a column's whole definition, with AUTO_INCREMENT only for `autoincrement=True`."""
    named = column if column.name == name else replace(column, name=name)
    made = ddl.column(named, autoincrement=states_autoincrement(column))
    return " ".join([made.definition, *attributes])


def states_autoincrement(column: ColumnDef) -> bool:
    """Tell whether the column's value states that it is AUTO_INCREMENT.

    >>> from alembic_moltres.schema import column
    >>> [
    ...     states_autoincrement(each)
    ...     for each in (column("id", "INTEGER", autoincrement=True), column("id", "INTEGER"))
    ... ]
    [True, False]
    """
    return column.autoincrement is True or column.autoincrement == "ignore_fk"
