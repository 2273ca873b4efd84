"""The environment's filters `include_object` and `include_name`, called as Alembic calls them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from ...alembic_compat import name_filters, object_filters
from ...convert.dialects import writing
from ...schema import (
    CheckConstraint,
    ColumnDef,
    Constraint,
    ForeignKeyConstraint,
    Index,
    TableSchema,
    UniqueConstraint,
)
from ..gather import CurrentTable, DesiredTable
from .live_items import live_item

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

Item: TypeAlias = ColumnDef | Constraint | Index
"""An item of a table."""

ITEM_KINDS: dict[type, str] = {
    ColumnDef: "column",
    Index: "index",
    UniqueConstraint: "unique_constraint",
    ForeignKeyConstraint: "foreign_key_constraint",
    CheckConstraint: "check_constraint",
}
"""The names that filters get for kinds of items."""


class Filters:
    """The filters of one environment; without any, no SQLAlchemy object is made.

    A filter is called only once for an object.
    """

    def __init__(self, autogen_context: AutogenContext) -> None:
        self._context = autogen_context
        self._dialect = writing(autogen_context.dialect)
        self._decided: dict[tuple[Any, ...], bool] = {}
        self.of_names = bool(name_filters(autogen_context))
        self.of_objects = bool(object_filters(autogen_context))

    @property
    def any(self) -> bool:
        """Whether there are any filters."""
        return self.of_names or self.of_objects

    def added_table(self, model: DesiredTable) -> bool:
        """Tell whether a table of the models may be created."""
        return self._object(model.live, model.live.name, "table", reflected=False)

    def removed_table(self, existing: CurrentTable) -> bool:
        """Tell whether a table of the database may be dropped."""
        if not self.of_objects:
            return True
        name = existing.reflected.table.name
        return self._object(existing.live, name, "table", reflected=True)

    def kept_table(self, model: DesiredTable, existing: CurrentTable) -> bool:
        """Tell whether a table of both sides may be compared."""
        if not self.of_objects:
            return True
        return self._object(
            model.live, model.live.name, "table", reflected=False, compare_to=existing.live
        )

    def metadata_object(self, live: Any, name: str, kind: str) -> bool:
        """Tell whether an enum type, a domain or a sequence of the MetaData may be compared."""
        return self._object(live, name, kind, reflected=False)

    def named(self, item: Item, table: TableSchema) -> bool:
        """Tell whether an item of the database may be read, by its name.

        Args:
            item: a column, a constraint or an index.
            table: the table of the database, under its current name.
        """
        kind: Any = ITEM_KINDS.get(type(item))
        if not self.of_names or kind is None:
            return True
        key = ("name", table.key, kind, item.name)
        if key not in self._decided:
            parents: Any = {"table_name": table.name, "schema_name": table.schema}
            self._decided[key] = self._context.run_name_filters(item.name, kind, parents)
        return self._decided[key]

    def added(self, item: Item, model: sa.Table) -> bool:
        """Tell whether an item of the models may be added to its table."""
        return self._item(item, model, reflected=False)

    def removed(self, item: Item, existing: CurrentTable) -> bool:
        """Tell whether an item of the database may be dropped."""
        return not self.of_objects or self._item(item, existing.live, reflected=True)

    def changed(
        self,
        item: Item,
        model: DesiredTable,
        current: Item,
        existing: CurrentTable,
    ) -> bool:
        """Tell whether an item of the database may become the one of the models.

        Args:
            item: of the models.
            model: its table.
            current: of the database.
            existing: its table.
        """
        if not self.of_objects:
            return True
        before = live_item(existing.live, current, self._dialect)
        return self._item(item, model.live, reflected=False, compare_to=before)

    def without_indexes(self, frozen: TableSchema, existing: CurrentTable) -> TableSchema:
        """Return a table to drop without the indexes that the filters exclude."""
        kept = tuple(
            index
            for index in frozen.indexes
            if self.named(index, frozen) and self.removed(index, existing)
        )
        return frozen if kept == frozen.indexes else replace(frozen, indexes=kept)

    def with_allowed_indexes(self, frozen: TableSchema, model: DesiredTable) -> TableSchema:
        """Return a table to create without the indexes that the filters exclude."""
        if not self.of_objects:
            return frozen
        kept = tuple(index for index in frozen.indexes if self.added(index, model.live))
        return frozen if kept == frozen.indexes else replace(frozen, indexes=kept)

    def _item(
        self,
        item: Item,
        table: sa.Table,
        *,
        reflected: bool,
        compare_to: Any = None,
    ) -> bool:
        """Call the filters with an item's SQLAlchemy object; as Alembic, not for primary keys."""
        kind = ITEM_KINDS.get(type(item))
        if not self.of_objects or kind is None:
            return True
        live = live_item(table, item, self._dialect)
        return self._object(live, item.name, kind, reflected=reflected, compare_to=compare_to)

    def _object(
        self, live: Any, name: str | None, kind: Any, *, reflected: bool, compare_to: Any = None
    ) -> bool:
        if live is None or not self.of_objects:
            return True
        key = (id(live), kind, reflected, id(compare_to))
        if key not in self._decided:
            self._decided[key] = self._context.run_object_filters(
                live, name, kind, reflected, compare_to
            )
        return self._decided[key]
