"""The rows of `information_schema` that are read, as named tuples.

The fields of a class are the columns that are selected, in their order: counters and row counts
would make the server open each table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import starmap
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy.engine import Connection

from ...sqltext import MYSQL


class TableName(NamedTuple):
    """A row of TABLES without details."""

    table_name: str
    table_type: str


class TableDetails(NamedTuple):
    """A row of TABLES."""

    table_name: str
    table_type: str
    engine: str | None
    table_collation: str | None
    create_options: str | None
    table_comment: str | None


class Column(NamedTuple):
    """A row of COLUMNS."""

    table_name: str
    ordinal_position: int
    privileges: str
    column_name: str
    column_default: Any
    is_nullable: str
    column_type: Any
    collation_name: str | None
    extra: str | None
    column_comment: str | None
    generation_expression: Any

    @property
    def definition(self) -> tuple[Any, ...]:
        """What equal columns of several tables share: all from the name on."""
        return self[3:]


class Statistic(NamedTuple):
    """A row of STATISTICS: an element of an index."""

    table_name: str
    index_name: str
    seq_in_index: int
    non_unique: int
    column_name: str | None
    collation: str | None
    sub_part: int | None
    index_type: str
    index_comment: str | None
    expression: str | None = None
    """Of MySQL 8.0.13 and later."""


class Rule(NamedTuple):
    """A row of REFERENTIAL_CONSTRAINTS."""

    table_name: str
    constraint_name: str
    delete_rule: str
    update_rule: str


class KeyColumn(NamedTuple):
    """A row of KEY_COLUMN_USAGE."""

    table_name: str
    constraint_name: str
    ordinal_position: int
    column_name: str
    referenced_table_schema: str | None
    referenced_table_name: str | None
    referenced_column_name: str | None


Row = TypeVar("Row", TableName, TableDetails, Column, Statistic, Rule, KeyColumn)

_VIEWS: Final[Mapping[type[Any], tuple[str, str]]] = {
    TableName: ("TABLES", "TABLE_SCHEMA"),
    TableDetails: ("TABLES", "TABLE_SCHEMA"),
    Column: ("COLUMNS", "TABLE_SCHEMA"),
    Statistic: ("STATISTICS", "TABLE_SCHEMA"),
    Rule: ("REFERENTIAL_CONSTRAINTS", "CONSTRAINT_SCHEMA"),
    KeyColumn: ("KEY_COLUMN_USAGE", "TABLE_SCHEMA"),
}
"""The view of each class, and its column with the database."""


def read_rows(
    connection: Connection,
    kind: type[Row],
    database: str,
    names: Collection[str] = (),
    *,
    without: Collection[str] = (),
) -> list[Row]:
    """Return the rows of a database; of one table only, if there is one name.

    Args:
        connection: to the server.
        kind: the class of the rows.
        database: where the tables are.
        names: of the tables that are wanted.
        without: the fields that this server does not have.
    """
    fields = ", ".join(field.upper() for field in kind._fields if field not in without)
    view, place = _VIEWS[kind]
    statement = f"SELECT {fields} FROM information_schema.{view} {where(place, database)}"
    if len(names) == 1:
        statement += f" AND TABLE_NAME = {MYSQL.literal(*names)}"
    return list(starmap(kind, run_query(connection, statement)))


def where(place: str, database: str) -> str:
    """Return the condition that a row belongs to a database."""
    return f"WHERE {place} = {MYSQL.literal(database)}"


def run_query(connection: Connection, statement: str) -> Any:
    """Execute a query whose percent signs are its own."""
    return connection.exec_driver_sql(statement, None, {"no_parameters": True})
