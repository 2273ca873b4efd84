"""The net renames of several scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ... import diff as changes
from ...diff import TableKey
from ...history.catalogue.database import Catalogue
from ...schema.named_types import TypeKey
from ..scripts.effects import BATCH, RenamedItem


def renames_of(
    before: Catalogue, renamed: Iterable[RenamedItem], after: Catalogue
) -> list[changes.AnyRename]:
    """Return the net renames of what existed before, in the order of the last renames.

    Args:
        before: the tables before the first rename.
        renamed: the renames.
        after: the tables after the last one.
    """
    names = _Names(before)
    for each in renamed:
        names.rename(each)
    return names.net(after)


def reused_name(before: Catalogue, renamed: Sequence[RenamedItem]) -> int | None:
    """Return the number of the first rename to the name of what existed before and was dropped."""
    names = _Names(before)
    for number, each in enumerate(renamed):
        if names.is_used(each):
            return number
        names.rename(each)
    return None


def names_of_tables(renamed: Iterable[RenamedItem]) -> dict[str, set[str]]:
    """Return all names of each table that is renamed, by each of them."""
    same: dict[str, set[str]] = {}
    for each in renamed:
        if each.kind == "table":
            old, new = each.place[1], each.desired
            names = same.get(old, {old}) | same.get(new, {new})
            same |= dict.fromkeys(names, names)
    return same


class _Names:
    """The names of tables, columns and types, and those that they had before."""

    def __init__(self, before: Catalogue) -> None:
        self._tables = {key: key for key in before.tables}
        self._columns = {
            (key, str(column.name)): (key, str(column.name))
            for key, table in before.tables.items()
            for column in table.columns
        }
        self._types = {key: key for key in before.types}
        self._former: dict[TypeKey, TypeKey] = {}

    def is_used(self, renamed: RenamedItem) -> bool:
        """Tell whether something else that existed before had the new name, and still would.

        It has been dropped. Alembic's batch copies a table and drops it; that is the same table.
        """
        place, desired = renamed.place, (renamed.place[0], renamed.desired)
        match renamed.kind:
            case "column":
                return (place, renamed.desired) in self._columns
            case "table":
                return desired in self._tables and not place[1].startswith(BATCH)
            case "type":
                self._replace_types(renamed.tables)
                return desired in self._types

    def rename(self, renamed: RenamedItem) -> None:
        """Rename a table, a column or a type."""
        place, desired = renamed.place, (renamed.place[0], renamed.desired)
        match renamed.kind:
            case "table":
                self._rename_table(place, desired)
            case "column" if (place, renamed.current) in self._columns:
                old = self._columns.pop((place, renamed.current))
                self._columns[place, renamed.desired] = old
            case "type":
                self._replace_types(renamed.tables)
                if place in self._types:
                    self._types[desired] = self._types.pop(place)
                    self._former[desired] = place

    def _replace_types(self, now: Catalogue | None) -> None:
        """Note the types that took the names of renamed ones, which were dropped.

        That is how labels are removed: the type is renamed, another one of its name is created, the
        columns get this, and the first is dropped.
        """
        for renamed, former in list(self._former.items()):
            if now is not None and renamed not in now.types:
                del self._former[renamed]
                if former in now.types and former not in self._types:
                    self._types[former] = self._types.pop(renamed)

    def _rename_table(self, current: TableKey, desired: TableKey) -> None:
        if current in self._tables:
            self._tables[desired] = self._tables.pop(current)
        for table, name in [each for each in self._columns if each[0] == current]:
            self._columns[desired, name] = self._columns.pop((table, name))

    def net(self, after: Catalogue) -> list[changes.AnyRename]:
        """Return the renames; those of types, which `after` still has."""
        self._replace_types(after)
        tables = [
            changes.TableRename(old[1], new[1], new[0])
            for new, old in self._tables.items()
            if new != old
        ]
        types = [
            changes.TypeRename(old[1], new[1], new[0])
            for new, old in self._types.items()
            if new != old and new in after.types
        ]
        columns = [
            changes.ColumnRename(table[1], old[1], name, table[0])
            for (table, name), old in self._columns.items()
            if name != old[1]
        ]
        return [*tables, *types, *columns]
