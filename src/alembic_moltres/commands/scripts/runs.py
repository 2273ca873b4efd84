"""What a replayed script does, operation by operation, with the tables before and after each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from alembic.script import Script

from ...history.catalogue.database import Catalogue
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
    with _recording(recorder, run):
        replay.run(script)
        with restoring(recorder):
            replay.run_downgrade(script)
    return run


@contextmanager
def restoring(recorder: Recorder) -> Iterator[None]:
    """Undo at the end what the block has recorded."""
    catalogue = recorder.catalogue.copy()
    texts, uncertain, unknown = recorder.texts[:], recorder.uncertain[:], dict(recorder.unknown)
    try:
        yield
    finally:
        recorder.catalogue.restore(catalogue)
        recorder.texts, recorder.uncertain, recorder.unknown = texts, uncertain, unknown


@contextmanager
def overriding(instance: object, **methods: Callable[..., Any]) -> Iterator[None]:
    """Replace methods of one instance in the block."""
    attributes = vars(instance)
    before = {name: attributes[name] for name in methods if name in attributes}
    attributes.update(methods)
    try:
        yield
    finally:
        for name in methods:
            del attributes[name]
        attributes.update(before)


@contextmanager
def _recording(recorder: Recorder, run: ScriptRun) -> Iterator[None]:
    record, requested = recorder.record, recorder.tables_requested

    def noted(operation: Any) -> bool:
        before, line = recorder.catalogue.copy(), recorder.line().line
        ours = record(operation)
        if ours:
            run.operations.append(OperationRun(operation, line, before, recorder.catalogue.copy()))
        return ours

    def noted_tables() -> None:
        run.requested[recorder.line().line] = recorder.state()
        requested()

    with overriding(recorder, record=noted, tables_requested=noted_tables):
        yield
