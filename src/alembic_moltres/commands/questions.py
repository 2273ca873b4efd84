"""Asks the user at the terminal what the models cannot say; without a terminal it does not wait."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from alembic.config import Config

from ..errors import UnansweredError
from ..messages import one_line

if TYPE_CHECKING:
    from alembic.autogenerate.api import RevisionContext

    from ..autogenerate.questions.question import Question
    from ..autogenerate.questions.questioner import Ask

YES = {"y", "yes"}


def asker(config: Config) -> Ask | None:
    """Return the function that asks at the terminal; `None` without a terminal.

    Both standard input and output must be a terminal, and the variable `CI` unset or empty.
    """
    if os.environ.get("CI") or not (_is_terminal(sys.stdin) and _is_terminal(config.stdout)):
        return None
    return ask


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def ask(question: Question) -> str | None:
    """Ask until the answer is valid; return its value, `None` for "no".

    Raises:
        UnansweredError: the input has ended, or is interrupted.
    """
    if question.is_free:
        return _ask_value(question)
    if len(question.choices) == 1:
        marks, hint = dict.fromkeys(YES, 0), "[y/N]"
    else:
        marks = {str(at): at - 1 for at in range(1, len(question.choices) + 1)}
        hint = f"[{'/'.join(marks)}/N]"
        for mark, at in marks.items():
            _write(f"  {mark}  {question.choices[at].label}\n")
    while True:
        answer = _answer(f"{question.text} {hint} ").lower()
        if answer in marks:
            return question.choices[marks[answer]].value
        if answer in {"", "n", "no"}:
            return None


def _ask_value(question: Question) -> str | None:
    (example,) = question.choices
    typed = _answer(f"{question.text} [{example.label}, ...; empty: they stay as they are] ")
    return f"{question.subject}:{typed}" if typed else None


def _answer(prompt: str) -> str:
    """Return the line that is typed.

    Raises:
        UnansweredError: the input has ended, or is interrupted.
    """
    try:
        _write(prompt)
        typed = sys.stdin.readline()
    except KeyboardInterrupt:
        typed = ""
    if not typed:
        _write("\n")
        raise UnansweredError("no answer, so nothing was written; answer, or pass -x")
    return typed.strip()


def _write(text: str) -> None:
    end = "\n" if text.endswith("\n") else ""
    sys.stdout.write(one_line(text.removesuffix("\n")) + end)
    sys.stdout.flush()


def refuse_open(revision_context: RevisionContext) -> None:
    """Write the `-x` arguments for open questions to stderr, and raise.

    Raises:
        UnansweredError: a question is open.
        OptionError: an answer matches nothing.
    """
    from ..autogenerate.questions.open_questions import refuse_unanswered

    try:
        refuse_unanswered(revision_context)
    except UnansweredError as err:
        lines = err.subject if isinstance(err.subject, list) else []
        sys.stderr.writelines(f"{line}\n" for line in lines)
        raise UnansweredError(err.args[0]) from err
