"""Which scripts are squashed, and what prevents it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.script import Script, ScriptDirectory

from ...errors import HistoryError
from ...history.directory import scripts_until


@dataclass(frozen=True, slots=True)
class Range:
    """The scripts that are squashed.

    Attributes:
        first: its first script; `None` if it starts at base.
        last: its last script.
        before: the scripts that run before it.
        inside: its scripts, in the order in which they run.
    """

    first: Script | None
    last: Script
    before: list[Script]
    inside: list[Script]

    @property
    def down_revision(self) -> tuple[str, ...]:
        """The revisions that the new script follows."""
        return () if self.first is None else _down(self.first)

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The dependencies of the range on other scripts."""
        own = {each.revision for each in self.inside}
        names = [name for each in self.inside for name in _tuple(each.dependencies)]
        return tuple(name for name in dict.fromkeys(names) if name not in own)


def range_of(directory: ScriptDirectory, text: str) -> Range:
    """Return the range that `[FROM:]REV` names.

    Raises:
        HistoryError: there is none, or a branch starts or ends inside it.
    """
    start, _, end = text.rpartition(":")
    (last,) = _one(directory, end)
    first = _one(directory, start)[0] if start else None
    above = _ancestors(directory, last.revision)
    if first is not None and first.revision not in above:
        remedy = "they are of different branches; squash up to a revision that merges both"
        if last.revision in _ancestors(directory, first.revision):
            remedy = "swap them"
        raise HistoryError(f"{last.revision} does not follow {first.revision}; {remedy}", text)
    revisions = {
        each for each in above if first is None or first.revision in _ancestors(directory, each)
    }
    scripts = scripts_until(directory, last.revision)
    squash_range = Range(
        first,
        last,
        [each for each in scripts if each.revision not in revisions],
        [each for each in scripts if each.revision in revisions],
    )
    if len(squash_range.inside) < 2:
        raise HistoryError(f"{text} is only one script; name a longer range", text)
    _check_branches(directory, squash_range, revisions)
    return squash_range


def _one(directory: ScriptDirectory, name: str) -> tuple[Script]:
    scripts = directory.get_revisions(name)
    if len(scripts) != 1:
        raise HistoryError(f"{name!r} names {len(scripts)} revisions; name one", name)
    return (scripts[0],)


def _check_branches(directory: ScriptDirectory, squash_range: Range, revisions: set[str]) -> None:
    for each in directory.walk_revisions():
        above = {*_down(each), *_tuple(each.dependencies)}
        name = Path(each.path).name
        if each.revision not in revisions and above & (revisions - {squash_range.last.revision}):
            (branch_point, *_) = sorted(above & revisions)
            raise HistoryError(
                f"{name}: it follows {branch_point}, inside the range; merge the branch first, or "
                "end the range there",
                each,
            )
        outside = set(_down(each)) - revisions
        if each.revision in revisions and outside and each is not squash_range.first:
            raise HistoryError(
                f"{name}: it follows {min(outside)}, outside of the range; begin the range "
                "before the branch",
                each,
            )


def _ancestors(directory: ScriptDirectory, revision: str) -> set[str]:
    """Return a revision and its ancestors, without dependencies."""
    ancestors: set[str] = set()
    waiting = [revision]
    while waiting:
        name = waiting.pop()
        if name not in ancestors:
            ancestors.add(name)
            script: Any = directory.get_revision(name)
            waiting += _down(script)
    return ancestors


def _down(script: Script) -> tuple[str, ...]:
    return _tuple(script.down_revision)


def _tuple(names: Any) -> tuple[str, ...]:
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(map(str, names))
