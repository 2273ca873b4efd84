"""Adds and removes AUTOINCREMENT, which SQLAlchemy writes in the column's definition."""

from __future__ import annotations

from ...sqltext import SQLITE, unquoted
from .find_constraint import candidates, without_places
from .parse import KeyText
from .table_text import TableParts, clauses, with_clause
from .tokens import tokenize


def with_autoincrement(parts: TableParts, *, wanted: bool) -> TableParts:
    """Return the table with its primary key in SQLAlchemy's form for that option.

    With AUTOINCREMENT the key is in its column's definition, without a name. For a key that cannot
    autoincrement (two columns, or not INTEGER) the option is ignored, as in SQLAlchemy. Without it
    the key is a table constraint. A table that has this form already is returned unchanged.

    >>> from .table_text import split_table
    >>> parts = split_table("CREATE TABLE t (a INTEGER NOT NULL, CONSTRAINT pk PRIMARY KEY (a))")
    >>> counted_up = with_autoincrement(parts, wanted=True)
    >>> str(counted_up)
    'CREATE TABLE t (a INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT)'
    >>> str(with_autoincrement(counted_up, wanted=False))
    'CREATE TABLE t (a INTEGER NOT NULL, PRIMARY KEY (a))'
    """
    for each in candidates(parts):
        key = each.parsed
        if not isinstance(key, KeyText) or key.kind != "primary key":
            continue
        if key.autoincrement is wanted or len(key.parts) != 1:
            return parts
        name = key.parts[0].column or key.parts[0].text
        at = parts.position(name)
        if at is None:
            return parts
        conflict = f" ON CONFLICT {key.conflict}" if key.conflict else ""
        rest = without_places(parts, {each.place})
        if wanted:
            if not _is_integer(parts.columns[at]):
                return parts
            clause = f"PRIMARY KEY{conflict} AUTOINCREMENT"
            return rest.exchanged(at, with_clause(rest.columns[at], "primary key", clause))
        column = rest.columns[at]
        quoted = tokenize(column)[0].text
        named = f"CONSTRAINT {key.name} " if key.name else ""
        return rest.with_constraint(f"{named}PRIMARY KEY ({quoted}){conflict}", first=True)
    return parts


def _is_integer(column: str) -> bool:
    return unquoted(clauses(column)[0].of(column), SQLITE).upper() == "INTEGER"
