"""Comparing texts that the database could not be asked for, token by token.

What the server adds when it stores an expression is taken away on both sides: the case of
keywords, quotes that a name does not need, space, parentheses, casts, and its own spelling of IN,
BETWEEN's and LIKE's operators. Two texts that are the same then are held for the same.
"""

from __future__ import annotations

from functools import lru_cache

from ... import sqltext
from ...sqltext import POSTGRESQL, Token, without_casts
from ..base.signatures import UnconfirmedText

_SAME = {
    "!=": "<>",
    "~~": "like",
    "~~*": "ilike",
    "!~~": "not like",
    "!~~*": "not ilike",
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "bool": "boolean",
    "decimal": "numeric",
    "float": "double precision",
    "float8": "double precision",
    "float4": "real",
    "varchar": "character varying",
    "char": "character",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
}
_PHRASES = {
    ("=", "any", "array"): ["in"],
    ("<>", "all", "array"): ["not", "in"],
    ("trim", "both", "from"): ["trim"],
}
"""What either of the two writes, and the form in which they are compared."""

_TRUTH = frozenset({"TRUE", "FALSE"})


@lru_cache(maxsize=4096)
def tokens(text: str) -> str:
    """Return what is left of a text that people and the server write alike.

    >>> tokens("(status)::text = ANY ((ARRAY['a'::character varying, 'b'::text])::text[])")
    "status in 'a' , 'b'"
    >>> tokens("Status IN ('a','b')")
    "status in 'a' , 'b'"
    """
    found: list[str] = []
    for token in _unqualified(without_casts(sqltext.tokens(text, POSTGRESQL))):
        if token.kind == "quoted":
            found.append(token.value)
        elif token.is_string:
            found.append(token.text)
        elif token.text not in "()[]":
            word = token.text.lower()
            found.append(_SAME.get(word, word))
    return " ".join(_rewritten(found))


def _rewritten(words: list[str]) -> list[str]:
    """Return BETWEEN and IN as the comparisons that the server makes of them."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        word, rest = words[at], words[at + 1 :]
        phrase = tuple(words[at : at + 3])
        if phrase in _PHRASES:
            words = [*words[:at], *_PHRASES[phrase], *words[at + 3 :]]
            continue
        if word == "between" and kept and rest[1:2] == ["and"] and len(rest) > 2:
            kept += [">=", rest[0], "and", kept[-1], "<=", rest[2]]
            at += 4
        elif word == "in" and rest and _is_literal(rest[0]) and rest[1:2] != [","]:
            kept = [*kept[:-1], "<>"] if kept[-1:] == ["not"] else [*kept, "="]
            at += 1
        else:
            kept.append(word)
            at += 1
    return kept


def _is_literal(word: str) -> bool:
    return word.startswith("'") or word.isdigit()


def _unqualified(found: list[Token]) -> list[Token]:
    """Return tokens without `pg_catalog.`, and `OPERATOR(pg_catalog.=)` as the operator alone."""
    kept: list[Token] = []
    for token in found:
        behind = [each.upper for each in kept[-2:]]
        if behind == ["PG_CATALOG", "."]:
            del kept[-2:]
            if token.kind == "operator" and [each.upper for each in kept[-2:]] == ["OPERATOR", "("]:
                del kept[-2:]
        kept.append(token)
    return kept


def constant(text: str) -> str | None:
    """Return the literal that a default is, without its cast; `None` for an expression.

    The server writes the same default differently according to the type that the column had when
    it was set (`'0'::bigint`, `0`), which a later change of the type leaves as it is.

    >>> constant("'draft'::character varying"), constant("'-1'::integer"), constant("now()")
    ("'draft'", "'-1'", None)
    """
    found = [t for t in without_casts(sqltext.tokens(text, POSTGRESQL)) if t.text not in "()"]
    sign = "-" if len(found) > 1 and found[0].upper == "-" else ""
    if len(found) != len(sign) + 1:
        return None
    literal = found[-1]
    if literal.kind == "string" and literal.text[0] == "'" and not sign:
        return literal.text
    if literal.kind == "number" or (literal.upper in _TRUTH and not sign):
        return f"'{sign}{literal.text.lower()}'"
    return None


def unconfirmed(text: str, *, certain: bool) -> UnconfirmedText:
    """Return a text that the database was not probed for, or rejects.

    Args:
        text: as the models have it.
        certain: the text is wrong for the database or can be told without it, so that other tokens
            are another thing; else a thing of the same kind (the first word) is assumed the same.
    """
    return UnconfirmedText(text, same_tokens if certain else same_tokens_or_kind)


def same_tokens(text: str, other: str) -> bool:
    """Are two texts the same token by token?"""
    return tokens(text) == tokens(other)


def same_tokens_or_kind(text: str, other: str) -> bool:
    """Are two texts the same, or of one kind, so that a difference is not certain?"""
    return same_tokens(text, other) or text.split(None, 1)[0] == other.split(None, 1)[0]
