"""What a script renames or drops: tables, columns and named types, in Alembic's batches, too."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from ...history.catalogue.database import Catalogue
from ...history.observer import Observer
from ...history.recording import Recorder
from ...schema import TableSchema
from ...schema.named_types import TypeKey
from ...sqltext import Cursor, Syntax, tokens

BATCH = "_alembic_tmp_"
"""The prefix of the table that Alembic's batch copies to."""

ItemKind = Literal["table", "column", "type"]


@dataclass(frozen=True, slots=True)
class RenamedItem:
    """A renamed table, column or named type, or a dropped table or column.

    Attributes:
        kind: which of them.
        place: the schema and the name of the table, or of the type.
        current: the name before.
        desired: the name after; `None` if it is dropped.
        tables: before the rename or after the drop, if known.
    """

    kind: ItemKind
    place: tuple[str | None, str]
    current: str
    desired: str | None
    tables: Catalogue | None = field(default=None, compare=False, repr=False)


class RenameObserver(Observer):
    """Adds the renamed tables, columns and types to a list."""

    def __init__(self, recorder: Recorder, renamed: list[RenamedItem]) -> None:
        self._recorder, self._renamed = recorder, renamed

    def before_rename(
        self, table: TableSchema, current: str, desired: str, *, is_column: bool
    ) -> None:
        kind: ItemKind = "column" if is_column else "table"
        self._add(kind, (table.schema, str(table.name)), str(current), str(desired))

    def before_type_rename(self, key: TypeKey, desired: str) -> None:
        self._add("type", key, key[1], desired)

    def _add(self, kind: ItemKind, place: TypeKey, current: str, desired: str) -> None:
        before = None if self._recorder.uncertainties() else self._recorder.catalogue.copy()
        self._renamed.append(RenamedItem(kind, place, current, desired, before))

    def after_statement(self, sql: str, context: Any) -> None:
        self._renamed += copied_renames(sql, self._recorder.syntax)


class DropObserver(Observer):
    """Adds the dropped tables and columns to a list, but no temporary ones.

    Alembic's batch drops a table that it has copied.
    """

    def __init__(self, recorder: Recorder, dropped: list[RenamedItem]) -> None:
        self._recorder, self._dropped = recorder, dropped

    def after_drop(self, table: TableSchema, column: str | None) -> None:
        tables, name = self._recorder.catalogue, str(table.name)
        if not table.temporary and (table.schema, f"{BATCH}{name}") not in tables.tables:
            self._add(table, column, tables)

    def after_statement(self, sql: str, context: Any) -> None:
        key, columns = copied_columns(sql, self._recorder.syntax)
        table = self._recorder.catalogue.tables.get(key)
        if table is None or not columns:
            return
        sources = {source for source, _ in columns}
        for each in table.columns:
            if each.name not in sources and each.computed is None:
                self._add(table, str(each.name), self._without(key, each.name))

    def _without(self, key: TypeKey, column: str) -> Catalogue:
        """Return the tables without the batch's copy, and one of them without a column."""
        tables = self._recorder.catalogue.copy()
        tables.drop_table(tables.table(f"{BATCH}{key[1]}", key[0]))
        tables.drop_column(tables.tables[key], column)
        return tables

    def _add(self, table: TableSchema, column: str | None, tables: Catalogue) -> None:
        kind: ItemKind = "table" if column is None else "column"
        key = (table.schema, str(table.name))
        after = None if self._recorder.uncertainties() else tables.copy()
        self._dropped.append(RenamedItem(kind, key, column or key[1], None, after))


def copied_renames(sql: str, syntax: Syntax) -> list[RenamedItem]:
    """Return the columns that Alembic's batch renames when it copies a table.

    >>> from alembic_moltres.sqltext import SQLITE
    >>> copied_renames("INSERT INTO _alembic_tmp_t (a, b) SELECT t.a, t.x AS c FROM t", SQLITE)
    [RenamedItem(kind='column', place=(None, 't'), current='x', desired='b')]
    """
    key, pairs = copied_columns(sql, syntax)
    return [RenamedItem("column", key, old, new) for old, new in pairs if old != new]


def copied_columns(sql: str, syntax: Syntax) -> tuple[TypeKey, list[tuple[str, str]]]:
    """Return the table that Alembic's batch copies, and the old and new names of its columns.

    No names if the statement is another one.
    """
    cursor = Cursor(sql, tokens(sql, syntax))
    if not cursor.accept("INSERT", "INTO") or cursor.done:
        return (None, ""), []
    table = cursor.next().value
    if not table.startswith(BATCH) or cursor.peek() != "(":
        return (None, ""), []
    into = [token.value for token in tokens(cursor.brackets(), syntax) if token.is_name]
    selected = tokens(cursor.until("FROM"), syntax)
    sources = [name.value for dot, name in pairwise(selected) if dot.upper == "."]
    key = (None, table.removeprefix(BATCH))
    return key, list(zip(sources, into, strict=True)) if len(into) == len(sources) else []
