"""The value of an SQL expression over no rows, as far as it is known without a server."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from ...errors import MoltresError
from ...sqltext import Cursor, Token
from .functions import COUNTS, LOCKS, NULL_AGGREGATES

Value = Any


class UnknownValueError(MoltresError):
    """Only a server knows the value of an expression."""


def is_query(stream: Sequence[Token]) -> bool:
    """Tell whether tokens are a query in brackets, without these."""
    first = next((each.upper for each in stream if each.upper != "("), "")
    return first in {"SELECT", "WITH", "VALUES", "TABLE"}


class Expression:
    """Evaluates an expression whose aggregates are over no rows.

    Args:
        cursor: at the expression; it is moved behind it.
        rows: returns the rows of a query in brackets; raises `UnknownValueError`.
    """

    def __init__(
        self, cursor: Cursor, rows: Callable[[Sequence[Token]], Sequence[Sequence[Value]]]
    ) -> None:
        self._cursor = cursor
        self._rows = rows

    def value(self) -> Value:
        """Return the value; NULL is `None`.

        Raises:
            UnknownValueError: only a server knows it.
        """
        value = self._and()
        while self._cursor.accept("OR"):
            value = _either(value, self._and(), decisive=True)
        return value

    def _and(self) -> Value:
        value = self._not()
        while self._cursor.accept("AND"):
            value = _either(value, self._not(), decisive=False)
        return value

    def _not(self) -> Value:
        if self._cursor.accept("NOT"):
            value = self._not()
            return None if value is None else not value
        return self._comparison()

    def _comparison(self) -> Value:
        value = self._sum()
        if self._cursor.accept("IS"):
            negated = self._cursor.accept("NOT")
            if self._cursor.peek() not in CONSTANTS:
                raise self._unknown()
            return (value is CONSTANTS[self._cursor.next().upper]) is not negated
        compare = COMPARISONS.get(self._cursor.peek())
        if compare is None:
            return value
        self._cursor.next()
        return _computed(compare, value, self._sum())

    def _sum(self) -> Value:
        value = self._product()
        while self._cursor.peek() in {"+", "-"}:
            compute = SUMS[self._cursor.next().upper]
            value = _computed(compute, value, self._product())
        return value

    def _product(self) -> Value:
        value = self._cast()
        while self._cursor.accept("*"):
            value = _computed(operator.mul, value, self._cast())
        return value

    def _cast(self) -> Value:
        value = self._operand()
        while self._cursor.accept("::"):
            value = _converted(value, self._cursor.next().upper)
            if self._cursor.peek() == "(":
                self._cursor.brackets()
        return value

    def _operand(self) -> Value:
        cursor = self._cursor
        if cursor.done:
            raise self._unknown()
        word, token = cursor.peek(), cursor.tokens[cursor.at]
        if word == "(":
            return self._bracketed(bracketed(self._cursor))
        cursor.next()
        if word in CONSTANTS:
            return CONSTANTS[word]
        if token.is_string:
            return token.value
        if token.kind == "number":
            return _number(token.text)
        if word == "-":
            value = self._operand()
            return None if value is None else _computed(operator.sub, 0, value)
        if word == "CASE":
            return self._case()
        if cursor.peek() == "(" and token.is_name:
            return self._call(word)
        raise self._unknown()

    def _bracketed(self, inside: Sequence[Token]) -> Value:
        if is_query(inside):
            rows = self._rows(inside)
            if len(rows) > 1:
                raise self._unknown()
            return rows[0][0] if rows else None
        return self._inner(inside)

    def _inner(self, stream: Sequence[Token]) -> Value:
        inner = Cursor(self._cursor.sql, stream)
        value = Expression(inner, self._rows).value()
        if not inner.done:
            raise self._unknown()
        return value

    def _case(self) -> Value:
        """Evaluate CASE WHEN; the branches behind the one that is taken are not."""
        cursor = self._cursor
        while cursor.accept("WHEN"):
            if self.value():
                cursor.need("THEN")
                value = self.value()
                cursor.skip("END")
                cursor.need("END")
                return value
            cursor.skip("WHEN", "ELSE", "END")
        value = self.value() if cursor.accept("ELSE") else None
        if not cursor.accept("END"):
            raise self._unknown()
        return value

    def _call(self, function: str) -> Value:
        inside = bracketed(self._cursor)
        arguments = split(inside)
        if self._cursor.peek() in {"OVER", "FILTER", "WITHIN"}:
            raise self._unknown()
        name = function.lower()
        if name == "exists":
            return bool(self._rows(inside))
        if name in LOCKS:
            return True
        if name == "count":
            return 0
        if name in NULL_AGGREGATES - COUNTS and len(arguments) == 1:
            return None
        if name in {"coalesce", "ifnull"}:
            values = map(self._inner, arguments)
            return next((each for each in values if each is not None), None)
        if name == "nullif" and len(arguments) == 2:
            one, other = map(self._inner, arguments)
            return None if one is None or _computed(operator.eq, one, other) else one
        if name == "cast" and [each.upper for each in arguments[0][-2:-1]] == ["AS"]:
            return _converted(self._inner(arguments[0][:-2]), arguments[0][-1].upper)
        raise self._unknown()

    def _unknown(self) -> UnknownValueError:
        return UnknownValueError("only a server knows the value", self._cursor.sql)


def bracketed(cursor: Cursor) -> Sequence[Token]:
    """Take brackets and return the tokens between them."""
    cursor.need("(")
    start = cursor.skip(")")
    inside = cursor.tokens[start : cursor.at]
    cursor.need(")")
    return inside


def split(stream: Sequence[Token]) -> list[Sequence[Token]]:
    """Return the tokens between commas."""
    cursor, found = Cursor("", stream), []
    while True:
        start = cursor.skip(",")
        found.append(stream[start : cursor.at])
        if not cursor.accept(","):
            return found


CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "==": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
SUMS: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub}
INTEGERS = frozenset({"INT", "INTEGER", "BIGINT", "SMALLINT", "SIGNED", "UNSIGNED", "INT4", "INT8"})
TEXTS = frozenset({"TEXT", "VARCHAR"})


def _either(one: Value, other: Value, *, decisive: bool) -> Value:
    """Return the value of AND or OR: the decisive one if there is one, or NULL if there is one."""
    if any(each is not None and bool(each) is decisive for each in (one, other)):
        return decisive
    return None if None in (one, other) else not decisive


def _computed(compute: Callable[[Any, Any], Any], one: Value, other: Value) -> Value:
    if one is None or other is None:
        return None
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    same_text = compute in {operator.eq, operator.ne} and one == other
    if not numbers and not (same_text and isinstance(one, str)):
        raise UnknownValueError("only a server knows the value", (one, other))
    return compute(one, other)


def _converted(value: Value, type_name: str) -> Value:
    if value is None or (type_name in INTEGERS and isinstance(value, int)):
        return value
    if type_name in {"BOOL", "BOOLEAN"} and isinstance(value, int):
        return bool(value)
    if type_name in TEXTS and type(value) in {int, str}:
        return str(value)
    raise UnknownValueError("only a server knows the value", value)


def _number(text: str) -> int | float:
    if text.isdigit():
        return int(text)
    try:
        return float(text)
    except ValueError as err:
        raise UnknownValueError("only a server knows the value", text) from err
