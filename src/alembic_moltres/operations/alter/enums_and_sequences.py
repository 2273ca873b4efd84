"""Operations on enum types, domains and sequences, which are objects outside the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation

from ...diff import (
    AlterDomain,
    AlterEnum,
    AlterSequence,
    CreateSequence,
    CreateType,
    DropSequence,
    DropType,
    RenameType,
)
from ...errors import OperationError
from ...messages import argument_text
from ...schema import Sequence
from ...schema.nul_names import check_name
from ..calls import CALLS
from ..value_op import DatabaseOp

if TYPE_CHECKING:
    from alembic.operations import Operations as RunningOperations


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

        It does nothing on databases without enum types (MySQL, MariaDB, SQLite): there the labels
        belong to the column's type, which `moltres_alter_table` changes. On MySQL and MariaDB the
        log says so.

        Args:
            operations: where to run it.
            old: the type, such as `"ENUM('sad','ok',name='mood')"`.
            new: the same with the new labels.
            renamed: maps labels of `old` to labels of `new`; rows are changed, too.
            used: whether the same transaction uses a new label, in a default, an expression or a
                row. PostgreSQL allows that only if the type is swapped for a new one.

        Raises:
            CommandError: something that depends on the type cannot be kept, or rows hold a label
                that is removed; nothing is changed.
        """
        current, desired = (_type_name(each, "moltres_alter_enum") for each in (old, new))
        if renamed is not None and not isinstance(renamed, Mapping):
            raise OperationError(
                f"moltres_alter_enum got renamed={argument_text(renamed)}; write "
                "renamed={'old': 'new'}",
                renamed,
            )
        operation = cls(current, desired, renamed, used=used)
        operations.invoke(operation)


def _type_name(given: object, function: str) -> str:
    """Return the name of a type, given by its name or as a SQLAlchemy type."""
    from sqlalchemy.types import TypeEngine

    from ...types import sqlalchemy_type_to_moltres_type

    if isinstance(given, TypeEngine):
        return sqlalchemy_type_to_moltres_type(given)
    if not isinstance(given, str):
        raise OperationError(
            f"{function} got {argument_text(given)}; write {CALLS[function]}", given
        )
    return given


def _checked_sequence(given: object, function: str) -> Sequence:
    """Return a sequence of a script."""
    if not isinstance(given, Sequence):
        raise OperationError(
            f"{function} got {argument_text(given)}; write {CALLS[function]}, with sequence() of "
            "alembic_moltres",
            given,
        )
    return given


@Operations.register_operation("moltres_alter_sequence")
class MoltresAlterSequenceOp(DatabaseOp, MigrateOperation, change=AlterSequence):
    """Change the options of a sequence; its current value does not change unless `start` does.

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
        operation = cls(*(_checked_sequence(each, "moltres_alter_sequence") for each in (old, new)))
        if (old.schema, old.name) != (new.schema, new.name):
            raise OperationError(
                f"{old} and {new} are different sequences; give both the same name and schema, or "
                "drop one and create the other",
                new,
            )
        operations.invoke(operation)


@Operations.register_operation("moltres_alter_domain")
class MoltresAlterDomainOp(DatabaseOp, MigrateOperation, change=AlterDomain):
    """Change the definition of a domain; see `moltres_alter_domain`.

    >>> op = MoltresAlterDomainOp(
    ...     "postgresql.DOMAIN(INTEGER,name='d')", "postgresql.DOMAIN(BIGINT,name='d')"
    ... )
    >>> op.reverse().desired
    "postgresql.DOMAIN(INTEGER,name='d')"
    """

    def __init__(self, current: str, desired: str, *, in_arrays: bool = False) -> None:
        change = AlterDomain(current, desired, in_arrays)
        self.current, self.desired, self.in_arrays = change.current, change.desired, in_arrays

    @property
    def change(self) -> AlterDomain:
        return AlterDomain(self.current, self.desired, self.in_arrays)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("modify_domain", current, desired)`."""
        return "modify_domain", self.current, self.desired

    @classmethod
    def moltres_alter_domain(
        cls, operations: RunningOperations, old: str, new: str, *, in_arrays: bool = False
    ) -> None:
        """Change the type, CHECK, default or NOT NULL of a domain.

        It does nothing on databases without domains.

        Args:
            operations: where to run it.
            old: the domain, such as `"postgresql.DOMAIN(INTEGER,name='pages',check='VALUE > 0')"`.
            new: the same with the new definition.
            in_arrays: whether columns are arrays of it. Since PostgreSQL does not check arrays
                again, a new domain replaces the old one, and the columns are rewritten.

        Raises:
            CommandError: rows violate it, or something depends on it that cannot be kept.
        """
        current, desired = (_type_name(each, "moltres_alter_domain") for each in (old, new))
        operation = cls(current, desired, in_arrays=in_arrays)
        operations.invoke(operation)


@Operations.register_operation("moltres_rename_type")
class MoltresRenameTypeOp(DatabaseOp, MigrateOperation, change=RenameType):
    """Rename an enum type or a domain; see `moltres_rename_type`."""

    def __init__(self, current: str, desired: str, schema: str | None = None) -> None:
        self.current, self.desired, self.schema = current, desired, schema

    @property
    def change(self) -> RenameType:
        return RenameType(self.current, self.desired, self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("rename_type", schema, old, new)`."""
        return "rename_type", self.schema, self.current, self.desired

    @classmethod
    def moltres_rename_type(
        cls, operations: RunningOperations, old: str, new: str, schema: str | None = None
    ) -> None:
        """Rename an enum type or a domain within its schema; its columns keep their values.

        It does nothing on databases without named types.

        Args:
            operations: where to run it.
            old: the name.
            new: the new name, without a schema.
            schema: the schema of both.

        Raises:
            CommandError: the database has no such type, or another one of the new name.
        """
        given: tuple[object, ...] = (old, new) if schema is None else (old, new, schema)
        for each in given:
            if not isinstance(each, str) or not each:
                raise OperationError(
                    f"moltres_rename_type got {argument_text(each)}; write "
                    f"{CALLS['moltres_rename_type']}",
                    each,
                )
            check_name(each, f"the rename of {old!r}")
        operation = cls(old, new, schema)
        operations.invoke(operation)


class _OfType(DatabaseOp, MigrateOperation):
    """An operation on an enum type or a domain as a whole."""

    diff_name: ClassVar[str]

    def __init__(self, type_: str) -> None:
        self.type = self.change_class(type_).type  # type: ignore[call-arg, attr-defined]

    @property
    def change(self) -> Any:
        return self.change_class(self.type)  # type: ignore[call-arg]

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return the name of the difference, and the type."""
        return self.diff_name, self.type


@Operations.register_operation("moltres_create_type")
class MoltresCreateTypeOp(_OfType, change=CreateType):
    """Create an enum type or a domain that no column needs; see `moltres_create_type`."""

    diff_name = "add_type"

    @classmethod
    def moltres_create_type(cls, operations: RunningOperations, type_: str) -> None:
        """Create an enum type or a domain; tables create those of their columns.

        An existing one is accepted if it is equal. It does nothing on databases without named
        types.

        Args:
            operations: where to run it.
            type_: the type, such as `"ENUM('sad','ok',name='mood')"`.

        Raises:
            CommandError: there is another type of that name.
        """
        operation = cls(_type_name(type_, "moltres_create_type"))
        operations.invoke(operation)


@Operations.register_operation("moltres_drop_type")
class MoltresDropTypeOp(_OfType, change=DropType):
    """Drop an enum type or a domain; see `moltres_drop_type`."""

    diff_name = "remove_type"

    @classmethod
    def moltres_drop_type(cls, operations: RunningOperations, type_: str) -> None:
        """Drop an enum type or a domain, unless something still uses it.

        Args:
            operations: where to run it.
            type_: the current type, which the reverse creates.
        """
        operation = cls(_type_name(type_, "moltres_drop_type"))
        operations.invoke(operation)


class _OfSequence(DatabaseOp, MigrateOperation):
    """An operation on a sequence as a whole."""

    diff_name: ClassVar[str]

    def __init__(self, sequence: Sequence) -> None:
        self.sequence = sequence

    @property
    def change(self) -> Any:
        return self.change_class(self.sequence)  # type: ignore[call-arg]

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return the name of the difference, and the sequence."""
        return self.diff_name, self.sequence


@Operations.register_operation("moltres_create_sequence")
class MoltresCreateSequenceOp(_OfSequence, change=CreateSequence):
    """Create a sequence that no column needs; see `moltres_create_sequence`."""

    diff_name = "add_sequence"

    @classmethod
    def moltres_create_sequence(cls, operations: RunningOperations, sequence: Sequence) -> None:
        """Create a sequence; tables create those of their columns.

        Args:
            operations: where to run it.
            sequence: the sequence, such as `sequence("order_numbers", start=1000)`.
        """
        operation = cls(_checked_sequence(sequence, "moltres_create_sequence"))
        operations.invoke(operation)


@Operations.register_operation("moltres_drop_sequence")
class MoltresDropSequenceOp(_OfSequence, change=DropSequence):
    """Drop a sequence; see `moltres_drop_sequence`."""

    diff_name = "remove_sequence"

    @classmethod
    def moltres_drop_sequence(cls, operations: RunningOperations, sequence: Sequence) -> None:
        """Drop a sequence, unless something in the database still uses it.

        Args:
            operations: where to run it.
            sequence: the current sequence, which the reverse creates.
        """
        operation = cls(_checked_sequence(sequence, "moltres_drop_sequence"))
        operations.invoke(operation)


OUTSIDE_TABLES = (
    MoltresAlterEnumOp,
    MoltresAlterDomainOp,
    MoltresAlterSequenceOp,
    MoltresRenameTypeOp,
    MoltresCreateTypeOp,
    MoltresDropTypeOp,
    MoltresCreateSequenceOp,
    MoltresDropSequenceOp,
)
"""The operations on objects outside the tables."""
