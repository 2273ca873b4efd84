"""Run a private database server for one test session, as root or not, and leave nothing behind.

Nothing outside the server's own temporary folders is changed, and no system user, `sudo` or `setpriv` is needed:
`subprocess` drops the privileges. It knows nothing of any one server: `postgresql` and `mariadb` do.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NotRequired, TypedDict

PREFIX = "moltres-test-"
ABANDONED_AFTER = 600  # seconds
TMPFS_NEEDED = 1 << 30  # bytes; a container's default of 64 MiB is too little


class ServerUnavailableError(Exception):
    """No server can be used here; the message says how to get one."""


class Credentials(TypedDict):
    """The arguments of `subprocess` that leave root; empty for an ordinary user."""

    user: NotRequired[int]
    group: NotRequired[int]
    extra_groups: NotRequired[list[int]]


def ordinary_user(*names: str) -> Credentials:
    """Return the first of the named users (at last `nobody`) if we are root, who may not run a database server."""
    if os.geteuid() != 0:
        return {}
    for name in (*names, "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise ServerUnavailableError(f"running as root, and there is no user {' or '.join(names)}")


# Loaded now: after the drop of privileges a Python below /root could not import it any more.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """Let the kernel stop the server when a killed pytest cannot (Linux, prctl(2): PR_SET_PDEATHSIG is 1)."""
    if _prctl is not None:
        _prctl(1, signal.SIGQUIT)


def fastest_parent() -> Path:
    """Return a folder in memory where there is room (CREATE DATABASE: 16 ms, not 80 to 280), else the usual one."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK):
        room = os.statvfs(memory)
        if room.f_bavail * room.f_frsize > TMPFS_NEEDED:
            return memory
    return Path(tempfile.gettempdir())


def _remove_abandoned(parent: Path) -> None:
    """Remove the folders of sessions that were killed: old ones whose lock nobody holds, in any pid namespace."""
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # another session's, and alive
            entry = folder.stat()
            if entry.st_uid == os.geteuid() and time.time() - entry.st_mtime > ABANDONED_AFTER:
                with (folder / "lock").open("a") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def locked_folder(parent: Path) -> Iterator[Path]:
    """Make a folder that others may pass through, and remove it at the end."""
    _remove_abandoned(parent)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    try:
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            folder.chmod(0o711)  # what is the server's own lies below, 0700
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Place:
    """Where a private server lives: its own folder, its data, and the user it runs as."""

    own: Path
    data: Path
    credentials: Credentials

    def run(self, command: Sequence[str | Path]) -> None:
        """Run a command as the server's user, with its output in the error if it fails."""
        done = subprocess.run(
            command,
            cwd=self.own,
            env=self._environment(),
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **self.credentials,
        )
        if done.returncode:
            raise ServerUnavailableError(f"{command[0]} failed:\n{done.stdout[-3000:]}")

    @contextlib.contextmanager
    def serve(
        self, command: Sequence[str | Path], is_ready: Callable[[], bool], stop: signal.Signals
    ) -> Iterator[None]:
        """Run a server until the end of the block, which starts when `is_ready` says so; `stop` asks it to end."""
        log_path = self.own.with_name("log")
        with log_path.open("wb") as log, self._spawn(command, log) as process:
            try:
                if not _wait_until(is_ready, process):
                    text = log_path.read_text(errors="replace")
                    raise ServerUnavailableError(f"{command[0]} did not start:\n{text[-3000:]}")
                yield
            finally:
                _end(process, stop)

    def _spawn(self, command: Sequence[str | Path], log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=self.own,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - no threads run yet when a session starts
            **self.credentials,
        )

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "MYSQL"))}
        return kept | {"HOME": str(self.own), "LC_ALL": "C", "TZ": "UTC"}


def _wait_until(is_ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if is_ready():
            return True
        time.sleep(0.01)
    return False


def _end(process: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    process.send_signal(stop)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


@contextlib.contextmanager
def server_place(data_parent: Path, *users: str) -> Iterator[Place]:
    """Make the folders of a private server, owned by the first of `users` there is if we are root."""
    credentials = ordinary_user(*users)
    with (
        locked_folder(Path(tempfile.gettempdir())) as home,  # a socket's path must be short
        locked_folder(data_parent) as top,
    ):
        place = Place(home / "own", top / "data", credentials)
        for folder in (place.own, place.data):
            folder.mkdir(0o700)
            if credentials:
                os.chown(folder, credentials["user"], credentials["group"])
        yield place
