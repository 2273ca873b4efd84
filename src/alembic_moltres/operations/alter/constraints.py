"""Operations that add or drop a constraint."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AddConstraintOp, DropConstraintOp

from ...diff import AddConstraint, DropConstraint
from ...schema import Constraint
from ...schema.names import qualified_name
from ..diff_tuple import DiffTuple
from ..value_op import DropOp, TableOp

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.runtime.migration import MigrationContext


CONSTRAINT_KINDS = {
    "PrimaryKeyConstraint": "primary",
    "UniqueConstraint": "unique",
    "ForeignKeyConstraint": "foreignkey",
    "CheckConstraint": "check",
    "ExcludeConstraint": "exclude",
}
"""Alembic's names for the types of constraints, for `drop_constraint`."""


class MoltresAddConstraintOp(TableOp, AddConstraintOp, change=AddConstraint):
    """Add a constraint, given by its value.

    >>> from alembic_moltres.schema import unique
    >>> op = MoltresAddConstraintOp("users", unique("email", name="uq_users_email"))
    >>> op.to_diff_tuple()[0], op.reverse().reverse() == op
    ('add_constraint', True)
    """

    def __init__(
        self, table_name: str, constraint: Constraint, *, schema: str | None = None
    ) -> None:
        self._constraint = constraint
        self.constraint_name = constraint.name
        self.table_name, self.schema = table_name, schema

    @property
    def constraint(self) -> Constraint:
        """The value, with a name that a rewriter has set."""
        if self.constraint_name == self._constraint.name:
            return self._constraint
        return replace(self._constraint, name=self.constraint_name)

    @property
    def constraint_type(self) -> str:
        """Alembic's name for the type of the constraint."""
        return CONSTRAINT_KINDS[type(self._constraint).__name__]

    @property
    def change(self) -> AddConstraint:
        return AddConstraint(self.constraint)

    def to_constraint(self, migration_context: MigrationContext | None = None) -> sa.Constraint:
        """Return SQLAlchemy's constraint, on a table of its own with the columns that it needs."""
        from ...convert.single_items import thaw_single_constraint

        return thaw_single_constraint(
            self.table_name, self.schema, self.constraint, self.known_columns
        )

    def to_diff_tuple(self) -> Any:
        """Return `("add_constraint", constraint)`, or `("add_fk", ...)` for a foreign key."""
        word = "add_fk" if self.constraint_type == "foreignkey" else "add_constraint"
        table = qualified_name(self.table_name, self.schema)
        return DiffTuple((word, self.to_constraint()), self.constraint, table=table)

    def reverse(self) -> MoltresDropConstraintOp:
        """Return the operation that drops it; later changes of this one affect it, too."""
        return MoltresDropConstraintOp(self)


class MoltresDropConstraintOp(DropOp, DropConstraintOp, change=DropConstraint):
    """Drop a constraint; it contains the operation that adds it, so it can be reversed.

    >>> from alembic_moltres.schema import check
    >>> op = MoltresDropConstraintOp.from_value("users", check("age > 0", name="ck_users_age"))
    >>> op.constraint_name, op.constraint_type, op.reverse().constraint
    ('ck_users_age', 'check', check('age > 0', name='ck_users_age'))
    """

    _reverse: MoltresAddConstraintOp

    def __init__(self, add: MoltresAddConstraintOp) -> None:
        super().__init__(
            add.constraint_name,
            add.table_name,
            type_=add.constraint_type,
            schema=add.schema,
        )
        self._reverse = add
        self._named = add.constraint_name
        self.kw: dict[str, Any] = {}

    @property
    def constraint(self) -> Constraint:
        """The value, with a name that a rewriter has set."""
        constraint = self._reverse.constraint
        if self.constraint_name == self._named:
            return constraint
        name: Any = self.constraint_name
        return replace(constraint, name=name)

    @property
    def change(self) -> DropConstraint:
        return DropConstraint(self.constraint)

    def to_diff_tuple(self) -> Any:
        """Return `("remove_constraint", constraint)`, or `("remove_fk", ...)`."""
        table = qualified_name(self.table_name, self.schema)
        return DiffTuple(super().to_diff_tuple(), self.constraint, table=table)

    def to_constraint(self) -> sa.Constraint:
        """Return SQLAlchemy's constraint, on a table of its own with the columns that it needs."""
        from ...convert.single_items import thaw_single_constraint

        return thaw_single_constraint(
            self.table_name, self.schema, self.constraint, self.known_columns
        )
