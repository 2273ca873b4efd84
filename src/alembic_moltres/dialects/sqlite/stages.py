"""A block in stages: each is at most one copy, with what SQLite does by itself before and after.

Autogenerate's blocks are one stage in both directions: renames stand before all work on columns
when upgrading, behind it when downgrading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from alembic.operations.ops import MigrateOperation

from ...operations.alter import (
    MoltresAddColumnOp,
    MoltresAddConstraintOp,
    MoltresAlterColumnOp,
    MoltresCreateIndexOp,
    MoltresDropColumnOp,
    MoltresDropConstraintOp,
    MoltresDropIndexOp,
    MoltresRenameColumnOp,
    MoltresSetOptionsOp,
)

COLUMN_WORK = (MoltresAddColumnOp, MoltresDropColumnOp, MoltresAlterColumnOp)
NATIVE = (MoltresRenameColumnOp, MoltresCreateIndexOp, MoltresDropIndexOp)


@dataclass(slots=True)
class Stage:
    """Operations of a block: in their order, and as a copy arranges them.

    `dropped` are constraints as they are called before `before` has run; `work` is what the copy
    itself does, each with the names that columns have then by the names they have afterwards.
    """

    ops: list[MigrateOperation] = field(default_factory=list)
    dropped: list[MoltresDropConstraintOp] = field(default_factory=list)
    before: list[MigrateOperation] = field(default_factory=list)
    work: list[tuple[MigrateOperation, dict[str, str]]] = field(default_factory=list)
    after: list[MigrateOperation] = field(default_factory=list)


def staged(ops: Sequence[MigrateOperation]) -> Iterator[Stage]:
    """Part a block into stages: one, unless columns change on both sides of a rename."""
    ops = list(ops)
    while ops:
        pivot = _pivot(ops)
        end = _end(ops, pivot)
        yield _stage(ops[:end], pivot)
        ops = ops[end:]


def _pivot(ops: Sequence[MigrateOperation]) -> int:
    """Return the place of the operation at which a copy would be made."""
    first = (*COLUMN_WORK, MoltresSetOptionsOp, MoltresAddConstraintOp)
    for kinds in (first, (MoltresDropConstraintOp,)):
        for at, operation in enumerate(ops):
            if isinstance(operation, kinds):
                return at
    return len(ops)


def _end(ops: Sequence[MigrateOperation], pivot: int) -> int:
    """Return where the next stage begins: at a rename before further work on columns."""
    renamed = None
    for at in range(pivot, len(ops)):
        if isinstance(ops[at], MoltresRenameColumnOp):
            renamed = at if renamed is None else renamed
        elif renamed is not None and isinstance(ops[at], COLUMN_WORK):
            return renamed
    return len(ops)


def _stage(ops: list[MigrateOperation], pivot: int) -> Stage:
    stage, names = Stage(ops), dict[str, str]()
    renamed_before = False
    for at, operation in enumerate(ops):
        if isinstance(operation, NATIVE):
            (stage.before if at < pivot else stage.after).append(operation)
            renamed = isinstance(operation, MoltresRenameColumnOp)
            renamed_before = renamed_before or (renamed and at < pivot)
            if renamed and at > pivot:
                names = _composed(names, operation)  # type: ignore[arg-type]
        elif isinstance(operation, MoltresDropConstraintOp) and at <= pivot and not renamed_before:
            stage.dropped.append(operation)
        else:
            stage.work.append((operation, dict(names)))
    return stage


def _composed(names: dict[str, str], rename: MoltresRenameColumnOp) -> dict[str, str]:
    """Return the names of the copy by those that are valid behind one more rename."""
    at_copy = names.get(rename.old_name, rename.old_name)
    kept = {new: old for new, old in names.items() if new != rename.old_name}
    return {**kept, rename.new_name: at_copy}
