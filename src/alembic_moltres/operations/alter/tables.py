"""A table's name, comment and options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from alembic.operations import Operations
from alembic.operations.ops import AlterTableOp, CreateTableCommentOp, RenameTableOp

from ...diff import RenameGeneratedNames, RenameTable, SetComment, SetOptions
from ...schema.base import EMPTY
from ..command_errors import as_command_errors
from ..diff_tuple import DiffTuple
from ..sources import name_of
from ..value_op import DatabaseOp, TableOp

if TYPE_CHECKING:
    from alembic.operations import Operations as RunningOperations
    from sqlalchemy.engine import Dialect

    from ...schema import TableSchema


@Operations.register_operation("moltres_rename_table")
class MoltresRenameTableOp(DatabaseOp, RenameTableOp, change=RenameTable):
    """Rename a table within its schema.

    The names of its indexes, constraints, sequences and enum types stay as they are;
    `rename_generated_names` is for those that PostgreSQL has made of the table's name.

    >>> MoltresRenameTableOp("people", "users").reverse().change
    RenameTable('users', 'people')
    """

    @property
    def change(self) -> RenameTable:
        return RenameTable(self.table_name, self.new_table_name, self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("rename_table", schema, old, new)`."""
        return "rename_table", self.schema, self.table_name, self.new_table_name

    @classmethod
    def moltres_rename_table(
        cls, operations: RunningOperations, old: object, new: str, schema: str | None = None
    ) -> None:
        """Rename a table within its schema.

        Args:
            operations: where to run it.
            old: its name; its value, a mapped class or a `Table` has the name, too.
            new: its new name.
            schema: where it is, `None` for the default schema.

        Raises:
            CommandError: the database does not allow it.
        """
        with as_command_errors():
            name, schema = name_of(old, schema, (operations.impl.dialect,))
            operation = cls(name, new, schema=schema)
        operations.invoke(operation)


class MoltresSetCommentOp(TableOp, CreateTableCommentOp, change=SetComment):
    """Set a table's comment, `None` for none.

    >>> MoltresSetCommentOp("users", "Who logs in", existing_comment=None).reverse().change
    SetComment('Who logs in', None)
    """

    @classmethod
    def from_change(
        cls,
        table_name: str,
        change: SetComment,
        *,
        schema: str | None = None,
        dialects: Sequence[Dialect] = (),
    ) -> Self:
        made = cls(table_name, change.desired, existing_comment=change.current, schema=schema)
        made.dialects = tuple(dialects)
        return made

    @property
    def change(self) -> SetComment:
        return SetComment(self.existing_comment, self.comment)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("add_table_comment", table, old)`, or `("remove_table_comment", table)`."""
        if not self.comment:  # an empty one is none
            table = self.to_table()
            table.comment = None
            return DiffTuple(("remove_table_comment", table), self._shown())
        added = ("add_table_comment", self.to_table(), self.existing_comment)
        return DiffTuple(added, self._shown())

    def _shown(self) -> TableSchema:
        from ...schema import TableSchema

        comment = self.comment or None
        return TableSchema(str(self.table_name), (), schema=self.schema, comment=comment)


class MoltresRenameGeneratedNamesOp(TableOp, AlterTableOp, change=RenameGeneratedNames):
    """Rename constraints and sequences that PostgreSQL has named; other databases do nothing.

    >>> op = MoltresRenameGeneratedNamesOp("people", {"person_pkey": "people_pkey"})
    >>> op.reverse().constraints
    {'people_pkey': 'person_pkey'}
    """

    def __init__(
        self,
        table_name: str,
        constraints: Mapping[str, str],
        sequences: Mapping[str, str] = EMPTY,
        *,
        schema: str | None = None,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.constraints, self.sequences = constraints, sequences

    @property
    def change(self) -> RenameGeneratedNames:
        return RenameGeneratedNames(self.constraints, self.sequences)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("modify_generated_names", schema, table, names)`."""
        names = {**self.constraints, **self.sequences}
        return "modify_generated_names", self.schema, self.table_name, names


class MoltresSetOptionsOp(TableOp, AlterTableOp, change=SetOptions):
    """Set a table's dialect options that differ; an absent one is reset to the default.

    >>> op = MoltresSetOptionsOp("users", {"mysql_engine": "InnoDB"}, {"mysql_engine": "Aria"})
    >>> op.reverse().desired
    {'mysql_engine': 'InnoDB'}
    """

    def __init__(
        self,
        table_name: str,
        current: Mapping[str, Any],
        desired: Mapping[str, Any],
        *,
        schema: str | None = None,
    ) -> None:
        from ...schema.base import frozen_mapping

        super().__init__(table_name, schema=schema)
        where = f"the options of the table {table_name!r}"
        self.current, self.desired = frozen_mapping(current, where), frozen_mapping(desired, where)

    @property
    def change(self) -> SetOptions:
        return SetOptions(self.current, self.desired)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("modify_table_options", schema, table, current, desired)`."""
        current, desired = dict(self.current), dict(self.desired)
        return "modify_table_options", self.schema, self.table_name, current, desired
