"""The result of a query of an empty database: no rows, and aggregates over no rows."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, Cast, Grouping, Label
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import CompoundSelect, Exists, ScalarSelect, Select

from ...sqla_compat import group_by_clauses
from ...sqltext import Syntax, Token, tokens
from .driver import Result, Row

COUNTS = frozenset({"count", "grouping"})
AGGREGATES = COUNTS | frozenset(
    """max min sum avg bool_and bool_or every array_agg string_agg group_concat json_agg jsonb_agg
    json_object_agg jsonb_object_agg stddev variance total""".split()  # noqa: SIM905
)
LOCKS = frozenset(
    """get_lock is_free_lock release_lock pg_advisory_unlock pg_advisory_unlock_shared
    pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock
    pg_try_advisory_xact_lock_shared""".split()  # noqa: SIM905
)
"""Functions that take or release a lock, which is free here, and return whether they did."""

_COMPARED = {
    operator.gt: operator.gt,
    operator.ge: operator.ge,
    operator.lt: operator.lt,
    operator.le: operator.le,
    operator.eq: operator.eq,
    operator.ne: operator.ne,
    operator.add: operator.add,
    operator.sub: operator.sub,
    operator.mul: operator.mul,
}
READS = frozenset({"SELECT", "WITH", "SHOW", "VALUES", "EXPLAIN", "PRAGMA", "TABLE", "DESCRIBE"})

SETTINGS = frozenset({"SHOW", "PRAGMA"})
"""The first words of queries of a server's settings."""

LITERALS = {"TRUE": True, "FALSE": False, "NULL": None}


def result_of_select(select: Any, columns: tuple[str, ...]) -> Result:
    """Return the result of a query built in Python."""
    row = _row(select)
    unknown = row is not None and None in row and not select.get_final_froms()
    return Result(columns, () if row is None else (row,), unknown)


def _row(select: Any) -> Row | None:
    if isinstance(select, CompoundSelect) or not isinstance(select, Select):
        return None
    items = list(select.inner_columns)
    without_from = not select.get_final_froms()
    if without_from or (not group_by_clauses(select) and all(map(_is_aggregate, items))):
        return tuple(_value(each) for each in items)
    return None


def _is_aggregate(item: Any) -> bool:
    return isinstance(item, Exists | ScalarSelect) or any(
        isinstance(each, FunctionElement) and str(getattr(each, "name", "")).lower() in AGGREGATES
        for each in visitors.iterate(item)
    )


def _value(item: Any) -> Any:
    """Return the value of an expression over no rows, `None` if it is not a simple one."""
    match item:
        case Label() | Grouping():
            return _value(item.element)
        case Cast():
            return _value(item.clause)
        case Exists():
            return False
        case BindParameter():
            return item.value
        case ScalarSelect():
            row = _row(item.element)
            return row[0] if row else None
        case BinaryExpression():
            left, right = _value(item.left), _value(item.right)
            compute = _COMPARED.get(item.operator)
            known = left is not None and right is not None and compute is not None
            return compute(left, right) if known else None  # type: ignore[misc]
        case FunctionElement():
            return _function(item)
        case _:
            return None


def _function(item: Any) -> Any:
    name = str(getattr(item, "name", "")).lower()
    if name in COUNTS:
        return 0
    if name in LOCKS:
        return True
    if name == "coalesce":
        values = (_value(each) for each in item.clauses)
        return next((each for each in values if each is not None), None)
    return None


def result_of_text(sql: str, syntax: Syntax) -> Result:
    """Return the result of a query that is text.

    >>> from alembic_moltres.sqltext import SQLITE
    >>> result_of_text("SELECT COUNT(*) FROM users", SQLITE).rows
    ((0,),)
    >>> result_of_text("SELECT name FROM users", SQLITE).rows
    ()
    >>> result_of_text("SELECT 1", SQLITE).unknown, result_of_text("SELECT 2 > 1", SQLITE).unknown
    (False, True)
    """
    stream = tokens(sql, syntax)
    keywords = [token.upper for token in stream]
    if not keywords or (keywords[0] not in READS and "RETURNING" not in keywords):
        return Result()
    start = _last_select(stream)
    if start is None:
        return Result(("column",), unknown=keywords[0] in SETTINGS and "=" not in keywords)
    items, has_from, grouped = _select_list(stream[start + 1 :])
    values = [_text_value(each) for each in items]
    names = tuple(_name(each) or f"column{n}" for n, each in enumerate(items, 1))
    alone = not has_from or (not grouped and all(each is not _OF_ROWS for each in values))
    if not alone:
        return Result(names)
    row = tuple(None if each is _OF_ROWS else each for each in values)
    return Result(names, (row,), unknown=not has_from and any(each is _OF_ROWS for each in values))


_OF_ROWS = object()
"""The placeholder of an item with one value for each row."""


def _last_select(stream: Sequence[Token]) -> int | None:
    depth, last = 0, None
    for at, token in enumerate(stream):
        depth += (token.upper == "(") - (token.upper == ")")
        if depth == 0 and token.upper == "SELECT":
            last = at
    return last


def _select_list(stream: Sequence[Token]) -> tuple[list[list[Token]], bool, bool]:
    """Return the items of a SELECT, whether it has a FROM, and whether it groups."""
    items: list[list[Token]] = [[]]
    depth, has_from, grouped = 0, False, False
    for token in stream:
        depth += (token.upper == "(") - (token.upper == ")")
        if depth == 0 and token.upper in {"FROM", "GROUP", "UNION", "HAVING"}:
            grouped = grouped or token.upper != "FROM"
            has_from = True
        elif has_from:
            continue
        elif depth == 0 and token.upper == ",":
            items.append([])
        else:
            items[-1].append(token)
    return items, has_from, grouped


def _name(item: list[Token]) -> str | None:
    """Return the name of an item of a SELECT: its alias, its column or its function."""
    if not item:
        return None
    last = item[-1]
    if last.is_name and (len(item) == 1 or item[-2].text in {".", ")"} or item[-2].upper == "AS"):
        return last.value
    if last.text == ")" and item[0].is_name and item[1:2] and item[1].text == "(":
        return item[0].value.lower()
    return None


def _text_value(item: list[Token]) -> Any:
    keywords = [token.upper for token in item]
    if not keywords:
        return _OF_ROWS
    if keywords[-2:-1] == ["AS"]:
        return _text_value(item[:-2])
    if keywords[0] == "EXISTS" or keywords[:2] == ["NOT", "EXISTS"]:
        return keywords[0] == "NOT"
    if keywords[0].lower() in COUNTS | LOCKS and keywords[1:2] == ["("]:
        return True if keywords[0].lower() in LOCKS else 0
    if keywords[0] == "COALESCE" and keywords[2:3] and keywords[2].lower() in AGGREGATES:
        last = item[-2]
        return int(last.text) if last.kind == "number" and last.text.isdigit() else None
    if keywords[0].lower() in AGGREGATES and keywords[1:2] == ["("]:
        return None
    if len(item) == 1 and keywords[0] in LITERALS:
        return LITERALS[keywords[0]]
    if len(item) == 1 and item[0].is_string:
        return item[0].value
    if len(item) == 1 and item[0].kind == "number":
        return int(item[0].text) if item[0].text.isdigit() else float(item[0].text)
    return _OF_ROWS
