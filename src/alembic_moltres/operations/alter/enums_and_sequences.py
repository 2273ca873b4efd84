"""Enum types and sequences, which live beside the tables that use them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation

from ..command_errors import as_command_errors
from .value_op import ValueOp

if TYPE_CHECKING:
    from alembic.operations import Operations as RunningOperations

    from ...datatypes import DataType
    from ...schema import Sequence


@Operations.register_operation("moltres_alter_enum")
class MoltresAlterEnumOp(ValueOp, MigrateOperation):
    """Change the labels of a named enum type; `renamed` maps labels to what they are called now.

    >>> op = MoltresAlterEnumOp(
    ...     "ENUM('a','b',name='mood')", "ENUM('a','c',name='mood')", {"b": "c"}
    ... )
    >>> op.reverse().renamed
    {'c': 'b'}
    """

    def __init__(
        self, current: str, desired: str, renamed: Mapping[str, str] | None = None
    ) -> None:
        from ...datatypes import DataType
        from ...schema.base import FrozenMapping

        self.current, self.desired = str(DataType.parse(current)), str(DataType.parse(desired))
        self.renamed = FrozenMapping(renamed or {})
        self._check()

    def _check(self) -> None:
        from ...errors import OperationError

        before, after = self.types()
        for type_ in (before, after):
            if not isinstance(type_.kwargs.get("name"), str):
                raise OperationError(
                    f"{type_} is no enum type with a name; write ENUM('a','b',name='...')", type_
                )
        places = [(type_.kwargs["name"], type_.kwargs.get("schema")) for type_ in (before, after)]
        if places[0] != places[1]:
            raise OperationError(
                f"{before} and {after} are two types; give both the same name and schema", after
            )
        for old, new in self.renamed.items():
            if old not in before.args or new not in after.args:
                raise OperationError(
                    f"the label {old!r} is renamed {new!r} (at {before} to {after}); "
                    "rename a label of the first to one of the second",
                    self,
                )

    def types(self) -> tuple[DataType, DataType]:
        """Return both types, parsed."""
        from ...datatypes import DataType

        return DataType.parse(self.current), DataType.parse(self.desired)

    def key(self) -> tuple[object, ...]:
        return self.current, self.desired, self.renamed

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("modify_enum", current, desired, renamed)`."""
        return "modify_enum", self.current, self.desired, dict(self.renamed)

    def reverse(self) -> MoltresAlterEnumOp:
        """Return the operation that gives the old labels back."""
        back = {new: old for old, new in self.renamed.items()}
        return MoltresAlterEnumOp(self.desired, self.current, back)

    @classmethod
    def moltres_alter_enum(
        cls,
        operations: RunningOperations,
        old: str,
        new: str,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        """Change the labels of a named enum type.

        Where enums have no life of their own (MySQL, MariaDB, SQLite) it does nothing: a column's
        type has its labels there, and `moltres_alter_table` changes it.

        Args:
            operations: where to run it.
            old: the type, such as `"ENUM('sad','ok',name='mood')"`.
            new: the same with its labels of now.
            renamed: labels of `old` by what they are called in `new`; rows follow.

        Raises:
            CommandError: something that depends on the type cannot be kept, or rows hold a label
                that is removed; nothing is changed.
        """
        with as_command_errors():
            operation = cls(old, new, renamed)
        operations.invoke(operation)


@Operations.register_operation("moltres_alter_sequence")
class MoltresAlterSequenceOp(ValueOp, MigrateOperation):
    """Change the options of a sequence; its current value stays unless `start` changes.

    >>> from alembic_moltres.schema import sequence
    >>> op = MoltresAlterSequenceOp(sequence("s"), sequence("s", increment=10))
    >>> op.reverse().desired
    sequence('s')
    """

    def __init__(self, current: Sequence, desired: Sequence) -> None:
        self.current, self.desired = current, desired

    def key(self) -> tuple[object, ...]:
        return self.current, self.desired

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("modify_sequence", current, desired)`."""
        return "modify_sequence", self.current, self.desired

    def reverse(self) -> MoltresAlterSequenceOp:
        """Return the operation that gives the old options back."""
        return MoltresAlterSequenceOp(self.desired, self.current)

    @classmethod
    def moltres_alter_sequence(
        cls, operations: RunningOperations, old: Sequence, new: Sequence
    ) -> None:
        """Change the options of a sequence.

        Args:
            operations: where to run it.
            old: the sequence, such as `sequence("order_numbers")`.
            new: the same with its options of now.

        Raises:
            CommandError: the database does not allow it.
        """
        operations.invoke(cls(old, new))
