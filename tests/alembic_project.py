"""A real Alembic environment for a test, made from a stock template and driven by Alembic's own commands."""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import os
import re
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import alembic.command
from alembic.config import CommandLine, Config
from alembic.util import CommandError

PLUGINS = 'autogenerate_plugins=["alembic.autogenerate.*", "alembic_moltres"],'
STOCK_URL = re.compile(r"^sqlalchemy\.url = .*$", re.MULTILINE)
STOCK_LOGGING = "if config.config_file_name is not None:\n    fileConfig(config.config_file_name)\n"
STOCK_METADATA = re.compile(r"^target_metadata = .*$", re.MULTILINE)
# once for each `context.configure` of a template, whether one line or many
STOCK_CONFIGURE = re.compile(r"target_metadata=target_metadata(?:\.get\(name\))?,?")
MODELS = "project_models"


class ProjectFactory(Protocol):
    """Makes an `AlembicProject` in the test's own folder; the arguments are those of `AlembicProject.create`."""

    def __call__(
        self,
        models: str,
        url: str | dict[str, str],
        *,
        template: str = "generic",
        configure: str = "",
        env: str = "",
        in_subprocess: bool = False,
    ) -> AlembicProject: ...


@dataclass(frozen=True)
class AlembicProject:
    """An Alembic environment and the module of models that it migrates to.

    Each command reads models, env.py and scripts anew, in this process (errors are raised as Alembic raises them) or,
    with `in_subprocess`, as `python -m alembic` (its message is raised as a `CommandError`).
    """

    directory: Path
    in_subprocess: bool = False

    @classmethod
    def create(
        cls,
        directory: Path,
        models: str,
        url: str | dict[str, str],
        *,
        template: str = "generic",
        configure: str = "",
        env: str = "",
        in_subprocess: bool = False,
    ) -> AlembicProject:
        """Make the environment: `alembic init`, and the changes to env.py that a user makes.

        Args:
            directory: the new folder.
            models: the source of a module that defines `target_metadata`, or a declarative `Base`.
            url: the database; for the template `multidb` one for each of the names `engine1` and so on, where
                `target_metadata` is a mapping with the same names.
            template: the name of a template of Alembic's.
            configure: source of more keyword arguments for `context.configure`.
            env: source that stands in env.py after `target_metadata`; `configure` may name what it defines.
            in_subprocess: run the commands in a new process each.
        """
        directory.mkdir()
        project = cls(directory, in_subprocess)
        project.write_models(models)
        config = Config("alembic.ini", "pyproject.toml", stdout=io.StringIO())
        with contextlib.chdir(directory):
            alembic.command.init(config, "migrations", template=template)
        project._write_url(url)
        project._write_env(configure, env)
        return project

    @property
    def versions(self) -> Path:
        """The folder of the scripts."""
        return self.directory / "migrations" / "versions"

    @property
    def env(self) -> Path:
        """The environment's env.py."""
        return self.directory / "migrations" / "env.py"

    def scripts(self) -> list[Path]:
        """Return the scripts, the oldest file first."""
        return sorted(self.versions.glob("*.py"), key=lambda script: script.stat().st_mtime_ns)

    def write_models(self, source: str) -> None:
        """Write the module of models; the next command reads it."""
        if not STOCK_METADATA.search(source):
            source = f"{source}\n\ntarget_metadata = Base.metadata\n"
        (self.directory / f"{MODELS}.py").write_text(source, encoding="utf-8")

    def write_script(self, revision: str, source: str) -> Path:
        """Write a script by hand and return its path."""
        path = self.versions / f"{revision}_.py"
        path.write_text(source, encoding="utf-8")
        return path

    def revision(self, message: str, *, autogenerate: bool = True, rev_id: str = "") -> Path:
        """Make a script and return its path."""
        before = set(self.scripts())
        options = [
            *(["--autogenerate"] if autogenerate else []),
            *(["--rev-id", rev_id] if rev_id else []),
        ]
        self.run("revision", "-m", message, *options)
        (script,) = set(self.scripts()) - before
        return script

    def upgrade(self, revision: str = "head", *, sql: bool = False) -> str:
        """Upgrade the database; with `sql` return the statements instead (`multidb` writes them into files)."""
        return self.run("upgrade", revision, *(["--sql"] if sql else []))

    def downgrade(self, revision: str = "base", *, sql: bool = False) -> str:
        """Downgrade the database; with `sql` return the statements of a range `from:to` instead."""
        return self.run("downgrade", revision, *(["--sql"] if sql else []))

    def check(self) -> None:
        """Raise Alembic's error if autogenerate would find anything."""
        self.run("check")

    def run(self, *arguments: str) -> str:
        """Run `alembic` with these arguments and return what it writes to its standard output."""
        return self._run_process(arguments) if self.in_subprocess else self._run_here(arguments)

    def _run_here(self, arguments: tuple[str, ...]) -> str:
        options = _parser().parse_args(arguments)
        command, positional, keywords = options.cmd
        written = io.StringIO()
        config = Config(
            "alembic.ini", "pyproject.toml", stdout=written, output_buffer=written, cmd_opts=options
        )
        with (
            contextlib.chdir(self.directory),
            fresh_imports(),
            contextlib.redirect_stdout(written),
        ):
            command(
                config,
                *(getattr(options, name, None) for name in positional),
                **{name: getattr(options, name, None) for name in keywords},
            )
        return written.getvalue()

    def _run_process(self, arguments: tuple[str, ...]) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "alembic", *arguments],
            cwd=self.directory,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise CommandError(f"alembic {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _write_url(self, url: str | dict[str, str]) -> None:
        ini = self.directory / "alembic.ini"
        urls = iter([url] if isinstance(url, str) else url.values())
        text = STOCK_URL.sub(
            lambda _: f"sqlalchemy.url = {next(urls).replace('%', '%%')}",
            ini.read_text(encoding="utf-8"),
        )
        ini.write_text(text, encoding="utf-8")

    def _write_env(self, configure: str, env: str) -> None:
        # the stock logging set-up would take pytest's handlers away
        text = self.env.read_text(encoding="utf-8").replace(STOCK_LOGGING, "")
        metadata = f"from {MODELS} import target_metadata\n{env}"
        text = STOCK_METADATA.sub(lambda _: metadata, text)
        text = STOCK_CONFIGURE.sub(
            lambda found: f"{found[0].removesuffix(',')}, {PLUGINS} {configure}", text
        )
        self.env.write_text(text, encoding="utf-8")


@functools.cache
def _parser() -> ArgumentParser:
    """Return the parser of `alembic`, which is the same for each command."""
    return CommandLine().parser


@contextlib.contextmanager
def fresh_imports() -> Iterator[None]:
    """Import the module of models anew and from its source, and forget it and its folder afterwards."""
    path, without_bytecode = sys.path.copy(), sys.dont_write_bytecode
    sys.dont_write_bytecode = (
        True  # a source written twice in one second would be taken for unchanged
    )
    importlib.invalidate_caches()
    sys.modules.pop(MODELS, None)
    try:
        yield
    finally:
        sys.modules.pop(MODELS, None)
        sys.path[:] = path
        sys.dont_write_bytecode = without_bytecode


def script_module(script: Path) -> dict[str, Any]:
    """Run a script's source and return its names; `upgrade` and `downgrade` are not called."""
    names: dict[str, Any] = {"__name__": script.stem}
    exec(compile(script.read_text(encoding="utf-8"), script, "exec"), names)
    return names
