"""Splits a CREATE TABLE text into segments, so that one is replaced and the rest is unchanged.

Comments, layout, ON CONFLICT and the text of a type are kept because they are never parsed. The
grammar is in `parse`; this module finds the positions of the parts.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .cursor import Cursor
from .parse import (
    COLUMN_CONSTRAINTS,
    TABLE_CONSTRAINTS,
    CheckText,
    ConstraintText,
    KeyText,
    parse_column_constraint,
    parse_table_constraint,
)
from .tokens import tokenize

AFTER = {"type": 0, "collate": 1, "default": 2, "not null": 3, "primary key": 4}
"""The order of clauses in a column's definition, as SQLAlchemy writes them; others come last."""

LAST = len(AFTER)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a column's definition: its kind, and its position in the text."""

    kind: str
    start: int
    end: int
    constraint: ConstraintText | None = None

    def of(self, text: str) -> str:
        """Return the text of the clause in its definition."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class TableParts:
    """A CREATE TABLE text in parts; `str` returns the text.

    `head` ends with the opening bracket, `tail` begins with the closing one. The text of a column
    or a constraint includes the space and the comments around it.
    """

    head: str
    columns: tuple[str, ...]
    constraints: tuple[str, ...]
    tail: str

    def __str__(self) -> str:
        return f"{self.head}{','.join((*self.columns, *self.constraints))}{self.tail}"

    def position(self, column: str) -> int | None:
        """Return the position of a column; names are case-insensitive."""
        names = [column_name(text).lower() for text in self.columns]
        return names.index(column.lower()) if column.lower() in names else None

    def with_column(self, text: str) -> TableParts:
        """Return the table with a column added after the others."""
        columns = _appended(self.columns, text, moves=not self.constraints)
        return replace(self, columns=columns)

    def with_constraint(self, text: str, *, first: bool = False) -> TableParts:
        """Return the table with a constraint added after the others, or before them."""
        if first and self.constraints:
            placed = _leading_space(self.constraints[0]) + text
            return replace(self, constraints=(placed, *self.constraints))
        count = len(self.columns)
        every = _appended((*self.columns, *self.constraints), text)
        return replace(self, columns=every[:count], constraints=every[count:])

    def exchanged(self, at: int, text: str) -> TableParts:
        """Return the table with another definition of a column."""
        return replace(self, columns=(*self.columns[:at], text, *self.columns[at + 1 :]))

    def without_column(self, at: int) -> TableParts:
        """Return the table without a column."""
        return replace(self, columns=self.columns[:at] + self.columns[at + 1 :])


def split_table(sql: str) -> TableParts:
    """Split a CREATE TABLE text into its parts.

    Raises:
        ReflectError: SQLite would not store such a text for a table.

    >>> parts = split_table("CREATE TABLE t (a INT, b INT /* , */, CHECK (a > 0) CHECK (b > 0))")
    >>> parts.columns, parts.constraints
    (('a INT', ' b INT /* , */'), (' CHECK (a > 0)', ' CHECK (b > 0)'))
    """
    depth, cuts = 0, []
    for token in tokenize(sql):
        depth += (token.upper == "(") - (token.upper == ")")
        if (token.upper, depth) in {("(", 1), (",", 1), (")", 0)}:
            cuts.append((token.start, token.end))
        if cuts and depth == 0:
            break
    between = itertools.pairwise(cuts)
    segments = [sql[end:start] for (_, end), (start, _) in between]
    is_constraint = [tokenize(text)[0].upper in TABLE_CONSTRAINTS for text in segments]
    count = is_constraint.index(True) if True in is_constraint else len(segments)
    constraints = tuple(one for text in segments[count:] for one in _single_constraints(text))
    return TableParts(sql[: cuts[0][1]], tuple(segments[:count]), constraints, sql[cuts[-1][0] :])


def _single_constraints(text: str) -> Iterator[str]:
    """Split table constraints without a comma between them; SQLite does not need one."""
    cursor, start = Cursor(text), 0
    tokens = cursor.tokens
    while cursor.at < len(tokens):
        parse_table_constraint(cursor)
        end = len(text) if cursor.at == len(tokens) else tokens[cursor.at - 1].end
        yield text[start:end]
        start = end


def column_name(text: str) -> str:
    """Return the name of the column in a definition."""
    return tokenize(text)[0].value


def table_constraint(text: str) -> ConstraintText | None:
    """Return a parsed table constraint; `None` for a mere `CONSTRAINT x`."""
    return parse_table_constraint(Cursor(text))


def clauses(text: str) -> list[Clause]:
    """Return the clauses of a column's definition; the first is its type, which may be empty.

    >>> [clause.kind for clause in clauses("a INT CONSTRAINT n NOT NULL DEFAULT (1) CHECK (a > 0)")]
    ['type', 'not null', 'default', 'check']
    """
    cursor = Cursor(text)
    tokens = cursor.tokens
    cursor.name()
    while not cursor.done and cursor.peek() not in COLUMN_CONSTRAINTS:
        _ = cursor.brackets() if cursor.peek() == "(" else cursor.next()
    begin = tokens[0].end if cursor.at == 1 else tokens[1].start
    parts = [Clause("type", begin, tokens[cursor.at - 1].end)]
    while not cursor.done:
        first = cursor.at
        given = cursor.name() if cursor.accept("CONSTRAINT") else None
        parsed = parse_column_constraint(cursor, tokens[0].value, given)
        constraint = None if isinstance(parsed, dict) else parsed
        parts.append(
            Clause(_kind(parsed), tokens[first].start, tokens[cursor.at - 1].end, constraint)
        )
    return parts


def _kind(parsed: ConstraintText | dict[str, object] | None) -> str:
    match parsed:
        case None:
            return "nothing"
        case dict():
            return "not null" if "nullable" in parsed else next(iter(parsed))
        case KeyText():
            return parsed.kind
        case CheckText():
            return "check"
        case _:
            return "references"


def with_clause(text: str, kind: str, new: str) -> str:
    """Return a column's definition with a clause replaced, added, or (if empty) removed.

    >>> with_clause("a INT NOT NULL -- why", "default", "DEFAULT 1")
    'a INT DEFAULT 1 NOT NULL -- why'
    >>> with_clause("a INT DEFAULT 1 NOT NULL", "default", "")
    'a INT NOT NULL'
    """
    existing = clauses(text)
    old = [clause for clause in existing if clause.kind == kind]
    if old:
        for clause in reversed(old[1:]):
            text = without(text, clause)
        if new and old[0].start < old[0].end:
            return text[: old[0].start] + new + text[old[0].end :]
        if not new:
            return without(text, old[0])
    rank = AFTER.get(kind, LAST)
    before = [clause for clause in existing if AFTER.get(clause.kind, LAST) <= rank]
    at = before[-1].end
    return f"{text[:at]} {new}{text[at:]}"


def with_added(text: str, new: str) -> str:
    """Return a column's definition with a clause appended."""
    at = clauses(text)[-1].end
    return f"{text[:at]} {new}{text[at:]}"


def without(text: str, clause: Clause) -> str:
    """Return a column's definition without a clause; a comment's line end before it is kept."""
    return text[: clause.start].rstrip(" \t") + text[clause.end :]


def unqualified(sql: str, table: str) -> str:
    """Return CREATE TABLE text without the own table's name before columns.

    Such a name is legal in a CHECK, but wrong while the table has another name.

    >>> unqualified("CREATE TABLE t (a INT CHECK (T.a > 0), b REFERENCES t (a))", "t")
    'CREATE TABLE t (a INT CHECK (a > 0), b REFERENCES t (a))'
    """
    tokens, depth, cuts = tokenize(sql), 0, []
    for token, dot in itertools.pairwise(tokens):
        depth += (token.upper == "(") - (token.upper == ")")
        named = token.is_name and token.value.lower() == table.lower()
        if depth > 1 and named and dot.upper == ".":
            cuts.append((token.start, dot.end))
    for start, end in reversed(cuts):
        sql = sql[:start] + sql[end:]
    return sql


def _appended(segments: tuple[str, ...], text: str, *, moves: bool = True) -> tuple[str, ...]:
    """Add a segment with the layout of the last one; trailing text of the list moves after it."""
    last = segments[-1]
    kept = last.rstrip()
    if not moves or tokenize(last)[-1].end != len(kept):
        kept = last  # not the last segment of all, or a comment ends it
    return (*segments[:-1], kept, _leading_space(last) + text + last[len(kept) :])


def _leading_space(segment: str) -> str:
    match = re.match(r"\s*", segment)
    return (match.group() if match else "") or " "
