"""What a replayed script does, operation by operation, with the tables before and after each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from alembic.script import Script

from ..history.catalogue import Catalogue
from ..history.recording import Recorder
from ..history.replay import Replay
from ..history.state import State


@dataclass(frozen=True, slots=True)
class Ran:
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
class Observed:
    """What both directions of a script did.

    Attributes:
        ran: the operations of this package.
        asked: the tables that `op.moltres_tables()` returned, by line.
    """

    ran: list[Ran]
    asked: dict[int, State]


def observe(replay: Replay, script: Script) -> Observed:
    """Run a script's upgrade and downgrade; the replay ends after its upgrade."""
    found = Observed([], {})
    recorder = replay.recorder
    with _noting(recorder, found):
        replay.run(script)
        with kept(recorder):
            replay.run_back(script)
    return found


@contextmanager
def kept(recorder: Recorder) -> Iterator[None]:
    """Undo at the end what the block has recorded."""
    catalogue = recorder.catalogue.copy()
    texts, uncertain, unknown = recorder.texts[:], recorder.uncertain[:], dict(recorder.unknown)
    try:
        yield
    finally:
        recorder.catalogue.restore(catalogue)
        recorder.texts, recorder.uncertain, recorder.unknown = texts, uncertain, unknown


@contextmanager
def _noting(recorder: Recorder, found: Observed) -> Iterator[None]:
    record, asked = recorder.record, recorder.tables_requested

    def noted(operation: Any) -> bool:
        before, line = recorder.catalogue.copy(), recorder.line().line
        ours = record(operation)
        if ours:
            found.ran.append(Ran(operation, line, before, recorder.catalogue.copy()))
        return ours

    def noted_tables() -> None:
        found.asked[recorder.line().line] = recorder.state()
        asked()

    recorder.record = noted  # type: ignore[method-assign]
    recorder.tables_requested = noted_tables  # type: ignore[method-assign]
    try:
        yield
    finally:
        del recorder.record, recorder.tables_requested
