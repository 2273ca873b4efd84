"""`with op.moltres_idempotent():`: operations that skip changes that the database has already.

For a change that was made by hand in one database and that a revision makes in the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation, OpContainer

from ..alembic_compat import invoking
from ..errors import OperationError
from .alter.opening import checked_block
from .resuming import operation_of_rest, skip
from .value_op import ValueOp

if TYPE_CHECKING:
    from alembic.operations import Operations as RunningOperations

    from ..dialects.base.pending import Replacements


@Operations.register_operation("moltres_idempotent")
class MoltresIdempotentOp(OpContainer, MigrateOperation):
    """Operations of this package, each of which skips changes that the database has already.

    Args:
        ops: the operations, in their order.
    """

    def __init__(self, ops: Sequence[MigrateOperation] = ()) -> None:
        super().__init__(ops)

    def reverse(self) -> MoltresIdempotentOp:
        """Return the operation that undoes this one, and skips changes that are undone already."""
        return MoltresIdempotentOp([each.reverse() for each in reversed(self.ops)])

    @classmethod
    def moltres_idempotent(cls, operations: RunningOperations) -> AbstractContextManager[None]:
        """Skip the changes inside that the database has already; with `--sql` none is skipped.

        Args:
            operations: where to run them.

        Returns:
            A context manager. Inside it, operations of other packages raise `CommandError`, and so
            does a database whose state is neither that before nor that after an operation.
        """
        context = operations.migration_context
        as_they_stand = context.as_sql or "invoke" in vars(operations)  # written, or replayed
        block = nullcontext() if as_they_stand else _skipping(operations)
        return checked_block(context, "moltres_idempotent", block)


@contextmanager
def _skipping(operations: RunningOperations) -> Iterator[None]:
    from ..dialects.base.pending import Replacements

    replacements = Replacements()
    with invoking(operations, partial(_invoke_pending, operations, replacements)):
        yield
    replacements.check()


def _invoke_pending(
    operations: RunningOperations, replacements: Replacements, operation: Any
) -> Any:
    """Carry out what is pending of an operation."""
    from ..dialects.base.pending import pending

    if not isinstance(operation, ValueOp):
        raise OperationError(
            f"{type(operation).__name__} is in moltres_idempotent(), which takes only operations "
            "of this package; write it outside",
            operation,
        )
    change: Any = operation.change
    run: Any = partial(Operations.invoke, operations)
    remaining = pending(operations.get_bind(), change, replacements)
    if remaining is None:
        return skip(change, "it is in the database")
    if remaining is change:
        return run(operation)
    return run(operation_of_rest(remaining, operations.impl.dialect))


@Operations.implementation_for(MoltresIdempotentOp, replace=True)
def idempotent(operations: RunningOperations, operation: MoltresIdempotentOp) -> None:
    """Run the operations."""
    with MoltresIdempotentOp.moltres_idempotent(operations):
        for each in operation.ops:
            operations.invoke(each)
