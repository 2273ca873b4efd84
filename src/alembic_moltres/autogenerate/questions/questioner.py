"""The questions and answers of one command, which may compare several databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakKeyDictionary

from ...errors import OptionError
from ...options import moltres_options
from .answers import Answers
from .names import parse_name, split
from .question import Choice, Question

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext, RevisionContext

Ask: TypeAlias = Callable[[Question], str | None]
"""Asks the user; returns the value of the answer, `None` for "no"."""


@dataclass(eq=False, slots=True)
class Questioner:
    """The questions and answers of one command.

    Attributes:
        answers: given with `-x`.
        ask: asks the user at the terminal; `None` without a terminal.
        strict: every open question stops the command, not only that of a rename.
        asked: all questions, to help with an answer that matches none.
    """

    answers: Answers = field(default_factory=Answers)
    ask: Ask | None = None
    strict: bool = False
    asked: list[Question] = field(default_factory=list)

    def choose(self, question: Question) -> tuple[Choice | None, bool]:
        """Return the chosen answer, `None` for "no", and whether the question is answered."""
        self.asked.append(question)
        if question.kind in self.answers.none:
            return None, True
        if self.ask is None:
            return None, False
        value = self.ask(question)
        return next((each for each in question.choices if each.value == value), None), True

    def value(self, question: Question) -> tuple[str | None, bool]:
        """Return the value of the answer, `None` for none, and whether there is an answer.

        Raises:
            OptionError: it is not one of the possible values.
        """
        self.asked.append(question)
        given = self.answers.values.get((question.kind, parse_name(question.subject)))
        if given is None and question.kind in self.answers.none:
            return None, True
        if given is None and self.ask is not None:
            typed = self.ask(question)
            return (None if typed is None else _after_name(typed)), True
        if given is None:
            return None, False
        self.answers.used.add(f"{question.kind} {question.subject}")
        if question.is_free:
            return given, True
        (label,) = parse_name(given) if len(parse_name(given)) == 1 else (given,)
        if label not in {each.label for each in question.choices}:
            listed = ", ".join(each.label for each in question.choices)
            raise OptionError(
                f"-x moltres.{question.kind}={question.subject}:{given} names nothing that is "
                f"added or kept; write one of {listed}",
                given,
            )
        return label, True


def _after_name(value: str) -> str:
    """Return the part of an answer after the name."""
    return value[len(split(value, ":")[0]) + 1 :]


_questioners: WeakKeyDictionary[RevisionContext, Questioner] = WeakKeyDictionary()


def attach_questioner(revision_context: RevisionContext, ask: Ask | None) -> None:
    """Let the comparisons of a command ask the user, and accept no open question.

    Args:
        revision_context: of the command.
        ask: `None` without a terminal.
    """
    _questioners[revision_context] = Questioner(_answers(revision_context), ask, strict=True)


def questioner_of(autogen_context: AutogenContext) -> Questioner | None:
    """Return the questions and answers so far; `None` if no script will be written."""
    revision_context = autogen_context.opts.get("revision_context")
    if revision_context is None:
        return None
    if revision_context not in _questioners:
        _questioners[revision_context] = Questioner(_answers(revision_context))
    return _questioners[revision_context]


def attached_questioner(revision_context: RevisionContext) -> Questioner:
    """Return the questions and answers of a command that has compared."""
    return _questioners.get(revision_context) or Questioner(_answers(revision_context))


def _answers(revision_context: RevisionContext) -> Answers:
    given = revision_context.config.cmd_opts
    return Answers.of(getattr(given, "x", None) or ())


def are_questions_enabled(autogen_context: AutogenContext) -> bool:
    """Tell whether the environment enables questions."""
    return bool(moltres_options(autogen_context.opts).get("questions", True))
