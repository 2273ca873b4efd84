"""`Uncertainties`: what a replay does not know so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Self

from .state import Uncertain


class Uncertainties:
    """Lines whose effect is unknown, and tables that no script creates.

    Attributes:
        lines: the lines, in their order.
        missing: the first line that uses a table which no script creates, by the table's key.
        if_missing: the keys of tables; a line is certain after all once its table exists.
    """

    def __init__(
        self, lines: Iterable[Uncertain] = (), missing: dict[str, Uncertain] | None = None
    ) -> None:
        self.lines = list(lines)
        self.missing = dict(missing or {})
        self.if_missing: dict[Uncertain, str] = {}

    def copy(self) -> Self:
        """Return a copy."""
        copied = type(self)(self.lines, self.missing)
        copied.if_missing = dict(self.if_missing)
        return copied

    def add_if_missing(self, line: Uncertain, key: str) -> None:
        """Add a line that is uncertain as long as no script creates a table."""
        self.lines.append(line)
        self.if_missing[line] = key

    def every(self, existing: Iterable[str]) -> tuple[Uncertain, ...]:
        """Return all uncertainties.

        Args:
            existing: the keys of the tables that exist now; these are no longer missing.
        """
        if self.missing or self.if_missing:
            keys = set(existing)
            self.missing = {key: line for key, line in self.missing.items() if key not in keys}
            self.lines = [each for each in self.lines if self.if_missing.get(each) not in keys]
        return tuple(dict.fromkeys((*self.missing.values(), *self.lines)))

    def forget_tables(self, keys: Iterable[str], revision: str | None = None) -> None:
        """Remove tables from the lines.

        Args:
            keys: of the tables.
            revision: whose lines; default: those of every revision, but for lines without tables.
        """
        removed, kept = set(keys), []
        for each in self.lines:
            concerned = revision is None or each.place.revision == revision
            if not concerned or (not each.tables and revision is None):
                kept.append(each)
            elif remaining := tuple(key for key in each.tables if key not in removed):
                kept.append(replace(each, tables=remaining))
        self.lines = kept

    def forget_dropped(self, existing: Iterable[str]) -> None:
        """Remove tables from the lines that no longer exist."""
        named = {key for each in self.lines for key in each.tables}
        if named:
            self.forget_tables(named.difference(existing))
