"""Compares texts that could not be probed, token by token.

The server normalises an expression when it stores it. Such changes are removed on both sides: the
case of keywords, unneeded quotes, space, parentheses, casts, and the server's form of IN, BETWEEN
and LIKE. If the rest is equal, the texts are assumed equal.
"""

from __future__ import annotations

from functools import lru_cache

from ... import sqltext
from ...sqltext import POSTGRESQL, Token, without_casts
from ..base.signatures import UnconfirmedText, same_kind

_SAME = {
    "!=": "<>",
    "~~": "like",
    "~~*": "ilike",
    "!~~": "not like",
    "!~~*": "not ilike",
    "btrim": "trim",
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
"""Synonyms in the server's and the models' text, with the form that is compared."""

_TRUTH = frozenset({"TRUE", "FALSE"})


@lru_cache(maxsize=4096)
def stored_form(text: str) -> str:
    """Return a text as the server stores it, without what it may leave out.

    >>> stored_form("(status)::text = ANY ((ARRAY['a'::character varying, 'b'::text])::text[])")
    "status in 'a' , 'b'"
    >>> stored_form("Status IN ('a','b')")
    "status in 'a' , 'b'"
    >>> stored_form("CAST(code AS integer) > 1") == stored_form("(code)::integer > 1")
    True
    """
    parts: list[str] = []
    for token in _unqualified(without_casts(sqltext.tokens(text, POSTGRESQL))):
        if token.kind == "quoted":
            parts.append(token.value)
        elif token.is_string:
            parts.append(token.text)
        elif token.text not in "()[]":
            word = token.text.lower()
            parts.append(_SAME.get(word, word))
    return " ".join(_rewritten(parts))


def _rewritten(texts: list[str]) -> list[str]:
    """Return BETWEEN and IN as the comparisons that the server stores."""
    kept: list[str] = []
    at = 0
    while at < len(texts):
        word, rest = texts[at], texts[at + 1 :]
        phrase = tuple(texts[at : at + 3])
        if phrase in _PHRASES:
            texts = [*texts[:at], *_PHRASES[phrase], *texts[at + 3 :]]
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


def _unqualified(stream: list[Token]) -> list[Token]:
    """Return tokens without `pg_catalog.`, and `OPERATOR(pg_catalog.=)` as the operator alone."""
    kept: list[Token] = []
    for token in stream:
        preceding = [each.upper for each in kept[-2:]]
        if preceding == ["PG_CATALOG", "."]:
            del kept[-2:]
            if token.kind == "operator" and [each.upper for each in kept[-2:]] == ["OPERATOR", "("]:
                del kept[-2:]
        kept.append(token)
    return kept


def constant(text: str) -> str | None:
    """Return the literal of a default, without its cast; `None` for an expression.

    The server writes the same default differently depending on the column's type when it was set
    (`'0'::bigint`, `0`); a later change of the type does not change it.

    >>> constant("'draft'::character varying"), constant("'-1'::integer"), constant("now()")
    ("'draft'", "'-1'", None)
    """
    stream = [t for t in without_casts(sqltext.tokens(text, POSTGRESQL)) if t.text not in "()"]
    sign = "-" if len(stream) > 1 and stream[0].upper == "-" else ""
    if len(stream) != len(sign) + 1:
        return None
    literal = stream[-1]
    if literal.kind == "string" and literal.text[0] == "'" and not sign:
        return literal.text
    if literal.kind == "number" or (literal.upper in _TRUTH and not sign):
        return f"'{sign}{literal.text.lower()}'"
    return None


def unconfirmed(text: str, *, certain: bool) -> UnconfirmedText:
    """Return the signature's text for a text that was not probed or was rejected.

    Args:
        text: of the models.
        certain: whether different tokens are a difference, because the database rejects the text or
            is not needed to compare it; otherwise a text of the same kind (first word) is assumed
            equal.
    """
    return UnconfirmedText(text, same_tokens if certain else same_tokens_or_kind)


def same_tokens(text: str, other: str) -> bool:
    """Tell whether two texts have the same tokens."""
    return stored_form(text) == stored_form(other)


def same_tokens_or_kind(text: str, other: str) -> bool:
    """Tell whether two texts have the same tokens, or the same kind, which is inconclusive."""
    return same_tokens(text, other) or same_kind(text, other)
