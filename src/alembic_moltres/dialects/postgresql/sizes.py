"""The sizes of tables from `pg_class`, as the last ANALYZE or VACUUM estimated them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.facts import Size

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from ...diff import TableKey

QUERY = """
SELECT nullif(n.nspname, pg_catalog.current_schema()), c.relname, c.reltuples::bigint,
    pg_catalog.pg_total_relation_size(c.oid)
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
"""


def table_sizes(connection: Connection) -> dict[TableKey, Size]:
    """Return the sizes of all tables; the number of rows is unknown before the first ANALYZE."""
    return {
        (schema, name): Size(rows if rows > 0 or not size else None, size)
        for schema, name, rows, size in connection.exec_driver_sql(QUERY)
    }
