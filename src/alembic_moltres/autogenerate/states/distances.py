"""The distance of each revision of a history from a database; equal tables are compared once.

Revisions share the tables that they do not change, so each distinct table is compared once. Columns
are compared first, and the database is probed only for revisions that may still be the nearest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...dialects.base.align import align
from ...dialects.base.reflection import Key, reflect_expected
from ...dialects.base.unstated import without_inherited
from ...diff import TableKey
from ...diff.tables import diff_tables
from ...history.every_revision import RevisionTables
from ...schema import TableSchema
from ..gather import CurrentTable, TableFreezer

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


CHANGE_COST = 1000
"""The distance of one change; smaller distances decide between equals."""

BATCH_SIZE = 16
"""How many revisions are probed at once."""


@dataclass(frozen=True, slots=True)
class Distance:
    """The distance of a revision from the database.

    Attributes:
        revision: the revision.
        changes: the distance; see `Distances`.
    """

    revision: RevisionTables
    changes: int


@dataclass(slots=True)
class _ComparedTable:
    """A table of the history; a reference is kept, so its `id()` stays unique."""

    table: TableSchema
    key: Key
    least: int
    changes: int | None = None


@dataclass(slots=True)
class Distances:
    """The distances of revisions from a database.

    A change inside a table counts one; a missing table one, and a little more for each of its
    columns. An extra table counts as many as it has columns: it probably comes from a later
    revision.

    Attributes:
        context: of the comparison.
        database: the database's tables.
    """

    context: AutogenContext
    database: Mapping[Key, CurrentTable]
    _seen: dict[int, _ComparedTable] = field(default_factory=dict)
    _freezing: TableFreezer | None = None

    def nearest(self, revisions: Sequence[RevisionTables], keys: Collection[Key]) -> list[Distance]:
        """Return the nearest revisions, nearest first.

        Among equals the stamped ones come first, then those of which most is known, then the
        newest.

        Revisions beyond the two smallest distances are left out.

        Args:
            revisions: oldest first.
            keys: the tables to count.
        """
        least = enumerate(self._lower_bounds(revisions, keys))
        remaining = [(changes, -n, revisions[n]) for n, changes in least]
        remaining.sort(key=lambda each: each[:2])
        measured: list[tuple[int, int, RevisionTables]] = []
        while remaining:
            levels = sorted({each[0] for each in measured})
            if len(levels) > 1 and remaining[0][0] > levels[1]:
                break
            batch, remaining = remaining[:BATCH_SIZE], remaining[BATCH_SIZE:]
            self._compare(each for _, _, each in batch)
            measured += [(self._changes(each, keys), n, each) for _, n, each in batch]
        stamped = self.context.migration_context.get_current_heads()

        def rank(each: tuple[int, int, RevisionTables]) -> tuple[object, ...]:
            changes, newest, revision = each
            return changes, revision.revision not in stamped, len(revision.uncertain), newest

        return [Distance(each, changes) for changes, _, each in sorted(measured, key=rank)]

    def empty(self, keys: Collection[Key]) -> int:
        """Return the distance of the database from having none of these tables."""
        return sum(self._extra_cost(key) for key in keys if key in self.database)

    def distance(self, revision: RevisionTables, keys: Collection[Key]) -> int:
        """Return the distance of one revision from the database."""
        self._compare([revision])
        return self._changes(revision, keys)

    def is_same(self, table: TableSchema) -> bool:
        """Tell whether a table of the history was compared and equals the database's."""
        return self._compared_table(table).changes == 0

    def key_of(self, table: TableSchema) -> Key:
        """Return the schema and name that a table of the history has in this database."""
        return self._compared_table(table).key

    def _lower_bounds(
        self, revisions: Iterable[RevisionTables], keys: Collection[Key]
    ) -> Iterator[int]:
        """Yield a lower bound of each distance, from the columns; only changed tables are read."""
        total = self.empty(keys)
        before: Mapping[TableKey, TableSchema] = {}
        for each in revisions:
            tables = each.tables
            new = [table for key, table in tables.items() if before.get(key) is not table]
            dropped = [table for key, table in before.items() if tables.get(key) is not table]
            total += sum(self._missing_cost(table, keys) for table in new)
            total -= sum(self._missing_cost(table, keys) for table in dropped)
            before = tables
            yield total

    def _missing_cost(self, table: TableSchema, keys: Collection[Key]) -> int:
        """Return what a table adds to the distance from having none."""
        seen = self._compared_table(table)
        if seen.key not in keys:
            return 0
        return seen.least - (self._extra_cost(seen.key) if seen.key in self.database else 0)

    def _changes(self, revision: RevisionTables, keys: Collection[Key]) -> int:
        unknown = {key for each in revision.uncertain for key in each.tables}
        seen = [self._compared_table(table) for table in revision.tables.values()]
        existing = {each.key for each in seen}
        inside = sum(
            each.least if each.changes is None else each.changes
            for each in seen
            if each.key in keys and each.table.key not in unknown
        )
        return inside + sum(
            self._extra_cost(key) for key in keys if key in self.database and key not in existing
        )

    def _extra_cost(self, key: Key) -> int:
        return CHANGE_COST * max(len(self.database[key].reflected.columns), 1)

    def _compared_table(self, table: TableSchema) -> _ComparedTable:
        compared = self._seen.get(id(table))
        if compared is None:
            freezer = self._freezing = self._freezing or TableFreezer(self.context.dialect)
            written = freezer.comparable(table)
            key = (written.schema, str(written.name))
            compared = self._seen[id(table)] = _ComparedTable(
                table, key, self._column_distance(key, table)
            )
        return compared

    def _column_distance(self, key: Key, table: TableSchema) -> int:
        """Return the distance from the columns that only one side has."""
        existing = self.database.get(key)
        if existing is None:
            return CHANGE_COST + len(table.columns)
        if existing.reflected.parents:
            return 0  # inherited columns may be left out
        names = {each.column.name for each in existing.reflected.columns}
        return CHANGE_COST * len(names ^ {column.name for column in table.columns})

    def _compare(self, revisions: Iterable[RevisionTables]) -> None:
        """Compare their tables that have not been compared yet."""
        new = {
            id(table): self._compared_table(table)
            for each in revisions
            for table in each.tables.values()
            if self._compared_table(table).changes is None
            and self._compared_table(table).key in self.database
        }
        freezer = self._freezing = self._freezing or TableFreezer(self.context.dialect)
        connection: Any = self.context.connection
        written = [freezer.comparable(each.table) for each in new.values()]
        for seen, expected in zip(new.values(), reflect_expected(connection, written), strict=True):
            reflected = without_inherited(
                self.database[seen.key].reflected, expected.table, {seen.key: expected.table}
            )
            change = diff_tables(align(reflected, expected), expected.table)
            seen.changes = 0 if change is None else CHANGE_COST * len(change.changes)
