"""Messages of errors and of the log: one line of printable text, whatever is in it.

Names, comments, SQL and drivers' messages come from outside. A line break in one of them could make
a second, false log message, and control characters act on the terminal.
"""

from __future__ import annotations

import logging


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


def argument_text(given: object) -> str:
    """Return what an argument is, for an error: its `repr`, for SQLAlchemy's the class.

    What another import has shadowed is recognised so, and no address stands in the message.

    >>> import sqlalchemy as sa
    >>> argument_text("a"), argument_text(sa.text("1"))
    ("'a'", "SQLAlchemy's TextClause")
    """
    kind = given if isinstance(given, type) else type(given)
    if kind.__module__.partition(".")[0] == "sqlalchemy":
        return f"SQLAlchemy's {kind.__name__}"
    return repr(given)


class _OneLine(logging.Filter):
    """Makes one line of each message; a message that is one already stays as it is."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if not message.isprintable():
            record.msg, record.args = one_line(message), None
        return True


_ONE_LINE = _OneLine()


def get_logger(name: str) -> logging.Logger:
    """Return a logger whose every message is one line; every module gets its logger here.

    >>> get_logger("alembic_moltres.doctest").name
    'alembic_moltres.doctest'
    """
    logger = logging.getLogger(name)
    logger.addFilter(_ONE_LINE)
    return logger
