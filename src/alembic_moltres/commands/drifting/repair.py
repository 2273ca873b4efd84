"""The SQL that returns a database to the state of its revision; it is never run."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection

from ...dialects.base.registry import impl_of
from ...operations.value_op import operation_of

if TYPE_CHECKING:
    from ...autogenerate.states.drift import Drift


def repair_sql(context: MigrationContext, drift: Drift) -> str:
    """Return the statements as `--sql` writes them; empty if there is nothing to do.

    Args:
        context: connected to the database, which is only read.
        drift: of the database.

    Raises:
        OperationError: the database cannot make one of the changes.
    """
    if not drift.back:
        return ""
    dialect = context.dialect
    impl = impl_of(dialect)
    changes = impl.with_dependents(drift.back, drift.current)

    def work(running: MigrationContext) -> None:
        operations = Operations(running)
        for change in changes:
            operations.invoke(operation_of(change, (dialect,)))

    def work_on(connection: Connection) -> None:
        work(MigrationContext.configure(connection))

    connection: Connection = context.connection  # type: ignore[assignment]
    rehearsed = impl.rehearse(connection, work_on)
    if rehearsed is not None:
        return "\n\n".join(f"{statement};" for statement in rehearsed)
    output = StringIO()
    offline = MigrationContext.configure(
        dialect=dialect, opts={"as_sql": True, "output_buffer": output}
    )
    with offline.begin_transaction():
        work(offline)
    return output.getvalue().rstrip()
