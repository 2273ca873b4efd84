"""The block of `op.moltres_state_only()`: operations of this package, which are not run."""

from __future__ import annotations

from typing import Any

from alembic.operations.ops import MigrateOperation

from ..errors import OperationError
from ..operations import MoltresCreateTableOp


def invoke_nothing(operation: MigrateOperation) -> Any:
    """Do nothing for an operation of this package; refuse any other."""
    check_own(operation)
    return operation.to_table() if isinstance(operation, MoltresCreateTableOp) else None


def check_own(operation: MigrateOperation) -> None:
    """Refuse an operation that is not one of this package.

    Raises:
        OperationError: it is not.
    """
    if not type(operation).__module__.startswith(f"{__package__.partition('.')[0]}."):
        raise OperationError(
            f"{type(operation).__name__} is in moltres_state_only(), which runs nothing; "
            "write it outside, or declare its effect with op.moltres_create_table() and the like",
            operation,
        )
