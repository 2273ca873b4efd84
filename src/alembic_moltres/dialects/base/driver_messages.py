"""What an error of a database driver contains: the code, and the message with its names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from .impl_protocol import ImplProtocol

QUOTED = re.compile(r"""(?<!\w)(["'`])(.+?)\1|(?:\w: |named )([^\s:"'`]+)$""")
"""A name in a message, in quotes or at its end."""
NUMBERED = re.compile(r"^\d+ \(\w{5}\): ")
"""The number and the SQLSTATE that mysql-connector has before the message."""


def driver_code(orig: BaseException | None, impl: ImplProtocol) -> str | None:
    """Return the number, SQLSTATE or name of a driver's error."""
    return _code(orig) or getattr(orig, impl.features.error_name, None)


def error_code(err: DBAPIError) -> str | None:
    """Return the database's number of an error, or its SQLSTATE."""
    return _code(err.orig)


def _code(orig: BaseException | None) -> str | None:
    first = orig.args[0] if orig is not None and orig.args else None
    if isinstance(first, int):
        return str(first)
    if isinstance(first, dict):  # pg8000: the fields of PostgreSQL's protocol
        return first.get("C")
    number = getattr(orig, "errno", None)
    if isinstance(number, int):  # MariaDB Connector/Python, whose arguments are the message
        return str(number)
    for attribute in ("sqlstate", "pgcode"):
        code = getattr(orig, attribute, None)
        if isinstance(code, str):
            return code
    return None


def database_message(err: DBAPIError) -> str:
    """Return the message of the database, on one line."""
    orig = err.orig
    diagnosis = getattr(orig, "diag", None)
    primary = getattr(diagnosis, "message_primary", None)
    if primary:
        return _with_detail(primary, getattr(diagnosis, "message_detail", None))
    arguments: tuple[object, ...] = getattr(orig, "args", ())
    if len(arguments) > 1 and isinstance(arguments[0], int):
        told = " ".join(str(arguments[1]).split())  # MariaDB quotes the statement's own lines
        return NUMBERED.sub("", told)
    if arguments and isinstance(arguments[0], dict) and "M" in arguments[0]:  # pg8000
        return _with_detail(arguments[0]["M"], arguments[0].get("D"))
    first_line = str(orig).partition("\n")[0]
    told = first_line.partition("'>: ")[2] or first_line  # asyncpg's class stands before it
    return _with_detail(told, getattr(getattr(orig, "__cause__", None), "detail", None))


def _with_detail(message: object, detail: object) -> str:
    return f"{message} ({detail})" if detail else str(message)


def names_in(message: str) -> list[str]:
    """Return the names in a message, without their schemas.

    >>> names_in("Table 'shop.usrs' doesn't exist"), names_in("no such column: t.nme")
    (['usrs'], ['nme'])
    """
    names = [quoted or last for _, quoted, last in QUOTED.findall(message)]
    return [name.rpartition(".")[2] for name in names]
