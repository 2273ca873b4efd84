"""How the operations run: a few lines each. Importing it registers them with Alembic.

What they need is imported when they run: Alembic imports this whenever it is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import Operations

from .foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
from .ops import MoltresCreateTableOp, MoltresDropTableOp, thawed

if TYPE_CHECKING:
    import sqlalchemy as sa


@Operations.implementation_for(MoltresCreateTableOp, replace=True)
def create_table(operations: Operations, operation: MoltresCreateTableOp) -> sa.Table:
    """Create the table and everything that belongs to it; return it, for `bulk_insert`."""
    from ..dialects.base.create_table import creation
    from ..dialects.base.execution import run, running

    with running(operations):
        schema, dialect = operation.table_schema, operations.impl.dialect
        table = thawed(schema)
        gently = bool(operation.if_not_exists)
        run(operations, creation(schema, table, dialect, if_not_exists=gently))
    return table


@Operations.implementation_for(MoltresDropTableOp, replace=True)
def drop_table(operations: Operations, operation: MoltresDropTableOp) -> None:
    """Drop the table and what no other table uses."""
    from ..dialects.base.create_table import removal
    from ..dialects.base.execution import run, running

    with running(operations):
        schema, dialect = operation.table_schema, operations.impl.dialect
        table = thawed(schema)
        gently = bool(operation.if_exists)
        run(operations, removal(schema, table, dialect, if_exists=gently))


@Operations.implementation_for(MoltresAddForeignKeysOp, replace=True)
def add_foreign_keys(operations: Operations, operation: MoltresAddForeignKeysOp) -> None:
    """Add the foreign keys that were left for later."""
    from ..dialects.base.create_table import adding_foreign_keys
    from ..dialects.base.execution import run, running

    with running(operations):
        run(operations, adding_foreign_keys(operation.to_table(), operations.impl.dialect))


@Operations.implementation_for(MoltresDropForeignKeysOp, replace=True)
def drop_foreign_keys(operations: Operations, operation: MoltresDropForeignKeysOp) -> None:
    """Drop the foreign keys that were left for later."""
    from ..dialects.base.create_table import dropping_foreign_keys
    from ..dialects.base.execution import run, running
    from ..dialects.base.foreign_key_names import named_foreign_keys

    with running(operations):
        table = named_foreign_keys(operations, operation.to_table())
        run(operations, dropping_foreign_keys(table, operations.impl.dialect))
