"""`Queries`: the rows that queries find where no table has any."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...errors import ReflectError
from ...sqltext import Cursor, Token
from .driver import Row
from .expressions import Expression, UnknownValueError, bracketed, is_query, split
from .functions import AGGREGATES, KEYWORDS, LOCKS, OF_EACH_ROW

SET_OPERATORS = frozenset({"UNION", "EXCEPT", "INTERSECT", "MINUS"})
TAIL = ("ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "LOCK", "INTO", "WINDOW", ";", "RETURNING")
CLAUSES = ("FROM", "WHERE", "GROUP", "HAVING", *TAIL)
JOINING = ("NATURAL", "INNER", "CROSS", "LEFT", "RIGHT", "FULL", "JOIN", "STRAIGHT_JOIN")
MORE_GROUPS = frozenset({"ROLLUP", "CUBE", "GROUPING"})
"""Keywords of groups that may be there without rows."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds.

    Attributes:
        names: of its columns.
        rows: the rows, `None` for a value that is unknown.
        unknown: a value is unknown, or whether there are rows.
    """

    names: tuple[str, ...] = ("column",)
    rows: tuple[Row, ...] = ()
    unknown: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it certainly finds no row."""
        return not self.rows and not self.unknown


class Queries:
    """Finds the rows of queries.

    Args:
        sql: the text.
        is_table: tells of a name whether it is that of a table.
        named: what the queries of WITH find.
    """

    def __init__(
        self, sql: str, is_table: Callable[[str], bool], named: Mapping[str, Found] | None = None
    ) -> None:
        self._sql = sql
        self._is_table = is_table
        self._named = dict(named or {})

    def found(self, stream: Sequence[Token]) -> Found:
        """Return what a query finds; it may be in brackets."""
        try:
            return self._query(Cursor(self._sql, stream))
        except (UnknownValueError, ReflectError):
            return Found(unknown=True)

    def _rows(self, stream: Sequence[Token]) -> Sequence[Row]:
        """Return the rows of a query inside an expression."""
        found = Queries(self._sql, self._is_table, self._named).found(stream)
        if found.unknown:
            raise UnknownValueError("only a server knows the rows", self._sql)
        return found.rows

    def _query(self, cursor: Cursor) -> Found:
        if cursor.accept("WITH"):
            self._with(cursor)
        operators: list[str] = []
        parts = [self._part(cursor)]
        while cursor.peek() in SET_OPERATORS:
            operators.append(cursor.next().upper)
            every = cursor.accept("ALL")
            cursor.accept("DISTINCT")
            operators[-1] += " ALL" * every
            parts.append(self._part(cursor))
        return self._tail(_combined(parts, operators) if operators else parts[0], cursor)

    def _with(self, cursor: Cursor) -> None:
        """Read the queries of WITH; a recursive one begins without rows."""
        recursive = cursor.accept("RECURSIVE")
        while True:
            name = cursor.next().value.lower()
            if cursor.peek() == "(":
                cursor.brackets()
            cursor.need("AS")
            cursor.accept("NOT")
            cursor.accept("MATERIALIZED")
            inside = bracketed(cursor)
            if recursive:
                self._named[name] = Found()
            found = self.found(inside)
            calls_itself = recursive and name in {each.value.lower() for each in inside}
            certain = found.is_empty or not calls_itself
            self._named[name] = found if certain else Found(unknown=True)
            if not cursor.accept(","):
                return

    def _part(self, cursor: Cursor) -> Found:
        """Return what a query without set operators finds."""
        if cursor.peek() == "(":
            return self.found(bracketed(cursor))
        if cursor.accept("VALUES"):
            return self._values(cursor)
        if cursor.accept("TABLE"):
            return Found(unknown=not self._relation(cursor))
        if cursor.accept("SELECT"):
            return self._select(cursor)
        return self._returned(cursor)

    def _returned(self, cursor: Cursor) -> Found:
        """Return what RETURNING of a statement finds: a change of no rows returns none."""
        word = cursor.next().upper
        cursor.accept("FROM")
        changes = word in {"UPDATE", "DELETE"} and self._relation(cursor)
        cursor.at = len(cursor.tokens)
        return Found(unknown=not changes)

    def _values(self, cursor: Cursor) -> Found:
        rows: list[list[Any]] = []
        unknown = False
        while True:
            cursor.accept("ROW")
            row = [self._value(each) for each in split(bracketed(cursor))]
            unknown = unknown or any(each is UNKNOWN for each in row)
            rows.append(row)
            if not cursor.accept(","):
                break
        names = tuple(f"column{n}" for n in range(1, len(rows[0]) + 1))
        return Found(names, tuple(map(_row, rows)), unknown)

    def _select(self, cursor: Cursor) -> Found:
        """Return what a SELECT finds, up to ORDER BY and the like."""
        while cursor.peek() in {"ALL", "DISTINCT", "DISTINCTROW", "STRAIGHT_JOIN"}:
            cursor.next()
        if cursor.accept("ON"):
            cursor.brackets()
        start = cursor.skip(*CLAUSES, *SET_OPERATORS)
        items = split(cursor.tokens[start : cursor.at])
        names = tuple(_name(each) or f"column{n}" for n, each in enumerate(items, 1))
        if cursor.accept("INTO"):
            cursor.skip(*CLAUSES, *SET_OPERATORS)
        source: bool | None = True  # one row
        if cursor.accept("FROM", "DUAL"):
            pass
        elif cursor.accept("FROM"):
            source = False if self._from(cursor) else None
        condition = self._clause(cursor, "WHERE")
        if source and condition is not ABSENT:
            source = None if condition is UNKNOWN else bool(condition)
        grouped, total = _groups(cursor)
        having = _having(cursor)
        if grouped and source is False:
            return Found(names)
        kind = _kind([*items, having or ()])
        if (grouped and not total) or kind is None or source is None:
            return Found(names, unknown=True)
        aggregated = kind or total or having is not None
        if not aggregated:
            return self._one_row(names, items) if source else Found(names)
        if source:
            return Found(names, (_row([UNKNOWN] * len(items)),), unknown=True)
        met = True if having is None else self._value(having)
        if met is UNKNOWN:
            return Found(names, unknown=True)
        return self._one_row(names, items) if met else Found(names)

    def _one_row(self, names: tuple[str, ...], items: Sequence[Sequence[Token]]) -> Found:
        values = [self._value(each) for each in items]
        return Found(names, (_row(values),), unknown=any(each is UNKNOWN for each in values))

    def _clause(self, cursor: Cursor, keyword: str) -> Any:
        """Return the value of a condition, `ABSENT` if it is not there."""
        if not cursor.accept(keyword):
            return ABSENT
        start = cursor.skip(*CLAUSES, *SET_OPERATORS)
        return self._value(cursor.tokens[start : cursor.at])

    def _value(self, item: Sequence[Token]) -> Any:
        """Return the value of an item, `UNKNOWN` if only a server knows it."""
        cursor = Cursor(self._sql, item)
        try:
            value = Expression(cursor, self._rows).value()
        except (UnknownValueError, ReflectError):
            return UNKNOWN
        if cursor.accept("AS") or (not cursor.done and cursor.tokens[cursor.at].is_name):
            cursor.next()
        return value if cursor.done else UNKNOWN

    def _from(self, cursor: Cursor) -> bool:
        """Tell whether FROM certainly has no rows."""
        empty = self._joined(cursor)
        while cursor.accept(","):
            empty = self._joined(cursor) or empty
        return empty

    def _joined(self, cursor: Cursor) -> bool:
        empty = self._relation(cursor)
        while True:
            cursor.skip(*JOINING, *CLAUSES, *SET_OPERATORS, ",")
            if cursor.peek() not in JOINING:
                return empty
            kinds = set()
            while cursor.peek() in {*JOINING, "OUTER"}:
                kinds.add(cursor.next().upper)
            other = self._relation(cursor)
            if "RIGHT" in kinds:
                empty = other
            elif "FULL" in kinds:
                empty = empty and other
            elif "LEFT" not in kinds:
                empty = empty or other

    def _relation(self, cursor: Cursor) -> bool:
        """Take what is joined; tell whether it certainly has no rows."""
        while cursor.peek() in {"ONLY", "LATERAL"}:
            cursor.next()
        if cursor.peek() == "(":
            inside = bracketed(cursor)
            if is_query(inside):
                return Queries(self._sql, self._is_table, self._named).found(inside).is_empty
            return self._from(Cursor(self._sql, inside))
        name = cursor.next().value
        plain = cursor.peek() != "."
        while cursor.accept("."):
            name = cursor.next().value
        if cursor.peek() == "(":
            return False
        if plain and name.lower() in self._named:
            return self._named[name.lower()].is_empty
        return self._is_table(name)

    def _tail(self, found: Found, cursor: Cursor) -> Found:
        """Return what is found behind ORDER BY, LIMIT and the like."""
        if cursor.accept(";") or found.is_empty:
            return found
        several = len(found.rows) > 1
        if cursor.accept("ORDER"):
            cursor.skip(*(each for each in TAIL if each != "ORDER"))
            found = replace(found, unknown=found.unknown or several)
        if cursor.accept("LIMIT"):
            start = cursor.skip(*TAIL, ",")
            most = self._value(cursor.tokens[start : cursor.at])
            if isinstance(most, int):
                found = replace(found, rows=found.rows[:most], unknown=found.unknown and most > 0)
            else:
                found = replace(found, unknown=True)
        return found if cursor.done else replace(found, unknown=not found.is_empty)


UNKNOWN, ABSENT = object(), object()


def _row(values: Sequence[Any]) -> Row:
    return tuple(None if each is UNKNOWN else each for each in values)


def _combined(parts: Sequence[Found], operators: Sequence[str]) -> Found:
    """Return what queries find that are combined."""
    names = parts[0].names
    if all(each.is_empty for each in parts):
        return Found(names)
    if set(operators) <= {"UNION", "UNION ALL"}:
        rows = tuple(row for each in parts for row in each.rows)
        if "UNION" in operators:
            rows = tuple(dict.fromkeys(rows))
        unordered = "UNION" in operators and len(rows) > 1
        return Found(names, rows, unordered or any(each.unknown for each in parts))
    if parts[0].is_empty and "UNION" not in operators and "UNION ALL" not in operators:
        return Found(names)
    if operators == ["INTERSECT"] and parts[1].is_empty:
        return Found(names)
    if operators in (["EXCEPT"], ["MINUS"]) and parts[1].is_empty:
        return replace(parts[0], unknown=parts[0].unknown or len(parts[0].rows) > 1)
    return Found(names, unknown=True)


def _groups(cursor: Cursor) -> tuple[bool, bool]:
    """Take GROUP BY; tell whether it is there, and whether it makes one group of all rows."""
    if not cursor.accept("GROUP"):
        return False, False
    cursor.accept("BY")
    start = cursor.skip("HAVING", *TAIL, *SET_OPERATORS)
    words = [each.upper for each in cursor.tokens[start : cursor.at]]
    if words == ["(", ")"]:
        return False, True
    several = MORE_GROUPS.intersection(words) or ["(", ")"] in (
        words[at : at + 2] for at in range(len(words))
    )
    if several:
        raise UnknownValueError("there may be groups without rows", cursor.sql)
    return True, False


def _having(cursor: Cursor) -> Sequence[Token] | None:
    if not cursor.accept("HAVING"):
        return None
    start = cursor.skip(*TAIL, *SET_OPERATORS)
    return cursor.tokens[start : cursor.at]


def _kind(items: Sequence[Sequence[Token]]) -> bool | None:
    """Tell whether expressions have aggregates; `None` if they call a function that may be one."""
    kinds = [kind for item in items for kind in _kinds(item)]
    return True if True in kinds else None if None in kinds else False


def _kinds(item: Sequence[Token]) -> Iterator[bool | None]:
    """Yield for each call of an expression whether it is one of an aggregate."""
    cursor = Cursor("", item)
    while not cursor.done:
        if cursor.peek() != "(":
            cursor.next()
            continue
        function = cursor.tokens[cursor.at - 1] if cursor.at else None
        inside = bracketed(cursor)
        if is_query(inside):
            continue
        yield from _kinds(inside)
        is_called = function is not None and function.is_name
        name = function.value.lower() if is_called and function is not None else ""
        aggregates = name in AGGREGATES and not (name in {"max", "min"} and split(inside)[1:])
        while cursor.peek() in {"FILTER", "WITHIN"}:
            aggregates = True
            cursor.skip("(")
            bracketed(cursor)
        if cursor.peek() == "OVER":
            yield False
        elif is_called:
            known = aggregates or name in OF_EACH_ROW | KEYWORDS | AGGREGATES | LOCKS
            yield aggregates if known else None


def _name(item: Sequence[Token]) -> str | None:
    """Return the name of an item of a SELECT: its alias, its column or its function."""
    if not item:
        return None
    last = item[-1]
    if last.is_name and (len(item) == 1 or item[-2].text in {".", ")"} or item[-2].upper == "AS"):
        return last.value
    if last.text == ")" and item[0].is_name and item[1:2] and item[1].text == "(":
        return item[0].value.lower()
    return None
