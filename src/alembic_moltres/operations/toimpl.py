"""How the operations run: a few lines each. Importing it registers them with Alembic."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

from ..convert import schema_to_table
from .foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
from .names import named_foreign_keys
from .ops import MoltresCreateTableOp, MoltresDropTableOp
from .running import run, running
from .statements import adding_foreign_keys, creation, dropping_foreign_keys, removal


@Operations.implementation_for(MoltresCreateTableOp, replace=True)
def create_table(operations: Operations, operation: MoltresCreateTableOp) -> sa.Table:
    """Create the table and everything that belongs to it; return it, for `bulk_insert`."""
    with running(operations):
        schema, dialect = operation.table_schema, operations.impl.dialect
        table = schema_to_table(schema, sa.MetaData())
        gently = bool(operation.if_not_exists)
        run(operations, creation(schema, table, dialect, if_not_exists=gently))
    return table


@Operations.implementation_for(MoltresDropTableOp, replace=True)
def drop_table(operations: Operations, operation: MoltresDropTableOp) -> None:
    """Drop the table and what no other table uses."""
    with running(operations):
        schema, dialect = operation.table_schema, operations.impl.dialect
        table = schema_to_table(schema, sa.MetaData())
        gently = bool(operation.if_exists)
        run(operations, removal(schema, table, dialect, if_exists=gently))


@Operations.implementation_for(MoltresAddForeignKeysOp, replace=True)
def add_foreign_keys(operations: Operations, operation: MoltresAddForeignKeysOp) -> None:
    """Add the foreign keys that were left for later."""
    with running(operations):
        run(operations, adding_foreign_keys(operation.to_table(), operations.impl.dialect))


@Operations.implementation_for(MoltresDropForeignKeysOp, replace=True)
def drop_foreign_keys(operations: Operations, operation: MoltresDropForeignKeysOp) -> None:
    """Drop the foreign keys that were left for later."""
    with running(operations):
        table = named_foreign_keys(operations, operation.to_table())
        run(operations, dropping_foreign_keys(table, operations.impl.dialect))
