"""A new Alembic environment for one application on one database, driven by commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import alembic

from benchmarks.corpus.applications import Application
from benchmarks.corpus.environments import ROOT

INSIDE = Path(__file__).with_name("inside")
SOURCE = ROOT / "src"  # of this checkout, whichever one the environment was installed from
PLUGIN = 'autogenerate_plugins=["alembic.autogenerate.*", "alembic_moltres"],'
# ours compares server defaults without being told
WITHOUT = 'autogenerate_plugins=["alembic.autogenerate.*"], compare_server_default=True,'
COMMAND_SECONDS = 300
# in `upgrade` and `downgrade` nobody needs the models, and `alone.py` would refuse them
METADATA = """try:
    from corpus_models import target_metadata
except ModuleNotFoundError as err:
    if err.name != "corpus_models":
        raise
    target_metadata = None
"""
LAST_WORDS = re.compile(r"(?:\S*FAILED: |[\w.]*(?:Error|Exception|Failed|Violation)\b.*:)")


class CommandFailed(Exception):  # noqa: N818 - it is a result, as CalledProcessError is
    """A command ended with an error or took too long; the message is its last words.

    Args:
        message: the last words.
        output: all that it wrote.
    """

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output


@dataclass(frozen=True, slots=True)
class Project:
    """The environment: a folder, the application's interpreter, and whether our plugin is on."""

    folder: Path
    python: Path
    application: Application
    url: str
    ours: bool

    def create(self) -> None:
        """Copy what `alembic init` writes and change env.py as a user does."""
        shutil.copytree(template(), self.folder)
        models = self.folder / "corpus_models.py"
        models.write_text(self.application.models, encoding="utf-8")
        ini = self.folder / "alembic.ini"
        url = f"sqlalchemy.url = {self.url.replace('%', '%%')}"
        text = re.sub(r"^sqlalchemy\.url = .*$", lambda _: url, ini.read_text(), flags=re.MULTILINE)
        ini.write_text(text, encoding="utf-8")
        env = self.folder / "migrations" / "env.py"
        more = f"{PLUGIN if self.ours else WITHOUT} {self.application.configure}"
        text = env.read_text().replace("target_metadata = None\n", METADATA)
        given = "target_metadata=target_metadata"
        env.write_text(re.sub(rf"{given},?", f"{given}, {more}", text), encoding="utf-8")

    def alembic(self, *arguments: str, alone: bool) -> str:
        """Run an `alembic` command and return what it logs.

        Args:
            arguments: the command and its options.
            alone: run it where the application cannot be imported.

        Raises:
            CommandFailed: it fails.
        """
        launch = [str(INSIDE / "alone.py"), "alembic.config"] if alone else ["-m", "alembic"]
        return self.run(*launch, *arguments)

    def drift(self, *, alone: bool) -> str:
        """Run `alembic-moltres drift` and return what it writes.

        Args:
            alone: run it where the application cannot be imported.

        Raises:
            CommandFailed: the database is not what its scripts say, or a table is uncertain.
        """
        launch = [str(INSIDE / "alone.py")] if alone else ["-m"]
        return self.run(*launch, "alembic_moltres.commands.command_line", "drift")

    def script(self) -> Path:
        """Return the one script."""
        (script,) = (self.folder / "migrations" / "versions").glob("*.py")
        return script

    def run(self, *arguments: str) -> str:
        """Run the application's Python and return what it writes.

        Raises:
            CommandFailed: it fails.
        """
        command = [str(self.python), "-W", "ignore", *arguments]
        path = os.pathsep.join([str(self.folder), str(SOURCE)])
        environment = os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(  # noqa: S603 - the interpreters of this folder
                command,
                cwd=self.folder,
                env=environment,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=COMMAND_SECONDS,
            )
        except subprocess.TimeoutExpired as err:
            raise CommandFailed(f"took more than {COMMAND_SECONDS} s") from err
        with (self.folder / "log.txt").open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n{done.stdout}\n")
        if done.returncode:
            raise CommandFailed(last_words(done.stdout), done.stdout)
        return done.stdout


def template() -> Path:
    """Return a folder where `alembic init` has been run, once for this version of Alembic."""
    folder = ROOT / ".corpus" / f"alembic-{alembic.__version__}"
    with _LOCK:
        if not folder.exists():
            folder.mkdir(parents=True)
            command = [sys.executable, "-m", "alembic", "init", "migrations"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603
    return folder


_LOCK = Lock()


def last_words(output: str) -> str:
    r"""Return the line of a traceback or of Alembic's `FAILED:` that says what went wrong.

    >>> last_words("Traceback ...\\nValueError: no such table\\n[SQL: ...]")
    'ValueError: no such table'
    """
    lines = output.splitlines()
    said = [line for line in lines if LAST_WORDS.match(line)]
    return (said or lines or ["said nothing"])[-1].strip()
