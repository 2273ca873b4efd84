"""Revisions without operations: with `moltres={"empty_revisions": False}` none is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from alembic.util import PriorityDispatchResult

from ..options import moltres_arguments, moltres_options

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext, RevisionContext
    from alembic.operations.ops import MigrationScript, UpgradeOps
    from alembic.script import Script

NOT_CREATED: Final = "No new upgrade operations detected; no revision is created."


def is_empty(script: MigrationScript) -> bool:
    """Tell whether a script is empty, for all its databases."""
    operations = (*script.upgrade_ops_list, *script.downgrade_ops_list)
    return all(each.is_empty() for each in operations)


def check_scripts(
    autogen_context: AutogenContext, upgrade_ops: UpgradeOps
) -> PriorityDispatchResult:
    """Skip scripts with an open question, and unwanted empty ones.

    This is decided when the scripts are written: hooks and the other databases of `multidb` run
    after this comparison.

    Raises:
        CommandError: an option of the environment is unknown.
    """
    wanted = moltres_options(autogen_context.opts).get("empty_revisions", True)
    context = autogen_context.opts.get("revision_context")
    if context is not None:
        if not isinstance(context.generate_scripts, _Writer):
            context.generate_scripts = _Writer(context)
        context.generate_scripts.leaves_out_empty |= not wanted
    return PriorityDispatchResult.CONTINUE


class _Writer:
    """Writes the scripts of a revision; replaces `generate_scripts`."""

    def __init__(self, context: RevisionContext) -> None:
        self._context: Any = context
        self._generate_scripts = context.generate_scripts
        self.leaves_out_empty = False

    def __call__(self) -> Iterator[Script | None]:
        context = self._context
        answers = moltres_arguments(getattr(context.config.cmd_opts, "x", None))
        if answers or not all(map(is_empty, context.generated_revisions)):
            from .questions.open_questions import refuse_unanswered

            refuse_unanswered(context)
        if self.leaves_out_empty:
            context.generated_revisions = [
                each for each in context.generated_revisions if not is_empty(each)
            ]
            if not context.generated_revisions:
                context.config.print_stdout(NOT_CREATED)
        return self._generate_scripts()
