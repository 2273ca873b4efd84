"""`eject`: scripts as plain Alembic, which need this package no more."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config

from .command import Command, argument
from .console import write

if TYPE_CHECKING:
    from alembic.script import Script, ScriptDirectory

    from ..history.named_types import TypeKey
    from ..history.states import EmptyDatabase
    from .script_source import ScriptSource


def eject(config: Config, revisions: Sequence[str] = ()) -> list[Path]:
    """Rewrite scripts as plain Alembic.

    Only the calls and constants of this package are replaced. Nothing is written unless a replay
    of the new scripts makes the same tables as one of the old ones.

    Args:
        config: the project's.
        revisions: of the scripts; all by default.

    Returns:
        The files that have been written.

    Raises:
        HistoryError: a call cannot be rewritten; it has the line.
    """
    from .replays import replay_project

    found: dict[Path, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="moltres") as folder:

        def work(directory: ScriptDirectory, database: EmptyDatabase) -> None:
            for path, source in _ejected(directory, database, revisions, Path(folder)).items():
                found[path] = source.encoded()

        replay_project(config, work, [Path(folder)])
    for path, content in found.items():
        path.write_bytes(content)
        write(config, f"{path}: plain Alembic")
    if not found:
        write(config, "no script calls alembic_moltres")
    return list(found)


def _ejected(
    directory: ScriptDirectory, database: EmptyDatabase, revisions: Sequence[str], folder: Path
) -> dict[Path, ScriptSource]:
    from ..history.anchors import from_anchors
    from ..history.directory import scripts_until
    from .eject_script import Ejector
    from .eject_source import ejected
    from .observed import observe
    from .replays import shape
    from .script_source import ScriptSource

    scripts = from_anchors(directory, scripts_until(directory))
    wanted = _wanted(directory, revisions)
    replay = database.first_replay()
    found: dict[Path, ScriptSource] = {}
    proofs: dict[str, ScriptSource] = {}
    shapes: dict[str, object] = {}
    types: set[TypeKey] = set()
    for script in scripts:
        if script.revision in wanted and uses_moltres(script):
            path = Path(script.path)
            observed = observe(replay, script)
            source = ScriptSource.read(path)
            ejector = Ejector(source, script.module, replay, observed, set(types))
            proofs[script.revision] = ejected(ejector, proven_only=True)
            found[path] = ejected(ejector)
        else:
            replay.run(script)
        types.update(replay.recorder.catalogue.types)
        shapes[script.revision] = shape(replay.recorder.catalogue)
    _prove(database, scripts, proofs, shapes, folder)
    return found


def uses_moltres(script: Script) -> bool:
    """Tell whether a script's text names this package or its operations."""
    return "moltres" in Path(script.path).read_text(encoding="utf-8")


def _wanted(directory: ScriptDirectory, revisions: Sequence[str]) -> set[str]:
    if not revisions:
        return {each.revision for each in directory.walk_revisions()}
    return {each.revision for name in revisions for each in directory.get_revisions(name)}


def _prove(
    database: EmptyDatabase,
    scripts: Sequence[Script],
    proofs: dict[str, ScriptSource],
    shapes: dict[str, object],
    folder: Path,
) -> None:
    """Replay the new scripts, and compare what there is behind each."""
    from ..errors import HistoryError
    from .replays import again, script_of, shape

    replay = again(database)
    for script in scripts:
        run = script
        if script.revision in proofs:
            path = folder / Path(script.path).name
            path.write_bytes(proofs[script.revision].encoded())
            run = script_of(path, script.revision)
        replay.run(run)
        if shape(replay.recorder.catalogue) != shapes[script.revision]:
            raise HistoryError(
                f"{Path(script.path).name}: as plain Alembic it would make other tables; nothing "
                "has been written",
                script,
            )


COMMAND = Command(
    eject,
    (argument("revisions", nargs="*", metavar="REV", help="whose scripts (default: all)"),),
)
