"""Runs the `upgrade()` of scripts against a stand-in, and says what they make."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy.engine import Dialect

from .recording import Recorder
from .scripts import may_change_tables, words_after
from .standin import stand_in
from .state import Place, State, Uncertain


class Replay:
    """Replays scripts one after the other.

    Args:
        dialect: the project's.
        opts: what `context.configure` was given, `target_metadata` for its naming convention.
        server: see `Recorder`.
    """

    def __init__(
        self, dialect: Dialect, opts: Mapping[str, Any] | None = None, server: str | None = None
    ) -> None:
        engine = stand_in(dialect, partial(Recorder, server=server))
        self.recorder: Recorder = engine.dialect.database  # type: ignore[attr-defined]
        self._connection = engine.connect()
        given = {k: each for k, each in (opts or {}).items() if k != "as_sql"}
        self._context = MigrationContext.configure(self._connection, opts=given)

    @property
    def state(self) -> State:
        """What the scripts so far have made."""
        return self.recorder.state()

    def run(self, script: Script) -> None:
        """Run a script's `upgrade()`; one that raises is uncertain."""
        self.recorder.begin(script.revision, script.path)
        operations = Operations(self._context)
        with _proxied(operations):
            try:
                script.module.upgrade()
            except Exception as err:  # noqa: BLE001 - whatever a script raises
                self._raised(script, err)
        self.recorder.end()

    def _raised(self, script: Script, err: Exception) -> None:
        lines = [
            frame.lineno or 0
            for frame in traceback.extract_tb(err.__traceback__)
            if frame.filename == script.path
        ]
        line = lines[0] if lines else 0
        source = Path(script.path).read_text(encoding="utf-8")
        if line and not may_change_tables(source, line):
            return  # what is left of it is about rows
        place = Place(script.revision, Path(script.path).name, line)
        message = str(err).splitlines()[0] if str(err) else ""
        words = words_after(source, line)
        tables = self.recorder.catalogue.tables.values()
        named = tuple(each.key for each in tables if str(each.name) in words)
        reason = f"it raises {type(err).__name__}: {message}"
        self.recorder.uncertain.append(Uncertain(reason, place, tables=named))


@contextmanager
def _proxied(operations: Operations) -> Iterator[None]:
    operations._install_proxy()
    try:
        yield
    finally:
        operations._remove_proxy()


def scripts_until(directory: ScriptDirectory, revisions: str | Iterable[str]) -> list[Script]:
    """Return the scripts that lead to revisions, in the order in which they run."""
    found = list(directory.iterate_revisions(revisions, "base", implicit_base=True))  # type: ignore[arg-type]
    return found[::-1]


def replay(
    directory: ScriptDirectory,
    dialect: Dialect,
    revision: str = "heads",
    opts: Mapping[str, Any] | None = None,
) -> State:
    """Return what the scripts until a revision make of an empty database."""
    replayed = Replay(dialect, opts)
    for script in scripts_until(directory, revision):
        replayed.run(script)
    return replayed.state
