"""The sizes of tables: the greatest rowid, which is found without reading the table."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from ...diff import TableKey
from ..base.facts import Size

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"


def table_sizes(connection: Connection) -> dict[TableKey, Size]:
    """Return the maximal numbers of rows of all tables; their sizes in bytes are not known."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    sizes: dict[TableKey, Size] = {}
    for name in connection.exec_driver_sql(TABLES).scalars().all():
        try:
            query = f"SELECT max(rowid) FROM {quote(name)}"
            rows = connection.exec_driver_sql(query).scalar()
        except DBAPIError:  # a table without rowids
            continue
        sizes[None, name] = Size(rows or 0, None)
    return sizes
