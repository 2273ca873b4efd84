"""Statements about rows that have no effect, because no table that they read or change has rows.

Only what is certain counts: a table that the range itself creates, and into which nothing that
ran before may have inserted a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...history.catalogue.database import Catalogue
from ...history.insertions import Insertions
from ...history.text.cursor import Cursor, UnreadableError, statements
from ...sqltext import Syntax
from ..scripts.effects import Effect, EffectKind, Effects, staying
from .net_renames import names_of_tables
from .rowless_statements import changes_nothing

MAINTENANCE = frozenset({"ANALYZE", "CLUSTER", "LOCK", "REINDEX", "VACUUM"})
"""The first words of statements about tables and indexes that change no rows."""


class EmptyTables:
    """The tables that have no rows, while the statements of a range are read in order.

    Args:
        before: the tables before the range, which may have rows.
        effects: of the scripts of the range.
        syntax: of the database.
    """

    def __init__(self, before: Catalogue, effects: Sequence[Effects], syntax: Syntax) -> None:
        self._syntax = syntax
        self._same = names_of_tables(item for each in effects for item in each.renamed)
        self._filled: set[str] = set()
        self._known: dict[int, dict[str, str]] = {}
        self._is_unknown = False
        self._insertions = Insertions(syntax)
        for each in staying(before).values():
            self._fill(str(each.name))
        self._filled_before = bool(self._filled)
        self._every = set().union(*(each.names for each in effects))

    def without_effect(self, effects: Iterable[Effects]) -> set[int]:
        """Return the identities of effects of `upgrade()` that change nothing."""
        idle: set[int] = set()
        for each in (effect for one in effects for effect in one.upgrade):
            if self._is_idle(each):
                idle.add(id(each))
            else:
                self._carry_out(each)
        return idle

    def on_dropped_tables(self, effects: Iterable[Effects]) -> set[int]:
        """Return the identities of effects of `downgrade()` on rows of tables that it drops."""
        if self._filled_before or self._insertions.by_triggers is None:
            return set()
        every = (effect for one in effects for effect in one.downgrade)
        return {id(each) for each in every if each.kind is EffectKind.ROWS and self._is_lost(each)}

    def _is_lost(self, effect: Effect) -> bool:
        """Tell whether an effect only changes rows or indexes of tables that the range knows."""
        cursors = [Cursor(each, self._syntax) for each in statements(effect.text, self._syntax)]
        try:
            return bool(cursors) and all(
                each.peek() in MAINTENANCE or _changed_table(each) in self._every
                for each in cursors
            )
        except UnreadableError:
            return False

    def _names(self, name: str) -> set[str]:
        """Return the names that a table had at any time."""
        return self._same.get(name, {name})

    def _fill(self, name: str) -> None:
        self._filled |= self._names(name)

    def _is_empty(self, name: str, effect: Effect) -> bool:
        if id(effect.tables) not in self._known:
            inside = staying(effect.tables).values()
            self._known[id(effect.tables)] = {
                **{str(index.name): str(each.name) for each in inside for index in each.indexes},
                **{str(each.name): str(each.name) for each in inside},
            }
        table = self._known[id(effect.tables)].get(name)
        return table is not None and self._names(table).isdisjoint(self._filled)

    def _is_idle(self, effect: Effect) -> bool:
        if effect.kind is not EffectKind.ROWS or effect.tables is None or self._is_unknown:
            return False
        texts = list(statements(effect.text, self._syntax))

        def is_empty(name: str) -> bool:
            return self._is_empty(name, effect)

        try:
            return bool(texts) and all(changes_nothing(e, self._syntax, is_empty) for e in texts)
        except UnreadableError:
            return False

    def _carry_out(self, effect: Effect) -> None:
        """Note which tables may have rows now."""
        if effect.kind is EffectKind.TEXT:
            self._insertions.note(effect.text)
        for sql in statements(effect.text, self._syntax) if effect.kind is EffectKind.ROWS else ():
            inserted = self._insertions.of(sql)
            self._is_unknown |= inserted is None
            for name in inserted or ():
                self._fill(name)
        if effect.kind is EffectKind.TABLES:
            keywords = effect.text.upper().split()
            self._is_unknown |= keywords[:1] == ["CREATE"] and "SELECT" in keywords


def _changed_table(cursor: Cursor) -> str:
    """Return the table whose rows a statement changes; empty if it may change others."""
    keywords = {token.upper for token in cursor.tokens}
    if "WITH" in keywords or cursor.next().upper not in {"UPDATE", "DELETE", "INSERT"}:
        return ""
    for word in ("INTO", "FROM", "ONLY"):
        cursor.accept(word)
    return cursor.qualified()[1]
