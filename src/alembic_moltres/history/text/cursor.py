"""A position in a statement that a script executes, and the grammar that statements share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto

from ... import sqltext
from ...errors import HistoryError
from ...sqltext import Syntax, Token


def statements(sql: str, syntax: Syntax) -> Iterator[str]:
    """Return the statements of a text, without the semicolons between them.

    >>> from alembic_moltres.sqltext import POSTGRESQL
    >>> list(statements("CREATE TABLE a (b INT); DROP TABLE c;", POSTGRESQL))
    ['CREATE TABLE a (b INT)', 'DROP TABLE c']
    """
    stream, start = sqltext.tokens(sql, syntax), 0
    words = [token.upper for token in stream]
    while start < len(stream):
        end = _end_of_statement(words, start)
        if end > start:
            yield sql[stream[start].start : stream[end - 1].end]
        start = end + 1


WITH_BODY = frozenset({"FUNCTION", "PROCEDURE", "TRIGGER", "EVENT"})
CLOSED = frozenset({"IF", "LOOP", "WHILE", "REPEAT"})
"""Words behind END of what is not counted: it begins with the same word."""


def _end_of_statement(words: Sequence[str], start: int) -> int:
    """Return the position of its semicolon, not of one between BEGIN and END of a body."""
    creates = words[start] == "CREATE" and not WITH_BODY.isdisjoint(words[start : start + 10])
    has_body = creates or words[start : start + 3] == ["BEGIN", "NOT", "ATOMIC"]
    depth = 0
    for at in range(start, len(words)):
        if words[at] == ";" and depth <= 0:
            return at
        if has_body and (at == start or words[at - 1] != "END"):
            depth += words[at] in {"BEGIN", "CASE"}
            depth -= words[at] == "END" and not CLOSED & set(words[at + 1 : at + 2])
    return len(words)


class UnreadableError(HistoryError):
    """A statement with a grammar that we do not read.

    Attributes:
        tables: the keys of tables that it may change, beside those that it names.
    """

    tables: tuple[str, ...] = ()


class AnyTableError(UnreadableError):
    """A statement that may change any table, not only those that it names."""


class Cursor(sqltext.Cursor):
    """Reads a statement from left to right; names are folded as the database folds them."""

    def __init__(self, sql: str, syntax: Syntax) -> None:
        super().__init__(sql, sqltext.tokens(sql, syntax))
        self.syntax = syntax

    def next(self) -> Token:
        """Take the next token.

        Raises:
            UnreadableError: there is none, or a quote is not closed.
        """
        token = super().next()
        if token.kind in {"open", "other"}:
            raise self.unreadable(f"{token.text[:30]!r} is not a token")
        return token

    def name(self) -> str:
        """Take a name."""
        token = self.next()
        if not token.is_name:
            raise self.unreadable(f"a name is expected at {token.text!r}")
        folds = token.kind == "word" and self.syntax.folding == "lower"
        name = token.value.lower() if folds else token.value
        longest = self.syntax.longest
        return name if longest is None else name.encode()[:longest].decode(errors="ignore")

    def qualified(self) -> tuple[str | None, str]:
        """Take a name and the schema before it."""
        first = self.name()
        return (first, self.name()) if self.accept(".") else (None, first)

    def names(self) -> tuple[str, ...]:
        """Take the names between brackets."""
        self.need("(")
        names = [self.name()]
        while self.accept(","):
            names.append(self.name())
        self.need(")")
        return tuple(names)

    def string(self) -> str:
        """Take a string, without its quotes."""
        token = self.next()
        if not token.is_string:
            raise self.unreadable(f"a string is expected at {token.text!r}")
        return token.value

    def settings(self) -> dict[str, str]:
        """Take `name = value` pairs between brackets; a name alone has an empty value."""
        parts = sqltext.split(self.brackets(), ",", self.syntax)
        pairs = (part.partition("=") for part in parts)
        return {k.strip(): sqltext.unquoted(v.strip(), self.syntax) for k, _, v in pairs}

    def unreadable(self, why: str, tables: Iterable[str] = ()) -> UnreadableError:
        error = UnreadableError(f"the statement cannot be read: {why}", self.sql)
        error.tables = tuple(tables)
        return error


class Outcome(Enum):
    """What was done with a statement."""

    APPLIED = auto()
    KEPT = auto()
    OF_ROWS = auto()
