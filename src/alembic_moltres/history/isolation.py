"""Keeps a replayed script from touching anything outside: files, sockets, processes, databases.

Python reports each of these to audit hooks (PEP 578), and SQLAlchemy an engine that connects.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NoReturn

from sqlalchemy import event
from sqlalchemy.engine import Engine

from ..errors import HistoryError
from .standin import StandIn

FORBIDDEN = {
    "socket.connect": "opens a socket",
    "socket.bind": "opens a socket",
    "socket.getaddrinfo": "asks for the address of a host",
    "subprocess.Popen": "starts a process",
    "os.system": "starts a process",
    "os.exec": "starts a process",
    "os.fork": "starts a process",
    "os.posix_spawn": "starts a process",
    "os.spawn": "starts a process",
    "os.remove": "removes a file",
    "os.rename": "renames a file",
    "os.rmdir": "removes a folder",
    "os.mkdir": "makes a folder",
    "os.truncate": "changes a file",
    "os.link": "makes a file",
    "os.symlink": "makes a file",
    "shutil.rmtree": "removes a folder",
    "sqlite3.connect": "connects to a database",
    "smtplib.connect": "sends mail",
    "urllib.Request": "asks a server",
}
"""What a script must not do while it is replayed, by the audit event that reports it."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class OutsideError(HistoryError):
    """A replayed script accesses something outside the process; the message says what."""


_isolated: ContextVar[list[OutsideError] | None] = ContextVar("isolated", default=None)
"""The forbidden actions so far; `None` while everything is allowed."""


@contextmanager
def isolated() -> Iterator[None]:
    """Raise in the block for each forbidden action.

    Raises:
        OutsideError: at the action, so that the traceback has the script's line; and again at the
            end, if the script has caught it.
    """
    _install()
    reached: list[OutsideError] = []
    token = _isolated.set(reached)
    try:
        yield
    finally:
        _isolated.reset(token)
    if reached:
        raise reached[0]


@contextmanager
def unisolated() -> Iterator[None]:
    """Allow everything in the block, for our own code."""
    token = _isolated.set(None)
    try:
        yield
    finally:
        _isolated.reset(token)


@cache
def _install() -> None:
    """Install the hooks once: an audit hook cannot be removed."""
    sys.addaudithook(_audit)
    event.listen(Engine, "do_connect", _connects)


def _audit(name: str, args: tuple[Any, ...]) -> None:
    if name == "open":
        if _isolated.get() is not None and _writes(args):
            _refuse(f"writes the file {os.fspath(args[0])!r}")
    elif name in FORBIDDEN and _isolated.get() is not None and not _is_bytecode(args):
        _refuse(FORBIDDEN[name])


def _writes(args: tuple[Any, ...]) -> bool:
    path, mode, flags = args
    if isinstance(path, int) or str(path) == os.devnull or _is_bytecode(args):
        return False
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITING)


def _is_bytecode(args: tuple[Any, ...]) -> bool:
    """Does Python write its bytecode cache? It makes a folder, writes, and renames."""
    return bool(args) and "__pycache__" in str(args[0])


def _connects(dialect: object, record: object, args: object, kwargs: object) -> None:
    if not isinstance(dialect, StandIn):
        refuse_engine()


def refuse_engine() -> None:
    """Refuse a connection of an engine.

    Raises:
        OutsideError: a script is being replayed.
    """
    if _isolated.get() is not None:
        _refuse("connects to a database by an engine of its own")


def _refuse(action: str) -> NoReturn:
    err = OutsideError(f"it {action}")
    reached = _isolated.get()
    if reached is not None:
        reached.append(err)
    raise err
