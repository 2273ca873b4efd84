"""The names of constraints that the table's value does not name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ...convert import lineage
from ...errors import OperationError
from .create_table import deferred_foreign_keys

if TYPE_CHECKING:
    from alembic.operations import Operations

LIMIT = 63
"""How many bytes of a name PostgreSQL keeps (NAMEDATALEN - 1)."""


def named_foreign_keys(operations: Operations, table: sa.Table) -> sa.Table:
    """Return `table` with names for its nameless foreign keys, those that the database gave them.

    They are found by their content online, by PostgreSQL's naming rule offline.

    Raises:
        OperationError: there is none, or no rule says its name.
    """
    if operations.impl.dialect.supports_alter:
        for key in deferred_foreign_keys(table):
            if key.name is None:
                key.name = _name(operations, key)
    return table


def _name(operations: Operations, key: sa.ForeignKeyConstraint) -> str:
    columns = [element.parent.name for element in key.elements]
    where = f"the foreign key on ({', '.join(columns)}) of the table {key.table.fullname!r}"
    if not operations.migration_context.impl.as_sql:
        return _found(operations, key, columns, where)
    if "postgresql" in lineage(operations.impl.dialect):
        return postgresql_name(key.table.name, "_".join(columns), "fkey")
    raise OperationError(f"{where} has no name, and no database is asked with --sql; name it", key)


def _found(
    operations: Operations, key: sa.ForeignKeyConstraint, columns: list[str], where: str
) -> str:
    bind = operations.get_bind()
    referred = key.elements[0].column.table.name
    for found in sa.inspect(bind).get_foreign_keys(key.table.name, schema=key.table.schema):
        same = found["constrained_columns"] == columns and found["referred_table"] == referred
        if same and found["name"] is not None:
            return found["name"]
    raise OperationError(f"there is no {where.removeprefix('the ')} to drop; name it", key)


def postgresql_name(table: str, columns: str, label: str) -> str:
    """Return the name that PostgreSQL gives a constraint (`makeObjectName` in its sources).

    Table and columns are cut, the longer one first, to fit the limit; bytes count.

    >>> postgresql_name("orders", "user_id", "fkey")
    'orders_user_id_fkey'
    """
    first, second = table.encode(), columns.encode()
    room = LIMIT - len(label) - 2
    length1, length2 = len(first), len(second)
    while length1 + length2 > room:
        if length1 > length2:
            length1 -= 1
        else:
            length2 -= 1
    cut = (first[:length1].decode(errors="ignore"), second[:length2].decode(errors="ignore"))
    return "_".join((*cut, label))
