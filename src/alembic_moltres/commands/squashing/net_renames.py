"""The net renames of several scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ... import diff as changes
from ...history.catalogue.database import Catalogue
from ..scripts.effects import RenamedItem

TableKey = tuple[str | None, str]


def renames_of(before: Catalogue, renamed: Iterable[RenamedItem]) -> list[changes.Rename]:
    """Return the net renames of what existed before, in the order of the last renames."""
    names = _Names(before)
    for each in renamed:
        names.rename(each)
    return names.net()


def reused_name(before: Catalogue, renamed: Sequence[RenamedItem]) -> int | None:
    """Return the number of the first rename to the name of what existed before and was dropped."""
    names = _Names(before)
    for number, each in enumerate(renamed):
        if names.is_used(each):
            return number
        names.rename(each)
    return None


class _Names:
    """The names of tables and columns, and those that they had before."""

    def __init__(self, before: Catalogue) -> None:
        self._tables = {key: key for key in before.tables}
        self._columns = {
            (key, str(column.name)): (key, str(column.name))
            for key, table in before.tables.items()
            for column in table.columns
        }

    def is_used(self, renamed: RenamedItem) -> bool:
        """Tell whether something that existed before had the new name, and still would."""
        if renamed.is_column:
            is_known = (renamed.table, renamed.current) in self._columns
            return is_known and (renamed.table, renamed.desired) in self._columns
        is_known = renamed.table in self._tables
        return is_known and (renamed.table[0], renamed.desired) in self._tables

    def rename(self, renamed: RenamedItem) -> None:
        """Rename a table or a column."""
        if not renamed.is_column:
            self._rename_table(renamed.table, (renamed.table[0], renamed.desired))
        elif (renamed.table, renamed.current) in self._columns:
            old = self._columns.pop((renamed.table, renamed.current))
            self._columns[renamed.table, renamed.desired] = old

    def _rename_table(self, current: TableKey, desired: TableKey) -> None:
        if current in self._tables:
            self._tables[desired] = self._tables.pop(current)
        for table, name in [each for each in self._columns if each[0] == current]:
            self._columns[desired, name] = self._columns.pop((table, name))

    def net(self) -> list[changes.Rename]:
        """Return the renames."""
        renames: list[changes.Rename] = [
            changes.TableRename(old[1], new[1], new[0])
            for new, old in self._tables.items()
            if new != old
        ]
        return renames + [
            changes.ColumnRename(table[1], old[1], name, table[0])
            for (table, name), old in self._columns.items()
            if name != old[1]
        ]
