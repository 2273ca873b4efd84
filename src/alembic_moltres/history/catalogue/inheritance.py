"""What a table that inherits has from its parents, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ... import diff as changes
from ...diff import TableKey
from ...schema import CheckConstraint, ColumnDef

PASSED_ON = ("type_name", "type_variants", "nullable", "default", "sequence", "computed")
"""The fields of a column that its child tables have, too; neither the comment nor an identity."""


@dataclass(frozen=True, slots=True)
class Inheritance:
    """What a table has from others.

    Attributes:
        parents: the tables that it inherits from.
        borrowed: the listed columns that go with the parents'.
        partition: whether it is an attached partition, all of whose columns are its parent's.
    """

    parents: tuple[TableKey, ...]
    borrowed: frozenset[str] = frozenset()
    partition: bool = False


NO_PARENTS = Inheritance(())


@dataclass(frozen=True, slots=True)
class Given:
    """What a table passes on, by name."""

    columns: Mapping[str, ColumnDef]
    checks: Mapping[str, CheckConstraint]


def merged(column: ColumnDef, inherited: ColumnDef) -> ColumnDef:
    """Return a column with what it gets from an inherited one of the same name."""
    nullable = column.nullable and inherited.nullable
    if column.default is not None or column.computed or column.identity or column.sequence:
        return replace(column, nullable=nullable)
    return replace(
        column,
        nullable=nullable,
        default=inherited.default,
        sequence=inherited.sequence,
        computed=inherited.computed,
    )


def differences(current: ColumnDef, desired: ColumnDef) -> dict[str, Any]:
    """Return what differs of a column as far as it is passed on."""
    both = ((name, getattr(current, name), getattr(desired, name)) for name in PASSED_ON)
    return {name: new for name, old, new in both if old != new}


def needed_columns(change: changes.Change) -> Iterator[str]:
    """Yield the columns that a change needs in its table."""
    match change:
        case changes.AlterColumn(current):
            yield str(current.name)
        case changes.CreateIndex(index):
            yield from map(str, index.columns)
        case changes.AddConstraint(constraint) if not isinstance(constraint, CheckConstraint):
            yield from map(str, constraint.columns)
        case _:
            pass


def renamed_checks(
    before: Mapping[str, CheckConstraint], after: Mapping[str, CheckConstraint]
) -> Iterator[tuple[CheckConstraint, CheckConstraint]]:
    """Yield the CHECKs that have another name or another option, with these."""
    new = [each for name, each in after.items() if name not in before]
    for name, check in before.items():
        others = [after[name]] if name in after else new
        for each in others:
            if each != check and each.expression == check.expression:
                yield check, each
                break
