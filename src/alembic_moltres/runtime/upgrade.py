"""An upgrade or a downgrade: what is pending, who may do it, and doing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic.operations import Operations

from ..alembic_compat import callers_transaction
from ..dialects.base.registry import impl_of
from ..errors import RunnerError
from .connections import end_transaction
from .exclusion import exclusive
from .revisions import run_revisions
from .settings import settings_of

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from sqlalchemy.engine import Connection


def takes_over(context: MigrationContext) -> bool:
    """Are the migrations of a context run by us? Only those of a command that runs scripts."""
    opts = context.opts
    runs_scripts = "destination_rev" in opts and "purge" not in opts  # `stamp` has both
    is_online = not context.as_sql and context.connection is not None
    return runs_scripts and is_online and settings_of(context).runner


def upgrade(context: MigrationContext, arguments: dict[str, Any]) -> None:
    """Run what is pending. If nothing is, no lock is taken.

    Args:
        context: one that `takes_over` says yes to.
        arguments: of the functions of the scripts.
    """
    connection = context.connection
    assert connection is not None  # noqa: S101 - see `takes_over`
    settings = settings_of(context)
    steps, has_heads = _pending(context, connection)
    if not steps:
        _as_alembic(context, arguments, has_heads=has_heads)
        return
    locks = impl_of(connection.dialect).locks()
    if locks.is_read_only(connection):
        raise RunnerError(
            f"{connection.engine.url.render_as_string()} is read-only, and {len(steps)} revisions "
            f"are pending, first {steps[0].revision.revision}; upgrade the primary server",
            steps,
        )
    with exclusive(context, connection, locks, wait=settings.wait):
        steps, _ = _pending(context, connection)  # others may have done it
        run_revisions(context, steps, arguments)


def _pending(
    context: MigrationContext, connection: Connection
) -> tuple[Sequence[RevisionStep], bool]:
    """Return the revisions to run, and whether the database is at any."""
    heads = context.get_current_heads()
    steps: Sequence[RevisionStep] = list(context.opts["fn"](heads, context))
    if not callers_transaction(context):
        end_transaction(connection)  # what it reads next is what is there then
    return steps, bool(heads)


def _as_alembic(context: MigrationContext, arguments: dict[str, Any], *, has_heads: bool) -> None:
    """Let Alembic make its version table where there are no revisions."""
    if not has_heads:
        with Operations.context(context), context.begin_transaction():
            context.run_migrations(**arguments)
