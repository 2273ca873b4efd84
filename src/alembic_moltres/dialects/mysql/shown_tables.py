"""What only SHOW CREATE TABLE has, or has as it is; one query for each table that needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from ...sqla_compat import doubles_percents
from ...sqltext import MYSQL
from .information_schema import TableDetails, run_query
from .rows import CheckRow, ColumnRow, ForeignKeyRow
from .show_create import (
    check_lines,
    column_check,
    column_lines,
    executed,
    json_column,
    key_rows,
    may_be_period,
    parse_column,
    partitions,
)

DENIED = 1142
"""The server's error for a command that is denied on a table (ER_TABLEACCESS_DENIED_ERROR)."""

LOSSY = "?"
"""The letter of `information_schema`, which is in utf8mb3, for one that utf8mb3 does not have."""


def show_create(connection: Connection, database: str, table: str) -> str:
    """Return the result of SHOW CREATE TABLE."""
    named = f"{MYSQL.quoted_name(database)}.{MYSQL.quoted_name(table)}"
    return str(run_query(connection, f"SHOW CREATE TABLE {named}").one()[1])


def partition_by(connection: Connection, database: str, row: TableDetails) -> str:
    """Return the text after PARTITION BY, which only SHOW CREATE TABLE has."""
    if "partitioned" not in (row.create_options or "").split():
        return ""
    preparer = connection.dialect.identifier_preparer
    clause = partitions(show_create(connection, database, row.table_name))
    # SQLAlchemy passes an option to the driver unchanged, which may interpret percent signs
    return clause.replace("%", "%%") if doubles_percents(preparer) else clause


def shown_constraints(
    connection: Connection,
    database: str,
    table: str,
    checks: list[CheckRow],
    keys: list[ForeignKeyRow],
) -> tuple[list[CheckRow], list[ForeignKeyRow]]:
    """Return the CHECKs and the foreign keys of a table from SHOW CREATE TABLE.

    With a privilege on columns only it is denied, too; then the given ones are returned.
    """
    try:
        text = executed(show_create(connection, database, table))
    except DBAPIError as err:
        if getattr(err.orig, "args", (None,))[0] != DENIED:
            raise
        return checks, keys
    shown = [CheckRow(name, check) for name, check in check_lines(text)]
    shown += [
        CheckRow(name, check, at_column=True)
        for name, line in column_lines(text)
        if (check := column_check(line)) is not None
    ]
    return shown, list(key_rows(text, database))


def with_columns(
    connection: Connection, database: str, table: str, checks: list[CheckRow]
) -> list[CheckRow]:
    """Return the CHECKs of a table, those of columns under the columns' present names.

    SHOW CREATE TABLE does not have the CHECK that MariaDB makes of an application-time period.
    """
    if all(
        not (each.at_column or may_be_period(each) or LOSSY in each.text) or json_column(each)
        for each in checks
    ):
        return checks
    return shown_constraints(connection, database, table, checks, [])[0]


def with_expressions(
    connection: Connection, database: str, table: str, columns: Sequence[ColumnRow]
) -> tuple[ColumnRow, ...]:
    """Return the columns of a table, computed ones with every letter of their expressions."""
    if not any(each.generated and LOSSY in each.generated for each in columns):
        return tuple(columns)
    lines = dict(column_lines(executed(show_create(connection, database, table))))
    return tuple(
        each
        if each.generated is None
        else replace(each, generated=parse_column(each.name, lines[each.name], None, {}).generated)
        for each in columns
    )
