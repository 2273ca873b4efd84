"""The environment's filters, asked as Alembic asks them (`include_object`, `include_name`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..dialects.base.reflection import Key
from ..diff import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    Change,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
)
from ..schema import ForeignKeyConstraint, TableSchema, UniqueConstraint
from .gather import Existing, Modelled

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

KINDS: dict[type, str] = {
    UniqueConstraint: "unique_constraint",
    ForeignKeyConstraint: "foreign_key_constraint",
}
"""What Alembic's filters call the constraints that it asks about."""


class Filters:
    """The filters of one environment; without any, nothing is made or asked."""

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
        match change:
            case AddColumn(column=column):
                return self._added(_column(model.live, column.name), column.name, "column")
            case DropColumn(column=column):
                return self._removed(existing, existing.live.c, column.name, "column")
            case AlterColumn(desired=column):
                ours, theirs = _column(model.live, column.name), existing.live.c.get(column.name)
                return self._object(ours, column.name, "column", reflected=False, compare_to=theirs)
            case CreateIndex(index=index):
                return self._added(_named(model.live.indexes, index.name), index.name, "index")
            case DropIndex(index=index):
                return self._removed(existing, existing.live.indexes, index.name, "index")
            case AddConstraint(constraint=item) if type(item) in KINDS:
                live = _named(model.live.constraints, item.name)
                return self._added(live, item.name, KINDS[type(item)])
            case DropConstraint(constraint=item) if type(item) in KINDS:
                kind = KINDS[type(item)]
                return self._removed(existing, existing.live.constraints, item.name, kind)
            case _:
                return True

    def _added(self, live: Any, name: str | None, kind: str) -> bool:
        return self._object(live, name, kind, reflected=False)

    def _removed(self, existing: Existing, items: Any, name: str | None, kind: str) -> bool:
        allowed = self._name(name, kind, existing.reflected.table)
        return allowed and self._object(_named(items, name), name, kind, reflected=True)

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
        """Ask about a live object; one that cannot be found by its name is not asked about."""
        if item is None or not self._objects:
            return True
        return self._context.run_object_filters(item, name, kind, reflected, compare_to)


def _column(table: sa.Table, name: str) -> Any:
    return _named(table.columns, name)


def _named(items: Any, name: str | None) -> Any:
    return next((item for item in items if name is not None and item.name == name), None)
