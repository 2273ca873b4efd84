"""A position in the tokens of a statement, for parsers of its grammar."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import ReflectError
from .lexer import Token


class Cursor:
    """Goes through the tokens of a text; `at` is the next one.

    Args:
        sql: the text.
        found: its tokens.

    >>> from .lexer import tokens
    >>> from .syntax import SQLITE
    >>> cursor = Cursor("a CHECK (a > 0), b", tokens("a CHECK (a > 0), b", SQLITE))
    >>> cursor.next().value, cursor.accept("CHECK"), cursor.brackets(), cursor.rest()
    ('a', True, 'a > 0', ', b')
    """

    def __init__(self, sql: str, found: Sequence[Token]) -> None:
        self.sql = sql
        self.tokens = found
        self.at = 0
        self._upper = [token.upper for token in found]

    @property
    def done(self) -> bool:
        """Is nothing left?"""
        return self.at >= len(self.tokens)

    def peek(self, ahead: int = 0) -> str:
        """Return the next keyword or operator, or one behind it; empty for anything else."""
        at = self.at + ahead
        return self._upper[at] if at < len(self._upper) else ""

    def next(self) -> Token:
        """Take the next token."""
        if self.done:
            raise self.expected("more")
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, *keywords: str) -> bool:
        """Take the words if they come next."""
        found = self._upper[self.at : self.at + len(keywords)] == list(keywords)
        if found:
            self.at += len(keywords)
        return found

    def need(self, *keywords: str) -> None:
        """Take the words, which must come next."""
        if not self.accept(*keywords):
            raise self.expected(" ".join(keywords))

    def text(self, start: int, end: int) -> str:
        """Return the text from one token up to another."""
        if end <= start:
            return ""
        return self.sql[self.tokens[start].start : self.tokens[end - 1].end]

    def rest(self) -> str:
        """Return the text that is left."""
        return self.text(self.at, len(self.tokens))

    def skip(self, *stops: str) -> int:
        """Go on to one of `stops` outside brackets, or to the end; return where it began."""
        start, depth = self.at, 0
        while not self.done:
            upper = self._upper[self.at]
            if depth == 0 and upper in stops:
                break
            depth += (upper in _OPENING) - (upper in _CLOSING)
            self.at += 1
        return start

    def until(self, *stops: str) -> str:
        """Take everything up to one of `stops` outside brackets, and return its text."""
        start = self.skip(*stops)
        return self.text(start, self.at)

    def brackets(self) -> str:
        """Take a pair of brackets and return the text between."""
        self.need("(")
        inside = self.until(")")
        self.need(")")
        return inside

    def expected(self, wanted: str) -> ReflectError:
        """Return the error for a text in which something else comes next."""
        near = "the end" if self.done else repr(self.rest()[:30])
        return self.unreadable(f"{wanted} is expected at {near}")

    def unreadable(self, why: str) -> ReflectError:
        """Return the error for a text that is not of the grammar which is read."""
        return ReflectError(f"the text cannot be read: {why} (in {self.sql[:60]!r})", self.sql)


_OPENING, _CLOSING = frozenset({"(", "["}), frozenset({")", "]"})
