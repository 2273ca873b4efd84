"""The block of `op.moltres_state_only()`: operations of this package, which are not run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation

from ..errors import OperationError
from ..operations import MoltresCreateTableOp


@contextmanager
def disable_operations(operations: Operations) -> Iterator[None]:
    """Make operations of this package do nothing in the block, and all others raise."""

    def invoke(operation: MigrateOperation) -> Any:
        check_own(operation)
        return operation.to_table() if isinstance(operation, MoltresCreateTableOp) else None

    operations.invoke = invoke  # type: ignore[method-assign]
    try:
        yield
    finally:
        del operations.invoke


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
