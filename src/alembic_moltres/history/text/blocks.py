"""The effect of the usual DO blocks of PostgreSQL: a condition, or errors that are ignored.

BEGIN CREATE TYPE ...; EXCEPTION WHEN duplicate_object THEN NULL; END
BEGIN IF NOT EXISTS (SELECT ...) THEN ALTER TABLE ...; END IF; END
"""

from __future__ import annotations

from collections.abc import Callable

from ..catalogue.database import Catalogue, MissingError
from ..stand_in.catalogue_queries import result_of_query
from ..stand_in.driver import Result
from ..stand_in.empty_results import result_of_text
from .cursor import Cursor, Outcome, UnreadableError

CarryOut = Callable[[str, Catalogue], Outcome]
"""Carries out one statement."""

IGNORED = frozenset({"NULL", "RAISE"})
BRANCHES = ("ELSIF", "ELSEIF", "ELSE", "END")
NESTED = frozenset({"CASE", "LOOP", "WHILE", "FOR", "FOREACH", "BEGIN", "DECLARE"})
CONTROL = frozenset(
    {"FOR", "LOOP", "WHILE", "EXECUTE", "PERFORM", "RETURN", "CASE", "ELSIF", "ELSE"}
)


class Block:
    """A block whose statements are carried out one by one."""

    def __init__(self, body: str, catalogue: Catalogue, carry_out: CarryOut) -> None:
        self.cursor = Cursor(body, catalogue.impl.syntax)
        self.catalogue = catalogue
        self._carry_out = carry_out
        self._outcomes: set[Outcome] = set()

    def carry_out(self) -> Outcome:
        """Carry out the block.

        Raises:
            UnreadableError: it has another form.
            MissingError: the database would reject a statement.
        """
        before = self.catalogue.copy()
        try:
            self.cursor.need("BEGIN")
            self._statements("END", "EXCEPTION")
        except MissingError:
            self.catalogue.restore(before)
            if not self._ignores_errors():
                raise
        except UnreadableError:
            self.catalogue.restore(before)
            raise
        return Outcome.KEPT if Outcome.KEPT in self._outcomes else Outcome.APPLIED

    def _ignores_errors(self) -> bool:
        words = [token.upper for token in self.cursor.tokens]
        if "EXCEPTION" not in words:
            return False
        handler = words[words.index("EXCEPTION") :]
        done = {word for at, word in enumerate(handler) if handler[at - 1] == "THEN"}
        return "EXCEPTION" not in handler[1:] and done <= IGNORED

    def _statements(self, *ends: str) -> None:
        while self.cursor.peek() not in ends:
            if self.cursor.accept("IF"):
                self._if()
            else:
                self._statement()

    def _if(self) -> None:
        met = self._condition()
        self._branch(taken=met)
        while self.cursor.accept("ELSIF") or self.cursor.accept("ELSEIF"):
            if met:
                self.cursor.until("THEN")
            now = not met and self._condition()
            self._branch(taken=now)
            met = met or now
        if self.cursor.peek() == "ELSE":
            self._branch(taken=not met)
        self.cursor.need("END", "IF")
        self.cursor.need(";")

    def _branch(self, *, taken: bool) -> None:
        """Carry out the statements of a branch up to the next one, or skip them."""
        self.cursor.next()  # THEN or ELSE
        if taken:
            self._statements(*BRANCHES)
        else:
            self._skip()

    def _condition(self) -> bool:
        """Tell whether a condition is met: whether some queries find a row."""
        found = [self._exists()]
        joins = set()
        while self.cursor.peek() in {"AND", "OR"}:
            joins.add(self.cursor.next().upper)
            found.append(self._exists())
        if self.cursor.peek() != "THEN" or len(joins) > 1:
            raise self.cursor.unreadable("the condition of a block is unknown")
        return any(found) if joins == {"OR"} else all(found)

    def _exists(self) -> bool:
        negated = self.cursor.accept("NOT")
        if not self.cursor.accept("EXISTS"):
            raise self.cursor.unreadable("the condition of a block is unknown")
        return self._finds(self.cursor.brackets()) is not negated

    def _finds(self, query: str) -> bool:
        """Tell whether a query finds a row."""
        result: Result | None
        catalogue_query = self.catalogue.impl.catalogue_query(query)
        if catalogue_query is None and self.catalogue.filled_in(query):
            raise self.cursor.unreadable("the condition of a block depends on rows")
        if catalogue_query is None:
            result = result_of_text(query, self.cursor.syntax, self.catalogue.is_table)
        else:
            result = result_of_query(catalogue_query, None, self.catalogue)
        if result is None or result.unknown:
            raise self.cursor.unreadable("the condition of a block is unknown")
        return bool(result.rows)

    def _skip(self) -> None:
        """Skip statements up to the next branch of the same condition, or to its end."""
        depth, begins = 0, True
        while depth or not begins or self.cursor.peek() not in BRANCHES:
            word = self.cursor.next().upper
            if begins and word in NESTED:
                raise self.cursor.unreadable("the form of a block is unknown")
            depth += begins * ((word == "IF") - (word == "END"))
            begins = word in {";", "THEN", "ELSE"}

    def _statement(self) -> None:
        word = self.cursor.peek()
        raises = word == "RAISE" and self.cursor.peek(1) not in {"NOTICE", "INFO", "WARNING", "LOG"}
        if word in CONTROL or raises:
            raise self.cursor.unreadable("the form of a block is unknown")
        text = self.cursor.until(";")
        self.cursor.need(";")
        if word not in IGNORED:
            self._outcomes.add(self._carry_out(text, self.catalogue))
