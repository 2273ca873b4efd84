"""Comparing texts that the database could not be asked for, token by token.

What the server adds when it stores an expression is taken away on both sides: the case of
keywords, quotes that a name does not need, space, parentheses, casts, and its own spelling of IN,
BETWEEN's and LIKE's operators. Two texts that are the same then are held for the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..base.signatures import UnconfirmedText

_TOKEN = re.compile(
    r"""(?P<string>[eE]?'(?:[^']|'')*') | "(?P<quoted>(?:[^"]|"")*)" | (?P<word>[^\W\d][\w$]*)
      | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?) | [-+*/<>=~!@\#%^&|`?]+ | \S""",
    re.VERBOSE,
)
_CAST = re.compile(
    r"""::(?:"[^"]*"|[a-zA-Z_][\w.]*)
        (?:\ (?:varying|precision|with(?:out)?\ time\ zone))*
        (?:\(\d+(?:,\d+)?\))?(?:\ with(?:out)?\ time\ zone)?(?:\[\])*""",
    re.VERBOSE | re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"\bpg_catalog\.|\boperator\s*\(\s*pg_catalog\.([^)\s]+)\s*\)", re.IGNORECASE
)
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
_SPELT = (
    (re.compile(r"= any array"), "in"),
    (re.compile(r"<> all array"), "not in"),
    (re.compile(r"trim both from"), "trim"),
    (re.compile(r"(\S+) between (\S+) and (\S+)"), r"\1 >= \2 and \1 <= \3"),
    (re.compile(r"not in ('[^']*'|\d+)(?! ,)"), r"<> \1"),
    (re.compile(r"\bin ('[^']*'|\d+)(?! ,)"), r"= \1"),
)
"""What either of the two writes, and the form in which they are compared, token by token."""
_CONSTANT = re.compile(
    r"""\(?(?:'(?P<string>(?:[^']|'')*)'|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>true|false))\)?(?P<casts>(?:::.+)?)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=4096)
def tokens(text: str) -> str:
    """Return what is left of a text that people and the server write alike.

    >>> tokens("(status)::text = ANY ((ARRAY['a'::character varying, 'b'::text])::text[])")
    "status in 'a' , 'b'"
    >>> tokens("Status IN ('a','b')")
    "status in 'a' , 'b'"
    """
    stripped = _without_casts(_QUALIFIED.sub(r"\1", text))
    found: list[str] = []
    for match in _TOKEN.finditer(stripped):
        if match["quoted"] is not None:
            found.append(match["quoted"])
        elif match["string"] is None:
            word = match.group().lower()
            if word not in "()[]":
                found.append(_SAME.get(word, word))
        else:
            found.append(match.group())
    joined = " ".join(found)
    for written, compared in _SPELT:
        joined = written.sub(compared, joined)
    return joined


def _without_casts(text: str) -> str:
    parts = re.split(r"('(?:[^']|'')*')", text)
    return "".join(part if n % 2 else _CAST.sub("", part) for n, part in enumerate(parts))


def constant(text: str) -> str | None:
    """Return the literal that a default is, without its cast; `None` for an expression.

    The server writes the same default differently according to the type that the column had when
    it was set (`'0'::bigint`, `0`), which a later change of the type leaves as it is.

    >>> constant("'draft'::character varying"), constant("'-1'::integer"), constant("now()")
    ("'draft'", "'-1'", None)
    """
    found = _CONSTANT.fullmatch(text)
    if found is None or "(" in re.sub(r"\([\d,]+\)", "", found["casts"]):
        return None
    if found["string"] is not None:
        return f"'{found['string']}'"
    return f"'{(found['number'] or found['word']).lower()}'"


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
