"""Ignores differences in what the filters exclude: the desired side keeps it as in the database.

So no change of it is found, and its dependents stay too: the labels of an enum type, the index that
a foreign key needs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from ... import sqltext
from ...dialects.base.align import align
from ...dialects.base.signatures import ReflectedColumn, ReflectedItem, ReflectedTable
from ...diff.changes.constraints import immediate
from ...diff.tables import unmatched
from ...messages import COMPARISON_LOGGER, get_logger
from ...schema import CheckConstraint, Constraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint
from ...sqltext import Syntax
from ..gather import CurrentTable, DesiredTable
from .filters import Filters
from .live_items import live_item

log = get_logger(COMPARISON_LOGGER)

Pairs: TypeAlias = tuple[ReflectedItem[Any], ...]
"""Constraints or indexes, each with its signature."""


@dataclass(frozen=True)
class ItemFilter:
    """Removes what the filters exclude from the comparison of one table.

    Attributes:
        filters: of the environment.
        model: the table of the models.
        existing: the same table in the database, under its current names.
        syntax: of the database.
        keys_create_indexes: the database makes an index for a foreign key.
        former: the former names of renamed columns, by their new names.
        unchanged: columns that do not change, because their renames are excluded.
    """

    filters: Filters
    model: DesiredTable
    existing: CurrentTable
    syntax: Syntax
    keys_create_indexes: bool = False
    former: Mapping[str, str] = field(default_factory=dict)
    unchanged: Collection[str] = ()

    def sides(
        self, current: ReflectedTable, desired: ReflectedTable
    ) -> tuple[ReflectedTable, ReflectedTable]:
        """Return both tables, without differences that the filters exclude.

        Args:
            current: the table of the database, under its new names.
            desired: the table of the models.
        """
        aligned, wanted = align(current, desired), desired.table
        columns = self._columns(current, desired)
        names = {each.column.name for each in columns}
        differing = unmatched(aligned.constraints, wanted.constraints, key=immediate)
        ours, constraints = self._items(current.constraints, desired.constraints, differing, names)
        hidden = [each for each in current.constraints if not _among(each, ours)]
        visible = tuple(each for each in current.indexes if not self._is_of_keys(each, hidden))
        wanted_indexes = self._without_made(desired, constraints)
        differing_indexes = unmatched(
            [each for each in aligned.indexes if not _is_of(each, current, visible)],
            [each.item for each in wanted_indexes],
        )
        indexed, indexes = self._items(
            (*visible, *_moved(current, aligned.indexes)), wanted_indexes, differing_indexes, names
        )
        excluded = [
            *(each for each in indexes if not _among(each, wanted_indexes)),
            *(each for each in constraints if not _among(each, desired.constraints)),
        ]
        new = (*differing[1], *differing_indexes[1])
        constraints = tuple(each for each in constraints if not self._is_taken(each, new, excluded))
        indexes = (
            *(
                each
                for each in indexes
                if not self._is_served(each, desired, excluded)
                and not self._is_taken(each, new, excluded)
            ),
            *self._serving(visible, indexes, constraints, desired.constraints),
        )
        return (
            _with(current, current.columns, ours, tuple(i for i in indexed if i in visible)),
            _with(desired, columns, constraints, indexes),
        )

    def _is_of_keys(self, index: ReflectedItem[Any], keys: Iterable[ReflectedItem[Any]]) -> bool:
        """Tell whether the database made the index for one of these foreign keys."""
        return self.keys_create_indexes and any(
            isinstance(key.item, ForeignKeyConstraint) and key.item.columns == index.item.columns
            for key in keys
        )

    def _without_made(self, desired: ReflectedTable, constraints: Pairs) -> Pairs:
        """Return the desired indexes without those made for excluded keys."""
        refused = [each for each in desired.constraints if not _among(each, constraints)]
        return tuple(
            each
            for each in desired.indexes
            if not self._is_of_keys(each, refused)
            or live_item(self.model.live, each.item) is not None
        )

    def _is_served(
        self,
        index: ReflectedItem[Any],
        desired: ReflectedTable,
        excluded: Sequence[ReflectedItem[Any]],
    ) -> bool:
        """Tell whether an excluded item supports the foreign key that needs the index."""
        columns = index.item.columns
        return (
            self._is_of_keys(index, desired.constraints)
            and _among(index, desired.indexes)
            and live_item(self.model.live, index.item) is None
            and any(
                each.item.columns[: len(columns)] == columns
                for each in excluded
                if not isinstance(each.item, CheckConstraint | ForeignKeyConstraint)
            )
        )

    def _is_taken(
        self,
        wanted: ReflectedItem[Any],
        new: Iterable[Constraint | Index],
        excluded: Iterable[ReflectedItem[Any]],
    ) -> bool:
        """Tell whether an excluded item has the name of a new one: a key's is that of its index."""
        if not _has_index(wanted.item) or not _among(wanted.item, new):
            return False
        taken = any(
            each.item.name == wanted.item.name and _has_index(each.item) for each in excluded
        )
        if taken:
            log.warning(
                "Not created: %s of table %s; what the database has under that name is excluded",
                _described(wanted.item),
                repr(self.existing.reflected.table.key),
            )
        return taken

    def _serving(
        self, current: Pairs, indexes: Pairs, constraints: Pairs, desired: Pairs
    ) -> list[ReflectedItem[Any]]:
        """Return the database's indexes that its keys need and that differ from the models."""
        kept = [each for each in constraints if not _among(each, desired)]
        return [
            each
            for each in current
            if self._is_of_keys(each, kept)
            and not any(each.item.columns == other.item.columns for other in indexes)
        ]

    def _columns(
        self, current: ReflectedTable, desired: ReflectedTable
    ) -> tuple[ReflectedColumn, ...]:
        existing = {each.column.name: each for each in current.columns}
        wanted = {each.column.name for each in desired.columns}
        seen = {name: self._is_included(each) for name, each in existing.items()}
        kept = []
        for each in desired.columns:
            name = each.column.name
            if name in existing:
                same = seen[name] and self._may_change(each, existing[name])
                kept.append(each if same else existing[name])
            elif name not in self.unchanged and self.filters.added(each.column, self.model.live):
                kept.append(each)
        dropped = [each for name, each in existing.items() if name not in wanted]
        return (*kept, *(each for each in dropped if not self._may_be_dropped(each, seen)))

    def _is_included(self, column: ReflectedColumn) -> bool:
        here = replace(column.column, name=self._former(column.column.name))
        return self.filters.named(here, self.existing.reflected.table)

    def _former(self, name: str) -> str:
        return self.former.get(name, name)

    def _may_change(self, desired: ReflectedColumn, current: ReflectedColumn) -> bool:
        before = replace(current.column, name=self._former(current.column.name))
        return self.filters.changed(desired.column, self.model, before, self.existing)

    def _may_be_dropped(self, column: ReflectedColumn, seen: Mapping[str, bool]) -> bool:
        name = column.column.name
        if name in self.unchanged or not seen[name]:
            return False
        return self.filters.removed(column.column, self.existing)

    def _items(
        self,
        current: Pairs,
        desired: Pairs,
        differing: tuple[Sequence[Constraint | Index], Sequence[Constraint | Index]],
        names: Collection[str],
    ) -> tuple[Pairs, Pairs]:
        """Return both sides' items.

        An item that `include_name` hides and that differs in the models is ignored, as Alembic
        ignores it; other excluded items are on both sides, as the database has them.

        Args:
            current: of the database.
            desired: of the models.
            differing: the items of the database and of the models that do not match.
            names: the columns that both sides have in the end.
        """
        dropped, new = differing
        partners = {_kind(item): item for item in new if item.name}
        hidden: list[Any] = []
        kept: list[ReflectedItem[Any]] = []
        refused: list[Any] = []
        for pair in current:
            item = pair.item
            seen = self.filters.named(item, self.existing.reflected.table)
            partner = partners.get(_kind(item)) if item in dropped else None
            if not seen:
                (kept if partner is None else hidden).append(pair)
            elif partner is not None:
                new = [each for each in new if each is not partner]
                if not self.filters.changed(partner, self.model, item, self.existing):
                    refused.append(partner)
                    kept.append(pair)
            elif item in dropped and not self.filters.removed(item, self.existing):
                kept.append(pair)
        kept = [each for each in kept if each.item in dropped]
        refused += [item for item in new if not self._may_be_added(item, names)]
        if any(isinstance(item, PrimaryKeyConstraint) for item in refused):
            kept += [each for each in current if isinstance(each.item, PrimaryKeyConstraint)]
        remaining = [each for each in desired if not _among(each.item, refused)]
        remaining = self._unfolded(
            remaining, [each for each in desired if _among(each.item, refused)]
        )
        self._log_lost([each.item for each in kept], names)
        kept = [each for each in kept if self._named_columns(each.item, ()) <= set(names)]
        return tuple(each for each in current if not _among(each, hidden)), (*remaining, *kept)

    def _log_lost(self, kept: Iterable[Any], names: Collection[str]) -> None:
        """Log the excluded items that the database drops with a column."""
        table = self.existing.reflected.table
        new = {former: name for name, former in self.former.items()}
        columns = {new.get(str(column.name), str(column.name)) for column in table.columns}
        for item in kept:
            dropped = sorted(self._named_columns(item, columns) & columns.difference(names))
            if dropped:
                log.warning(
                    "Excluded %s of table %s goes with column %s, which is dropped; exclude the "
                    "column, too, to keep it",
                    _described(item),
                    repr(table.key),
                    ", ".join(map(repr, dropped)),
                )

    def _unfolded(
        self, items: Sequence[ReflectedItem[Any]], refused: Sequence[ReflectedItem[Any]]
    ) -> list[ReflectedItem[Any]]:
        """Return the items, with one that replaces an excluded key that it repeats."""
        texts = [
            each.signature.text for each in refused if each.signature and not each.signature.folded
        ]
        kept = []
        for pair in items:
            signature = pair.signature
            if signature is None or not signature.folded or signature.text not in texts:
                kept.append(pair)
            elif self.filters.added(pair.item, self.model.live):
                texts.remove(signature.text)
                kept.append(replace(pair, signature=replace(signature, folded=False)))
        return kept

    def _may_be_added(self, item: Constraint | Index, names: Collection[str]) -> bool:
        """Tell whether all its columns exist and the filters include it."""
        absent = {column.name for column in self.model.live.columns} - set(names)
        if self._named_columns(item, absent) & absent:
            return False
        return self.filters.added(item, self.model.live)

    def _named_columns(self, item: Constraint | Index, absent: Collection[str]) -> set[str]:
        """Return the columns that an item uses; of a CHECK, those of `absent` in its text."""
        if not isinstance(item, CheckConstraint):
            return set(item.columns)
        mentioned = sqltext.mentioned(item.expression.text, self.syntax)
        return {name for name in absent if name.lower() in mentioned}


def _described(item: Constraint | Index) -> str:
    name = "" if item.name is None else f" {str(item.name)!r}"
    return f"{item.function.replace('_', ' ')}{name}"


def _has_index(item: Constraint | Index) -> bool:
    named = item.name is not None
    return named and not isinstance(item, CheckConstraint | ForeignKeyConstraint)


def _kind(item: Constraint | Index) -> tuple[type, str | None]:
    return type(item), item.name


def _among(one: object, others: Iterable[object]) -> bool:
    return any(one is each for each in others)


def _is_of(index: Index, table: ReflectedTable, visible: Pairs) -> bool:
    """Tell whether it is one of the table's indexes that are not visible."""
    return any(each.item is index for each in table.indexes if not _among(each, visible))


def _moved(current: ReflectedTable, indexes: Iterable[Index]) -> list[ReflectedItem[Any]]:
    """Return the indexes that `align` made of UNIQUE constraints, with their signatures."""
    known = [each.item for each in current.indexes]
    by_name = {str(each.item.name): each.signature for each in current.constraints}
    return [
        ReflectedItem(index, by_name[index.name])
        for index in indexes
        if index.name in by_name and not _among(index, known)
    ]


def _with(
    table: ReflectedTable,
    columns: tuple[ReflectedColumn, ...],
    constraints: Pairs,
    indexes: Pairs,
) -> ReflectedTable:
    """Return a table with these parts; the same table if it has them already."""
    if (columns, constraints, indexes) == (table.columns, table.constraints, table.indexes):
        return table
    return table.with_items(columns=columns, constraints=constraints, indexes=indexes)
