"""SQL text as tokens, and a cursor over them, for statements that scripts execute."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ...errors import ReflectError

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
    |(?P<dollar>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
    |(?P<string>[eEnN]?'(?:[^'\\]|''|\\.)*')
    |(?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]'"]+\](?=[\s.,()]|$))
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<word>[^\W\d][\w$]*)
    |(?P<symbol>::|<=|>=|<>|!=|\|\||.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a quoted name, a string, a number or a symbol, and where it stands."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """What a keyword or a symbol is compared by; a quoted name or a string is no keyword."""
        return self.text.upper() if self.kind in {"word", "symbol"} else self.text

    @property
    def is_name(self) -> bool:
        """Whether it may name something."""
        return self.kind in {"word", "quoted"}


def tokenize(sql: str) -> list[Token]:
    """Return the tokens of a text, without space and comments.

    >>> [token.text for token in tokenize("SELECT 'a;b' -- c")]
    ['SELECT', "'a;b'"]
    """
    found = []
    for match in _TOKEN.finditer(sql):
        kind = match.lastgroup if match.lastgroup != "tag" else "dollar"
        if kind != "space":
            found.append(Token(str(kind), match.group(), match.start(), match.end()))
    return found


def statements(sql: str) -> Iterator[str]:
    """Return the statements of a text, without the semicolons between them.

    >>> list(statements("CREATE TABLE a (b INT); DROP TABLE c;"))
    ['CREATE TABLE a (b INT)', 'DROP TABLE c']
    """
    tokens = tokenize(sql)
    start, last = None, 0
    for token in tokens:
        if token.text == ";":
            if start is not None:
                yield sql[start:last]
            start = None
            continue
        start = token.start if start is None else start
        last = token.end
    if start is not None:
        yield sql[start:last]


class UnreadableError(ReflectError):
    """A statement is not of the grammar that is read here."""


class Cursor:
    """Reads a statement from left to right; names are folded as the database folds them."""

    def __init__(self, sql: str, *, lower: bool) -> None:
        self.sql = sql
        self.tokens = tokenize(sql)
        self.at = 0
        self.lower = lower

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.tokens)

    def peek(self, ahead: int = 0) -> str:
        """Return the next token as a keyword or symbol, an empty string at the end."""
        at = self.at + ahead
        return self.tokens[at].upper if at < len(self.tokens) else ""

    def next(self) -> Token:
        """Return the next token and go on behind it."""
        if self.done:
            raise self.unreadable("it ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, *words: str) -> bool:
        """Go on behind these keywords if they come next."""
        if all(self.peek(n) == word for n, word in enumerate(words)):
            self.at += len(words)
            return True
        return False

    def need(self, *words: str) -> None:
        """Go on behind these keywords.

        Raises:
            UnreadableError: they do not come next.
        """
        if not self.accept(*words):
            raise self.unreadable(f"{' '.join(words)} is expected at {self.rest()[:30]!r}")

    def name(self) -> str:
        """Return the next name."""
        token = self.next()
        if token.kind == "quoted":
            quote = {"[": "]"}.get(token.text[0], token.text[0])
            return token.text[1:-1].replace(quote * 2, quote)
        if token.kind != "word":
            raise self.unreadable(f"a name is expected at {token.text!r}")
        return token.text.lower() if self.lower else token.text

    def qualified(self) -> tuple[str | None, str]:
        """Return the next name and the schema before it."""
        first = self.name()
        return (first, self.name()) if self.accept(".") else (None, first)

    def names(self) -> tuple[str, ...]:
        """Return the names between brackets."""
        self.need("(")
        found = [self.name()]
        while self.accept(","):
            found.append(self.name())
        self.need(")")
        return tuple(found)

    def string(self) -> str:
        """Return the content of the next string."""
        token = self.next()
        if token.kind != "string" or token.text[0] != "'" or "\\" in token.text:
            raise self.unreadable(f"a plain string is expected at {token.text!r}")
        return token.text[1:-1].replace("''", "'")

    def brackets(self) -> str:
        """Return the text between the brackets that come next."""
        self.need("(")
        start, depth = self.at, 1
        while depth:
            text = self.next().text
            depth += (text == "(") - (text == ")")
        return self.between(start, self.at - 1)

    def between(self, start: int, end: int) -> str:
        """Return the text of the tokens from `start` until `end`."""
        if start >= end:
            return ""
        return self.sql[self.tokens[start].start : self.tokens[end - 1].end]

    def until(self, stops: Collection[str]) -> str:
        """Return the text until one of the keywords or symbols, outside brackets, or the end."""
        start, depth = self.at, 0
        while not self.done and not (depth == 0 and self.peek() in stops):
            text = self.next().text
            depth += (text in "([") - (text in ")]")
        return self.between(start, self.at)

    def rest(self) -> str:
        """Return the text that is left."""
        return self.between(self.at, len(self.tokens))

    def unreadable(self, why: str) -> UnreadableError:
        """Return the error for a statement that cannot be read."""
        return UnreadableError(f"the statement cannot be read: {why}", self.sql)
