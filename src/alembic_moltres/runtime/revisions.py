"""Runs revisions, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from alembic.operations import Operations

from ..alembic_compat import run_only, transaction_for_each_revision
from ..dialects.base.registry import execution_on
from ..operations.toimpl import begin_revision

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep


def run_revisions(
    context: MigrationContext, steps: Sequence[RevisionStep], arguments: dict[str, Any]
) -> None:
    """Run revisions.

    Args:
        context: of the run.
        steps: in order.
        arguments: of the functions of the scripts.
    """
    transaction_for_each_revision(context)
    for step in steps:
        step.migration_fn = _begun(context, step.migration_fn)
        run_only(context, step)
        with Operations.context(context), context.begin_transaction():
            context.run_migrations(**arguments)


def _begun(context: MigrationContext, migrate: Callable[..., None]) -> Callable[..., None]:
    """Return the function of a script that begins the transaction that its driver would not."""

    @wraps(migrate)
    def begun(**arguments: Any) -> None:
        begin_revision(context, execution_on(context.impl))
        migrate(**arguments)

    return begun
