"""The sizes of tables from `information_schema`, as InnoDB estimates them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.facts import Size

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ...diff import TableKey

QUERY = """
SELECT table_name, table_rows, data_length + index_length FROM information_schema.tables
WHERE table_schema = database() AND table_type = 'BASE TABLE'
"""


def table_sizes(connection: Connection) -> dict[TableKey, Size]:
    """Return the sizes of the tables of the connected database."""
    rows = connection.exec_driver_sql(QUERY).all()
    return {
        (None, name): Size(count, None if size is None else int(size)) for name, count, size in rows
    }
