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
    from ..dialects.base.create_table import create_statements
    from ..dialects.base.execution import execution, run

    with execution(operations):
        schema, dialect = operation.table_schema, operations.impl.dialect
        table = thawed(schema)
        gently = bool(operation.if_not_exists)
        run(operations, create_statements(schema, table, dialect, if_not_exists=gently))
    return table


@Operations.implementation_for(MoltresDropTableOp, replace=True)
def drop_table(operations: Operations, operation: MoltresDropTableOp) -> None:
    """Drop the table and what no other table uses."""
    from ..dialects.base.create_table import drop_statements
    from ..dialects.base.execution import execution, run

    with execution(operations):
        schema, dialect = operation.table_schema, operations.impl.dialect
        table = thawed(schema)
        gently = bool(operation.if_exists)
        run(operations, drop_statements(schema, table, dialect, if_exists=gently))


@Operations.implementation_for(MoltresAddForeignKeysOp, replace=True)
def add_foreign_keys(operations: Operations, operation: MoltresAddForeignKeysOp) -> None:
    """Add the foreign keys that were left for later."""
    from ..dialects.base.create_table import add_foreign_key_statements
    from ..dialects.base.execution import execution, run

    with execution(operations):
        run(operations, add_foreign_key_statements(operation.to_table(), operations.impl.dialect))


@Operations.implementation_for(MoltresDropForeignKeysOp, replace=True)
def drop_foreign_keys(operations: Operations, operation: MoltresDropForeignKeysOp) -> None:
    """Drop the foreign keys that were left for later."""
    from ..dialects.base.create_table import drop_foreign_key_statements
    from ..dialects.base.execution import execution, run
    from ..dialects.base.foreign_key_names import named_foreign_keys

    with execution(operations):
        table = named_foreign_keys(operations, operation.to_table())
        run(operations, drop_foreign_key_statements(table, operations.impl.dialect))
