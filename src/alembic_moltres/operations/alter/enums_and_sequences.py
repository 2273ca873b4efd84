"""Enum types and sequences, which are objects of their own, outside the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation

from ...diff import AlterEnum, AlterSequence
from ..command_errors import as_command_errors
from ..value_op import DatabaseOp

if TYPE_CHECKING:
    from alembic.operations import Operations as RunningOperations

    from ...schema import Sequence


@Operations.register_operation("moltres_alter_enum")
class MoltresAlterEnumOp(DatabaseOp, MigrateOperation, change=AlterEnum):
    """Change the labels of a named enum type; see `moltres_alter_enum`.

    >>> op = MoltresAlterEnumOp(
    ...     "ENUM('a','b',name='mood')", "ENUM('a','c',name='mood')", {"b": "c"}
    ... )
    >>> op.reverse().renamed
    {'c': 'b'}
    """

    def __init__(
        self,
        current: str,
        desired: str,
        renamed: Mapping[str, str] | None = None,
        *,
        used: bool = False,
    ) -> None:
        change = AlterEnum(current, desired, renamed or {}, used)
        self.current, self.desired, self.renamed = change.current, change.desired, change.renamed
        self.used = used

    @property
    def change(self) -> AlterEnum:
        return AlterEnum(self.current, self.desired, self.renamed, self.used)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("modify_enum", current, desired, renamed)`."""
        return "modify_enum", self.current, self.desired, dict(self.renamed)

    @classmethod
    def moltres_alter_enum(
        cls,
        operations: RunningOperations,
        old: str,
        new: str,
        renamed: Mapping[str, str] | None = None,
        *,
        used: bool = False,
    ) -> None:
        """Change the labels of a named enum type.

        It does nothing on databases without enum types (MySQL, MariaDB, SQLite): there a column's
        type has the labels, and `moltres_alter_table` changes it. On MySQL and MariaDB, whose
        columns have them, the log says so.

        Args:
            operations: where to run it.
            old: the type, such as `"ENUM('sad','ok',name='mood')"`.
            new: the same with the new labels.
            renamed: maps labels of `old` to labels of `new`; rows follow.
            used: whether the same transaction uses a new label, in a default, an expression or a
                row. PostgreSQL allows that only if the type is swapped for a new one.

        Raises:
            CommandError: something that depends on the type cannot be kept, or rows hold a label
                that is removed; nothing is changed.
        """
        with as_command_errors():
            operation = cls(old, new, renamed, used=used)
        operations.invoke(operation)


@Operations.register_operation("moltres_alter_sequence")
class MoltresAlterSequenceOp(DatabaseOp, MigrateOperation, change=AlterSequence):
    """Change the options of a sequence; its current value stays unless `start` changes.

    >>> from alembic_moltres.schema import sequence
    >>> op = MoltresAlterSequenceOp(sequence("s"), sequence("s", increment=10))
    >>> op.reverse().desired
    sequence('s')
    """

    def __init__(self, current: Sequence, desired: Sequence) -> None:
        self.current, self.desired = current, desired

    @property
    def change(self) -> AlterSequence:
        return AlterSequence(self.current, self.desired)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("modify_sequence", current, desired)`."""
        return "modify_sequence", self.current, self.desired

    @classmethod
    def moltres_alter_sequence(
        cls, operations: RunningOperations, old: Sequence, new: Sequence
    ) -> None:
        """Change the options of a sequence.

        Args:
            operations: where to run it.
            old: the sequence, such as `sequence("order_numbers")`.
            new: the same with the new options.

        Raises:
            CommandError: the database does not allow it.
        """
        operations.invoke(cls(old, new))
