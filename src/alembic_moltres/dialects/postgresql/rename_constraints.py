"""Constraints that only get another name.

A block drops them and adds them again. PostgreSQL refuses to drop a key that a foreign key refers
to, and would build its index anew: it has a rename for that.
"""

from __future__ import annotations

from dataclasses import replace

from ...operations.alter import (
    MoltresAddConstraintOp,
    MoltresAlterTableOp,
    MoltresDropColumnOp,
    MoltresDropConstraintOp,
    MoltresRenameColumnOp,
)
from ...schema import Constraint


def renamed_constraints(block: MoltresAlterTableOp) -> dict[Constraint, Constraint]:
    """Return what each constraint was that is added under another name than it is dropped by.

    One on columns that are renamed or dropped meanwhile is none: it is on others afterwards.

    >>> from alembic_moltres.schema import unique
    >>> old, new = unique("a", name="old"), unique("a", name="new")
    >>> drop, add = MoltresDropConstraintOp.from_value("t", old), MoltresAddConstraintOp("t", new)
    >>> renamed_constraints(MoltresAlterTableOp("t", [drop, add])) == {new: old}
    True
    """
    dropped = [op.constraint for op in block.ops if isinstance(op, MoltresDropConstraintOp)]
    added = [op.constraint for op in block.ops if isinstance(op, MoltresAddConstraintOp)]
    names = {each.name for each in dropped}
    moved = _moved_columns(block)
    renamed: dict[Constraint, Constraint] = {}
    for new in added:
        columns = getattr(new, "columns", moved)  # a CHECK may name any of them
        if new.name is None or new.name in names or moved.intersection(columns):
            continue
        alike = (old for old in dropped if replace(old, name=new.name) == new)
        former = next((old for old in alike if old not in renamed.values()), None)
        if former is not None:
            renamed[new] = former
    return renamed


def _moved_columns(block: MoltresAlterTableOp) -> set[str]:
    moved = set()
    for op in block.ops:
        if isinstance(op, MoltresRenameColumnOp):
            moved |= {op.old_name, op.new_name}
        elif isinstance(op, MoltresDropColumnOp):
            moved.add(op.definition.name)
    return moved
