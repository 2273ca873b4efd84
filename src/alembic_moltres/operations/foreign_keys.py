"""Operations on the foreign keys of cycles, which are added after both tables exist.

In a cycle of foreign keys one has `use_alter=True` in its table's value. On a dialect without
`ALTER TABLE ADD CONSTRAINT` it is part of CREATE TABLE, and these operations do nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation
from sqlalchemy.engine import Dialect

from ..diff import AddForeignKeys, Change, DropForeignKeys, added_later
from ..schema import TableSchema
from .diff_tuple import DiffTuple
from .ops import MoltresCreateTableOp
from .sources import as_schema
from .value_op import DatabaseOp


class ForeignKeysOp(DatabaseOp, MigrateOperation):
    """The foreign keys with `use_alter=True` of the table that another operation creates.

    Attributes:
        diff_name: what Alembic calls the difference.
    """

    diff_name: ClassVar[str]

    def __init__(self, create: MoltresCreateTableOp) -> None:
        self._create = create
        self.constant = create.constant

    @classmethod
    def from_schema(
        cls, schema: TableSchema, *, name: str | None = None, dialects: Sequence[Dialect] = ()
    ) -> Self:
        """Return the operation on the foreign keys of `schema`; see `MoltresCreateTableOp`."""
        return cls(MoltresCreateTableOp.from_schema(schema, name=name, dialects=dialects))

    @classmethod
    def from_change(
        cls, change: AddForeignKeys | DropForeignKeys, *, dialects: Sequence[Dialect] = ()
    ) -> Self:
        return cls.from_schema(change.table, dialects=dialects)

    @classmethod
    def carry_out(cls, operations: Operations, table: object) -> None:
        """Carry out the operation on `table`; see `moltres_add_foreign_keys`."""
        dialects = (operations.impl.dialect,)
        schema = as_schema(table, dialects)
        operations.invoke(cls.from_schema(schema, dialects=dialects))

    @property
    def table_schema(self) -> TableSchema:
        """The value of the table, with the changes of rewriters."""
        return self._create.table_schema

    def to_table(self) -> sa.Table:
        """Return the table that has the foreign keys, in a `MetaData` of its own."""
        return self._create.to_table()

    @property
    def change(self) -> Change:
        make: Any = self.change_class
        change: Change = make(self.table_schema)
        return change

    def foreign_keys(self) -> list[sa.ForeignKeyConstraint]:
        """Return the foreign keys, on a table of their own."""
        from ..dialects.base.create_table import deferred_foreign_keys

        return deferred_foreign_keys(self.to_table())

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return the name of the difference, and the constraints."""
        value = self.table_schema
        keys = {key.columns: key for key in added_later(value)}
        made = self.foreign_keys()
        values = (keys.get(tuple(key.column_keys), key) for key in made)
        return DiffTuple((self.diff_name, *made), *values, table=value.key)


@Operations.register_operation("moltres_add_foreign_keys")
class MoltresAddForeignKeysOp(ForeignKeysOp, change=AddForeignKeys):
    """Add the foreign keys of a table that have `use_alter=True`.

    It refers to the operation that creates the table, and so includes a rewriter's changes of it.

    >>> from alembic_moltres.schema import TableSchema, column, foreign_key
    >>> key = foreign_key("b", "b", "id", name="fk_a_b", use_alter=True)
    >>> a = TableSchema("a", [column("b", "INTEGER")], constraints=[key])
    >>> [key.name for key in MoltresAddForeignKeysOp.from_schema(a).to_diff_tuple()[1:]]
    ['fk_a_b']
    """

    diff_name = "add_fk"

    def reverse(self) -> MoltresDropForeignKeysOp:
        """Return the operation that drops them."""
        return MoltresDropForeignKeysOp(self._create)

    @classmethod
    def moltres_add_foreign_keys(cls, operations: Operations, table: object) -> None:
        """Add the foreign keys of a table that have `use_alter=True`.

        Does nothing if the dialect has no `ALTER TABLE ADD CONSTRAINT`: CREATE TABLE has them.

        Args:
            operations: where to run it.
            table: a `TableSchema`, a mapped class or a `Table`.

        Raises:
            CommandError: the value or the database does not allow it; nothing is changed.
        """
        cls.carry_out(operations, table)


@Operations.register_operation("moltres_drop_foreign_keys")
class MoltresDropForeignKeysOp(ForeignKeysOp, change=DropForeignKeys):
    """Drop the foreign keys of a table that have `use_alter=True`, before the tables are dropped.

    >>> from alembic_moltres.schema import TableSchema, column, foreign_key
    >>> key = foreign_key("b", "b", "id", name="fk_a_b", use_alter=True)
    >>> a = TableSchema("a", [column("b", "INTEGER")], constraints=[key])
    >>> MoltresDropForeignKeysOp.from_schema(a).reverse().table_schema == a
    True
    """

    diff_name = "remove_fk"

    def reverse(self) -> MoltresAddForeignKeysOp:
        """Return the operation that adds them again."""
        return MoltresAddForeignKeysOp(self._create)

    @classmethod
    def moltres_drop_foreign_keys(cls, operations: Operations, table: object) -> None:
        """Drop the foreign keys of a table that have `use_alter=True`.

        Does nothing if the dialect has no `ALTER TABLE DROP CONSTRAINT`: DROP TABLE drops them.

        Args:
            operations: where to run it.
            table: a `TableSchema`, a mapped class or a `Table`.

        Raises:
            CommandError: the value or the database does not allow it; nothing is changed.
        """
        cls.carry_out(operations, table)
