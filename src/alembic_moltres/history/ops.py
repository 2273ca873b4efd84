"""`op.moltres_state_only()` and `op.moltres_tables()`: what a script says of history, and asks it.

Imported whenever Alembic is, so everything else is imported when they are called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation

if TYPE_CHECKING:
    import sqlalchemy as sa


@Operations.register_operation("moltres_state_only")
class MoltresStateOnly(MigrateOperation):
    """Operations that change the state of history, and run nothing."""

    @classmethod
    def moltres_state_only(cls, operations: Operations) -> Any:
        """Tell history what other lines of this revision have done; run nothing inside.

        Args:
            operations: where the script runs.

        Returns:
            What a `with` statement takes. Inside stand operations of this package; any other one
            raises `CommandError`.
        """
        state_only = getattr(operations, "state_only", None)
        return _nothing_runs(operations) if state_only is None else state_only()


@contextmanager
def _nothing_runs(operations: Operations) -> Iterator[None]:
    def invoke(operation: MigrateOperation) -> Any:
        from ..operations import MoltresCreateTableOp

        check_own(operation)
        return operation.to_table() if isinstance(operation, MoltresCreateTableOp) else None

    operations.invoke = invoke  # type: ignore[method-assign]
    try:
        yield
    finally:
        del operations.invoke


def check_own(operation: MigrateOperation) -> None:
    """Prove that an operation is one of this package.

    Raises:
        OperationError: it is not.
    """
    from ..errors import OperationError

    if not type(operation).__module__.startswith(f"{__package__.partition('.')[0]}."):
        raise OperationError(
            f"{type(operation).__name__} stands in moltres_state_only(), which runs nothing; "
            "write it outside, or say what it does with op.moltres_create_table() and the like",
            operation,
        )


@Operations.register_operation("moltres_tables")
class MoltresTables(MigrateOperation):
    """The tables as they are at a line of a script."""

    @classmethod
    def moltres_tables(cls, operations: Operations) -> Mapping[str, sa.Table]:
        """Return the tables by their keys as they are at this line, for statements about rows.

        They come from the scripts alone: no model, no reflection; online and with `--sql`.

        Args:
            operations: where the script runs.

        Raises:
            CommandError: a table that is asked for is not there, or is uncertain.
        """
        at_line = getattr(operations, "tables_at_line", None)
        if at_line is not None:
            tables: Mapping[str, sa.Table] = at_line()
            return tables
        from ..operations.command_errors import as_command_errors
        from .tables_at_line import tables_at_line

        with as_command_errors():
            return tables_at_line(operations)
