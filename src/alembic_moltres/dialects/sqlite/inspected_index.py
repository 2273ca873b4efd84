"""Indexes as SQLAlchemy's inspector returns them, which Alembic's batch mode recreates."""

from __future__ import annotations

from dataclasses import replace

from ...schema import SQL, Index
from ...sqltext import SQLITE, tokens

ORDERS = frozenset({"ASC", "DESC"})


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
