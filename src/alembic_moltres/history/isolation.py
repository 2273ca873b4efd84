"""Keeps a replayed script from accessing files, sockets, processes and databases.

Python reports these to audit hooks (PEP 578), and SQLAlchemy reports connecting engines; drivers
are guarded.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, wraps
from pathlib import Path
from types import FrameType
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.engine import Engine

from ..errors import HistoryError
from .drivers import guard_drivers
from .stand_in.engine import StandIn

FORBIDDEN = {
    "socket.connect": "opens a socket",
    "socket.bind": "opens a socket",
    "socket.sendto": "opens a socket",
    "socket.sendmsg": "opens a socket",
    "socket.getaddrinfo": "looks up a host",
    "socket.gethostbyname": "looks up a host",
    "socket.gethostbyaddr": "looks up a host",
    "subprocess.Popen": "starts a process",
    "os.system": "starts a process",
    "os.exec": "starts a process",
    "os.fork": "starts a process",
    "os.forkpty": "starts a process",
    "os.posix_spawn": "starts a process",
    "os.spawn": "starts a process",
    "os.kill": "sends a signal to a process",
    "os.killpg": "sends a signal to a process",
    "os.remove": "removes a file",
    "os.rename": "renames a file",
    "os.rmdir": "removes a folder",
    "os.mkdir": "creates a folder",
    "os.truncate": "changes a file",
    "os.chmod": "changes a file",
    "os.chown": "changes a file",
    "os.utime": "changes a file",
    "os.setxattr": "changes a file",
    "os.removexattr": "changes a file",
    "os.link": "creates a file",
    "os.symlink": "creates a file",
    "shutil.rmtree": "removes a folder",
    "sqlite3.connect": "connects to a database",
    "smtplib.connect": "sends mail",
    "urllib.Request": "sends a request",
}
"""Forbidden actions of a replayed script, by audit event."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class OutsideError(HistoryError):
    """A replayed script accesses something outside the process.

    Attributes:
        lines: the files and lines of the call stack, innermost first.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.lines = tuple(_lines())


@dataclass(frozen=True, slots=True)
class _Isolation:
    """The forbidden actions, and those that were tried.

    Attributes:
        imports: folders of scripts; imports from elsewhere are not isolated.
        reached: the forbidden actions tried so far.
    """

    imports: tuple[str, ...] | None
    reached: list[OutsideError] = field(default_factory=list)

    def allows(self) -> bool:
        """Tell whether a module outside the folders is being imported; Alembic imports it too."""
        if self.imports is None:
            return False
        running: FrameType | None = sys._getframe(1)  # noqa: SLF001 - documented
        while running is not None and running.f_code.co_name != "<module>":
            running = running.f_back
        if running is None:
            return False
        file = os.path.realpath(running.f_code.co_filename)
        return not any(file.startswith(folder) for folder in self.imports)


_isolation: ContextVar[_Isolation | None] = ContextVar("isolation", default=None)
"""The current isolation; `None` if everything is allowed."""

_threads: WeakKeyDictionary[threading.Thread, _Isolation] = WeakKeyDictionary()
"""The isolation of the threads that a script started: they do not inherit context variables."""


@contextmanager
def isolated(imports: Iterable[str | Path] | None = None) -> Iterator[None]:
    """Raise in the block for each forbidden action.

    Args:
        imports: folders of scripts that are loaded in the block; other modules may act while these
            import them, since Alembic's commands load the scripts too.

    Raises:
        OutsideError: at the action; again at the end, if the script caught it.
    """
    _install()
    guard_drivers(_refuse_driver)
    folders = None if imports is None else tuple(os.path.realpath(each) for each in imports)
    isolation = _Isolation(folders)
    token = _isolation.set(isolation)
    try:
        yield
    finally:
        _isolation.reset(token)
    if isolation.reached:
        raise isolation.reached[0]


@contextmanager
def unisolated() -> Iterator[None]:
    """Allow everything in the block, for our code."""
    token = _isolation.set(None)
    try:
        yield
    finally:
        _isolation.reset(token)


@cache
def _install() -> None:
    """Install the hooks once: an audit hook cannot be removed.

    Python 3.11 reports no start of a thread.
    """
    sys.addaudithook(_audit)
    threading.Thread.start = _isolating(threading.Thread.start)  # type: ignore[method-assign, assignment]
    event.listen(Engine, "do_connect", _connects)


def _audit(name: str, args: tuple[Any, ...]) -> None:
    if name == "open":
        if _current() is not None and _writes(args):
            _refuse(f"writes the file {os.fspath(args[0])!r}")
    elif name in FORBIDDEN and _current() is not None and not _is_bytecode(args):
        _refuse(FORBIDDEN[name])


def _isolating(start: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
    """Return `Thread.start`, for threads that are isolated as the one that starts them."""

    @wraps(start)
    def start_isolated(thread: threading.Thread) -> None:
        if (isolation := _current()) is not None:
            _threads[thread] = isolation
            thread.run = _ending_quietly(thread.run)  # type: ignore[method-assign]
        start(thread)

    return start_isolated


def _ending_quietly(run: Callable[[], None]) -> Callable[[], None]:
    """Return what a thread runs, ended by a forbidden action without Python's traceback.

    `isolated` raises the error at its end.
    """

    @wraps(run)
    def run_isolated() -> None:
        with suppress(OutsideError):
            run()

    return run_isolated


def _current() -> _Isolation | None:
    isolation = _isolation.get()
    if isolation is None and _threads:
        return _threads.get(threading.current_thread())
    return isolation


def _writes(args: tuple[Any, ...]) -> bool:
    path, mode, flags = args
    if isinstance(path, int) or str(path) == os.devnull or _is_bytecode(args):
        return False
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITING)


def _is_bytecode(args: tuple[Any, ...]) -> bool:
    """Tell whether Python is writing its bytecode cache: it creates a folder, writes, renames."""
    return bool(args) and "__pycache__" in str(args[0])


def _connects(dialect: object, record: object, args: object, kwargs: object) -> None:
    if not isinstance(dialect, StandIn):
        refuse_engine()


def _refuse_driver() -> None:
    _refuse("connects to a database with its driver")


def refuse_engine() -> None:
    """Refuse the connection of an engine.

    Raises:
        OutsideError: a script is being replayed.
    """
    _refuse("connects to a database with its own engine")


def _refuse(action: str) -> None:
    isolation = _current()
    if isolation is None or isolation.allows():
        return
    err = OutsideError(f"it {action}")
    isolation.reached.append(err)
    raise err


def _lines() -> Iterator[tuple[str, int]]:
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - documented
    while frame is not None:
        yield frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
