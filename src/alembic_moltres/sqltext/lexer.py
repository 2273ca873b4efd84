"""A text as tokens.

No text raises an error: an unclosed quote is a token of the kind "open" up to the end of the text,
an unclosed comment is a comment, and a character that begins no token is of the kind "other".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from .syntax import Syntax

NAMES = frozenset({"word", "quoted"})
STRINGS = frozenset({"string", "escaped"})


class Token(NamedTuple):
    """One token: its kind, its text, its position, and its upper case.

    The kinds: word, quoted (a name in quotes), string, escaped (a string with backslashes), blob,
    number, variable, operator (brackets and commas too), comment, open, other. `upper` is empty
    for what is neither a word nor an operator, so a name in quotes is equal to no keyword. A named
    tuple, because a table has a thousand of them, and a dataclass takes three times as long.
    """

    kind: str
    text: str
    start: int
    end: int
    upper: str

    @property
    def value(self) -> str:
        r"""Its value, without quotes and escapes.

        >>> from .syntax import POSTGRESQL
        >>> [token.value for token in tokens(r"'it''s' E'a\n' $x$d$x$ e", POSTGRESQL)]
        ["it's", 'a\n', 'd', 'e']
        """
        text, kind = self.text, self.kind
        if kind not in _VALUED:
            return text
        if kind in _DOUBLING and (quote := text[0]) in "\"`'":
            inner = text[1:-1]
            return inner.replace(quote * 2, quote) if quote in inner else inner
        at = _OPENING.match(text)
        start = at.end() if at else 1
        quote = text[start - 1]
        if quote == "$":
            return text[start:-start]
        inner = text[start:] if kind == "open" else text[start:-1]
        closing = "]" if quote == "[" else quote
        inner = inner.replace(closing * 2, closing)
        if kind == "escaped":
            return _unescaped(inner, _C_ESCAPE if text[0] in "eE" else _ESCAPE)
        return _unescaped(inner, _UNICODE) if text[:2] in {"U&", "u&"} else inner

    @property
    def is_name(self) -> bool:
        """Whether it is a word or a name in quotes."""
        return self.kind in NAMES

    @property
    def is_string(self) -> bool:
        """Whether it is a string."""
        return self.kind in STRINGS


_DOUBLING = frozenset({"quoted", "string"})
_VALUED = frozenset({"quoted", "string", "escaped", "open"})
_OPENING = re.compile(r"""(?:[nNeE]|[uU]&)?['"`\[]|\$[^$]*\$""")
_C_ESCAPE = re.compile(
    r"\\(?:x(?P<x>[0-9a-fA-F]{1,2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<l>[0-9a-fA-F]{8})"
    r"|(?P<octal>[0-7]{1,3})|(?P<named>[bfnrt])|(?P<same>.))",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:(?P<named>[0bnrtZ])|(?P<same>[^%_]))", re.DOTALL)
_UNICODE = re.compile(r"\\(?:(?P<u>[0-9a-fA-F]{4})|\+(?P<l>[0-9a-fA-F]{6})|(?P<same>\\))")
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "Z": "\x1a"}
_NESTING = re.compile(r"/\*|\*/")


def _unescaped(text: str, escape: re.Pattern[str]) -> str:
    """Return a string without its escapes: C's of E'', MySQL's, or those of U&''."""

    def character(match: re.Match[str]) -> str:
        kind, content = str(match.lastgroup), match[match.lastgroup or 0]
        if kind == "named":
            return _NAMED[content]
        if kind == "same":
            return content
        number = int(content, 8 if kind == "octal" else 16)
        return chr(number) if number <= _LAST_CHARACTER else match.group()

    return escape.sub(character, text)


_LAST_CHARACTER = 0x10FFFF
_INTEGER = re.compile(r"-?(0|[1-9]\d*)")


@lru_cache(maxsize=512)
def tokens(text: str, syntax: Syntax) -> tuple[Token, ...]:
    """Return the tokens of a text, without space and comments.

    >>> from .syntax import SQLITE
    >>> [token.text for token in tokens('"a b"<=1 -- why', SQLITE)]
    ['"a b"', '<=', '1']
    """
    return tuple(_scanned(text, syntax)[0])


def comments(text: str, syntax: Syntax) -> list[Token]:
    """Return the comments of a text.

    >>> from .syntax import MYSQL
    >>> [token.text for token in comments("a int /*!80023 INVISIBLE */, b -- '", MYSQL)]
    ['/*!80023 INVISIBLE */', "-- '"]
    """
    return _scanned(text, syntax)[1]


def without_casts(stream: Sequence[Token]) -> list[Token]:
    """Return tokens without the casts of PostgreSQL among them.

    >>> from .syntax import POSTGRESQL
    >>> stream = tokens(
    ...     "(a)::character varying(9)[] > cast(b as timestamp with time zone)", POSTGRESQL
    ... )
    >>> [token.text for token in without_casts(stream)]
    ['(', 'a', ')', '>', '(', 'b', ')']
    """
    kept: list[Token] = []
    depth, casts, at = 0, [-1], 0  # the depth of brackets inside each CAST
    while at < len(stream):
        upper = stream[at].upper
        if upper == "::":
            at = after_type(stream, at + 1)
            continue
        if upper == "AS" and depth == casts[-1]:
            casts.pop()
            at = after_type(stream, at + 1)
            continue
        if upper == "CAST" and [token.text for token in stream[at + 1 : at + 2]] == ["("]:
            casts.append(depth + 1)
        else:
            kept.append(stream[at])
        depth += (upper == "(") - (upper == ")")
        at += 1
    return kept


def after_name(stream: Sequence[Token], at: int) -> int:
    """Return the position after a dotted name, `at` itself if there is none."""
    while at < len(stream) and stream[at].is_name:
        if at + 2 >= len(stream) or stream[at + 1].upper != "." or not stream[at + 2].is_name:
            return at + 1
        at += 2
    return at


def after_type(stream: Sequence[Token], at: int) -> int:
    """Return the position after a type."""
    at = after_name(stream, at)
    while at < len(stream):
        upper = stream[at].upper
        if upper in {"(", "["}:
            at = after_brackets(stream, at)
        elif upper in {"VARYING", "PRECISION"}:
            at += 1
        elif upper in {"WITH", "WITHOUT"} and is_time_zone(stream, at + 1):
            at += 3
        else:
            break
    return at


def is_time_zone(stream: Sequence[Token], at: int) -> bool:
    """Tell whether TIME ZONE is at this position."""
    return [token.upper for token in stream[at : at + 2]] == ["TIME", "ZONE"]


def after_brackets(stream: Sequence[Token], at: int) -> int:
    """Return the position after the bracket that closes the one at `at`."""
    depth = 0
    while at < len(stream):
        upper = stream[at].upper
        depth += (upper in {"(", "["}) - (upper in {")", "]"})
        at += 1
        if depth == 0:
            break
    return at


def literal_value(text: str, syntax: Syntax) -> str | int | None:
    """Return the value of a text that is one string or an integer; `None` for any other.

    >>> from .syntax import SQLITE
    >>> [literal_value(text, SQLITE) for text in ("'it''s'", "-5", "(1 + 1)", "1.50")]
    ["it's", -5, None, None]
    """
    if _INTEGER.fullmatch(text):
        return int(text)
    stream = tokens(text, syntax)
    return stream[0].value if len(stream) == 1 and stream[0].is_string else None


def _scanned(text: str, syntax: Syntax) -> tuple[list[Token], list[Token]]:
    """Return the tokens and the comments."""
    pattern, stream, comments, at = _pattern(syntax), list[Token](), list[Token](), 0
    while at < len(text):
        for match in pattern.finditer(text, at):
            kind = str(match.lastgroup)
            piece = match[kind]
            start, at = match.span(kind)
            if kind == "word":
                stream.append(Token("word", piece, start, at, piece.upper()))
            elif kind == "operator":
                stream.append(Token("operator", piece, start, at, piece))
            elif kind == "nested":
                at = comment_end(text, start)
                comments.append(Token("comment", text[start:at], start, at, ""))
                break
            elif kind == "comment":
                comments.append(Token("comment", piece, start, at, ""))
            elif piece:
                stream.append(Token(kind, piece, start, at, ""))
    return stream, comments


def comment_end(text: str, at: int) -> int:
    """Return the end of the comment that begins at `at`, nested ones skipped."""
    depth = 0
    for match in _NESTING.finditer(text, at):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end()
    return len(text)


@cache
def _pattern(syntax: Syntax) -> re.Pattern[str]:
    """Return the pattern of one token; the name of the group that matches is its kind."""
    kinds = (
        ("comment", syntax.comments),
        ("nested", (r"/\*",) if syntax.nested else ()),
        ("escaped", syntax.escaped),
        ("blob", syntax.blobs),
        ("string", syntax.strings),
        ("quoted", syntax.quoted),
        ("number", (syntax.number,)),
        ("word", (syntax.word,)),
        ("variable", (syntax.variable,)),
        ("operator", (syntax.operator,)),
        ("open", (syntax.unclosed,)),
        ("other", (".",)),
        ("end", (r"\Z",)),
    )
    groups = (f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in kinds if patterns)
    return re.compile(f"(?:{syntax.space})?+(?:{'|'.join(groups)})", re.DOTALL)
