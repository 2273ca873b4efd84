"""Adds or drops a constraint."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from ...errors import SchemaError
from ...messages import did_you_mean
from ...schema import Constraint, ForeignKeyConstraint, TableSchema
from ...schema.constraints import content_of, description_of
from ...schema.tables import place_of
from .base import Addition, Removal, TableChange


class ConstraintChange(TableChange):
    """A constraint that is added or dropped."""

    __slots__ = ()
    constraint: Constraint

    def described(self) -> str:
        """Return the constraint's name for log messages."""
        kind = self.constraint.function.replace("_", " ")
        content = content_of(self.constraint)
        return description_of(f"{kind} constraint", self.constraint.name, content)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AddConstraint(Addition, ConstraintChange):
    """Adds a constraint that the database does not have."""

    constraint: Constraint
    method: ClassVar[str] = "add_constraint"

    def message(self, table: str = "") -> str:
        return f"added {self.described()} on table {table!r}"

    def reverse(self) -> DropConstraint:
        return DropConstraint(self.constraint)

    def applied(self, table: TableSchema) -> TableSchema:
        return with_constraint(table, self.constraint, self.method)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropConstraint(Removal, ConstraintChange):
    """Drops a constraint that the models do not have."""

    constraint: Constraint
    method: ClassVar[str] = "drop_constraint"

    def message(self, table: str = "") -> str:
        return f"removed {self.described()} on table {table!r}"

    def reverse(self) -> AddConstraint:
        return AddConstraint(self.constraint)

    def applied(self, table: TableSchema) -> TableSchema:
        return without_constraint(table, self.constraint, self.method)


def with_constraint(table: TableSchema, constraint: Constraint, method: str) -> TableSchema:
    """Return the table with the constraint added.

    Raises:
        SchemaError: the table has one of that kind and name, or lacks one of its columns.
    """
    if any(_is_of_name(each, constraint) for each in table.constraints):
        raise SchemaError(
            f"{place_of(constraint)} is in the table {table.key!r} already (at {method}); "
            "drop it first, or give this one another name",
            constraint,
        )
    return replace(table, constraints=(*table.constraints, constraint))


def without_constraint(table: TableSchema, constraint: Constraint, method: str) -> TableSchema:
    """Return the table without a constraint: found by its content, else by its kind and name.

    Raises:
        SchemaError: the table has no such constraint.
    """
    for is_meant in (_is_same, _is_of_name):
        for at, each in enumerate(table.constraints):
            if is_meant(each, constraint):
                kept = (*table.constraints[:at], *table.constraints[at + 1 :])
                return replace(table, constraints=kept)
    names = [str(each.name) for each in table.constraints if each.name]
    hint = did_you_mean(str(constraint.name), names) or "; drop it as the table has it"
    raise SchemaError(
        f"there is no {place_of(constraint).removeprefix('the ')} in the table {table.key!r} "
        f"(at {method}){hint}",
        constraint,
    )


def _is_same(one: Constraint, other: Constraint) -> bool:
    return immediate(one) == immediate(other)


def _is_of_name(one: Constraint, other: Constraint) -> bool:
    """Tell whether two constraints have the same name on some database."""
    if type(one) is not type(other) or one.name is None or one.name != other.name:
        return False
    return not one.ddl_if or not other.ddl_if or bool({*one.ddl_if} & {*other.ddl_if})


def immediate(constraint: Constraint) -> Constraint:
    """Return a constraint without `use_alter`, which only decides when it is added."""
    if isinstance(constraint, ForeignKeyConstraint) and constraint.use_alter:
        return replace(constraint, use_alter=False)
    return constraint
