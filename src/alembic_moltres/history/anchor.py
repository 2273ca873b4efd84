"""`op.moltres_anchor()`: the tables of a revision as values, at which replay begins.

Imported whenever Alembic is, so everything else is imported when it runs. What a script with an
anchor means for a replay is in `anchors`, the comparison with a database in `anchor_check`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation

if TYPE_CHECKING:
    from ..schema import TableSchema


@Operations.register_operation("moltres_anchor")
class MoltresAnchorOp(MigrateOperation):
    """Say which tables there are at this revision, and change nothing.

    Args:
        tables: all of them, in the order in which they can be created.
        strict: stop an upgrade whose database differs.
        names: names for the tables' constants in a script, by key.
    """

    def __init__(
        self,
        tables: Iterable[TableSchema],
        *,
        strict: bool = False,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.tables = tuple(tables)
        self.strict = strict
        self.names = dict(names or {})

    def reverse(self) -> Self:
        """Return the operation itself: it changes nothing in either direction."""
        return self

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("anchor", key, ...)`."""
        return ("anchor", *(each.key for each in self.tables))

    @classmethod
    def moltres_anchor(
        cls, operations: Operations, tables: Iterable[TableSchema], *, strict: bool = False
    ) -> None:
        """Say which tables there are at this revision, and change nothing.

        A replay begins here and reads no script before. An upgrade logs how its database differs;
        with `--sql` nothing is written.

        Args:
            operations: where to run it.
            tables: all tables, as values.
            strict: raise where the database differs.

        Raises:
            CommandError: the database differs, and `strict` is set.
        """
        operations.invoke(cls(tables, strict=strict))


@Operations.implementation_for(MoltresAnchorOp, replace=True)
def anchor(operations: Operations, operation: MoltresAnchorOp) -> None:
    """Compare the database with the tables."""
    from ..operations.command_errors import as_command_errors
    from .anchor_check import check_anchor

    if not operations.migration_context.as_sql:
        with as_command_errors():
            check_anchor(operations.get_bind(), operation.tables, strict=operation.strict)
