"""The command of this process, with the answers to open questions where Alembic reads them."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .names import parse_name, split
from .question import NONE, RENAME, Choice, Question, shell_argument

if TYPE_CHECKING:
    from alembic.config import Config

PROGRAMS: Final = frozenset({"alembic", "alembic-moltres"})
PASSWORD: Final = re.compile(r"(?<=://)([^:/@\s]*):[^@/\s]+@")


def whole_command(config: Config, questions: Iterable[Question]) -> str | None:
    """Return the command with the first answer to each question.

    Answers stand before the command's name: behind it `argparse` refuses `-x`. Passwords are
    hidden.

    Args:
        config: of the command; a program such as Flask-Migrate takes its own arguments.
        questions: those that are open.

    Returns:
        `None` if the process is not `alembic` or `alembic-moltres`.
    """
    typed = _typed(config, sys.orig_argv)
    if typed is None:
        return None
    program, options, arguments = typed
    answers = (shell_argument(kind, value) for kind, value in first_answers(questions))
    return " ".join([program, *_quoted(options), *answers, *_quoted(arguments)])


def _typed(config: Config, words: Sequence[str]) -> tuple[str, list[str], list[str]] | None:
    """Return the program as a user types it, and its arguments before and from the command."""
    command = getattr(config.cmd_opts, "cmd", None)
    if not command:
        return None
    for at, word in enumerate(words[1:], start=1):
        arguments = list(words[at + 1 :])
        if word == "-m" and arguments and arguments[0] in PROGRAMS:
            program = f"{Path(words[0]).name} -m {arguments.pop(0)}"
        elif Path(word).stem in PROGRAMS:
            program = Path(word).stem
        else:
            continue
        for behind, each in enumerate(arguments):
            if each == command[0].__name__ and arguments[behind - 1 : behind] != ["-n"]:
                return program, arguments[:behind], arguments[behind:]
    return None


def _quoted(arguments: Iterable[str]) -> list[str]:
    return [shlex.quote(PASSWORD.sub(r"\1:***@", each)) for each in arguments]


def first_answers(questions: Iterable[Question]) -> list[tuple[str, str]]:
    """Return the first answer to each question that no other answer excludes, by its kind.

    >>> both = Choice("t.a:c", "t.c")
    >>> first_answers(
    ...     [
    ...         Question(RENAME, "t.a", (both,), ""),
    ...         Question(RENAME, "t.b", (Choice("t.b:c", ""),), ""),
    ...     ]
    ... )
    [('rename', 't.a:c'), ('rename', 'none')]
    """
    answers: dict[tuple[str, str], None] = {}
    taken: set[tuple[str, ...]] = set()
    for each in dict.fromkeys(questions):
        free = (choice for choice in each.choices if taken.isdisjoint(_new_names(each, choice)))
        choice = next(free, None)
        answers[each.kind, NONE if choice is None else choice.value] = None
        if choice is not None:
            taken.update(_new_names(each, choice))
    return list(answers)


def _new_names(question: Question, choice: Choice) -> list[tuple[str, ...]]:
    """Return what a choice gives a name to, which no other can have."""
    if question.kind != RENAME:
        return []
    renames = (split(each, ":") for each in split(choice.value, ","))
    return [(*parse_name(old)[:-1], *parse_name(new)) for old, new in renames]
