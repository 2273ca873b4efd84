"""A change of a table in stages: at most one copy each, and what SQLite does before and after it.

Autogenerate's blocks are one stage in both directions: renames stand before all work on columns
when upgrading, behind it when downgrading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ...diff import AlterTable, Change, DropConstraint, DropIndex, RenameColumn
from ...schema import Constraint

COLUMN_WORK = ("add_column", "drop_column", "alter_column")
NATIVE = ("rename_column", "create_index", "drop_index")


@dataclass(slots=True)
class Stage:
    """Changes of a table: in their order, and as a copy arranges them.

    `dropped` are constraints by their names before `before` has run; `work` is what the copy
    itself does, each with the names that columns have then by the names they have afterwards.
    """

    change: AlterTable
    dropped: list[Constraint] = field(default_factory=list)
    before: list[Change] = field(default_factory=list)
    work: list[tuple[Change, dict[str, str]]] = field(default_factory=list)
    after: list[Change] = field(default_factory=list)

    @property
    def dropped_indexes(self) -> list[str]:
        """The names of the indexes that are dropped before the copy."""
        return [str(each.index.name) for each in self.before if isinstance(each, DropIndex)]


def staged(change: AlterTable) -> Iterator[Stage]:
    """Part a change into stages: one, unless columns change on both sides of a rename."""
    changes = change.changes
    while changes:
        pivot = _pivot(changes)
        end = _end(changes, pivot)
        yield _stage(replace(change, changes=changes[:end]), pivot)
        changes = changes[end:]


def _pivot(changes: Sequence[Change]) -> int:
    """Return the place of the change at which a copy would be made."""
    for methods in ((*COLUMN_WORK, "set_options", "add_constraint"), ("drop_constraint",)):
        for at, change in enumerate(changes):
            if change.method in methods:
                return at
    return len(changes)


def _end(changes: Sequence[Change], pivot: int) -> int:
    """Return where the next stage begins: at a rename before further work on columns."""
    renamed = None
    for at in range(pivot, len(changes)):
        if isinstance(changes[at], RenameColumn):
            renamed = at if renamed is None else renamed
        elif renamed is not None and changes[at].method in COLUMN_WORK:
            return renamed
    return len(changes)


def _stage(change: AlterTable, pivot: int) -> Stage:
    stage, names = Stage(change), dict[str, str]()
    renamed_before = False
    for at, each in enumerate(change.changes):
        if each.method in NATIVE:
            (stage.before if at < pivot else stage.after).append(each)
            renamed_before = renamed_before or (isinstance(each, RenameColumn) and at < pivot)
            if isinstance(each, RenameColumn) and at > pivot:
                names = _composed(names, each)
        elif isinstance(each, DropConstraint) and at <= pivot and not renamed_before:
            stage.dropped.append(each.constraint)
        else:
            stage.work.append((each, dict(names)))
    return stage


def _composed(names: dict[str, str], rename: RenameColumn) -> dict[str, str]:
    """Return the names of the copy by those that are valid behind one more rename."""
    at_copy = names.get(rename.current, rename.current)
    kept = {new: old for new, old in names.items() if new != rename.current}
    return {**kept, rename.desired: at_copy}
