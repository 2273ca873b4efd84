"""`freeze`: replaces the models and tables that a script imports by values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.config import Config

from ..messages import one_line
from .command import Command, argument
from .output.console import write

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory
    from sqlalchemy.engine import Dialect

    from ..history.states import EmptyDatabase


def freeze(config: Config, revisions: Sequence[str]) -> list[Path]:
    """Replace models and tables that scripts import by values.

    The values are those of today's models. The rest of a script stays unchanged.

    Args:
        config: the project's.
        revisions: whose scripts are rewritten.

    Returns:
        The files written.

    Raises:
        HistoryError: a model is used where a value cannot be; the message has its line.
    """
    from .scripts.freezer import Freezer
    from .scripts.replays import replay_project
    from .scripts.source import ScriptSource
    from .scripts.template import has_constants_below

    contents: dict[Path, bytes] = {}
    needed: dict[Path, list[str]] = {}
    dialects: list[Dialect] = []

    def work(directory: ScriptDirectory, database: EmptyDatabase) -> None:
        dialects.append(database.context.dialect)
        below = has_constants_below(Path(directory.dir, "script.py.mako").read_text("utf-8"))
        for script in (e for name in revisions for e in directory.get_revisions(name)):
            path = Path(script.path)
            source = ScriptSource.read(path)
            freezer = Freezer(source, script.module, dialects, below=below)
            frozen = freezer.freeze()
            if frozen is not None:
                contents[path] = frozen.encoded()
                needed[path] = freezer.still_imported

    replay_project(config, work)
    for path, content in contents.items():
        path.write_bytes(content)
        rest = ", ".join(needed[path])
        write(config, one_line(f"{path}: frozen{rest and f'; it still imports {rest}'}"))
    if not contents:
        write(config, "no script uses a live model or table")
    return list(contents)


COMMAND = Command(
    freeze,
    (argument("revisions", nargs="+", metavar="REV", help="the revisions of the scripts"),),
)
