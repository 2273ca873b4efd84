"""A question as a value, and the `-x` arguments that answer it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from ...messages import one_line
from ...options import KEY

RENAME: Final = "rename"
FILL: Final = "fill"
LABEL: Final = "label"
USING: Final = "using"
NONE: Final = "none"
"""The answer `none`, for all questions of a kind without another answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A possible answer.

    Attributes:
        value: the value of `-x moltres.rename=`.
        label: the text at the terminal.
    """

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one change.

    Attributes:
        kind: the name of its `-x moltres.NAME`.
        subject: what it is about, as `-x` names it.
        choices: the possible answers, the likeliest first.
        text: the question.
        stops: if it is open, stock `alembic` writes no script either.
        is_free: another value may be typed; the choice is an example.
    """

    kind: str
    subject: str
    choices: tuple[Choice, ...]
    text: str
    stops: bool = False
    is_free: bool = False

    def lines(self) -> list[str]:
        r"""Return the question, and the `-x` for each of its answers.

        >>> choice = Choice("users.mail:email", "users.email")
        >>> print(*Question("rename", "users.mail", (choice,), "users.mail?").lines(), sep="\n")
        users.mail?
            -x moltres.rename=users.mail:email
        """
        answers = (shell_argument(self.kind, each.value) for each in self.choices)
        return [one_line(self.text), *(f"    {one_line(each)}" for each in answers)]


def shell_argument(kind: str, value: str) -> str:
    """Return an answer as a shell argument."""
    return f"-x {shlex.quote(f'{KEY}.{kind}={value}')}"


def question_lines(questions: Iterable[Question]) -> list[str]:
    """Return the lines of open questions, and those that answer all of a kind with no."""
    lines: list[str] = []
    for kind, group in groupby(dict.fromkeys(questions), key=lambda each: each.kind):
        same = list(group)
        lines += [line for each in same for line in each.lines()]
        lines += ["to answer no to the others:"] if len(same) > 1 else []
        lines.append(f"    {shell_argument(kind, NONE)}")
    return lines
