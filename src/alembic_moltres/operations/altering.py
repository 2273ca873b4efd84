"""How altering runs: one table of dialects, and the operations that are alike everywhere.

A module of `ALTERING` has `alter_table(operations, block)`, which carries out a block.
"""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from alembic.operations import Operations

from .alter import (
    MoltresAlterEnumOp,
    MoltresAlterSequenceOp,
    MoltresAlterTableOp,
    MoltresRenameTableOp,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

ALTERING = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}
"""The module below this package that alters tables on a dialect, or on one that extends it."""

OTHERWISE = "generic"


def altering(dialect: Dialect) -> Any:
    """Return the module that alters tables on a dialect."""
    from ..convert import lineage

    found = next((ALTERING[name] for name in lineage(dialect) if name in ALTERING), OTHERWISE)
    return import_module(f".{found}", __package__)


@Operations.implementation_for(MoltresAlterTableOp, replace=True)
def alter_table(operations: Operations, operation: MoltresAlterTableOp) -> None:
    """Alter a table as its block says."""
    from ..dialects.base.execution import running

    with running(operations):
        altering(operations.impl.dialect).alter_table(operations, operation)


@Operations.implementation_for(MoltresRenameTableOp, replace=True)
def rename_table(operations: Operations, operation: MoltresRenameTableOp) -> None:
    """Give a table another name."""
    from alembic.ddl.base import RenameTable

    from ..convert import lineage
    from ..convert.names import thaw_name, thaw_optional
    from ..dialects.base.create_table import Statement
    from ..dialects.base.execution import run, running

    names = [operation.table_name, operation.new_table_name]
    in_case_only = names[0].lower() == names[1].lower()
    if in_case_only and "sqlite" in lineage(operations.impl.dialect):
        names.insert(1, f"{names[0]}_renamed")  # to SQLite the two are one name, which is taken
    schema, subject = thaw_optional(operation.schema), f"the rename of {names[0]!r}"
    with running(operations):
        for old, new in pairwise(names):
            element = RenameTable(thaw_name(old), thaw_name(new), schema=schema)
            run(operations, [Statement(element, subject)])


@Operations.implementation_for(MoltresAlterEnumOp, replace=True)
def alter_enum(operations: Operations, operation: MoltresAlterEnumOp) -> None:
    """Change an enum type where there are such types; elsewhere a column's type has the labels."""
    from ..dialects.base.execution import run, running

    dialect = operations.impl.dialect
    if dialect.name != "postgresql":
        return
    with running(operations):
        from ..dialects.postgresql import alter_enum

        run(operations, [alter_enum(dialect, operation)])


@Operations.implementation_for(MoltresAlterSequenceOp, replace=True)
def alter_sequence(operations: Operations, operation: MoltresAlterSequenceOp) -> None:
    """Change a sequence where there are sequences."""
    from ..dialects.base.alter_sequence import alter_sequence
    from ..dialects.base.execution import run, running

    with running(operations):
        run(operations, alter_sequence(operations.impl.dialect, operation))
