"""The message of `alembic check` about differences: lines of text; `diffs` is for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..operations.value_op import ValueOp
from .operation_rows import script_rows, text_of

if TYPE_CHECKING:
    from alembic.autogenerate.api import RevisionContext

DETECTED: Final = "New upgrade operations detected:"
"""The start of Alembic's own message."""


def check_message(message: str, context: RevisionContext) -> str:
    """Return the message of a check that found differences.

    On Alembic's command line the lines are written first and the message counts them, because it
    is written twice there, to the log and, wrapped as one paragraph, to the terminal. Elsewhere the
    message contains the lines.

    Args:
        message: Alembic's own, returned unchanged if another package compared.
        context: of the comparison.
    """
    scripts = context.generated_revisions
    if not any(_is_ours(each) for script in scripts for each in script.upgrade_ops_list):
        return message
    rows = script_rows(scripts)
    texts = [text for text, _ in text_of(rows)]
    if not hasattr(context.config.cmd_opts, "cmd"):
        return "\n  ".join((DETECTED, *texts))
    context.config.print_stdout("%s", "\n".join(texts))
    count = sum(map(len, rows.values()))
    return f"{DETECTED} {count} {'difference' if count == 1 else 'differences'}, listed above"


def _is_ours(operations: object) -> bool:
    inside = getattr(operations, "ops", ())
    return isinstance(operations, ValueOp) or any(map(_is_ours, inside))
