"""The CHECKs in columns' definitions, where MariaDB keeps them without a name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from ...sqltext import MYSQL, tokens
from .catalogue import base_tables, database_of, is_mariadb
from .rows import CheckRow
from .show_create import check_lines, column_check, column_lines, executed, json_column
from .shown_tables import show_create
from .sql_mode import without_sql_mode


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """The CHECK in a column's definition.

    Attributes:
        text: its expression.
        others: the definition without it.
    """

    text: str
    others: str

    def row(self, column: str) -> CheckRow:
        """Return it as a row."""
        return CheckRow(column, self.text, at_column=True)


def own_check(line: str) -> ColumnCheck | None:
    """Return the CHECK in a column's definition, which is the last of its parts.

    >>> own_check("int(11) DEFAULT NULL COMMENT 'CHECK (1)' CHECK (`a` > 0)")
    ColumnCheck(text='`a` > 0', others="int(11) DEFAULT NULL COMMENT 'CHECK (1)'")
    """
    stream = tokens(line, MYSQL)
    at = next((token.start for token in stream if token.upper == "CHECK"), None)
    text = column_check(line)
    return None if at is None or text is None else ColumnCheck(text, line[:at].strip())


def current_checks(
    connection: Connection, schema: str | None, table: str
) -> tuple[set[str], dict[str, ColumnCheck]]:
    """Return the names of the CHECKs of a table, and those in its columns' definitions.

    Only MariaDB keeps them there. JSON's own one is part of the type.
    """
    database = database_of(connection, schema)
    with without_sql_mode(connection):
        if not is_mariadb(connection) or not base_tables(connection, database, [table]):
            return set(), {}
        text = executed(show_create(connection, database, table))
    checks = {name: check for name, line in column_lines(text) if (check := own_check(line))}
    json = {name for name, each in checks.items() if json_column(each.row(name)) is not None}
    return {name for name, _ in check_lines(text)}, {
        name: each for name, each in checks.items() if name not in json
    }
