"""`squash`: replaces many scripts by one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config

from ..errors import OptionError
from ..messages import one_line
from .command import Command, argument
from .output.console import write

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

    from ..history.states import EmptyDatabase
    from .squashing.squash import SquashedDatabase
    from .squashing.squash_range import Range


def squash(
    config: Config,
    revisions: str,
    *,
    leave_out: Sequence[str] | None = None,
    release: str | None = None,
    scratch: str | None = None,
    message: str | None = None,
) -> Path:
    """Replace all scripts up to a revision, or those of a range FROM:REV, by one.

    The new script has the tables of that state (for a range, the net change) and every other
    statement of the scripts, and keeps the revision's identifier. Nothing is written unless a
    replay of it makes the same tables.

    Args:
        config: the project's.
        revisions: `REV`, or `FROM:REV`.
        leave_out: statements to omit, as `FILE:LINE`.
        release: the last release with the old scripts, for the error on an older database.
        scratch: the URL of an empty database to run both on and compare.
        message: of the new revision.

    Returns:
        The script.

    Raises:
        HistoryError: the scripts cannot be squashed; the message has the line, if there is one.
    """
    from .squashing.scratch_proof import prove_on_scratch

    left_out = leave_out or ()
    with tempfile.TemporaryDirectory(prefix="moltres") as folder:
        new = _written(config, revisions, Path(folder), left_out, message, release)
        if scratch and new.databases > 1:
            raise OptionError(
                f"--scratch takes one database, and env.py migrates {new.databases}; leave it out",
                "--scratch",
            )
        missing = ""
        if scratch:
            missing = prove_on_scratch(
                config, scratch, new.range, new.path, rows=not left_out, schemas=new.schemas
            )
        aside = _aside(config, new.directory, new.range.last.revision)
        moved = _move(new.range, aside)
        target = Path(new.range.last.path)
        shutil.copyfile(new.path, target)
    write(config, one_line(f"{target}: replaces {len(moved)} scripts, now in {aside}"))
    if missing:
        write(config, one_line(f"compared without the database's own dump: {missing}"))
    if new.idle:
        write(config, "left out, for they find no rows:")
    for file, lines in _by_file(new.idle).items():
        write(config, one_line(f"  {file}:{', '.join(lines)}"))
    return target


def _by_file(places: Iterable[str]) -> dict[str, list[str]]:
    """Return the lines of places, `FILE:LINE`, by file."""
    by_file: dict[str, list[str]] = {}
    for place in places:
        file, _, line = place.rpartition(":")
        by_file.setdefault(file, []).append(line)
    return by_file


@dataclass(frozen=True, slots=True)
class NewScript:
    """The new script, verified by replay.

    Attributes:
        path: of the file.
        range: the scripts that it replaces.
        directory: the folder with `env.py`.
        databases: how many `env.py` migrates.
        idle: the lines of statements that are left out, because they find no rows.
        schemas: with tables, beside the default one.
    """

    path: Path
    range: Range
    directory: Path
    databases: int
    idle: tuple[str, ...]
    schemas: tuple[str, ...]


def _written(
    config: Config,
    revisions: str,
    folder: Path,
    left_out: Sequence[str],
    message: str | None,
    release: str | None,
) -> NewScript:
    """Write the new script to a folder, and verify it on each database."""
    from .scripts.replays import replay_project
    from .squashing.script import write_script
    from .squashing.squash import squash_database
    from .squashing.squash_range import range_of

    squashed: dict[str, SquashedDatabase] = {}
    directories: list[ScriptDirectory] = []
    imports: set[str] = set()

    def work(directory: ScriptDirectory, database: EmptyDatabase) -> None:
        directories.append(directory)
        inside = range_of(directory, revisions)
        squashed[database.name] = squash_database(
            directory, database, inside, left_out=left_out, imports=imports
        )

    replay_project(config, work)
    directory = directories[0]
    inside = range_of(directory, revisions)
    path = folder / Path(inside.last.path).name
    bodies = [each.body for each in squashed.values()]
    title = message or inside.last.doc or "empty message"  # as Alembic writes
    write_script(
        config, directory, inside, bodies, path, imports=imports, message=title, release=release
    )
    _prove(config, revisions, path, squashed)
    idle = dict.fromkeys(line for each in squashed.values() for line in each.idle)
    tables = (table for each in squashed.values() for table in each.after.tables.values())
    schemas = sorted({str(each.schema) for each in tables if each.schema is not None})
    folder = Path(directory.dir)
    return NewScript(path, inside, folder, len(squashed), tuple(idle), tuple(schemas))


def _prove(
    config: Config, revisions: str, path: Path, squashed: Mapping[str, SquashedDatabase]
) -> None:
    """Replay the new script on each database."""
    from .scripts.replays import replay_project
    from .squashing.replayed_proof import prove
    from .squashing.squash_range import range_of

    def work(directory: ScriptDirectory, database: EmptyDatabase) -> None:
        prove(database, range_of(directory, revisions), path, squashed[database.name])

    replay_project(config, work, [path.parent])


def _aside(config: Config, folder: Path, revision: str) -> Path:
    """Return a folder outside of all version locations."""
    from alembic.script import ScriptDirectory

    from ..alembic_compat import version_folders

    directory = ScriptDirectory.from_config(config)
    places = [Path(each).resolve() for each in version_folders(directory)]
    outside = folder.resolve()
    while any(outside == each or each in outside.parents for each in places):
        outside = outside.parent
    wanted = outside / "squashed" / revision
    number = 1
    while wanted.exists():
        number += 1
        wanted = outside / "squashed" / f"{revision}-{number}"
    return wanted


def _move(squash_range: Range, aside: Path) -> list[Path]:
    """Move the old scripts, and remove their bytecode."""
    aside.mkdir(parents=True)
    moved = []
    for script in squash_range.inside:
        path = Path(script.path)
        target = aside / path.name
        number = 1
        while target.exists():
            number += 1
            target = aside / f"{path.stem}-{number}{path.suffix}"
        shutil.move(path, target)
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink()
        moved.append(target)
    return moved


COMMAND = Command(
    squash,
    (
        argument("revisions", metavar="[FROM:]REV", help="the last revision, or a range"),
        argument(
            "--leave-out",
            action="append",
            metavar="FILE:LINE",
            help="a statement to omit; repeatable",
        ),
        argument("--release", help="the last release with the old scripts, for older databases"),
        argument(
            "--scratch",
            metavar="URL",
            help="verify the new script on an empty database, which is emptied again",
        ),
        argument("-m", "--message", help="the new revision's message"),
    ),
)
