"""`Replay`: runs the `upgrade()` of scripts on a stand-in and returns the state."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any, Self

from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import Script
from sqlalchemy.engine import Connection, Dialect

from ..alembic_compat import callers_transaction, transaction_of_script, version_table
from ..messages import first_line
from .isolation import OutsideError, isolated
from .live_tables import ScriptTables
from .recorded_operations import recording_operations
from .recording import Recorder
from .scripts import calls_others, may_change_tables, names_from, source_of, unrun_result
from .stand_in.engine import stand_in
from .state import Place, State, Uncertain


class Replay:
    """Replays scripts one after the other.

    Args:
        context: the configured context, on a connection of a stand-in.
        arguments: of `upgrade()`, as `context.run_migrations` takes them.

    Attributes:
        recorder: records the statements.
        raised: the exception of the last script, if any.
        raised_at: the line of the script where it was raised; 0 if nothing was.
    """

    def __init__(
        self, context: MigrationContext, arguments: Mapping[str, Any] | None = None
    ) -> None:
        dialect: Any = context.dialect
        self._context = context
        self._arguments = dict(arguments or {})
        self.recorder: Recorder = dialect.database
        self.recorder.start(version_table(context))
        self.raised: Exception | None = None
        self.raised_at = 0

    @classmethod
    def of(
        cls,
        dialect: Dialect,
        opts: Mapping[str, Any] | None = None,
        server: str | None = None,
        script_tables: ScriptTables | None = None,
        arguments: Mapping[str, Any] | None = None,
        environment: EnvironmentContext | None = None,
    ) -> Self:
        """Return a replay on a stand-in of a dialect.

        Args:
            dialect: the project's.
            opts: the options of `context.configure`; `target_metadata` for its naming conventions.
            server: see `Recorder`.
            script_tables: see `Recorder`.
            arguments: of `upgrade()`.
            environment: for scripts that read the project's configuration.
        """
        context = MigrationContext.configure(
            connect(dialect, server, script_tables),
            opts=dict(opts or {}),
            environment_context=environment,
        )
        context.begin_transaction()  # as `env.py` does
        return cls(context, arguments)

    @property
    def state(self) -> State:
        """The state after the scripts so far."""
        return self.recorder.state()

    @property
    def in_callers_transaction(self) -> bool:
        """Whether `env.py` had begun a transaction before `configure`; Alembic ends none then."""
        return callers_transaction(self._context)

    def run(self, script: Script) -> None:
        """Run a script's `upgrade()`; if it raises or accesses the outside, it is uncertain."""
        self._run(script, "upgrade")

    def run_downgrade(self, script: Script) -> None:
        """Run a script's `downgrade()`."""
        self._run(script, "downgrade")

    @contextmanager
    def operations(self) -> Iterator[None]:
        """Record the use of `op` in the block as one run of a script."""
        memo: dict[Any, Any] = self._context.impl.memo
        memo.clear()  # the types that SQLAlchemy has created in this run
        with self._recording():
            yield

    @contextmanager
    def _recording(self) -> Iterator[None]:
        transaction = transaction_of_script(self._context)
        prints = redirect_stdout(sys.stderr)  # standard output has the command's result
        with recording_operations(self._context, self.recorder), isolated(), prints, transaction:
            yield

    def _run(self, script: Script, function: str) -> None:
        self.recorder.begin(script.revision, script.path)
        self.raised, self.raised_at = None, 0
        try:
            with self._recording():
                self._call(script, function)
        except OutsideError as err:
            reason = f"{err.args[0]}, so it is not replayed further"
            self._note(script, self._line(script, err), reason)
        self.recorder.end()

    def _call(self, script: Script, function: str) -> None:
        if not hasattr(script.module, function):
            reason = f"it has no function {function}()"
            self.raised = AttributeError(reason)
            self._note(script, Place(script.revision, Path(script.path).name, 0), reason)
            return
        try:
            not_run = unrun_result(getattr(script.module, function)(**self._arguments))
        except OutsideError:
            raise
        except Exception as err:  # noqa: BLE001 - whatever a script raises
            self.raised = err
            self._raised(script, err)
            return
        if not_run is not None:
            reason = f"{function}() {not_run}"
            self.raised = TypeError(reason)
            self._note(script, Place(script.revision, Path(script.path).name, 0), reason)

    def _line(self, script: Script, err: Exception) -> Place:
        if isinstance(err, OutsideError):
            reached = reversed(err.lines)
        else:
            frames = traceback.extract_tb(err.__traceback__)
            reached = iter([(frame.filename, frame.lineno or 0) for frame in frames])
        lines = [line for file, line in reached if file == script.path]
        return Place(script.revision, Path(script.path).name, lines[0] if lines else 0)

    def _raised(self, script: Script, err: Exception) -> None:
        """Record a script that raised, unless its rest is only about rows."""
        place = self._line(script, err)
        self.raised_at = place.line
        source = source_of(script.path)
        if place.line and not may_change_tables(source, place.line):
            return
        self._note(script, place, f"it raises {type(err).__name__}: {first_line(err)}")

    def _note(self, script: Script, place: Place, reason: str) -> None:
        """Record a script that did not finish, with the tables that its rest names.

        A function of an application may change any table.
        """
        source = source_of(script.path)
        names = set() if calls_others(source, place.line) else names_from(source, place.line)
        tables = self.recorder.catalogue.tables.values()
        named = tuple(each.key for each in tables if str(each.name) in names)
        self.recorder.uncertain.lines.append(
            Uncertain(reason, place, tables=named, unfinished=True)
        )


def connect(
    dialect: Dialect, server: str | None = None, script_tables: ScriptTables | None = None
) -> Connection:
    """Return a connection to a recording stand-in."""
    return stand_in(
        dialect, partial(Recorder, server=server, script_tables=script_tables)
    ).connect()


def run_all(replay: Replay, scripts: Iterable[Script]) -> State:
    """Run scripts and return the resulting state."""
    for script in scripts:
        replay.run(script)
    return replay.state
