"""`with op.moltres_alter_table("users") as users:`, the changes inside one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from alembic.operations import Operations
from alembic.operations.ops import MigrateOperation, ModifyTableOps
from sqlalchemy.exc import DBAPIError

from ...diff import AlterTable
from ...errors import OperationError
from ...schema import Index
from ...schema.base import EMPTY
from ...schema.names import qualified_name
from ..calls import shows
from ..sources import name_of
from ..value_op import OPERATIONS, DatabaseOp, TableOp
from .alembic_arguments import Arguments
from .columns import (
    MoltresAddColumnOp,
    MoltresAlterColumnOp,
    MoltresDropColumnOp,
    MoltresRenameColumnOp,
)
from .constraints import MoltresAddConstraintOp, MoltresDropConstraintOp
from .indexes import MoltresCreateIndexOp, MoltresDropIndexOp
from .missing_methods import missing_method
from .opening import Opening, OpeningState, opening
from .tables import MoltresRenameGeneratedNamesOp, MoltresSetCommentOp, MoltresSetOptionsOp

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.operations import Operations as RunningOperations
    from sqlalchemy.engine import Dialect

    from ...schema import SQL, ColumnDef, Constraint, Default


NOT_YET: Final = "the changes of a block are carried out at its end: write what uses them after it"
"""For an error of a statement inside a block, which the block's changes may be missing for."""


@Operations.register_operation("moltres_alter_table")
class MoltresAlterTableOp(DatabaseOp, ModifyTableOps, change=AlterTable):
    """Alter a table with the operations in `ops`, in their order; each name is valid at its place.

    >>> from alembic_moltres.diff import RenameColumn
    >>> change = AlterTable("users", None, (RenameColumn("mail", "email"),))
    >>> block = MoltresAlterTableOp.from_change(change)
    >>> [type(op).__name__ for op in block.reverse().ops], block.reverse().reverse() == block
    (['MoltresRenameColumnOp'], True)
    """

    def __init__(
        self, table_name: str, ops: Sequence[MigrateOperation] = (), *, schema: str | None = None
    ) -> None:
        super().__init__(table_name, ops, schema=schema)

    @classmethod
    def from_change(cls, change: AlterTable, *, dialects: Sequence[Dialect] = ()) -> Self:
        operations = [
            OPERATIONS[type(each)].from_change(
                change.name, each, schema=change.schema, dialects=dialects
            )
            for each in change.changes
        ]
        return cls(change.name, operations, schema=change.schema)

    @property
    def change(self) -> AlterTable:
        """The change, with what a rewriter has altered since.

        Raises:
            OperationError: a rewriter has put another package's operation into the block.
        """
        changes = []
        for each in self.ops:
            if not isinstance(each, TableOp):
                of = qualified_name(self.table_name, self.schema)
                raise OperationError(
                    f"{type(each).__name__} does not belong in moltres_alter_table (at the table "
                    f"{of!r}); "
                    "put it outside the block",
                    each,
                )
            changes.append(each.change)
        return AlterTable(self.table_name, self.schema, tuple(changes))

    def key(self) -> tuple[object, ...]:
        return self.table_name, tuple(self.ops), self.schema

    def reverse(self) -> MoltresAlterTableOp:
        """Return the operation that undoes this one: each reversed, the last one first."""
        undone = [operation.reverse() for operation in reversed(self.ops)]
        return MoltresAlterTableOp(self.table_name, undone, schema=self.schema)

    @classmethod
    def moltres_alter_table(
        cls, operations: RunningOperations, name: object, schema: str | None = None
    ) -> AlteredTable:
        """Collect the changes of a table, and carry them out when the block ends.

        Args:
            operations: where to run it.
            name: the table; its value, a mapped class or a `Table` has the name, too.
            schema: where it is, `None` for the default schema.

        Returns:
            A context manager; see `AlteredTable`.

        Raises:
            CommandError: the values or the database do not allow it; or there is no `with`.
        """
        named, schema = name_of(name, schema, (operations.impl.dialect,))
        opened = opening(operations.migration_context, named, schema)
        return AlteredTable(operations, cls(named, schema=schema), opened)


class AlteredTable:
    """The table inside `with op.moltres_alter_table(...)`.

    The changes are carried out when the block ends, and not at all when an exception leaves it. A
    call outside the block is refused, because it would never be carried out.
    """

    def __init__(
        self, operations: RunningOperations, block: MoltresAlterTableOp, opened: Opening
    ) -> None:
        self._operations = operations
        self._block = block
        self._opening = opened

    def __enter__(self) -> Self:
        self._opening.enter()
        return self

    def __exit__(
        self,
        raised: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._opening.state = OpeningState.ENDED
        if isinstance(error, DBAPIError) and self._block.ops:
            error.add_note(NOT_YET)
        if raised is None and self._block.ops:
            self._operations.invoke(self._block)

    if not TYPE_CHECKING:  # a checker finds what is missing

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(
                    f"{type(self).__name__!r} has no attribute {name!r}", name=name
                )
            raise missing_method(name)

        def __setattr__(self, name: str, value: object) -> None:
            if not name.startswith("_"):
                raise missing_method(name)
            object.__setattr__(self, name, value)

        async def __aenter__(self) -> None:
            raise OperationError(
                f"a block is not asynchronous (at the table {self._block.table_name!r}); write "
                "`with` instead of `async with`",
                self._block.table_name,
            )

        async def __aexit__(self, *_: object) -> None: ...

        def __getitem__(self, key: object) -> Any:
            raise OperationError(
                f"a block has no columns to look up, such as {key!r}; write "
                "op.moltres_tables()['users'].c outside of the block",
                key,
            )

    @property
    def place(self) -> Mapping[str, object]:
        """The table's name and schema, for Alembic's functions."""
        return {"table_name": self._block.table_name, "schema": self._block.schema}

    @shows("add_column(column('age', 'INTEGER'))")
    def add_column(
        self, column: ColumnDef | sa.Column[Any], *more: Any, fill: Default | None = None
    ) -> None:
        """Add a column; its enum type, domain or sequence is created first.

        Args:
            column: the column; an `sa.Column` brings its constraints and indexes.
            more: refused, with what to write instead: Alembic's further arguments.
            fill: the value of existing rows: a literal, or `sql()`, which may use other columns. By
                default it is the column's default.

        Raises:
            CommandError: `fill` is given for a computed column or an identity.
        """
        self._arguments.only(column, more, "add_column")
        made, *further = self._arguments.added(column, "add_column")
        _check_filling(self._block.table_name, made, fill)
        self._add(MoltresAddColumnOp, made, fill)
        for each in further:
            kind = MoltresCreateIndexOp if isinstance(each, Index) else MoltresAddConstraintOp
            self._add(kind, each)

    @shows("drop_column(column('age', 'INTEGER'))", {"column_name": "column"})
    def drop_column(self, column: ColumnDef | sa.Column[Any] | str, *more: Any) -> None:
        """Drop a column, and its enum type if nothing else uses it."""
        self._arguments.only(column, more, "drop_column")
        dropped = self._arguments.column(column, "drop_column")
        self._add(MoltresDropColumnOp, dropped)

    @shows(
        "alter_column(column('age', 'INTEGER'), column('age', 'BIGINT'))", {"column_name": "old"}
    )
    def alter_column(
        self,
        old: ColumnDef | sa.Column[Any] | str,
        new: ColumnDef | sa.Column[Any] | None = None,
        fill_null: bool = False,
        **stated: Any,
    ) -> None:
        """Alter the column from `old`, as it is at this point, to `new`.

        Args:
            old: the column before.
            new: the column afterwards, of the same name.
            fill_null: write the new server default into NULLs before the column becomes NOT NULL.
            stated: the differences instead of `new`, as arguments of Alembic's `alter_column`.

        Raises:
            CommandError: the names differ, or there is no default to fill with.
        """
        renamed = None
        arguments = self._arguments
        current = arguments.column(old, "alter_column")
        if new is None or stated:
            desired, renamed = arguments.altered(current, new, stated)
        else:
            desired = arguments.altered_to(current, new)
        _check_alteration(self._block.table_name, current, desired, fill_null)
        if current != desired or (new is not None and not stated):
            self._add(MoltresAlterColumnOp, current, desired, fill_null)
        if renamed is not None:
            self._add(MoltresRenameColumnOp, current.name, renamed)

    @shows(
        "rename_column('old', 'new')",
        {"column_name": "old", "old_name": "old", "new_column_name": "new", "new_name": "new"},
    )
    def rename_column(self, old: str | ColumnDef | sa.Column[Any], new: str) -> None:
        """Rename a column."""
        names = [self._arguments.name(each, "rename_column") for each in (old, new)]
        self._add(MoltresRenameColumnOp, *names)

    @shows("rename_generated_names({'old': 'new'})")
    def rename_generated_names(
        self, constraints: Mapping[str, str], *, sequences: Mapping[str, str] = EMPTY
    ) -> None:
        """Rename constraints and sequences with names generated by PostgreSQL; a no-op elsewhere.

        Args:
            constraints: the new names by the old ones.
            sequences: the same for sequences that columns own.
        """
        self._add(MoltresRenameGeneratedNamesOp, constraints, sequences)

    @shows("add_constraint(unique(['a'], name='uq_name'))")
    def add_constraint(self, constraint: Constraint) -> None:
        """Add a constraint."""
        added = self._arguments.constraint(constraint, "add_constraint")
        self._add(MoltresAddConstraintOp, added)

    @shows("drop_constraint(unique(['a'], name='uq_name'))", {"constraint_name": "constraint"})
    def drop_constraint(
        self, constraint: Constraint | str | None, type_: str | None = None
    ) -> None:
        """Drop a constraint; an unnamed one is found by its content.

        Args:
            constraint: the constraint, or its name.
            type_: Alembic's type of a named constraint: `unique`, `foreignkey`, `primary`, `check`.
        """
        dropped = self._arguments.dropped_constraint(constraint, type_)
        self._add(MoltresDropConstraintOp, dropped)

    @shows("create_index(index('ix_name', ['a']))", {"index_name": "index", "name": "index"})
    def create_index(
        self,
        index: Index | str,
        columns: Sequence[str | SQL] | str | None = None,
        unique: bool = False,
        **options: Any,
    ) -> None:
        """Create an index.

        Args:
            index: the index, or its name.
            columns: its columns, if `index` is a name.
            unique: whether it is unique, if `index` is a name.
            options: its dialect options, such as `postgresql_where`, if `index` is a name.
        """
        created = self._arguments.created_index(index, columns, unique, options)
        self._add(MoltresCreateIndexOp, created)

    @shows("drop_index(index('ix_name', ['a']))", {"index_name": "index"})
    def drop_index(self, index: Index | str, **options: Any) -> None:
        """Drop an index.

        Args:
            index: the index, or its name.
            options: dialect options, such as `postgresql_concurrently`.
        """
        dropped = self._arguments.dropped_index(index, options)
        self._add(MoltresDropIndexOp, dropped)

    @shows("set_comment('new', 'old')", {"comment": "new", "existing_comment": "old"})
    def set_comment(self, new: str | None, old: str | None = None) -> None:
        """Set the table's comment, `None` for none."""
        self._arguments.texts((new, old), "set_comment", "set_comment('new', 'old')")
        self._add(MoltresSetCommentOp, old, new)

    @shows("set_options({'mysql_engine': 'InnoDB'}, {})")
    def set_options(self, new: Mapping[str, Any], old: Mapping[str, Any]) -> None:
        """Set the table's dialect options; one that only `old` has is reset to the default."""
        self._arguments.options(new, old)
        self._add(MoltresSetOptionsOp, old, new)

    @property
    def _arguments(self) -> Arguments:
        self._opening.check_entered()
        return Arguments(self._operations, self._block)

    def _add(self, kind: type[Any], *content: Any) -> None:
        block, dialects = self._block, (self._operations.impl.dialect,)
        self._opening.check_entered()
        change = kind.change_class(*content)
        operation = kind.from_change(
            block.table_name, change, schema=block.schema, dialects=dialects
        )
        block.ops.append(operation)


def _check_filling(table: str, column: ColumnDef, fill: Default | None) -> None:
    if fill is None:
        return
    if column.computed is not None or column.identity is not None:
        raise OperationError(
            f"the column {column.name!r} of the table {table!r} is generated; leave fill= out",
            column,
        )
    replace(column, default=fill)  # it is checked as a default is


def _check_alteration(table: str, old: ColumnDef, new: ColumnDef, fill_null: bool) -> None:
    if old.name != new.name:
        raise OperationError(
            f"alter_column got the columns {old.name!r} and {new.name!r} (at the table {table!r}); "
            "call rename_column first, then use the new name in both",
            new,
        )
    if fill_null and new.default is None:
        raise OperationError(
            f"fill_null has no default to write (at the column {new.name!r} of the table "
            f"{table!r}); give the new column a default, or UPDATE the rows before",
            new,
        )
