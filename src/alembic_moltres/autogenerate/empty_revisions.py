"""Revisions without operations: with `moltres={"empty_revisions": False}` none is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from alembic.util import PriorityDispatchResult

from ..operations.command_errors import as_command_errors
from ..options import moltres_options

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext, RevisionContext
    from alembic.operations.ops import MigrationScript, UpgradeOps
    from alembic.script import Script

NOT_CREATED: Final = "No new upgrade operations detected; no revision is created."


def is_empty(script: MigrationScript) -> bool:
    """Is a script empty, for all its databases?"""
    operations = (*script.upgrade_ops_list, *script.downgrade_ops_list)
    return all(each.is_empty() for each in operations)


def leave_out_empty(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps
) -> PriorityDispatchResult:
    """Make Alembic skip scripts without operations, if the environment says so.

    Scripts are checked when they are written: hooks and the other databases of `multidb` come after
    this comparison.

    Raises:
        CommandError: an option in env.py is unknown.
    """
    with as_command_errors():
        wanted = moltres_options(autogen_context.opts).get("empty_revisions", True)
    context = autogen_context.opts.get("revision_context")
    if not wanted and context is not None and "generate_scripts" not in vars(context):
        context.generate_scripts = _Writer(context)
    return PriorityDispatchResult.CONTINUE


class _Writer:
    """Writes the scripts of a revision that have operations; replaces `generate_scripts`."""

    def __init__(self, context: RevisionContext) -> None:
        self._context: Any = context
        self._generate_scripts = context.generate_scripts

    def __call__(self) -> Iterator[Script | None]:
        context = self._context
        context.generated_revisions = [
            each for each in context.generated_revisions if not is_empty(each)
        ]
        if not context.generated_revisions:
            context.config.print_stdout(NOT_CREATED)
        return self._generate_scripts()
