"""How the operations run: the connected database's `DialectImpl` does it. Importing registers it.

What they need is imported when they run: Alembic imports this whenever it is imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import pairwise
from typing import TYPE_CHECKING

from alembic.operations import Operations

from .alter import (
    MoltresAlterEnumOp,
    MoltresAlterSequenceOp,
    MoltresAlterTableOp,
    MoltresRenameTableOp,
)
from .command_errors import as_command_errors
from .foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
from .ops import MoltresCreateTableOp, MoltresDropTableOp, thawed

if TYPE_CHECKING:
    import sqlalchemy as sa


@contextmanager
def execution(operations: Operations) -> Iterator[None]:
    """Turn our errors into Alembic's; with `--sql`, compile as for a server of today."""
    from ..dialects.base.as_connected import as_connected

    impl = operations.migration_context.impl
    with as_command_errors(), as_connected(impl.dialect) if impl.as_sql else nullcontext():
        yield


@Operations.implementation_for(MoltresCreateTableOp, replace=True)
def create_table(operations: Operations, operation: MoltresCreateTableOp) -> sa.Table:
    """Create the table and everything that belongs to it; return it, for `bulk_insert`."""
    from ..dialects.base.create_table import create_statements
    from ..dialects.base.execution import run

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
    from ..dialects.base.execution import run

    with execution(operations):
        schema, dialect = operation.table_schema, operations.impl.dialect
        table = thawed(schema)
        gently = bool(operation.if_exists)
        run(operations, drop_statements(schema, table, dialect, if_exists=gently))


@Operations.implementation_for(MoltresAddForeignKeysOp, replace=True)
def add_foreign_keys(operations: Operations, operation: MoltresAddForeignKeysOp) -> None:
    """Add the foreign keys that were left for later."""
    from ..dialects.base.create_table import add_foreign_key_statements
    from ..dialects.base.execution import run

    with execution(operations):
        run(operations, add_foreign_key_statements(operation.to_table(), operations.impl.dialect))


@Operations.implementation_for(MoltresDropForeignKeysOp, replace=True)
def drop_foreign_keys(operations: Operations, operation: MoltresDropForeignKeysOp) -> None:
    """Drop the foreign keys that were left for later."""
    from ..dialects.base.create_table import drop_foreign_key_statements
    from ..dialects.base.execution import run
    from ..dialects.base.foreign_key_names import named_foreign_keys

    with execution(operations):
        table = named_foreign_keys(operations, operation.to_table())
        run(operations, drop_foreign_key_statements(table, operations.impl.dialect))


@Operations.implementation_for(MoltresAlterTableOp, replace=True)
def alter_table(operations: Operations, operation: MoltresAlterTableOp) -> None:
    """Alter a table as its block says."""
    from ..dialects.base.registry import impl_of

    with execution(operations):
        impl_of(operations.impl.dialect).alter_table(operations, operation.change)


@Operations.implementation_for(MoltresRenameTableOp, replace=True)
def rename_table(operations: Operations, operation: MoltresRenameTableOp) -> None:
    """Give a table another name."""
    from alembic.ddl.base import RenameTable

    from ..convert.names import thaw_name, thaw_optional
    from ..dialects.base.execution import run
    from ..dialects.base.registry import impl_of
    from ..dialects.base.statement import Statement

    impl = impl_of(operations.impl.dialect)
    names = impl.names_of_rename(operation.table_name, operation.new_table_name)
    schema, subject = thaw_optional(operation.schema), f"the rename of {names[0]!r}"
    with execution(operations):
        for old, new in pairwise(names):
            element = RenameTable(thaw_name(old), thaw_name(new), schema=schema)
            run(operations, [Statement(element, subject)])


@Operations.implementation_for(MoltresAlterEnumOp, replace=True)
def alter_enum(operations: Operations, operation: MoltresAlterEnumOp) -> None:
    """Change an enum type where there are such types; elsewhere a column's type has the labels."""
    from ..dialects.base.execution import run
    from ..dialects.base.registry import impl_of

    with execution(operations):
        run(operations, impl_of(operations.impl.dialect).alter_enum(operation.change))


@Operations.implementation_for(MoltresAlterSequenceOp, replace=True)
def alter_sequence(operations: Operations, operation: MoltresAlterSequenceOp) -> None:
    """Change a sequence where there are sequences."""
    from ..dialects.base.execution import run
    from ..dialects.base.registry import impl_of

    with execution(operations):
        run(operations, impl_of(operations.impl.dialect).alter_sequence(operation.change))
