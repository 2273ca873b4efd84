"""Operations that create and drop a table: subclasses of Alembic's with a value.

Operations are mutable, as Alembic's are; values are not. `table_schema` is the value that an
operation was made from; once a rewriter has changed the operation, it is derived again. How an
operation runs is in `toimpl`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.operations.ops import CreateTableOp, DropTableOp
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import SchemaItem

from .. import alembic_compat, sqla_compat
from ..diff import CreateTable, DropTable
from ..schema import TableSchema
from .diff_tuple import DiffTuple
from .sources import as_schema, with_items
from .value_op import DatabaseOp, ThawedAttributes

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


def thawed(schema: TableSchema) -> sa.Table:
    """Return the table of a value, in a `MetaData` of its own."""
    from ..convert import schema_to_table

    return schema_to_table(schema, sa.MetaData())


def _add_unfrozen(table: sa.Table, model: sa.Table) -> None:
    """Copy the attributes that a value does not have from the models' columns."""
    of_model = {column.name: column for column in model.columns}
    for column in table.columns:
        known = of_model.get(column.name)
        if known is not None:
            column.info, column.doc, column.key = known.info, known.doc, known.key


@Operations.register_operation("moltres_create_table")
class MoltresCreateTableOp(ThawedAttributes, DatabaseOp, CreateTableOp, change=CreateTable):
    """Create a table, given by its value, with everything that belongs to it.

    A rewriter for `CreateTableOp` works here, too; `table_schema` has its changes.
    """

    thawed_names = frozenset({"columns", "kw", "prefixes", alembic_compat.NAMESPACE_METADATA})

    def __init__(
        self,
        table_schema: TableSchema,
        *,
        constant: str | None = None,
        if_not_exists: bool | None = None,
        dialects: Sequence[Dialect] = (),
        unfrozen: Sequence[str] = (),
    ) -> None:
        self._value = table_schema
        self._model_table: sa.Table | None = None
        self.constant = constant
        self.dialects = tuple(dialects)
        self.unfrozen = tuple(unfrozen)
        self.table_name = table_schema.name
        self.schema = table_schema.schema
        self.comment = table_schema.comment
        self.if_not_exists = if_not_exists
        if if_not_exists is None and table_schema.if_not_exists:
            self.if_not_exists = True
        alembic_compat.leave_column_constraints_out(self)  # none of our columns has index=True

    @classmethod
    def from_schema(
        cls,
        schema: TableSchema,
        *,
        name: str | None = None,
        if_not_exists: bool | None = None,
        dialects: Sequence[Dialect] = (),
        unfrozen: Sequence[str] = (),
    ) -> Self:
        """Return the operation that creates the table of `schema`.

        Args:
            schema: the table; its own `if_not_exists` applies if the argument is `None`.
            name: a name for the value in a script, such as the model's class name.
            if_not_exists: leave a table of that name as it is.
            dialects: for the SQL of what a rewriter adds; the connected one first.
            unfrozen: the model's listeners that cannot be frozen, for a comment in the script.

        >>> from alembic_moltres.schema import TableSchema, column
        >>> op = MoltresCreateTableOp.from_schema(TableSchema("tags", [column("name", "TEXT")]))
        >>> op.columns[0].nullable = False
        >>> op.table_schema
        TableSchema('tags', [column('name', 'TEXT', nullable=False)])
        """
        return cls(
            schema,
            constant=name,
            if_not_exists=if_not_exists,
            dialects=dialects,
            unfrozen=unfrozen,
        )

    @classmethod
    def from_change(cls, change: CreateTable, *, dialects: Sequence[Dialect] = ()) -> Self:
        return cls(change.table, dialects=dialects)

    def with_model_table(self, model_table: sa.Table) -> None:
        """Copy what a value does not have to the table and `columns`: `info`, `doc`, `key`."""
        self._model_table = model_table
        self.info = dict(model_table.info)

    @property
    def change(self) -> CreateTable:
        return CreateTable(self.table_schema)

    def key(self) -> tuple[object, ...]:
        return self.change, self.if_not_exists

    def _thaw(self) -> Mapping[str, Any]:
        table = thawed(self._value)
        if self._model_table is not None:
            _add_unfrozen(table, self._model_table)
        constraints = sorted(table.constraints, key=sqla_compat.creation_order)
        return {
            "columns": [*table.columns, *constraints],
            "kw": dict(table.kwargs),
            "prefixes": sqla_compat.table_prefixes(table),
            alembic_compat.NAMESPACE_METADATA: table.metadata,
        }

    @property
    def table_schema(self) -> TableSchema:
        """The value, with the changes of rewriters."""
        value = self._value
        if self.if_not_exists is False and value.if_not_exists:
            value = replace(value, if_not_exists=False)
        named = (self.table_name, self.schema, self.comment)
        if not self._is_thawed() and named == (value.name, value.schema, value.comment):
            return value
        from .rewriting import rewritten, stated_table

        before = stated_table(MoltresCreateTableOp(value))
        return rewritten(value, before, stated_table(self), self.dialects)

    def to_table(self, migration_context: MigrationContext | None = None) -> sa.Table:
        """Return the table with its indexes, in a `MetaData` of its own."""
        return thawed(self.table_schema)

    def to_diff_tuple(self) -> Any:
        """Return `("add_table", table)`, as `CreateTableOp` does."""
        return DiffTuple(("add_table", self.to_table()), self.table_schema)

    def reverse(self) -> MoltresDropTableOp:
        """Return the operation that drops the table; later changes of this one affect it, too."""
        return MoltresDropTableOp(self)

    @classmethod
    def moltres_create_table(
        cls,
        operations: Operations,
        table: object,
        *items: SchemaItem,
        if_not_exists: bool = False,
        schema: str | None = None,
    ) -> sa.Table:
        """Create a table with its enum types, sequences, indexes, comments and attached DDL.

        Args:
            operations: where to run it.
            table: a `TableSchema`, a mapped class or a `Table`; or a name, before `items`.
            items: the columns and constraints (`sa.Column`, ...) of a table whose name is given.
            schema: of a table whose name is given.
            if_not_exists: leave a table of that name as it is.

        Returns:
            The table, for `op.bulk_insert`.

        Raises:
            CommandError: the value or the database does not allow it; nothing is changed.
        """
        dialects = (operations.impl.dialect,)
        value = as_schema(with_items(table, items, schema), dialects)
        return operations.invoke(
            cls.from_schema(value, if_not_exists=if_not_exists or None, dialects=dialects)
        )


@Operations.register_operation("moltres_drop_table")
class MoltresDropTableOp(DatabaseOp, DropTableOp, change=DropTable):
    """Drop a table, given by its value, with everything that belongs to it.

    It contains the operation that creates the table, so it can be reversed and includes a
    rewriter's changes of it; a script contains the value only once.
    """

    _reverse: MoltresCreateTableOp

    def __init__(
        self,
        create: MoltresCreateTableOp,
        *,
        constant: str | None = None,
        if_exists: bool | None = None,
    ) -> None:
        super().__init__(create.table_name, schema=create.schema, if_exists=if_exists)
        self._reverse = create
        self._named = (create.table_name, create.schema)
        self.constant = constant or create.constant
        self.comment = create.comment

    @classmethod
    def from_schema(
        cls,
        schema: TableSchema,
        *,
        name: str | None = None,
        if_exists: bool | None = None,
        dialects: Sequence[Dialect] = (),
    ) -> Self:
        """Return the operation that drops the table of `schema`.

        Args:
            schema: the table.
            name: a name for the value in a script, such as the model's class name.
            if_exists: do nothing where there is no table of that name.
            dialects: for the SQL of what a rewriter adds; the connected one first.

        >>> from alembic_moltres.schema import TableSchema, column
        >>> op = MoltresDropTableOp.from_schema(TableSchema("tags", [column("name", "TEXT")]))
        >>> op.reverse().table_schema
        TableSchema('tags', [column('name', 'TEXT')])
        """
        create = MoltresCreateTableOp.from_schema(schema, name=name, dialects=dialects)
        return cls(create, if_exists=if_exists)

    @classmethod
    def from_change(cls, change: DropTable, *, dialects: Sequence[Dialect] = ()) -> Self:
        return cls.from_schema(change.table, dialects=dialects)

    @property
    def change(self) -> DropTable:
        return DropTable(self.table_schema)

    def key(self) -> tuple[object, ...]:
        return self.change, self.if_exists

    @property
    def table_schema(self) -> TableSchema:
        """The value, with the changes of rewriters."""
        return self.reverse().table_schema

    def to_table(self, migration_context: MigrationContext | None = None) -> sa.Table:
        """Return the table with its indexes, in a `MetaData` of its own."""
        return thawed(self.table_schema)

    def to_diff_tuple(self) -> Any:
        """Return `("remove_table", table)`, as `DropTableOp` does."""
        return DiffTuple(("remove_table", self.to_table()), self.table_schema)

    def reverse(self) -> MoltresCreateTableOp:
        """Return the operation that creates the table again."""
        create = self._reverse
        if self._named == (self.table_name, self.schema):
            return create
        renamed = replace(create.table_schema, name=self.table_name, schema=self.schema)
        return MoltresCreateTableOp(
            renamed,
            constant=self.constant,
            if_not_exists=create.if_not_exists,
            dialects=create.dialects,
        )

    @classmethod
    def moltres_drop_table(
        cls, operations: Operations, table: object, *, if_exists: bool = False
    ) -> None:
        """Drop a table, and the sequences and enum types that no other table uses.

        Args:
            operations: where to run it.
            table: a `TableSchema`, a mapped class or a `Table`.
            if_exists: do nothing where there is no table of that name.

        Raises:
            CommandError: the value or the database does not allow it; nothing is changed.
        """
        dialects = (operations.impl.dialect,)
        schema = as_schema(table, dialects)
        operations.invoke(cls.from_schema(schema, if_exists=if_exists or None, dialects=dialects))
