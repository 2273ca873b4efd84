"""Keeps a replayed script from touching anything outside: files, sockets, processes, databases.

Python tells an audit hook of each of these (PEP 578); an engine that connects tells SQLAlchemy.
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
"""What a script must not do while it is replayed, by the audit event that tells of it."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class OutsideError(HistoryError):
    """A replayed script has reached for something outside."""


_isolated: ContextVar[list[OutsideError] | None] = ContextVar("isolated", default=None)
"""What has been reached for so far; `None` where anything may be."""


@contextmanager
def isolated() -> Iterator[None]:
    """Raise inside for whatever is reached for outside.

    Raises:
        OutsideError: where it happens, so that the traceback has the script's line; at the end
            once more, if the script has caught it.
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
    """Let what is our own reach outside inside."""
    token = _isolated.set(None)
    try:
        yield
    finally:
        _isolated.reset(token)


@cache
def _install() -> None:
    """Install the hooks, once: an audit hook stays as long as the process."""
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
    """Is it Python that keeps what it has compiled? It makes a folder, writes, and renames."""
    return bool(args) and "__pycache__" in str(args[0])


def _connects(dialect: object, record: object, args: object, kwargs: object) -> None:
    if not isinstance(dialect, StandIn):
        refuse_engine()


def refuse_engine() -> None:
    """Raise where an engine must not connect.

    Raises:
        OutsideError: a script is being replayed.
    """
    if _isolated.get() is not None:
        _refuse("connects to a database by an engine of its own")


def _refuse(action: str) -> NoReturn:
    err = OutsideError(f"a script {action} while it is replayed; leave that to the application")
    reached = _isolated.get()
    if reached is not None:
        reached.append(err)
    raise err
