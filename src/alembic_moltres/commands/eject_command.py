"""`eject`: rewrites scripts as plain Alembic; they no longer need this package."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config

from ..messages import first_line, one_line
from .command import Command, argument
from .output.console import write

if TYPE_CHECKING:
    from alembic.script import Script, ScriptDirectory

    from ..history.states import EmptyDatabase
    from ..schema.named_types import TypeKey
    from .ejecting.script import Ejector


def eject(config: Config, revisions: Sequence[str] = ()) -> list[Path]:
    """Rewrite scripts as plain Alembic.

    Only the calls and constants of this package are replaced. Nothing is written unless a replay
    of the new scripts makes the same tables as a replay of the old ones.

    Args:
        config: the project's.
        revisions: of the scripts; all by default.

    Returns:
        The files written.

    Raises:
        HistoryError: a call cannot be rewritten; the message has its line.
        UncertainError: a script raises in a replay, so its new lines cannot be proven.
    """
    from .ejecting.script import DatabaseEjectors
    from .ejecting.source import plain_script
    from .scripts.replays import beside, replay_project

    ejectors_by_path: dict[Path, list[Ejector]] = {}
    shapes: dict[str, Shapes] = {}

    def work(directory: ScriptDirectory, database: EmptyDatabase) -> None:
        shapes[database.name] = _collect(directory, database, revisions, ejectors_by_path)

    replay_project(config, work)
    with tempfile.TemporaryDirectory(prefix="moltres") as folder:
        ejectors = {path: DatabaseEjectors(each) for path, each in ejectors_by_path.items()}
        written = {path: plain_script(each).encoded() for path, each in ejectors.items()}
        for path, each in ejectors.items():
            new = beside(Path(folder), path)
            new.parent.mkdir(exist_ok=True)
            new.write_bytes(plain_script(each, proven_only=True).encoded())

        def prove(directory: ScriptDirectory, database: EmptyDatabase) -> None:
            _prove(directory, database, shapes[database.name], Path(folder))

        replay_project(config, prove, [Path(folder)])
    for path, content in written.items():
        path.write_bytes(content)
        write(config, one_line(f"{path}: plain Alembic"))
    if not ejectors_by_path:
        write(config, "no script calls alembic_moltres")
    return list(ejectors_by_path)


Shapes = dict[str, object]
"""The contents of a database after each revision."""


def _collect(
    directory: ScriptDirectory,
    database: EmptyDatabase,
    revisions: Sequence[str],
    ejectors_by_path: dict[Path, list[Ejector]],
) -> Shapes:
    """Collect the rewriters of each script for a database; return what the scripts make there."""
    from .ejecting.script import Ejector
    from .scripts.replays import shape
    from .scripts.runs import run_both_ways
    from .scripts.source import ScriptSource
    from .uncertain import refuse_unfinished

    wanted = _wanted(directory, revisions)
    replay = database.first_replay()
    shapes: Shapes = {}
    types: set[TypeKey] = set()
    for script in _replayed(directory, wanted):
        if script.revision in wanted and uses_moltres(script):
            path = Path(script.path)
            script_run = run_both_ways(replay, script)
            uncertain = replay.recorder.uncertainties()
            refuse_unfinished(e for e in uncertain if e.place.revision == script.revision)
            ejectors = ejectors_by_path.setdefault(path, [])
            source = ejectors[0].source if ejectors else ScriptSource.read(path)
            ejectors.append(Ejector(source, script.module, replay, script_run, set(types)))
            ejectors[-1].try_all()
        else:
            replay.run(script)
        types.update(replay.recorder.catalogue.types)
        shapes[script.revision] = shape(replay.recorder.catalogue)
    return shapes


def _replayed(directory: ScriptDirectory, wanted: Collection[str]) -> list[Script]:
    """Return the scripts from an anchor on, or all if one before it is to be rewritten."""
    from ..history.anchors.replayed import from_anchors
    from ..history.directory import scripts_until

    every = scripts_until(directory)
    kept = list(from_anchors(directory, every))
    revisions = {each.revision for each in kept}
    before = (each for each in every if each.revision not in revisions)
    rewritten = any(each.revision in wanted and uses_moltres(each) for each in before)
    return every if rewritten else kept


def uses_moltres(script: Script) -> bool:
    """Tell whether a script's text names this package or its operations."""
    from ..history.scripts import source_of

    return "moltres" in source_of(script.path)


def _wanted(directory: ScriptDirectory, revisions: Sequence[str]) -> set[str]:
    if not revisions:
        return {each.revision for each in directory.walk_revisions()}
    return {each.revision for name in revisions for each in directory.get_revisions(name)}


def _prove(
    directory: ScriptDirectory, database: EmptyDatabase, shapes: Shapes, folder: Path
) -> None:
    """Replay the new scripts of a folder, and compare the tables after each."""
    from ..errors import HistoryError
    from ..history.directory import scripts_until
    from .scripts.replays import another_replay, beside, script_of, shape

    replay = another_replay(database)
    scripts = {each.revision: each for each in scripts_until(directory)}
    for script in (scripts[revision] for revision in shapes):
        path = beside(folder, Path(script.path))
        replay.run(script_of(path, script.revision) if path.exists() else script)
        if shape(replay.recorder.catalogue) != shapes[script.revision]:
            name, err = Path(script.path).name, replay.raised
            why = "" if err is None else f", for it raises {type(err).__name__}: {first_line(err)}"
            raise HistoryError(
                f"{name}: as plain Alembic it would make other tables{why}; nothing was written",
                script,
            )


COMMAND = Command(
    eject,
    (
        argument(
            "revisions",
            nargs="*",
            metavar="REV",
            help="the revisions of the scripts (default: all)",
        ),
    ),
)
