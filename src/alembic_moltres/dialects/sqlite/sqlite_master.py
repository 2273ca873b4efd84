"""Reads a table and its dependents, with their texts in `sqlite_master`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from ...errors import OperationError
from ...messages import did_you_mean
from ...sqltext import SQLITE, columns
from .parse import parse_index, parse_table
from .table_text import TableParts, split_table
from .tokens import tokenize


def quoted(name: str) -> str:
    """Return a name in quotes, which SQLite always accepts."""
    return SQLITE.quoted_name(name)


@dataclass(frozen=True, slots=True)
class StoredItem:
    """A table, an index or a trigger; `schema` is `temp` for a temporary one."""

    kind: str
    name: str
    table: str
    sql: str
    schema: str

    @property
    def created(self) -> str:
        """The statement that recreates it: the stored text with its schema."""
        start, _ = _name_span(self.sql)
        return f"{self.sql[:start]}{quoted(self.schema)}.{self.sql[start:]}"

    def indexes(self, column: str) -> bool:
        """Tell whether this index uses a column."""
        index = parse_index(self.sql)
        texts = [part.text for part in index.parts] + [index.where or "1"]
        return any(names(text, column) for text in texts)


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table's text, its indexes and triggers, and other facts for a copy, from one query.

    Attributes:
        own: its indexes and triggers, oldest first.
        others: the names of SQLite's own tables, and of copies that were left behind.
        has_dependants: whether there are views or triggers in the database.
    """

    name: str
    schema: str
    sql: str
    own: tuple[StoredItem, ...]
    others: frozenset[str]
    has_dependants: bool

    @property
    def parts(self) -> TableParts:
        """The text, split into its parts."""
        return split_table(self.sql)

    def without(self, names: Collection[str | None]) -> StoredTable:
        """Return the same without some of these."""
        dropped = {str(name).lower() for name in names}
        return replace(
            self, own=tuple(each for each in self.own if each.name.lower() not in dropped)
        )


_READING = """\
SELECT type, name, tbl_name, sql, {literal}, lower(tbl_name) = lower(?), rowid
FROM {place}.sqlite_master
WHERE lower(tbl_name) = lower(?) AND sql IS NOT NULL OR type IN ('view', 'trigger')
   OR lower(name) LIKE 'sqlite\\_s%' ESCAPE '\\'
   OR lower(name) LIKE '\\_moltres\\_new\\_%' ESCAPE '\\'"""


def read_table(connection: Connection, name: str, schema: str | None) -> StoredTable:
    """Read a table's text with the indexes and triggers that it has.

    Raises:
        OperationError: there is no such table, or it is a view or a virtual table.
    """
    place = schema or "main"
    rows = _read(connection, name, place)
    every = [(StoredItem(*row[:5]), row[5]) for row in rows]
    objects = [each for each, concerns in every if concerns]
    matches = [each for each in objects if each.kind in {"table", "view"} and each.schema == place]
    if not matches:
        raise _missing(connection, name, place)
    [table] = matches
    if table.kind == "view" or table.sql[:14].upper() == "CREATE VIRTUAL":
        what = "a view" if table.kind == "view" else "a virtual table"
        raise OperationError(
            f"{name!r} is {what}, no table to alter; drop it and create it again", name
        )
    return StoredTable(
        table.name,
        place,
        table.sql,
        own=tuple(each for each in objects if each.kind in {"index", "trigger"}),
        others=frozenset(each.name for each, _ in every if each.schema == place),
        has_dependants=any(each.kind in {"view", "trigger"} for each, _ in every),
    )


def _read(connection: Connection, name: str, place: str) -> list[Any]:
    places = tuple(dict.fromkeys((place, "temp")))
    reading = " UNION ALL ".join(
        _READING.format(literal=SQLITE.literal(each), place=quoted(each)) for each in places
    )
    rows = connection.exec_driver_sql(reading, (name, name) * len(places)).all()
    return sorted(rows, key=lambda row: (row[4] != place, row[6]))


def _missing(connection: Connection, name: str, place: str) -> OperationError:
    known = connection.exec_driver_sql(
        f"SELECT name FROM {quoted(place)}.sqlite_master WHERE type = 'table'"
    ).scalars()
    hint = did_you_mean(name, known.all())
    return OperationError(
        f"there is no table {name!r} to alter (at {place}){hint or '; correct the name'}", name
    )


def primary_key_of(connection: Connection, schema: str, table: str) -> tuple[str, ...]:
    """Return the columns of a table's primary key, for REFERENCES without columns."""
    sql = connection.exec_driver_sql(
        f"SELECT sql FROM {quoted(schema)}.sqlite_master "
        "WHERE type = 'table' AND lower(name) = lower(?)",
        (table,),
    ).scalar()
    key = parse_table(sql).primary_key if sql and sql[:14].upper() != "CREATE VIRTUAL" else None
    return () if key is None else tuple(part.column or part.text for part in key.parts)


def names(sql: str, column: str) -> bool:
    """Tell whether SQL text mentions a column; a function of that name does not count.

    >>> names("CHECK (lower(a) > '')", "A"), names("CHECK (lower(a) > '')", "lower")
    (True, False)
    """
    names = (token.value.lower() for token in columns(sql, SQLITE))
    return column.lower() in names


def _name_span(sql: str) -> tuple[int, int]:
    """Return the position of the name in the text of CREATE TABLE, INDEX or TRIGGER."""
    tokens = tokenize(sql)
    at = next(n for n, token in enumerate(tokens) if token.upper in {"TABLE", "INDEX", "TRIGGER"})
    at += 1
    if [token.upper for token in tokens[at : at + 3]] == ["IF", "NOT", "EXISTS"]:
        at += 3
    end = at + 2 if tokens[at + 1].upper == "." else at
    return tokens[at].start, tokens[end].end


def renamed_table(sql: str, schema: str | None, name: str) -> str:
    """Return CREATE TABLE text for another schema and name; without a schema, as it is stored."""
    start, end = _name_span(sql)
    place = "" if schema is None else f"{quoted(schema)}."
    return f"{sql[:start]}{place}{quoted(name)}{sql[end:]}"
