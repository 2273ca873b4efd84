"""`op.moltres_anchor()`: all tables of a revision as values; replay begins at it.

Imported with the first operation of a script, so other imports are inside functions. `anchors` has
its effect on a replay, `anchor_check` the comparison with a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation

from ...errors import OperationError
from ...messages import argument_text
from ...operations.calls import CALLS, explain
from ...schema import TableSchema


@Operations.register_operation("moltres_anchor")
class MoltresAnchorOp(MigrateOperation):
    """Declare all tables at this revision; it changes nothing.

    Args:
        tables: all of them, in the order in which they can be created.
        strict: fail an upgrade if the database differs.
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
        """Declare all tables at this revision; it changes nothing.

        A replay begins here and reads no earlier script. An upgrade logs how the database differs;
        `--sql` writes nothing.

        Args:
            operations: where to run it.
            tables: all tables, as values.
            strict: raise if the database differs.

        Raises:
            CommandError: the database differs, and `strict` is set.
        """
        operation = cls(_listed(tables), strict=strict)
        operations.invoke(operation)


explain("moltres_anchor")


def _listed(tables: object) -> tuple[TableSchema, ...]:
    """Return the tables of a script's anchor.

    Raises:
        OperationError: they are no list of values.
    """
    listed = tuple(tables) if isinstance(tables, Iterable) and not isinstance(tables, str) else None
    for each in (tables,) if listed is None else listed:
        if listed is None or not isinstance(each, TableSchema):
            raise OperationError(
                f"moltres_anchor got {argument_text(each)}; write {CALLS['moltres_anchor']}", each
            )
    return listed or ()


@Operations.implementation_for(MoltresAnchorOp, replace=True)
def anchor(operations: Operations, operation: MoltresAnchorOp) -> None:
    """Compare the database with the tables."""
    from .check import check_anchor

    if not operations.migration_context.as_sql:
        check_anchor(operations.get_bind(), operation.tables, strict=operation.strict)
