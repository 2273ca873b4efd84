"""Runs an upgrade or a downgrade: the pending revisions, under the lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from alembic.operations import Operations
from sqlalchemy.engine import Connection

from ..alembic_compat import callers_transaction, leave_transaction_open, version_table
from ..dialects.base.locks import Locks
from ..dialects.base.registry import impl_of
from ..errors import RunnerError
from ..sqla_compat import is_in_block
from .connections import end_transaction, own_connection
from .exclusion import exclusive
from .revisions import Revisions
from .settings import settings_of

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep


def takes_over(context: MigrationContext) -> bool:
    """Tell whether our runner runs the migrations of a context: if the command runs scripts."""
    opts = context.opts
    runs_scripts = "destination_rev" in opts and "purge" not in opts  # `stamp` has both
    is_online = not context.as_sql and context.connection is not None
    return runs_scripts and is_online and settings_of(context).runner


def upgrade(context: MigrationContext, arguments: dict[str, Any]) -> None:
    """Run the pending revisions. If there are none, no lock is taken.

    Args:
        context: one for which `takes_over` is true.
        arguments: of the functions of the scripts.
    """
    connection = context.connection
    assert connection is not None  # noqa: S101 - see `takes_over`
    if is_in_block(connection):  # begun by env.py since `configure`
        leave_transaction_open(context)
    settings = settings_of(context)
    locks = impl_of(connection.dialect).locks()
    before = _seen_by_others(context, connection, locks)
    heads, steps = before or _pending(context, connection)
    if not steps:
        heads, steps = _pending(context, connection)
    if not steps:
        _as_alembic(context, arguments, has_heads=bool(heads))
        return
    if locks.is_read_only(connection):
        raise RunnerError(
            f"{connection.engine.url.render_as_string()} is read-only, and {len(steps)} revisions "
            f"are pending, first {steps[0].revision.revision}; upgrade the primary server",
            steps,
        )
    with exclusive(context, connection, locks, wait=settings.wait) as own:
        heads, steps = _pending(context, connection)  # another upgrade may have run them
        now = _seen_by_others(context, connection, locks)
        if before and now and before.heads != now.heads != heads:
            raise RunnerError(
                "another upgrade ran while this one waited for it in a transaction that had "
                "started before and cannot see it; run this upgrade again",
                heads,
            )
        Revisions(context, settings, arguments, own).run(steps)


class _Pending(NamedTuple):
    """The pending revisions.

    Attributes:
        heads: the current revisions of the database.
        steps: the revisions to run.
    """

    heads: frozenset[str]
    steps: Sequence[RevisionStep]


def _pending(context: MigrationContext, connection: Connection) -> _Pending:
    pending = _steps(context, context.get_current_heads())
    if not callers_transaction(context):
        end_transaction(connection)  # the next read sees the current rows
    return pending


def _steps(context: MigrationContext, heads: Iterable[str]) -> _Pending:
    steps = context.opts["fn"](tuple(heads), context)
    return _Pending(frozenset(heads), list(steps))


def _seen_by_others(
    context: MigrationContext, connection: Connection, locks: Locks
) -> _Pending | None:
    """Read the pending revisions on a second connection, if this one must not read yet.

    A caller's transaction would keep the snapshot of its first read.
    """
    if not (locks.reads_snapshot and callers_transaction(context)):
        return None
    table = version_table(context)
    with own_connection(connection) as own:
        if not sa.inspect(own).has_table(table.name, table.schema):
            return _steps(context, ())
        return _steps(context, own.execute(sa.select(table.c.version_num)).scalars().all())


def _as_alembic(context: MigrationContext, arguments: dict[str, Any], *, has_heads: bool) -> None:
    """Let Alembic create its version table if there are no revisions."""
    if not has_heads:
        with Operations.context(context), context.begin_transaction():
            context.run_migrations(**arguments)
