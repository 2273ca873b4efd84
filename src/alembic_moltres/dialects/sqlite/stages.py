"""Splits a change of a table into stages, each with at most one copy.

A stage has statements before and after its copy. Autogenerate's blocks are one stage in both
directions: renames come before all changes of columns in an upgrade, and after them in a downgrade.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.engine import Dialect

from ...convert.names import kept_name
from ...diff import (
    AddConstraint,
    AlterTable,
    Change,
    CreateIndex,
    DropConstraint,
    DropIndex,
    RenameColumn,
    SetOptions,
)
from ...diff.changes.columns import ColumnChange
from ...schema import Constraint


@dataclass(slots=True)
class Stage:
    """Changes of a table, in their order and as arranged around a copy.

    `dropped` are constraints with their names before `before` has run; `work` are the changes of
    the copy itself, each with the columns' names at that time by their later names.
    """

    change: AlterTable
    dropped: list[Constraint] = field(default_factory=list)
    before: list[Change] = field(default_factory=list)
    work: list[tuple[Change, dict[str, str]]] = field(default_factory=list)
    after: list[Change] = field(default_factory=list)

    def dropped_indexes(self, dialect: Dialect) -> list[str]:
        """Return the database's names of the indexes that are dropped before the copy."""
        dropped = (each.index for each in self.before if isinstance(each, DropIndex))
        return [kept_name(each.name, dialect) for each in dropped]


def staged(change: AlterTable) -> Iterator[Stage]:
    """Split a change into stages: one, unless columns change before and after a rename."""
    changes = change.changes
    while changes:
        pivot = _pivot(changes)
        end = _end(changes, pivot)
        yield _stage(replace(change, changes=changes[:end]), pivot)
        changes = changes[end:]


def _pivot(changes: Sequence[Change]) -> int:
    """Return the position at which the copy is made."""
    for kinds in ((ColumnChange, SetOptions, AddConstraint), (DropConstraint,)):
        for at, change in enumerate(changes):
            if isinstance(change, kinds):
                return at
    return len(changes)


def _end(changes: Sequence[Change], pivot: int) -> int:
    """Return the beginning of the next stage: a rename before further changes of columns."""
    renamed = None
    for at in range(pivot, len(changes)):
        if isinstance(changes[at], RenameColumn):
            renamed = at if renamed is None else renamed
        elif renamed is not None and isinstance(changes[at], ColumnChange):
            return renamed
    return len(changes)


def _stage(change: AlterTable, pivot: int) -> Stage:
    stage, names = Stage(change), dict[str, str]()
    renamed_before = False
    for at, each in enumerate(change.changes):
        if isinstance(each, RenameColumn | CreateIndex | DropIndex):
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
    """Return the names in the copy, by the names after one more rename."""
    at_copy = names.get(rename.current, rename.current)
    kept = {new: old for new, old in names.items() if new != rename.current}
    return {**kept, rename.desired: at_copy}
