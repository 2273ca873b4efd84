"""The effect of DO blocks of PostgreSQL whose conditions and errors are known.

BEGIN CREATE TYPE ...; EXCEPTION WHEN duplicate_object THEN NULL; END
BEGIN IF NOT EXISTS (SELECT ...) THEN ALTER TABLE ...; END IF; END
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from ... import sqltext
from ...errors import ReflectError
from ...sqltext import Token
from ..catalogue.database import Catalogue, MissingError
from ..stand_in.catalogue_queries import result_of_query
from ..stand_in.driver import Result, Row
from ..stand_in.empty_results import result_of_text
from ..stand_in.expressions import Expression, UnknownValueError
from .cursor import Cursor, Outcome, UnreadableError, statements

CarryOut = Callable[[str, Catalogue], Outcome]
"""Carries out one statement."""

IGNORED = frozenset({"NULL", "RAISE"})
BRANCHES = ("ELSIF", "ELSEIF", "ELSE", "END")
OPENING = frozenset({"IF", "CASE", "BEGIN"})
"""Keywords of statements that contain others up to END; what begins with LOOP is one, too."""

BEGINNING = frozenset({";", "THEN", "ELSE", "BEGIN", "LOOP"})
"""Behind these a statement begins."""

CONTROL = frozenset(
    {"FOR", "LOOP", "WHILE", "EXECUTE", "PERFORM", "RETURN", "CASE", "ELSIF", "ELSE", "FOREACH"}
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
            self._block()
        except (MissingError, UnreadableError):
            self.catalogue.restore(before)
            raise
        return Outcome.KEPT if Outcome.KEPT in self._outcomes else Outcome.APPLIED

    def _block(self) -> None:
        """Carry out a block, also one inside another, up to its END.

        With handlers of errors it may only have statements of which it is known whether they raise.
        """
        if self.cursor.accept("DECLARE"):
            self.cursor.until("BEGIN")
        self.cursor.need("BEGIN")
        before, outside = self.catalogue.copy(), self._outcomes
        end = self._position("END", "EXCEPTION")
        handles = self.cursor.tokens[end].upper == "EXCEPTION"
        self._outcomes = set()
        try:
            self._statements("END", "EXCEPTION")
        except MissingError:
            self.cursor.at = end
            if not handles or not self._ignores_errors():
                raise
            self.catalogue.restore(before)
        else:
            if handles and {Outcome.APPLIED} < self._outcomes:
                raise self.cursor.unreadable("whether a statement of a block raises is unknown")
        self._outcomes |= outside
        self.cursor.at = end
        self.cursor.at = self._position("END")
        self.cursor.next()

    def _ignores_errors(self) -> bool:
        """Tell whether the handlers of errors do nothing."""
        handlers = self.cursor.tokens[self.cursor.at : self._position("END")]
        pairs = pairwise(each.upper for each in handlers)
        return {after for before, after in pairs if before in {"THEN", ";"}} <= IGNORED | {"WHEN"}

    def _position(self, *stops: str) -> int:
        """Return the position of the next statement, outside others, that begins with a stop."""
        words = [each.upper for each in self.cursor.tokens]
        depth, brackets, begins = 0, 0, True
        for at in range(self.cursor.at, len(words)):
            word = words[at]
            brackets += (word == "(") - (word == ")")
            if begins and depth == 0 and word in stops:
                return at
            if begins and word == "END":
                depth -= 1
            elif (begins and word in OPENING) or (word == "LOOP" and words[at - 1] != "END"):
                depth += 1
            begins = brackets == 0 and word in BEGINNING
        raise self.cursor.unreadable("the form of a block is unknown")

    def _statements(self, *ends: str) -> None:
        while self.cursor.peek() not in ends:
            if self.cursor.accept("IF"):
                self._if()
            elif self.cursor.peek() in {"BEGIN", "DECLARE"}:
                self._block()
                self.cursor.need(";")
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
            self.cursor.at = self._position(*BRANCHES)

    def _condition(self) -> bool:
        """Tell whether a condition is met."""
        start = self.cursor.skip("THEN")
        condition = sqltext.Cursor(self.cursor.sql, self.cursor.tokens[start : self.cursor.at])
        try:
            value = Expression(condition, self._rows).value()
        except (UnknownValueError, ReflectError) as err:
            raise self.cursor.unreadable("the condition of a block is unknown") from err
        if not condition.done:
            raise self.cursor.unreadable("the condition of a block is unknown")
        return bool(value)

    def _rows(self, stream: Sequence[Token]) -> Sequence[Row]:
        """Return the rows that a query finds."""
        query = self.cursor.sql[stream[0].start : stream[-1].end]
        result: Result | None
        catalogue_query = self.catalogue.impl.catalogue_query(query)
        if catalogue_query is None:
            if Outcome.OF_ROWS in self._outcomes or self.catalogue.filled_in(query):
                raise self.cursor.unreadable("the condition of a block depends on rows")
            result = result_of_text(query, self.cursor.syntax, self.catalogue.is_table)
        else:
            result = result_of_query(catalogue_query, None, self.catalogue)
        if result is None or result.unknown:
            raise self.cursor.unreadable("the condition of a block is unknown")
        return result.rows

    def _statement(self) -> None:
        word = self.cursor.peek()
        if word == "EXECUTE" and self.cursor.peek(2) == ";":
            self.cursor.next()
            text = self.cursor.string()
        else:
            raises = self.cursor.peek(1) not in {"NOTICE", "INFO", "WARNING", "LOG", "DEBUG"}
            if word in CONTROL or (word == "RAISE" and raises):
                raise self.cursor.unreadable("the form of a block is unknown")
            text = self.cursor.until(";")
        self.cursor.need(";")
        if word not in IGNORED:
            for each in statements(text, self.cursor.syntax):
                self._outcomes.add(self._carry_out(each, self.catalogue))
