"""The tables at a line of a script, for `op.moltres_tables()`.

During a replay the recorder has them. In a real run the script's ancestors are replayed, and
the script itself up to that line.
"""

from __future__ import annotations

import contextlib
import inspect
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script, ScriptDirectory

from ..alembic_compat import install_proxy
from ..dialects.base.registry import impl_of
from ..errors import OperationError
from .anchors.replayed import from_anchors
from .lazy_tables import TablesAtLine
from .observer import Observer
from .replay import Replay, run_all
from .scripts import script_frames
from .states import REPLAYED_OPTIONS, project_scripts

FUNCTIONS = frozenset({"upgrade", "downgrade"})

_calls: WeakKeyDictionary[Operations, Counter[tuple[str, int]]] = WeakKeyDictionary()
"""The number of requests by each line of a script."""


def tables_at_line(operations: Operations) -> Mapping[str, sa.Table]:
    """Return the tables at the current line of the running script.

    Raises:
        OperationError: no script is running.
        HistoryError: the scripts cannot be loaded.
    """
    context = operations.migration_context
    environment: EnvironmentContext | None = context.environment_context
    if environment is None:
        raise OperationError(
            "op.moltres_tables() is called outside of a project's scripts; run it with alembic "
            "upgrade"
        )
    opts = {name: given for name, given in context.opts.items() if name in REPLAYED_OPTIONS}
    server = impl_of(context.dialect).server()
    with project_scripts(environment.config) as (directory, script_tables):
        script, frame = _caller(directory)
        line, function, arguments = frame.f_lineno, frame.f_code.co_name, _arguments(frame)
        replay = Replay.of(context.dialect, opts, server, script_tables, arguments, environment)
        ancestors = _ancestors(directory, script)
        requests = _calls.setdefault(operations, Counter())
        requests[script.revision, line] += 1
        try:
            run_all(replay, ancestors if function == "upgrade" else [*ancestors, script])
            stop = Stop(script.path, line, requests[script.revision, line])
            return _until(replay, script, stop, function)
        finally:
            install_proxy(operations)  # the replay installed its own


class Stop(Observer):
    """Ends a replay at the line of `upgrade()` or `downgrade()` that requests the tables.

    If the line is not reached (in a loop over rows), the replay ends at the next statement.

    Args:
        file: of the script.
        line: of the function.
        count: the replay ends at this request of the line, counted from 1.
    """

    class Reached(BaseException):
        """The line was reached."""

    def __init__(self, file: str, line: int, count: int) -> None:
        self._file, self._line, self._remaining = file, line, count
        self._requested = False

    def before(self) -> None:
        if self._running_line() > self._line and not self._requested:
            raise self.Reached

    def tables_requested(self) -> None:
        if self._running_line() != self._line:
            return
        self._requested = True
        self._remaining -= 1
        if self._remaining <= 0:
            raise self.Reached

    def _running_line(self) -> int:
        frames = script_frames(self._file)
        return next((line for name, line in frames if name in FUNCTIONS), 0)


def _caller(directory: ScriptDirectory) -> tuple[Script, FrameType]:
    """Return the script that is running, and its `upgrade()` or `downgrade()`."""
    paths = {str(Path(each.path).resolve()): each for each in directory.walk_revisions()}
    frame: FrameType | None = inspect.currentframe()
    while frame is not None:
        script = paths.get(str(Path(frame.f_code.co_filename).resolve()))
        if script is not None and frame.f_code.co_name in FUNCTIONS:
            return script, frame
        frame = frame.f_back
    raise OperationError(
        "op.moltres_tables() is called outside of this project's scripts; call it in upgrade() or "
        "downgrade()"
    )


def _arguments(frame: FrameType) -> dict[str, Any]:
    """Return a function's arguments: `engine_name`, if there are several databases."""
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return {name: frame.f_locals[name] for name in names if name in frame.f_locals}


def _ancestors(directory: ScriptDirectory, script: Script) -> list[Script]:
    """Return the scripts before a script, `depends_on` included, in order."""
    ancestors = directory.iterate_revisions(script.revision, "base", implicit_base=True)
    before = [each for each in list(ancestors)[::-1] if each.revision != script.revision]
    return from_anchors(directory, before)


def _until(replay: Replay, script: Script, stop: Stop, function: str) -> TablesAtLine:
    with replay.recorder.observed_by(stop), contextlib.suppress(Stop.Reached):
        (replay.run if function == "upgrade" else replay.run_downgrade)(script)
    return TablesAtLine(replay.state)
