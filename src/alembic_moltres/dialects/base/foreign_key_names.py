"""The names of constraints that the table's value does not name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ...errors import OperationError
from ...schema import ForeignKeyConstraint
from .create_table import deferred_foreign_keys
from .registry import impl_of

if TYPE_CHECKING:
    from alembic.operations import Operations


def named_foreign_keys(operations: Operations, table: sa.Table) -> sa.Table:
    """Return `table` with names for its nameless foreign keys, those that the database gave them.

    They are found by their content online, by the naming rule of the database offline.

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
    impl = impl_of(operations.impl.dialect)
    by_rule = impl.default_constraint_name(str(key.table.name), ForeignKeyConstraint, columns)
    if by_rule is not None:
        return by_rule
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
