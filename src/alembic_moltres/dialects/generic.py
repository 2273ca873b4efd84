"""How altering runs on any other database: one statement after the other, in Alembic's own words.

Each is written into a buffer first, so what the dialect cannot say is found before anything runs.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc

from ..convert.columns import thaw_column
from ..convert.names import thaw_name, thaw_optional
from ..errors import OperationError
from ..operations.alter import (
    MoltresAddColumnOp,
    MoltresAddConstraintOp,
    MoltresAlterColumnOp,
    MoltresAlterTableOp,
    MoltresCreateIndexOp,
    MoltresDropColumnOp,
    MoltresDropConstraintOp,
    MoltresDropIndexOp,
    MoltresRenameColumnOp,
    MoltresSetCommentOp,
)
from ..operations.alter.constraints import made_constraint
from .base.constraint_names import named
from .base.ddl import DDLWriter, RawDDL, compile_errors
from .base.impl import DialectImpl

if TYPE_CHECKING:
    from alembic.ddl.impl import DefaultImpl
    from alembic.operations import Operations

    from ..operations.alter import MoltresAlterEnumOp
    from .base.create_table import Statement


class GenericImpl(DialectImpl):
    """Any other database: written to in Alembic's own DDL, not read."""

    def alter_table(self, operations: Operations, block: MoltresAlterTableOp) -> None:
        alter_table(operations, block)

    def alter_enum(self, operation: MoltresAlterEnumOp) -> list[Statement]:
        return []


Step = Callable[["DefaultImpl"], object]


def alter_table(operations: Operations, block: MoltresAlterTableOp) -> None:
    """Carry out a block; everything is compiled before the first statement runs.

    Raises:
        OperationError: the dialect cannot say something, or the database refuses it.
    """
    impl: Any = operations.migration_context.impl
    ddl = DDLWriter(impl.dialect, block.table_name, block.schema)
    steps = [step for operation in block.ops for step in _steps(operations, ddl, operation)]
    dry = type(impl)(
        impl.dialect,
        None,
        as_sql=True,
        transactional_ddl=False,
        output_buffer=io.StringIO(),
        context_opts={},
    )
    for step in steps:
        with compile_errors(impl.dialect, f"the change of {ddl.of_table}"):
            step(dry)
    for step in steps:
        try:
            step(impl)
        except exc.DBAPIError as err:
            err.add_note(f"at {ddl.of_table}")
            raise


def _steps(operations: Operations, ddl: DDLWriter, operation: Any) -> Iterator[Step]:
    made = STEPS.get(type(operation))
    if made is None:
        raise OperationError(
            f"{type(operation).__name__} cannot be carried out on {ddl.dialect.name} (at "
            f"{ddl.of_table}); use op.execute() with its own words",
            operation,
        )
    yield from made(operations, ddl, operation)


def _add_column(operations: Operations, ddl: DDLWriter, op: MoltresAddColumnOp) -> Iterator[Step]:
    name, schema = thaw_name(ddl.name), thaw_optional(ddl.schema)
    yield lambda impl: impl.add_column(name, ddl.thawed(op.definition), schema=schema)


def _drop_column(operations: Operations, ddl: DDLWriter, op: MoltresDropColumnOp) -> Iterator[Step]:
    name, schema = thaw_name(ddl.name), thaw_optional(ddl.schema)
    options = {"mssql_drop_default": True, "mssql_drop_check": True}
    stated = options if ddl.dialect.name == "mssql" else {}
    yield lambda impl: impl.drop_column(name, ddl.thawed(op.definition), schema=schema, **stated)


def _alter_column(
    operations: Operations, ddl: DDLWriter, op: MoltresAlterColumnOp
) -> Iterator[Step]:
    before, after = thaw_column(op.current), thaw_column(op.desired)
    table: dict[str, Any] = {
        "schema": thaw_optional(ddl.schema),
        "existing_type": before.type,
        "existing_nullable": before.nullable,
        "existing_server_default": before.server_default,
        "existing_comment": before.comment,
    }
    stated: dict[str, Any] = {}
    if op.modify_type is not None:
        stated["type_"] = after.type
    if op.modify_server_default is not False:
        stated["server_default"] = after.server_default
    if op.modify_comment is not False:
        stated["comment"] = after.comment
    nullable = op.modify_nullable
    if nullable is not None and not op.fill_null:
        stated["nullable"] = nullable
    name, column = thaw_name(ddl.name), thaw_name(op.current.name)
    if stated:
        yield lambda impl: impl.alter_column(name, column, **stated, **table)
    if op.fill_null:
        quoted = ddl.quoted(op.desired.name)
        text = f"UPDATE {ddl.table} SET {quoted} = DEFAULT WHERE {quoted} IS NULL"
        yield lambda impl: impl.execute(RawDDL(text))
        table["existing_type"] = after.type
        table["existing_server_default"] = after.server_default
        yield lambda impl: impl.alter_column(name, column, nullable=False, **table)


def _rename_column(
    operations: Operations, ddl: DDLWriter, op: MoltresRenameColumnOp
) -> Iterator[Step]:
    name, schema = thaw_name(ddl.name), thaw_optional(ddl.schema)
    yield lambda impl: impl.alter_column(
        name, thaw_name(op.old_name), name=thaw_name(op.new_name), schema=schema
    )


def _add_constraint(
    operations: Operations, ddl: DDLWriter, op: MoltresAddConstraintOp
) -> Iterator[Step]:
    if ddl.added(op.constraint) is not None:
        # made anew each time: AddConstraint marks a constraint as one that is not to be added again
        yield lambda impl: impl.add_constraint(made_constraint(ddl.name, ddl.schema, op.constraint))


def _drop_constraint(
    operations: Operations, ddl: DDLWriter, op: MoltresDropConstraintOp
) -> Iterator[Step]:
    found = named(operations, ddl.name, ddl.schema, op.constraint)
    if ddl.dropped(found) is not None:
        made = made_constraint(ddl.name, ddl.schema, found)
        yield lambda impl: impl.drop_constraint(made)


def _create_index(
    operations: Operations, ddl: DDLWriter, op: MoltresCreateIndexOp
) -> Iterator[Step]:
    made = ddl.index(op.index)
    if made is not None:
        index = made
        yield lambda impl: impl.create_index(index)


def _drop_index(operations: Operations, ddl: DDLWriter, op: MoltresDropIndexOp) -> Iterator[Step]:
    made = ddl.index(op.index)
    if made is not None:
        index = made
        yield lambda impl: impl.drop_index(index)


def _set_comment(operations: Operations, ddl: DDLWriter, op: MoltresSetCommentOp) -> Iterator[Step]:
    table = ddl.empty()
    table.comment = op.comment
    if op.comment is None:
        yield lambda impl: impl.drop_table_comment(table)
    else:
        yield lambda impl: impl.create_table_comment(table)


STEPS: dict[type, Callable[[Any, DDLWriter, Any], Iterator[Step]]] = {
    MoltresAddColumnOp: _add_column,
    MoltresDropColumnOp: _drop_column,
    MoltresAlterColumnOp: _alter_column,
    MoltresRenameColumnOp: _rename_column,
    MoltresAddConstraintOp: _add_constraint,
    MoltresDropConstraintOp: _drop_constraint,
    MoltresCreateIndexOp: _create_index,
    MoltresDropIndexOp: _drop_index,
    MoltresSetCommentOp: _set_comment,
}
"""What carries out each operation; the options of a table are every database's own."""
