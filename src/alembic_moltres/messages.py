"""Messages of errors and of the log: one line of printable text, whatever is in it.

Names, comments, SQL and drivers' messages come from outside. A line break in one of them could make
a second, false log message, and control characters act on the terminal.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from traceback import walk_tb
from typing import Final


def one_line(text: object) -> str:
    r"""Return a text with everything that is not printable escaped, as `repr` escapes it.

    Line breaks of every kind (`str.splitlines` knows ten), NUL, lone surrogates, and what turns the
    direction of writing are not printable. Quotes and backslashes stay as they are.

    >>> print(one_line("a name\n\x0cwith 'breaks', \u202e and é"))
    a name\n\x0cwith 'breaks', \u202e and é
    """
    written = str(text)
    if written.isprintable():
        return written
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in written)


def first_line(err: BaseException) -> str:
    r"""Return the first line of an error's message; empty if it has none.

    >>> first_line(ValueError("not a number\n[SQL: SELECT 1]")), first_line(ValueError())
    ('not a number', '')
    """
    return next(iter(str(err).strip().splitlines()), "")


LONGEST: Final = 80
"""The letters of an argument that an error shows."""


def shortened(text: str, length: int) -> str:
    """Return a text, its end replaced by dots if it is longer than `length`.

    >>> shortened("a long text", 6), shortened("a text", 6)
    ('a long...', 'a text')
    """
    return text if len(text) <= length else f"{text[:length]}..."


def short_statement(statement: str, length: int = 100) -> str:
    r"""Return a statement on one line, shortened if it is long.

    >>> short_statement("ALTER TABLE users\n    ADD name TEXT", 20)
    'ALTER TABLE users AD...'
    """
    return shortened(one_line(" ".join(statement.split())), length)


def argument_text(given: object) -> str:
    """Return an argument's text for an error: its `repr`, or the class of a SQLAlchemy object.

    A long one, such as a whole table, is cut.

    "SQLAlchemy's" shows a shadowed import, and the message has no memory address.

    >>> import sqlalchemy as sa
    >>> argument_text("a"), argument_text(sa.text("1"))
    ("'a'", "SQLAlchemy's TextClause")
    """
    kind = given if isinstance(given, type) else type(given)
    if kind.__module__.partition(".")[0] == "sqlalchemy":
        return f"SQLAlchemy's {kind.__name__}"
    return shortened(re.sub(r" at 0x[0-9a-fA-F]+", "", repr(given)), LONGEST)


def project_line(err: BaseException) -> str:
    """Return `file:line` of the project's innermost line: not ours, nor an installed package's.

    >>> project_line(ValueError("raised nowhere"))
    ''
    """
    lines = [(frame.f_code.co_filename, line) for frame, line in walk_tb(err.__traceback__)]
    own = [(file, line) for file, line in lines if _is_projects(Path(file))]
    return "{}:{}".format(*own[-1]) if own else ""


def _is_projects(path: Path) -> bool:
    foreign = {"site-packages", "dist-packages", __name__.partition(".")[0]}
    installed = path.is_relative_to(sys.base_prefix) or path.is_relative_to(sys.prefix)
    return path.is_file() and not installed and foreign.isdisjoint(path.parts)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `"; did you mean 'x'?"` for the nearest known name, or an empty string.

    >>> did_you_mean("VARCHR", ["VARCHAR", "INTEGER"])
    "; did you mean 'VARCHAR'?"
    >>> did_you_mean("geometry", ["VARCHAR"])
    ''
    """
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


COMPARISON_LOGGER: Final = "alembic.autogenerate.alembic_moltres"
RUN_LOGGER: Final = "alembic.runtime.migration.alembic_moltres"
"""Loggers below `alembic`, whose messages every project's alembic.ini shows."""


class _OneLine(logging.Filter):
    """Makes one line of each message."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if not message.isprintable():
            record.msg, record.args = one_line(message), None
        return True


_ONE_LINE = _OneLine()


def get_logger(name: str) -> logging.Logger:
    """Return a logger that writes each message on one line; every module gets its logger here.

    >>> get_logger("alembic_moltres.doctest").name
    'alembic_moltres.doctest'
    """
    logger = logging.getLogger(name)
    logger.addFilter(_ONE_LINE)
    return logger
