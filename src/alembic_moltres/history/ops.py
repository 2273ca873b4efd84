"""`op.moltres_state_only()` and `op.moltres_tables()`: a script's access to the state.

Imported with the first operation of a script, so other imports are inside functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation

from ..operations.calls import explain

if TYPE_CHECKING:
    import sqlalchemy as sa


@Operations.register_operation("moltres_state_only")
class MoltresStateOnly(MigrateOperation):
    """Operations that change the state and run nothing."""

    @classmethod
    def moltres_state_only(cls, operations: Operations) -> AbstractContextManager[None]:
        """Declare what other lines of this revision do; nothing in the block is run.

        Args:
            operations: where the script runs.

        Returns:
            A context manager. Its block may have only operations of this package; others raise
            `CommandError`.
        """
        from ..alembic_compat import invoking
        from ..operations.alter.opening import checked_block
        from .state_only import invoke_nothing

        state_only = getattr(operations, "state_only", None)
        block = invoking(operations, invoke_nothing) if state_only is None else state_only()
        return checked_block(operations.migration_context, "moltres_state_only", block)


@Operations.register_operation("moltres_tables")
class MoltresTables(MigrateOperation):
    """The tables at a line of a script."""

    @classmethod
    def moltres_tables(cls, operations: Operations) -> Mapping[str, sa.Table]:
        """Return the tables at this line by their keys, for statements about rows.

        They come from the scripts alone, without models or reflection; online and with `--sql`.

        Args:
            operations: where the script runs.

        Raises:
            CommandError: a requested table does not exist or is uncertain.
        """
        at_line = getattr(operations, "tables_at_line", None)
        if at_line is not None:
            tables: Mapping[str, sa.Table] = at_line()
            return tables
        from .tables_at_line import tables_at_line

        return tables_at_line(operations)


for _name in ("moltres_state_only", "moltres_tables"):
    explain(_name)
