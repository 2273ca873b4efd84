"""The environment's filters `include_object` and `include_name`, called as Alembic calls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..dialects.base.reflection import Key
from ..diff import AlterTable, Change
from ..schema import TableSchema
from .gather import Existing, Modelled

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

ITEMS = {"column": "columns", "index": "indexes"}
"""The attribute of `Table` that has the items of a kind; the other kinds are constraints."""


class Filters:
    """The filters of one environment; without any, no live object is made."""

    def __init__(self, autogen_context: AutogenContext) -> None:
        self._context = autogen_context
        self._names = bool(autogen_context.opts.get("include_name"))
        self._objects = bool(autogen_context.opts.get("include_object"))

    def added_table(self, model: Modelled) -> bool:
        """May a table of the models be created?"""
        return self._object(model.live, model.live.name, "table", reflected=False)

    def removed_table(self, existing: Existing) -> bool:
        """May a table of the database be dropped?"""
        if not self._objects:
            return True
        name = existing.reflected.table.name
        return self._object(existing.live, name, "table", reflected=True)

    def kept_table(self, model: Modelled, existing: Existing) -> bool:
        """May a table that both have be compared?"""
        if not self._objects:
            return True
        return self._object(
            model.live, model.live.name, "table", reflected=False, compare_to=existing.live
        )

    def without_indexes(
        self, frozen: TableSchema, live: sa.Table, *, reflected: bool
    ) -> TableSchema:
        """Return the table without the indexes that the filters leave out."""
        if not (self._objects or self._names):
            return frozen
        left_out = {
            str(index.name)
            for index in live.indexes
            if (reflected and not self._name(str(index.name), "index", frozen))
            or not self._object(index, str(index.name), "index", reflected=reflected)
        }
        kept = tuple(index for index in frozen.indexes if index.name not in left_out)
        return frozen if kept == frozen.indexes else replace(frozen, indexes=kept)

    def inside(
        self, change: AlterTable, models: Mapping[Key, Modelled], database: Mapping[Key, Existing]
    ) -> AlterTable:
        """Return the changes of a table that the filters let through."""
        key = (change.schema, change.name)
        if not (self._objects or self._names) or key not in models or key not in database:
            return change
        kept = tuple(
            each for each in change.changes if self._keeps(each, models[key], database[key])
        )
        return replace(change, changes=kept)

    def _keeps(self, change: Change, model: Modelled, existing: Existing) -> bool:
        kind = change.filter_kind
        if not kind:
            return True
        current, desired = change.sides()
        name = (desired or current).name
        ours, theirs = (_named(table, kind, name) for table in (model.live, existing.live))
        if desired is None:
            allowed = self._name(name, kind, existing.reflected.table)
            return allowed and self._object(theirs, name, kind, reflected=True)
        before = None if current is None else theirs
        return self._object(ours, name, kind, reflected=False, compare_to=before)

    def _name(self, name: str | None, kind: Any, table: TableSchema) -> bool:
        parents: Any = {"table_name": table.name, "schema_name": table.schema}
        return self._context.run_name_filters(name, kind, parents)

    def _object(
        self,
        item: Any,
        name: str | None,
        kind: Any,
        *,
        reflected: bool,
        compare_to: Any = None,
    ) -> bool:
        """Call the filters for a live object; an object not found by its name passes."""
        if item is None or not self._objects:
            return True
        return self._context.run_object_filters(item, name, kind, reflected, compare_to)


def _named(table: sa.Table, kind: str, name: str | None) -> Any:
    items: Any = getattr(table, ITEMS.get(kind, "constraints"))
    return next((item for item in items if name is not None and item.name == name), None)
