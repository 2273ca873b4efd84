"""`alembic-moltres history`: Alembic's; `-i` marks applied and pending revisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from ..alembic_compat import mark_current
from ..messages import one_line
from .command import FORMAT, Command
from .output.console import write, write_json, write_json_of_databases

if TYPE_CHECKING:
    from .databases import ConnectedDatabase

CURRENT = "current"
APPLIED, PENDING = "[X]", "[ ]"


def history(
    config: Config,
    rev_range: str | None = None,
    verbose: bool = False,
    indicate_current: bool = False,
    *,
    format: str = "text",
) -> None:
    """List changeset scripts in chronological order.

    Args:
        config: the project's.
        rev_range: `[start]:[end]`; either may be `current`.
        verbose: show more of each script.
        indicate_current: mark applied revisions with `[X]`, pending ones with `[ ]`.
        format: "text" or "json".
    """
    directory = ScriptDirectory.from_config(config)
    base, head = _ends(rev_range)
    if not indicate_current and CURRENT not in {base, head}:
        scripts = list(_between(directory, base, head))
        if format == "json":
            write_json(config, [_object(each, None) for each in scripts])
        else:
            for each in scripts:
                write(config, _text(each, verbose=verbose))
        return

    _write_of_databases(config, directory, (base, head), _Shown(verbose, indicate_current, format))


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the scripts are shown; see `history`."""

    verbose: bool
    marked: bool
    format: str


def _write_of_databases(
    config: Config, directory: ScriptDirectory, ends: tuple[str, str], shown: _Shown
) -> None:
    """Write the scripts for each database; if there are several, with their names."""
    from .databases import check_version_rows, use_databases  # not for `--help`

    lines: dict[str, list[str]] = {}
    objects: dict[str, list[dict[str, Any]]] = {}

    def use(database: ConnectedDatabase) -> None:
        name, heads = database.name, database.heads
        check_version_rows(directory, heads, name)
        start, end = (heads if each == CURRENT else each for each in ends)
        scripts = list(_between(directory, start, end))
        applied = _applied(directory, heads)
        objects[name] = [_object(each, each.revision in applied) for each in scripts]
        lines[name] = []
        for each in scripts:
            mark_current(each, is_current=shown.marked and each.revision in heads)
            mark = f"{APPLIED if each.revision in applied else PENDING} " * shown.marked
            lines[name].append(mark + _text(each, verbose=shown.verbose))

    use_databases(config, use)
    if shown.format == "json":
        write_json_of_databases(config, objects)
        return
    for name, own in lines.items():
        heading = [f"-- {one_line(name)}"] if len(lines) > 1 else []
        for line in (*heading, *own):
            write(config, line)


def _ends(rev_range: str | None) -> tuple[str, str]:
    if rev_range is None:
        return "base", "heads"
    base, colon, head = rev_range.strip().partition(":")
    if not colon:
        raise CommandError("History range requires [start]:[end], [start]:, or :[end]")
    return base or "base", head or "heads"


def _between(directory: ScriptDirectory, base: Any, head: Any) -> Iterator[Script]:
    return directory.walk_revisions(base=base or "base", head=head or "heads")


def _applied(directory: ScriptDirectory, heads: tuple[str, ...]) -> set[str]:
    """Return the revisions applied at these heads, `depends_on` included."""
    if not heads:
        return set()
    revisions = directory.iterate_revisions(heads, "base", implicit_base=True)
    return {each.revision for each in revisions}


def _text(script: Script, *, verbose: bool) -> str:
    """Return Alembic's text; each of its lines is made printable."""
    text = script.cmd_format(
        verbose=verbose, include_branches=True, include_doc=True, include_parents=True
    )
    return "\n".join(map(one_line, text.split("\n")))


def _object(script: Script, applied: bool | None) -> dict[str, Any]:
    down = script.down_revision
    marked = {} if applied is None else {"applied": applied}
    return {
        "revision": script.revision,
        "down_revision": list(down) if isinstance(down, tuple) else down,
        "message": script.doc,
        "is_head": script.is_head,
        **marked,
    }


COMMAND = Command(history, (FORMAT,))
