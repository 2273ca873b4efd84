"""Changes of a table that inherits, or is a partition, which the change of its parent brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..schema import CheckConstraint
from .changes.alter_table import AlterTable
from .changes.base import Change, TableKey
from .changes.columns import AlterColumn, ColumnChange, DropColumn, RenameColumn
from .changes.constraints import AddConstraint, DropConstraint


@dataclass(frozen=True, slots=True)
class Child:
    """A table that has columns from other tables.

    Attributes:
        parents: those tables.
        partition: whether it is a partition, all of whose columns are its parent's.
        own: the names of the columns and constraints that stay if the parents lose them.
    """

    parents: tuple[TableKey, ...]
    partition: bool = False
    own: frozenset[str] = frozenset()


def without_inherited_changes(
    changes: Iterable[Change], children: Mapping[TableKey, Child]
) -> list[Change]:
    """Return the changes without those of child tables that equal a change of a parent.

    PostgreSQL alters the columns and CHECKs of child tables with the parent's, and refuses to alter
    them there. Comments are not inherited: those are set in a block of their own at the end.

    >>> from alembic_moltres.schema import column
    >>> dropped = (DropColumn(column("a", "TEXT")),)
    >>> both = [AlterTable("city", None, dropped), AlterTable("town", None, dropped)]
    >>> without_inherited_changes(both, {(None, "town"): Child(((None, "city"),))})
    [AlterTable('city', None, [DropColumn(column('a', 'TEXT'))])]
    """
    changes = list(changes)
    of_tables = {each.key: each.changes for each in changes if isinstance(each, AlterTable)}
    left: list[Change] = []
    comments: list[Change] = []
    for change in changes:
        child = children.get(change.key) if isinstance(change, AlterTable) else None
        if child is None or not isinstance(change, AlterTable):
            left.append(change)
            continue
        above = [each for parent in child.parents for each in of_tables.get(parent, ())]
        own = tuple(each for each in change.changes if not _comes_with(each, above, child))
        if own:
            left.append(replace(change, changes=own) if own != change.changes else change)
        commented = tuple(_comments(change.changes, above, own))
        if commented:
            comments.append(replace(change, changes=commented))
    return left + comments


def _comes_with(change: Change, above: list[Change], child: Child) -> bool:
    match change:
        case DropColumn(column) if not child.partition and column.name in child.own:
            return False
        case DropConstraint(constraint) if not child.partition and constraint.name in child.own:
            return False
        case AddConstraint(constraint) | DropConstraint(constraint):
            return isinstance(constraint, CheckConstraint) and change in above
        case ColumnChange():
            return _uncommented(change) in map(_uncommented, above)
        case RenameColumn():
            return change in above
        case _:
            return False


def _uncommented(change: Change) -> Change:
    if isinstance(change, ColumnChange):
        return change.mapped(lambda column: replace(column, comment=None))
    return change


def _comments(
    changes: Iterable[Change], above: list[Change], own: tuple[Change, ...]
) -> Iterator[AlterColumn]:
    """Yield what sets the comments of columns whose changes come with a parent's."""
    for change in changes:
        if change in own or not isinstance(change, ColumnChange):
            continue
        current, desired = change.sides()
        comment = None if current is None else current.comment
        if desired is not None and desired.comment != comment:
            yield AlterColumn(replace(desired, comment=comment), desired)
