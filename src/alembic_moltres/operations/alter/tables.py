"""A table's name, comment and options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alembic.operations import Operations
from alembic.operations.ops import AlterTableOp, CreateTableCommentOp, RenameTableOp

from .value_op import ValueOp

if TYPE_CHECKING:
    from alembic.operations import Operations as RunningOperations


@Operations.register_operation("moltres_rename_table")
class MoltresRenameTableOp(ValueOp, RenameTableOp):
    """Give a table another name in its schema.

    The names of its indexes, constraints, sequences and enum types stay as they are.

    >>> op = MoltresRenameTableOp("people", "users")
    >>> op.reverse().key()
    ('users', 'people', None)
    """

    def key(self) -> tuple[object, ...]:
        return self.table_name, self.new_table_name, self.schema

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("rename_table", schema, old, new)`."""
        return "rename_table", self.schema, self.table_name, self.new_table_name

    def reverse(self) -> MoltresRenameTableOp:
        """Return the operation that gives the old name back."""
        return MoltresRenameTableOp(self.new_table_name, self.table_name, schema=self.schema)

    @classmethod
    def moltres_rename_table(
        cls, operations: RunningOperations, old: str, new: str, schema: str | None = None
    ) -> None:
        """Give a table another name in its schema.

        Args:
            operations: where to run it.
            old: its name.
            new: the name to give it.
            schema: where it is, `None` for the default schema.

        Raises:
            CommandError: the database does not allow it.
        """
        operations.invoke(cls(old, new, schema=schema))


class MoltresSetCommentOp(ValueOp, CreateTableCommentOp):
    """Set a table's comment, `None` for none.

    >>> op = MoltresSetCommentOp("users", "Who logs in", existing_comment=None)
    >>> op.reverse().key()
    ('users', None, 'Who logs in', None)
    """

    def key(self) -> tuple[object, ...]:
        return self.table_name, self.comment, self.existing_comment, self.schema

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("add_table_comment", table, old)`, or `("remove_table_comment", table)`."""
        if self.comment is None:
            return "remove_table_comment", self.to_table()
        return "add_table_comment", self.to_table(), self.existing_comment

    def reverse(self) -> MoltresSetCommentOp:
        """Return the operation that gives the old comment back."""
        return MoltresSetCommentOp(
            self.table_name,
            self.existing_comment,
            existing_comment=self.comment,
            schema=self.schema,
        )


class MoltresSetOptionsOp(ValueOp, AlterTableOp):
    """Set a table's dialect options, those that differ; an absent one is the database's default.

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

    def key(self) -> tuple[object, ...]:
        return self.table_name, self.current, self.desired, self.schema

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return `("modify_table_options", schema, table, current, desired)`."""
        current, desired = dict(self.current), dict(self.desired)
        return "modify_table_options", self.schema, self.table_name, current, desired

    def reverse(self) -> MoltresSetOptionsOp:
        """Return the operation that gives the old options back."""
        return MoltresSetOptionsOp(self.table_name, self.desired, self.current, schema=self.schema)
