"""The text that EXECUTE of PL/pgSQL puts together, and the statement that EXPLAIN ANALYZE runs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...sqltext import POSTGRESQL, Syntax, Token, after_brackets, after_name
from .cursor import Cursor

UNKNOWN = "\0"
"""Stands in a text for a name or a value that is not known; it is in quotes."""

NAME, VALUE = f'"{UNKNOWN}"', f"'{UNKNOWN}'"

QUOTING = {"QUOTE_IDENT": NAME, "QUOTE_LITERAL": VALUE, "QUOTE_NULLABLE": VALUE}
NAMES = frozenset(
    """CURRENT_USER SESSION_USER CURRENT_DATABASE CURRENT_SCHEMA TG_NAME TG_TABLE_NAME
    TG_TABLE_SCHEMA""".split()  # noqa: SIM905
)
"""Variables and functions that are the name of an object."""

QUOTED_TYPES = frozenset({"REGCLASS", "REGTYPE", "REGROLE", "REGNAMESPACE", "REGPROCEDURE"})
NUMBERS = frozenset({"INT", "INTEGER", "BIGINT", "SMALLINT", "OID", "NUMERIC"})
ENDS = frozenset({";", "INTO", "USING", "LOOP"})
PLACE = re.compile(r"%(?:(?P<number>\d+)\$)?-?\d*(?P<kind>[sIL%])")

NOT_BEHIND = frozenset({"FUNCTION", "PROCEDURE", "ON", ","})
"""Words behind an EXECUTE that is none: of a trigger, or a privilege."""


def executed_text(stream: Sequence[Token]) -> str | None:
    r"""Return the text that EXECUTE runs, `UNKNOWN` for each part that is quoted.

    Args:
        stream: the tokens behind EXECUTE.

    Returns:
        `None` if another part is not known: it may contain any statement.

    >>> from alembic_moltres.sqltext import tokens
    >>> executed_text(tokens("format('DROP VIEW %I', r.name) || ' CASCADE';", POSTGRESQL))
    'DROP VIEW "\x00" CASCADE'
    >>> executed_text(tokens("'DROP VIEW v' || r.name", POSTGRESQL))
    """
    text, at = _concatenated(stream, 0)
    return text if at >= len(stream) or stream[at].upper in ENDS else None


def is_dynamic(stream: Sequence[Token]) -> bool:
    """Tell whether tokens begin with an EXECUTE of a text."""
    keywords = [token.upper for token in stream[:2]]
    return keywords[:1] == ["EXECUTE"] and NOT_BEHIND.isdisjoint(keywords[1:])


def _concatenated(stream: Sequence[Token], at: int) -> tuple[str | None, int]:
    text, at = _part(stream, at)
    while at < len(stream) and stream[at].upper == "||":
        part, at = _part(stream, at + 1)
        text = None if text is None or part is None else text + part
    return text, at


def _part(stream: Sequence[Token], at: int) -> tuple[str | None, int]:
    """Return the text of an operand of `||`, and the position behind it."""
    if at >= len(stream):
        return None, at
    text, end = _operand(stream, at)
    while stream[end : end + 1] and stream[end].upper == "::":
        type_ = stream[end + 1].upper if end + 1 < len(stream) else ""
        if type_ in QUOTED_TYPES | NUMBERS:
            text = NAME
        end += 2
    return text, end


def _operand(stream: Sequence[Token], at: int) -> tuple[str | None, int]:
    token, following = stream[at], [each.upper for each in stream[at + 1 : at + 2]]
    if token.is_string or token.kind == "number":
        return token.value, at + 1
    if token.upper == "(":
        end = after_brackets(stream, at)
        return _whole(stream[at + 1 : end - 1]), end
    end = after_name(stream, at)
    name = NAME if token.upper in NAMES else None
    if following != ["("]:
        return name, max(end, at + 1)
    end = after_brackets(stream, at + 1)
    arguments = _arguments(stream[at + 2 : end - 1])
    if token.upper == "FORMAT":
        return _formatted(arguments), end
    return QUOTING.get(token.upper, name), end


def _whole(stream: Sequence[Token]) -> str | None:
    text, end = _concatenated(stream, 0)
    return text if end == len(stream) else None


def _arguments(stream: Sequence[Token]) -> list[Sequence[Token]]:
    arguments, begin, depth = [], 0, 0
    for at, token in enumerate(stream):
        depth += (token.upper in {"(", "["}) - (token.upper in {")", "]"})
        if depth == 0 and token.upper == ",":
            arguments.append(stream[begin:at])
            begin = at + 1
    return [*arguments, stream[begin:]]


def _formatted(arguments: Sequence[Sequence[Token]]) -> str | None:
    """Return what format() makes of its arguments."""
    template = _whole(arguments[0])
    if template is None:
        return None
    pieces, end, at = [], 0, 0
    for place in PLACE.finditer(template):
        pieces.append(template[end : place.start()])
        end = place.end()
        if place["kind"] == "%":
            pieces.append("%")
            continue
        at = int(place["number"]) if place["number"] else at + 1
        known = _whole(arguments[at]) if at < len(arguments) else None
        piece = _quoted(known, place["kind"])
        if piece is None:
            return None
        pieces.append(piece)
    return "".join((*pieces, template[end:]))


def _quoted(text: str | None, kind: str) -> str | None:
    if kind == "I":
        return NAME if text is None else POSTGRESQL.written_name(text)
    if kind == "L":
        return VALUE if text is None else POSTGRESQL.literal(text)
    return text


def explained_statement(sql: str, syntax: Syntax) -> str:
    """Return the statement that an EXPLAIN ANALYZE runs; any other one as it is.

    >>> explained_statement("EXPLAIN (ANALYZE, VERBOSE) DELETE FROM t", POSTGRESQL)
    'DELETE FROM t'
    """
    cursor, runs = Cursor(sql, syntax), False
    if not cursor.accept("EXPLAIN"):
        return sql
    if cursor.peek() == "(":
        options = [each.upper().split() for each in cursor.brackets().split(",")]
        stated = [each[1:] for each in options if each[:1] in (["ANALYZE"], ["ANALYSE"])]
        runs = any(each not in (["FALSE"], ["OFF"], ["0"]) for each in stated)
    else:
        runs = cursor.accept("ANALYZE") or cursor.accept("ANALYSE")
        cursor.accept("VERBOSE")
    return cursor.rest() if runs and not cursor.done else sql
