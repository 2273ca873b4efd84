"""The result of a query of a database whose tables have no rows.

A query may return rows all the same: aggregates, constants, VALUES, functions. What is not certain
is unknown, never an empty result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import exc

from ...sqltext import Syntax, tokens
from .driver import Result
from .queries import Queries

READS = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "("})
SETTINGS = frozenset({"SHOW", "PRAGMA", "EXPLAIN", "DESCRIBE", "DESC"})
"""The first words of queries that a server answers."""

IsTable = Callable[[str], bool]
"""Tells whether a name is that of a table, which has no rows."""


def result_of_select(
    context: Any, columns: tuple[str, ...], syntax: Syntax, is_table: IsTable
) -> Result:
    """Return the result of a query that SQLAlchemy has compiled.

    Args:
        context: SQLAlchemy's execution context.
        columns: of the result.
        syntax: of the database.
        is_table: tells of a name whether it is that of a table.
    """
    result = result_of_text(_with_values(context), syntax, is_table)
    return Result(columns, result.rows, result.unknown)


def _with_values(context: Any) -> str:
    """Return the text of a query with its parameters, unless one has no literal form."""
    compiled = context.compiled
    given = context.compiled_parameters[0] if context.compiled_parameters else {}
    named = {key: given[key] for key, each in compiled.binds.items() if each.required}
    statement = compiled.statement.params(named) if named else compiled.statement
    literal = {"literal_binds": True}
    try:
        return str(statement.compile(dialect=context.dialect, compile_kwargs=literal))
    except exc.CompileError:
        return str(compiled)


def result_of_text(sql: str, syntax: Syntax, is_table: IsTable = lambda _: True) -> Result:
    """Return the result of a query that is text.

    >>> from alembic_moltres.sqltext import SQLITE
    >>> result_of_text("SELECT COUNT(*) FROM users", SQLITE).rows
    ((0,),)
    >>> result_of_text("SELECT name FROM users", SQLITE).rows
    ()
    >>> result_of_text("SELECT 1", SQLITE).unknown, result_of_text("SELECT f()", SQLITE).unknown
    (False, True)
    """
    stream = tokens(sql, syntax)
    keywords = [token.upper for token in stream]
    if not keywords:
        return Result()
    if keywords[0] in SETTINGS:
        return Result(("column",), unknown=keywords[0] != "PRAGMA" or "=" not in keywords)
    if keywords[0] not in READS and "RETURNING" not in keywords:
        return Result()
    found = Queries(sql, is_table).found(stream)
    return Result(found.names, found.rows, found.unknown)
