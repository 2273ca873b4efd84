"""What SQLAlchemy's inspector returns, and Alembic's batch mode makes a table of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import NullType, TypeEngine

from ... import sqla_compat
from ...schema import SQL, Index, TableSchema
from ...sqltext import SQLITE, in_parentheses, tokens

ORDERS = frozenset({"ASC", "DESC"})
READ = (
    frozenset({"sqlite_with_rowid", "sqlite_strict"})
    if SQLiteDialect.get_table_options is not DefaultDialect.get_table_options
    else frozenset[str]()
)
"""The options of a table that it reads; none before SQLAlchemy 2.1, and no AUTOINCREMENT."""


def inspected_type(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    """Return the type that is made of the text in the table's DDL; the same if it has that text.

    >>> from sqlalchemy.dialects import sqlite
    >>> from sqlalchemy.types import BINARY, Integer
    >>> inspected_type(BINARY(16), sqlite.dialect()), inspected_type(Integer(), sqlite.dialect())
    (NUMERIC(precision=16), Integer())
    """
    text = type_.compile(dialect=dialect)
    found = sqla_compat.reflected_sqlite_type(dialect, text)
    if isinstance(found, NullType):  # it has no DDL
        return found
    return type_ if found.compile(dialect=dialect) == text else found


def inspected_column(attributes: Mapping[str, Any], table: TableSchema) -> dict[str, Any]:
    """Return what it tells of a column: its place in the primary key, no comment, no counting."""
    key = table.primary_key
    places = [] if key is None else list(map(str, key.columns))
    name = attributes["name"]
    place = places.index(name) + 1 if name in places else 0
    known = {key: attributes[key] for key in attributes.keys() - UNKNOWN}
    default = None if attributes["default"] is None else _bare(attributes["default"])
    return {**known, "default": default, "primary_key": place}


UNKNOWN = frozenset({"autoincrement", "comment"})
"""What it does not tell of a column of SQLite."""


def _bare(text: str) -> str:
    """Return a default without its outer parentheses, as `PRAGMA table_info` does.

    >>> _bare("((a || b))"), _bare("(a) || (b)")
    ('(a || b)', '(a) || (b)')
    """
    parts = in_parentheses(text, SQLITE) if text.startswith("(") else None
    return text if parts is None or parts[1].strip() else parts[0].strip()


def inspected_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a table without those that are not read."""
    return {name: value for name, value in options.items() if name in READ}


def inspected_index(index: Index) -> Index | None:
    """Return an index without orders and collations; `None` for an index over an expression.

    It reads `PRAGMA index_info`, which has the columns only, and no name for an expression.

    >>> from alembic_moltres.schema import index, sql
    >>> inspected_index(index("i", [sql("at DESC"), "name"]))
    index('i', ['at', 'name'])
    >>> inspected_index(index("i", sql("lower(name)"))) is None
    True
    """
    names = [_column(each) if isinstance(each, SQL) else each for each in index.elements]
    kept = tuple(name for name in names if name is not None)
    return replace(index, elements=kept) if len(kept) == len(names) else None


def _column(element: SQL) -> str | None:
    name, *rest = tokens(element.text, SQLITE)
    keywords = [token.upper for token in rest]
    if keywords and keywords[-1] in ORDERS:
        keywords.pop()
    collated = len(keywords) == 2 and keywords[0] == "COLLATE"
    return name.value if name.is_name and (not keywords or collated) else None
