"""A virtual environment for each application, made once and kept in `.venv-corpus/`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from threading import Lock

from benchmarks.corpus.applications import Application

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ROOT / ".venv-corpus"
BESIDE = ("psycopg[binary]>=3.2", "PyMySQL>=1.1")
INSTALL_SECONDS = 900
_LOCKS: defaultdict[str, Lock] = defaultdict(Lock)


class InstallError(Exception):
    """An application cannot be installed here; the message is pip's."""


def python_of(application: Application) -> Path:
    """Return the interpreter of an application, installing it where that has not been done.

    Raises:
        InstallError: pip says no.
    """
    with _LOCKS[application.environment]:  # two applications may share one
        return _installed(application)


def _installed(application: Application) -> Path:
    folder = ENVIRONMENTS / application.environment
    python, done = folder / "bin" / "python", folder / "installed.json"
    wanted = [*application.requires, "--no-deps", *application.alone]
    if not done.exists() or json.loads(done.read_text()) != wanted:
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        ours = ["--editable", str(ROOT), *BESIDE]
        _run([*_pip(python), *ours, *application.requires])
        if application.alone:
            _run([*_pip(python), "--no-deps", *application.alone])
        done.write_text(json.dumps(wanted))
    return python


def version_of(python: Path, distribution: str) -> str:
    """Return the version of an installed distribution."""
    code = "import sys, importlib.metadata as m; print(m.version(sys.argv[1]))"
    return _run([str(python), "-c", code, distribution]).strip()


def _pip(python: Path) -> list[str]:
    quiet = ("--quiet", "--disable-pip-version-check", "--prefer-binary")
    return [str(python), "-m", "pip", "install", *quiet]


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - pip, with the list of this folder
            command, check=False, capture_output=True, text=True, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired as err:
        raise InstallError(f"{' '.join(command)} took more than {INSTALL_SECONDS} s") from err
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if not line.startswith("WARNING")]
        raise InstallError(" ".join(lines[-3:]))
    return done.stdout
