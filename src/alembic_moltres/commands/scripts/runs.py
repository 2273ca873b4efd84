"""What a replayed script does, operation by operation, with the tables before and after each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alembic.script import Script

from ...history.catalogue.database import Catalogue
from ...history.observer import Observer
from ...history.recording import Recorder
from ...history.replay import Replay
from ...history.state import State


@dataclass(frozen=True, slots=True)
class OperationRun:
    """An operation of this package that was run.

    Attributes:
        operation: the operation.
        line: of the script.
        before: the tables before it.
        after: the tables after it.
    """

    operation: Any
    line: int
    before: Catalogue
    after: Catalogue


@dataclass(frozen=True, slots=True)
class ScriptRun:
    """What both directions of a script did.

    Attributes:
        operations: the operations of this package.
        requested: the tables that `op.moltres_tables()` returned, by line.
    """

    operations: list[OperationRun]
    requested: dict[int, State]


def run_both_ways(replay: Replay, script: Script) -> ScriptRun:
    """Run a script's upgrade and downgrade; the replay ends after its upgrade."""
    run = ScriptRun([], {})
    recorder = replay.recorder
    with recorder.observed_by(_RunObserver(recorder, run)):
        replay.run(script)
        with recorder.restoring():
            replay.run_downgrade(script)
    return run


class _RunObserver(Observer):
    """Adds the operations, and the requests of tables, to a `ScriptRun`."""

    def __init__(self, recorder: Recorder, run: ScriptRun) -> None:
        self._recorder, self._run = recorder, run

    def before(self) -> None:
        self._before, self._line = self._recorder.catalogue.copy(), self._recorder.line().line

    def after_operation(self, operation: Any, *, own: bool) -> None:
        if own:
            after = self._recorder.catalogue.copy()
            self._run.operations.append(OperationRun(operation, self._line, self._before, after))

    def tables_requested(self) -> None:
        self._run.requested[self._recorder.line().line] = self._recorder.state()
