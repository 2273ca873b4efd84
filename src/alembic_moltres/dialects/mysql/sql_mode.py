"""The effect of `sql_mode` on the SQL text of the server and of the models.

MySQL's and MariaDB's manuals, "SQL Mode". The server's text depends on it: names are in double
quotes under ANSI_QUOTES, options are omitted under NO_TABLE_OPTIONS and similar modes. Strings
always have backslash escapes (seen with MariaDB), even under NO_BACKSLASH_ESCAPES, where the server
itself does not accept them. So text is read without a mode, and values are converted to the syntax
of the mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy.engine import Connection, Dialect

from ...schema import SQL, CheckConstraint, ColumnDef, Constraint, FrozenMapping, Index, sql
from ...sqla_compat import ANSI_QUOTES, ESCAPES_BACKSLASHES
from ...sqltext import (
    MYSQL,
    MYSQL_ANSI_QUOTES,
    MYSQL_ANSI_QUOTES_BACKSLASHES,
    MYSQL_BACKSLASHES,
    Syntax,
    tokens,
)
from ..base.signatures import ReflectedColumn, ReflectedItem, ReflectedTable

SYNTAXES = {
    (False, True): MYSQL,
    (True, True): MYSQL_ANSI_QUOTES,
    (False, False): MYSQL_BACKSLASHES,
    (True, False): MYSQL_ANSI_QUOTES_BACKSLASHES,
}
"""The syntaxes, by whether double quotes enclose names and whether backslashes escape."""

CHANGING = frozenset(
    {
        *("ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ORACLE", "MYSQL323", "MYSQL40"),
        *("NO_TABLE_OPTIONS", "NO_FIELD_OPTIONS", "NO_KEY_OPTIONS"),
    }
)
"""The modes that change the server's text; combination modes imply one of these."""


def syntax_of(dialect: Dialect) -> Syntax:
    """Return the syntax under the mode that the dialect read when it connected."""
    return SYNTAXES[getattr(dialect, ANSI_QUOTES), getattr(dialect, ESCAPES_BACKSLASHES)]


@contextmanager
def without_sql_mode(connection: Connection) -> Iterator[None]:
    """Make the server write its text in the syntax `MYSQL`, whatever the mode of the session is."""
    mode, quotes = connection.exec_driver_sql("SELECT @@sql_mode, @@sql_quote_show_create").one()
    if quotes and CHANGING.isdisjoint(mode.split(",")):
        yield
        return
    connection.exec_driver_sql("SET sql_mode = '', sql_quote_show_create = 1")
    try:
        yield
    finally:
        if not connection.invalidated:
            connection.exec_driver_sql(f"SET sql_mode = '{mode}', sql_quote_show_create = {quotes}")


def rewritten(text: str, source: Syntax, target: Syntax) -> str:
    r"""Convert the strings and quoted names of a text from one syntax to another.

    >>> print(rewritten(r"`a` <> 'it''s \\'", MYSQL, MYSQL_BACKSLASHES))
    `a` <> 'it''s \'
    """
    if source is target:
        return text
    for token in reversed(tokens(text, source)):
        if token.is_string:
            text = text[: token.start] + target.literal(token.value) + text[token.end :]
        elif token.kind == "quoted":
            text = text[: token.start] + target.quoted_name(token.value) + text[token.end :]
    return text


def table_under(table: ReflectedTable, syntax: Syntax) -> ReflectedTable:
    """Return a table of the database with its expressions in the syntax of a mode."""
    if syntax is MYSQL:
        return table
    columns = (
        ReflectedColumn(_column(each.column, syntax), each.signature) for each in table.columns
    )
    constraints = (replace(each, item=_constraint(each.item, syntax)) for each in table.constraints)
    indexes = (ReflectedItem(_index(each.item, syntax), each.signature) for each in table.indexes)
    options = {
        name: rewritten(option, MYSQL, syntax) if name.endswith("_partition_by") else option
        for name, option in table.table.dialect_options.items()
    }
    return table.with_items(
        columns=columns,
        constraints=constraints,
        indexes=indexes,
        dialect_options=FrozenMapping(options),
    )


def _column(column: ColumnDef, syntax: Syntax) -> ColumnDef:
    default, computed = column.default, column.computed
    if type(default) is SQL:
        default = _expression(default, syntax)
    if computed is not None:
        computed = replace(computed, expression=_expression(computed.expression, syntax))
    return replace(column, default=default, computed=computed)


def _constraint(constraint: Constraint, syntax: Syntax) -> Constraint:
    if isinstance(constraint, CheckConstraint):
        return replace(constraint, expression=_expression(constraint.expression, syntax))
    return constraint


def _index(index: Index, syntax: Syntax) -> Index:
    elements = tuple(
        _expression(each, syntax) if isinstance(each, SQL) else each for each in index.elements
    )
    return replace(index, elements=elements)


def _expression(expression: SQL, syntax: Syntax) -> SQL:
    return sql(rewritten(expression.text, MYSQL, syntax))
