"""The net renames of several scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ... import diff as changes
from ...diff import TableKey
from ...history.catalogue.database import Catalogue
from ...schema.named_types import TypeKey
from ..scripts.renamed_items import RenamedItem


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


def reused_name(before: Catalogue, renamed: Sequence[RenamedItem], after: Catalogue) -> int | None:
    """Return the number of the first drop of what existed before and whose name is used again.

    For a type it is that of the rename to the name of a dropped one.
    """
    names = _Names(before)
    dropped: list[tuple[int, _Key]] = []
    for number, each in enumerate(renamed):
        if names.is_used(each):
            return number
        key = names.rename(each)
        if key is not None:
            dropped.append((number, key))
    return next((number for number, key in dropped if names.is_there(key, after)), None)


def names_of_tables(renamed: Iterable[RenamedItem]) -> dict[str, set[str]]:
    """Return all names of each table that is renamed, by each of them."""
    same: dict[str, set[str]] = {}
    for each in renamed:
        if each.kind == "table" and each.desired is not None:
            old, new = each.place[1], each.desired
            names = same.get(old, {old}) | same.get(new, {new})
            same |= dict.fromkeys(names, names)
    return same


_Key = tuple[TableKey, str | None]
"""What existed before: a table, or its column."""


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
        """Tell whether another type that existed before had the new name; it has been dropped."""
        if renamed.kind != "type":
            return False
        self._replace_types(renamed.tables)
        return (renamed.place[0], renamed.desired) in self._types

    def rename(self, renamed: RenamedItem) -> _Key | None:
        """Rename a table, a column or a type; drop a table or column, and return what it was."""
        if renamed.desired is None:
            return self._drop(renamed.place, renamed.current if renamed.kind == "column" else None)
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
        return None

    def _drop(self, table: TableKey, column: str | None) -> _Key | None:
        if column is not None:
            return self._columns.pop((table, column), None)
        for each in [each for each in self._columns if each[0] == table]:
            del self._columns[each]
        original = self._tables.pop(table, None)
        return None if original is None else (original, None)

    def is_there(self, key: _Key, after: Catalogue) -> bool:
        """Tell whether the name of what was dropped is used afterwards, in the same table."""
        original, column = key
        if column is None:
            return original in after.tables
        tables = (after.tables.get(new) for new, old in self._tables.items() if old == original)
        return any(column == each.name for table in tables if table for each in table.columns)

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
