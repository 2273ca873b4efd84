"""Runs the operations with the `DialectImpl` of the connected database.

It is imported when the first operation runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from alembic.ddl.base import RenameTable
from alembic.operations import Operations

from ..alembic_compat import callers_transaction, commits
from ..convert.names import thaw_name, thaw_optional
from ..dialects.base.as_connected import as_connected
from ..dialects.base.create_table import (
    add_foreign_key_statements,
    create_statements,
    drop_foreign_key_statements,
    drop_statements,
)
from ..dialects.base.execution import Execution
from ..dialects.base.reading import reading
from ..dialects.base.registry import execution_on, impl_of
from ..dialects.base.sequences import create_sequences, drop_sequences
from ..dialects.base.statement import Statement
from ..diff import AlterColumn, RenameGeneratedNames
from ..options import moltres_arguments, moltres_options
from ..schema import Sequence, TableSchema, column
from .alter.block import MoltresAlterTableOp
from .alter.enums_and_sequences import (
    MoltresAlterDomainOp,
    MoltresAlterEnumOp,
    MoltresAlterSequenceOp,
    MoltresCreateSequenceOp,
    MoltresCreateTypeOp,
    MoltresDropSequenceOp,
    MoltresDropTypeOp,
    MoltresRenameTypeOp,
)
from .alter.tables import MoltresRenameTableOp
from .foreign_keys import MoltresAddForeignKeysOp, MoltresDropForeignKeysOp
from .ops import MoltresCreateTableOp, MoltresDropTableOp, thawed
from .resuming import progress_of, resumable

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.runtime.migration import MigrationContext

    from ..dialects.base.features import Features
    from ..diff import Change


@contextmanager
def execution_of(operations: Operations) -> Iterator[Execution]:
    """Return the `Execution`.

    If the driver has begun no transaction, one is begun, provided that it will be committed. With
    `--sql` statements are compiled as for a current server, or the one that the options state.
    """
    context = operations.migration_context
    impl = context.impl
    server = _checked_options(context).get("server")
    offline = as_connected(impl.dialect, server) if impl.as_sql else nullcontext()
    with reading(impl.connection), offline:
        execution = execution_on(impl)
        if not impl.as_sql:
            begin_revision(context, execution)
            if execution.dialect_impl.features.implicit_commit:
                execution.committed = progress_of(context).committed
        yield execution


def _checked_options(context: MigrationContext) -> dict[str, Any]:
    """Return our options; refuse one that does not exist before anything has run."""
    given = getattr(context.config, "cmd_opts", None)
    moltres_arguments(getattr(given, "x", None))
    return moltres_options(context.opts)


def begin_revision(context: MigrationContext, execution: Execution) -> None:
    """Begin the transaction of a revision, if the driver has not."""
    owned = commits(context)
    if owned or callers_transaction(context):
        with execution.errors("the BEGIN of this revision"):
            execution.dialect_impl.begin(execution.connection, owned=owned)


@resumable
def create_table(operations: Operations, operation: MoltresCreateTableOp) -> sa.Table:
    """Create the table and everything that belongs to it; return it, for `bulk_insert`."""
    with execution_of(operations) as execution:
        dialect = execution.dialect
        schema = impl_of(dialect).creatable(operation.table_schema)
        table = thawed(schema)
        if_not_exists = bool(operation.if_not_exists)
        execution.run(create_statements(schema, table, dialect, if_not_exists=if_not_exists))
    return table


@resumable
def drop_table(operations: Operations, operation: MoltresDropTableOp) -> None:
    """Drop the table, and the types and sequences that no other table uses."""
    with execution_of(operations) as execution:
        schema, dialect = operation.table_schema, execution.dialect
        table = thawed(schema)
        if_exists = bool(operation.if_exists)
        execution.run(drop_statements(schema, table, dialect, if_exists=if_exists))


@resumable
def add_foreign_keys(operations: Operations, operation: MoltresAddForeignKeysOp) -> None:
    """Add the deferred foreign keys."""
    with execution_of(operations) as execution:
        execution.run(add_foreign_key_statements(operation.to_table(), execution.dialect))


@resumable
def drop_foreign_keys(operations: Operations, operation: MoltresDropForeignKeysOp) -> None:
    """Drop the deferred foreign keys."""
    from ..dialects.base.constraint_names import named_foreign_keys

    with execution_of(operations) as execution:
        table = named_foreign_keys(execution, operation.to_table())
        execution.run(drop_foreign_key_statements(table, execution.dialect))


@resumable
def alter_table(operations: Operations, operation: MoltresAlterTableOp) -> None:
    """Carry out the changes of a table's block."""
    with execution_of(operations) as execution:
        impl, change = impl_of(execution.dialect), operation.change
        kept = tuple(each for each in change.changes if _has_effect(each, impl.features))
        if len(kept) < len(change.changes):
            change = replace(change, changes=kept)
        if change.changes:
            execution.change = change
            impl.alter_table(execution, change)


def _has_effect(change: Change, features: Features) -> bool:
    """Tell whether a change inside a table does something on a database."""
    match change:
        case RenameGeneratedNames():
            return features.keeps_generated_names
        case AlterColumn(current=current, desired=desired):
            return features.restates_columns or current != desired
        case _:
            return True


@resumable
def rename_table(operations: Operations, operation: MoltresRenameTableOp) -> None:
    """Rename a table."""
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


def alter_enum(operations: Operations, operation: MoltresAlterEnumOp) -> None:
    """Change an enum type; elsewhere the labels belong to the types of columns."""
    with execution_of(operations) as execution:
        execution.run(impl_of(execution.dialect).alter_enum(operation.change))


def alter_sequence(operations: Operations, operation: MoltresAlterSequenceOp) -> None:
    """Change a sequence, if the database has sequences."""
    with execution_of(operations) as execution:
        execution.run(impl_of(execution.dialect).alter_sequence(operation.change))


def alter_domain(operations: Operations, operation: MoltresAlterDomainOp) -> None:
    """Change a domain, if the database has domains."""
    with execution_of(operations) as execution:
        execution.run(impl_of(execution.dialect).alter_domain(operation.change))


def create_type(operations: Operations, operation: MoltresCreateTypeOp) -> None:
    """Create a named type, if the database has them."""
    with execution_of(operations) as execution:
        execution.run(impl_of(execution.dialect).create_types(_of_type(operation.type)))


def drop_type(operations: Operations, operation: MoltresDropTypeOp) -> None:
    """Drop a named type unless something uses it."""
    with execution_of(operations) as execution:
        execution.run(impl_of(execution.dialect).drop_types(_of_type(operation.type)))


def rename_type(operations: Operations, operation: MoltresRenameTypeOp) -> None:
    """Rename a named type, if the database has them."""
    with execution_of(operations) as execution:
        execution.run(impl_of(execution.dialect).rename_type(operation.change))


def _of_type(type_: str) -> sa.Table:
    """Return a table with one column of that type."""
    return thawed(TableSchema("t", [column("c", type_)]))


def create_sequence(operations: Operations, operation: MoltresCreateSequenceOp) -> None:
    """Create a sequence, if the database has sequences."""
    with execution_of(operations) as execution:
        subject = f"the sequence {operation.sequence.name!r}"
        table = _of_sequence(operation.sequence)
        made = create_sequences(table, execution.dialect)
        execution.run([Statement(each, subject) for each in made])


def drop_sequence(operations: Operations, operation: MoltresDropSequenceOp) -> None:
    """Drop a sequence unless something uses it."""
    with execution_of(operations) as execution:
        subject = f"the sequence {operation.sequence.name!r}"
        table = _of_sequence(operation.sequence)
        statements = drop_sequences(table, execution.dialect)
        execution.run([Statement(each, subject) for each in statements])


def _of_sequence(sequence: Sequence) -> sa.Table:
    """Return a table with one column that uses the sequence."""
    return thawed(TableSchema("t", [column("c", "INTEGER", sequence=sequence)]))
