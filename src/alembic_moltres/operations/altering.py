"""How altering runs: the connected database's `DialectImpl` does it; importing registers that."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from alembic.operations import Operations

from .alter import (
    MoltresAlterEnumOp,
    MoltresAlterSequenceOp,
    MoltresAlterTableOp,
    MoltresRenameTableOp,
)

if TYPE_CHECKING:
    pass


@Operations.implementation_for(MoltresAlterTableOp, replace=True)
def alter_table(operations: Operations, operation: MoltresAlterTableOp) -> None:
    """Alter a table as its block says."""
    from ..dialects.base.execution import execution
    from ..dialects.base.registry import impl_of

    with execution(operations):
        impl_of(operations.impl.dialect).alter_table(operations, operation)


@Operations.implementation_for(MoltresRenameTableOp, replace=True)
def rename_table(operations: Operations, operation: MoltresRenameTableOp) -> None:
    """Give a table another name."""
    from alembic.ddl.base import RenameTable

    from ..convert.names import thaw_name, thaw_optional
    from ..dialects.base.create_table import Statement
    from ..dialects.base.execution import execution, run
    from ..dialects.base.registry import impl_of

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
    from ..dialects.base.execution import execution, run
    from ..dialects.base.registry import impl_of

    with execution(operations):
        run(operations, impl_of(operations.impl.dialect).alter_enum(operation))


@Operations.implementation_for(MoltresAlterSequenceOp, replace=True)
def alter_sequence(operations: Operations, operation: MoltresAlterSequenceOp) -> None:
    """Change a sequence where there are sequences."""
    from ..dialects.base.alter_sequence import alter_sequence
    from ..dialects.base.execution import execution, run

    with execution(operations):
        run(operations, alter_sequence(operations.impl.dialect, operation))
