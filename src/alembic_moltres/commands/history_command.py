"""`alembic-moltres history`: Alembic's; `-i` marks applied and pending revisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from ..alembic_compat import mark_current
from ..messages import one_line
from .command import FORMAT, Command
from .output.console import write, write_json

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

    from .databases import check_version_rows  # not for `--help`

    def show(revision: Any, _: object) -> list[Any]:
        check_version_rows(directory, revision)
        start, end = (revision if each == CURRENT else each for each in (base, head))
        scripts = list(_between(directory, start, end))
        applied = _applied(directory, revision)
        if format == "json":
            write_json(config, [_object(each, each.revision in applied) for each in scripts])
            return []
        for each in scripts:
            mark_current(each, is_current=indicate_current and each.revision in revision)
            mark = APPLIED if each.revision in applied else PENDING
            write(config, f"{mark} " * indicate_current + _text(each, verbose=verbose))
        return []

    with EnvironmentContext(config, directory, fn=show):
        directory.run_env()


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
