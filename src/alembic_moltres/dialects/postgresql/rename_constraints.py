"""Constraints that only get another name.

A block drops them and adds them again. PostgreSQL refuses to drop a key that a foreign key refers
to, and would build its index anew: it has a rename for that.
"""

from __future__ import annotations

from dataclasses import replace

from ...diff import AlterTable
from ...schema import Constraint


def renamed_constraints(change: AlterTable) -> dict[Constraint, Constraint]:
    """Return what each constraint was that is added under another name than it is dropped by.

    One on columns that are renamed or dropped meanwhile is none: it is on others afterwards.

    >>> from alembic_moltres.diff import AddConstraint, DropConstraint
    >>> from alembic_moltres.schema import unique
    >>> old, new = unique("a", name="old"), unique("a", name="new")
    >>> change = AlterTable("t", None, (DropConstraint(old), AddConstraint(new)))
    >>> renamed_constraints(change) == {new: old}
    True
    """
    dropped, added = change.dropped_constraints, change.added_constraints
    names = {each.name for each in dropped}
    renames = change.renamed_columns.items()
    moved = {name for pair in renames for name in pair}
    moved |= {column.name for column in change.dropped_columns}
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
