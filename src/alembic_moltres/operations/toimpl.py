"""Runs the operations by the connected database's `DialectImpl`. Importing it registers them.

Other modules are imported when an operation runs, because Alembic always imports this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from alembic.operations import Operations

from ..alembic_compat import callers_transaction, commits
from ..options import moltres_arguments, moltres_options
from .alter import (
    MoltresAlterEnumOp,
    MoltresAlterSequenceOp,
    MoltresAlterTableOp,
    MoltresRenameTableOp,
)
from .command_errors import as_command_errors
from .foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
from .ops import MoltresCreateTableOp, MoltresDropTableOp, thawed
from .resuming import progress_of, resumable

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.runtime.migration import MigrationContext

    from ..dialects.base.execution import Execution


@contextmanager
def execution_of(operations: Operations) -> Iterator[Execution]:
    """Return the execution of statements; turn our errors into Alembic's.

    A transaction is begun if the driver has not, and if it will be committed. With `--sql`
    statements are compiled as for a current server.
    """
    from ..dialects.base.as_connected import as_connected
    from ..dialects.base.registry import execution_on

    context = operations.migration_context
    impl = context.impl
    with as_command_errors(), as_connected(impl.dialect) if impl.as_sql else nullcontext():
        _check_options(context)
        execution = execution_on(impl)
        if not impl.as_sql:
            begin_revision(context, execution)
            if execution.database.features.ddl_commits:
                execution.done = progress_of(context).done
        yield execution


def _check_options(context: MigrationContext) -> None:
    """Refuse an option of ours that does not exist, before anything has run."""
    moltres_options(context.opts)
    given = getattr(context.config, "cmd_opts", None)
    moltres_arguments(getattr(given, "x", None))


def begin_revision(context: MigrationContext, execution: Execution) -> None:
    """Begin the transaction of a revision, where the database's driver has not yet done so."""
    owned = commits(context)
    if owned or callers_transaction(context):
        with execution.errors("the BEGIN of this revision"):
            execution.database.begin(execution.connection, owned=owned)


@Operations.implementation_for(MoltresCreateTableOp, replace=True)
@resumable
def create_table(operations: Operations, operation: MoltresCreateTableOp) -> sa.Table:
    """Create the table and everything that belongs to it; return it, for `bulk_insert`."""
    from ..dialects.base.create_table import create_statements
    from ..dialects.base.registry import impl_of

    with execution_of(operations) as execution:
        dialect = execution.dialect
        schema = impl_of(dialect).creatable(operation.table_schema)
        table = thawed(schema)
        if_not_exists = bool(operation.if_not_exists)
        execution.run(create_statements(schema, table, dialect, if_not_exists=if_not_exists))
    return table


@Operations.implementation_for(MoltresDropTableOp, replace=True)
@resumable
def drop_table(operations: Operations, operation: MoltresDropTableOp) -> None:
    """Drop the table and what no other table uses."""
    from ..dialects.base.create_table import drop_statements

    with execution_of(operations) as execution:
        schema, dialect = operation.table_schema, execution.dialect
        table = thawed(schema)
        if_exists = bool(operation.if_exists)
        execution.run(drop_statements(schema, table, dialect, if_exists=if_exists))


@Operations.implementation_for(MoltresAddForeignKeysOp, replace=True)
@resumable
def add_foreign_keys(operations: Operations, operation: MoltresAddForeignKeysOp) -> None:
    """Add the deferred foreign keys."""
    from ..dialects.base.create_table import add_foreign_key_statements

    with execution_of(operations) as execution:
        execution.run(add_foreign_key_statements(operation.to_table(), execution.dialect))


@Operations.implementation_for(MoltresDropForeignKeysOp, replace=True)
@resumable
def drop_foreign_keys(operations: Operations, operation: MoltresDropForeignKeysOp) -> None:
    """Drop the deferred foreign keys."""
    from ..dialects.base.constraint_names import named_foreign_keys
    from ..dialects.base.create_table import drop_foreign_key_statements

    with execution_of(operations) as execution:
        table = named_foreign_keys(execution, operation.to_table())
        execution.run(drop_foreign_key_statements(table, execution.dialect))


@Operations.implementation_for(MoltresAlterTableOp, replace=True)
@resumable
def alter_table(operations: Operations, operation: MoltresAlterTableOp) -> None:
    """Carry out the changes of a table's block."""
    from ..dialects.base.registry import impl_of
    from ..diff import RenameGeneratedNames

    with execution_of(operations) as execution:
        impl, change = impl_of(execution.dialect), operation.change
        if not impl.features.keeps_generated_names:
            kept = (each for each in change.changes if not isinstance(each, RenameGeneratedNames))
            change = replace(change, changes=tuple(kept))
        if change.changes:
            execution.change = change
            impl.alter_table(execution, change)


@Operations.implementation_for(MoltresRenameTableOp, replace=True)
@resumable
def rename_table(operations: Operations, operation: MoltresRenameTableOp) -> None:
    """Rename a table."""
    from alembic.ddl.base import RenameTable

    from ..convert.names import thaw_name, thaw_optional
    from ..dialects.base.registry import impl_of
    from ..dialects.base.statement import Statement

    with execution_of(operations) as execution:
        impl = impl_of(execution.dialect)
        names = impl.names_of_rename(operation.table_name, operation.new_table_name)
        schema, subject = thaw_optional(operation.schema), f"the rename of {names[0]!r}"
        after = impl.renames_after(operation.table_name, operation.new_table_name, schema)
        execution.run(
            [
                *(
                    Statement(RenameTable(thaw_name(old), thaw_name(new), schema=schema), subject)
                    for old, new in pairwise(names)
                ),
                *after,
            ]
        )


@Operations.implementation_for(MoltresAlterEnumOp, replace=True)
def alter_enum(operations: Operations, operation: MoltresAlterEnumOp) -> None:
    """Change an enum type; on a database without them the labels belong to the columns' types."""
    from ..dialects.base.registry import impl_of

    with execution_of(operations) as execution:
        execution.run(impl_of(execution.dialect).alter_enum(operation.change))


@Operations.implementation_for(MoltresAlterSequenceOp, replace=True)
def alter_sequence(operations: Operations, operation: MoltresAlterSequenceOp) -> None:
    """Change a sequence, if the database has sequences."""
    from ..dialects.base.registry import impl_of

    with execution_of(operations) as execution:
        execution.run(impl_of(execution.dialect).alter_sequence(operation.change))
