"""The open questions of a script, which is then not written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...errors import OptionError, UnansweredError
from .question import Question, question_lines, shell_argument
from .questioner import attached_questioner
from .whole_command import whole_command

if TYPE_CHECKING:
    from alembic.autogenerate.api import RevisionContext


def refuse_unanswered(revision_context: RevisionContext) -> None:
    """Raise if an answer matches nothing, or a question has none.

    Args:
        revision_context: of the command that writes a script.

    Raises:
        UnansweredError: an operation has an open question.
        OptionError: an answer matches nothing.
    """
    questioner = attached_questioner(revision_context)
    unused = questioner.answers.unused()
    if unused:
        possible = dict.fromkeys(
            shell_argument(each.kind, choice.value)
            for each in questioner.asked
            for choice in each.choices
        )
        remedy = f"write one of: {', '.join(possible)}" if possible else "leave it out"
        raise OptionError(f"{unused[0]} matches no difference; {remedy}", unused)
    questions = dict.fromkeys(open_questions(revision_context))
    open_ = [each for each in questions if questioner.strict or each.stops]
    if open_:
        count = "a question is" if len(open_) == 1 else f"{len(open_)} questions are"
        raise UnansweredError(
            f"{count} open, and nothing was written; pass answers before the command's name",
            [*question_lines(open_), *_whole_command(revision_context, open_)],
        )


def _whole_command(revision_context: RevisionContext, open_: list[Question]) -> list[str]:
    line = whole_command(revision_context.config, open_)
    return [] if line is None else ["with the first answer to each:", f"    {line}"]


def open_questions(revision_context: RevisionContext) -> Iterator[Question]:
    """Yield the open questions about the operations of a command."""
    for script in revision_context.generated_revisions:
        for upgrade in script.upgrade_ops_list:
            yield from _of(upgrade)


def _of(operation: Any) -> Iterator[Question]:
    yield from getattr(operation, "questions", ())
    for each in getattr(operation, "ops", ()):
        yield from _of(each)
