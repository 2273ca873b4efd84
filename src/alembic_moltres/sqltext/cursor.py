"""A position in the tokens of a statement, for parsers of its grammar."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import MoltresError, ReflectError
from .lexer import Token


class Cursor:
    """Cursor over the tokens of a text; `at` is the position of the next one.

    Args:
        sql: the text.
        tokens: those of the text.

    >>> from .lexer import tokens
    >>> from .syntax import SQLITE
    >>> cursor = Cursor("a CHECK (a > 0), b", tokens("a CHECK (a > 0), b", SQLITE))
    >>> cursor.next().value, cursor.accept("CHECK"), cursor.brackets(), cursor.rest()
    ('a', True, 'a > 0', ', b')
    """

    def __init__(self, sql: str, tokens: Sequence[Token]) -> None:
        self.sql = sql
        self.tokens = tokens
        self.at = 0
        self._upper = [token.upper for token in tokens]

    @property
    def done(self) -> bool:
        """Whether it is at the end."""
        return self.at >= len(self.tokens)

    def peek(self, ahead: int = 0) -> str:
        """Return the next keyword or operator, or the one `ahead`; empty for anything else."""
        at = self.at + ahead
        return self._upper[at] if at < len(self._upper) else ""

    def next(self) -> Token:
        """Take the next token."""
        if self.done:
            raise self.expected("more")
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, *keywords: str) -> bool:
        """Accept these keywords if they are next; return whether they are."""
        accepted = self._upper[self.at : self.at + len(keywords)] == list(keywords)
        if accepted:
            self.at += len(keywords)
        return accepted

    def need(self, *keywords: str) -> None:
        """Accept these keywords, which must be next."""
        if not self.accept(*keywords):
            raise self.expected(" ".join(keywords))

    def text(self, start: int, end: int) -> str:
        """Return the text from one token up to another."""
        if end <= start:
            return ""
        return self.sql[self.tokens[start].start : self.tokens[end - 1].end]

    def rest(self) -> str:
        """Return the remaining text."""
        return self.text(self.at, len(self.tokens))

    def skip(self, *stops: str) -> int:
        """Advance to one of `stops` outside brackets, or to the end; return the old position."""
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

    def expected(self, wanted: str) -> MoltresError:
        """Return the error for a text in which something else comes next."""
        near = "the end" if self.done else repr(self.rest()[:30])
        return self.unreadable(f"{wanted} is expected at {near}")

    def unreadable(self, why: str) -> MoltresError:
        """Return the error for a text that is not of the grammar which is read.

        By default the text is the database's.
        """
        return ReflectError(f"the text cannot be read: {why} (in {self.sql[:60]!r})", self.sql)


_OPENING, _CLOSING = frozenset({"(", "["}), frozenset({")", "]"})
