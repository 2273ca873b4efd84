"""A cursor over SQLite's tokens, with the grammar that several statements share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ... import sqltext
from ...errors import ReflectError
from .tokens import REPORT, tokenize


@dataclass(frozen=True, slots=True)
class KeyPart:
    """An element of a key or an index: `text` without COLLATE and order; `column` if it is one."""

    text: str
    column: str | None
    collate: str | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignKeyText:
    """FOREIGN KEY or REFERENCES; `references` is `None` for the primary key."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...] | None
    name: str | None = None
    on_delete: str | None = None
    on_update: str | None = None
    match: str | None = None
    deferrable: bool | None = None
    initially: str | None = None

    def deferred_by(self, clauses: dict[str, object]) -> ForeignKeyText:
        """Return the key with a DEFERRABLE from later in the column's definition."""
        later: dict[str, Any] = {k: clauses[k] for k in ("deferrable", "initially") if k in clauses}
        return replace(self, **later) if later else self


class Cursor(sqltext.Cursor):
    """A position in the tokens of SQLite's text."""

    def __init__(self, sql: str) -> None:
        super().__init__(sql, tokenize(sql))

    def name(self) -> str:
        """Take a name."""
        return self.next().value

    def conflict(self) -> str | None:
        """Take ON CONFLICT if it comes next."""
        return self.next().upper if self.accept("ON", "CONFLICT") else None

    def qualified_name(self) -> str:
        """Take the name of a created object, without its schema."""
        self.accept("IF", "NOT", "EXISTS")
        name = self.name()
        return self.name() if self.accept(".") else name

    def names(self) -> tuple[str, ...]:
        """Take names in brackets; a COLLATE or an order after a name is ignored by SQLite there."""
        self.need("(")
        names = []
        while True:
            names.append(self.name())
            self.skip(",", ")")
            if not self.accept(","):
                break
        self.need(")")
        return tuple(names)

    def key_parts(self) -> tuple[tuple[KeyPart, ...], bool]:
        """Take the elements of a key, and whether it is `PRIMARY KEY (a AUTOINCREMENT)`."""
        self.need("(")
        parts, autoincrement = [], False
        while True:
            start = self.skip(",", ")")
            end = self.at
            if self._upper[end - 1] == "AUTOINCREMENT" and end - start > 1:
                autoincrement, end = True, end - 1
            parts.append(self._key_part(start, end))
            if not self.accept(","):
                break
        self.need(")")
        return tuple(parts), autoincrement

    def _key_part(self, start: int, end: int) -> KeyPart:
        order = collate = None
        if end - start > 1 and self._upper[end - 1] in {"ASC", "DESC"}:
            order, end = self._upper[end - 1], end - 1
        if end - start > 2 and self._upper[end - 2] == "COLLATE":
            collate, end = self.tokens[end - 1].value, end - 2
        first = self.tokens[start]
        single = end - start == 1 and (first.is_name or first.is_string)
        return KeyPart(self.text(start, end), first.value if single else None, collate, order)

    def references(self, columns: tuple[str, ...], name: str | None) -> ForeignKeyText:
        """Take the target after REFERENCES."""
        table = self.name()
        referred = self.names() if self.peek() == "(" else None
        clauses: dict[str, Any] = {}
        while True:
            if self.accept("MATCH"):
                clauses["match"] = self.name()
            elif self._upper[self.at : self.at + 2] in (["ON", "DELETE"], ["ON", "UPDATE"]):
                self.next()
                key = "on_" + self.next().text.lower()
                action = self.next().upper
                two = action in {"SET", "NO"}
                clauses[key] = f"{action} {self.next().upper}" if two else action
            else:
                break
        return ForeignKeyText(columns, table, referred, name, **clauses, **self.deferrable())

    def deferrable(self) -> dict[str, Any]:
        """Take DEFERRABLE and INITIALLY if they come next."""
        refused = self.accept("NOT", "DEFERRABLE")
        if not refused and not self.accept("DEFERRABLE"):
            return {}
        initially = self.next().upper if self.accept("INITIALLY") else None
        return {"deferrable": not refused, "initially": initially}

    def unreadable(self, why: str) -> ReflectError:
        return ReflectError(
            f"cannot parse SQLite's text: {why} (in {self.sql[:60]!r}){REPORT}", self.sql
        )
