"""Operations that create or drop an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations.ops import CreateIndexOp, DropIndexOp, MigrateOperation
from sqlalchemy.engine import Dialect

from ...diff import CreateIndex, DropIndex
from ...schema import Index
from ...schema.names import qualified_name
from ..diff_tuple import DiffTuple
from ..value_op import DropOp, TableOp, ThawedAttributes

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


STATEMENT_OPTION = "_concurrently"
"""The suffix of the option that concerns the statement only, not the index."""


class MoltresCreateIndexOp(ThawedAttributes, TableOp, CreateIndexOp, change=CreateIndex):
    """Create an index, given by its value.

    >>> from alembic_moltres.schema import index
    >>> op = MoltresCreateIndexOp("users", index("ix_users_age", "age"))
    >>> op.kw["postgresql_using"] = "hash"
    >>> op.index
    index('ix_users_age', 'age', dialect_options={'postgresql_using': 'hash'})
    """

    thawed_names = frozenset({"columns", "kw"})

    def __init__(
        self,
        table_name: str,
        index: Index,
        *,
        schema: str | None = None,
        dialects: Sequence[Dialect] = (),
    ) -> None:
        self._index = index
        self.dialects = tuple(dialects)
        self.index_name, self.unique = index.name, index.unique
        self.table_name, self.schema = table_name, schema
        self.if_not_exists = None

    def _thaw(self) -> Mapping[str, Any]:
        from ...convert.single_items import thaw_single_index

        made = thaw_single_index(self.table_name, self.schema, self._index)
        shown = [item.name if isinstance(item, sa.Column) else item for item in made.expressions]
        return {"columns": shown, "kw": dict(made.kwargs)}

    @property
    def index(self) -> Index:
        """The value, with the changes of rewriters."""
        value = self._index
        if (self.index_name, self.unique) != (value.name, value.unique):
            value = replace(value, name=str(self.index_name), unique=bool(self.unique))
        if not self._is_thawed():
            return value
        now = self._frozen()
        if now == MoltresCreateIndexOp(self.table_name, value, dialects=self.dialects)._frozen():  # noqa: SLF001 - the other half
            return value
        return replace(now, ddl_if=value.ddl_if)

    def _frozen(self) -> Index:
        from ...convert.dialects import dialects_for
        from ...convert.indexes import freeze_index

        frozen = freeze_index(CreateIndexOp.to_index(self), dialects_for(self.dialects), {})
        if frozen is None:
            raise AssertionError("an index without a condition is made by every dialect")
        return frozen

    @property
    def change(self) -> CreateIndex:
        return CreateIndex(self.index)

    def to_diff_tuple(self) -> Any:
        """Return `("add_index", index)`."""
        table = qualified_name(self.table_name, self.schema)
        return DiffTuple(super().to_diff_tuple(), self.index, table=table)

    def to_index(self, migration_context: MigrationContext | None = None) -> sa.Index:
        """Return SQLAlchemy's index, on a table of its own with the columns that it needs."""
        from ...convert.single_items import thaw_single_index

        return thaw_single_index(self.table_name, self.schema, self.index, self.known_columns)

    def reverse(self) -> MoltresDropIndexOp:
        """Return the operation that drops it; later changes of this one affect it, too."""
        return MoltresDropIndexOp(self)


class MoltresDropIndexOp(DropOp, DropIndexOp, change=DropIndex):
    """Drop an index; it contains the operation that creates it, so it can be reversed.

    >>> from alembic_moltres.schema import index
    >>> op = MoltresDropIndexOp.from_value("users", index("ix_users_age", "age"))
    >>> op.index_name, op.reverse().index
    ('ix_users_age', index('ix_users_age', 'age'))
    """

    _reverse: MoltresCreateIndexOp

    def __init__(self, create: MoltresCreateIndexOp) -> None:
        name = create.index_name or create._index.name  # noqa: SLF001 - the other half
        super().__init__(name, create.table_name, schema=create.schema)
        self._reverse = create
        self._named = name

    def hide_from_diffs(self) -> None:
        """Hide the drop of an index that the database created for a key from `as_diffs()`.

        The drop of the key implies it. Alembic descends into operations with `ops`, and finds none.
        """
        self.ops: tuple[MigrateOperation, ...] = ()

    @property
    def index(self) -> Index:
        """The value, with the changes of rewriters.

        Options of the statement differ between creating and dropping: each operation has its own
        `kw`.
        """
        index = self._reverse.index
        kept = {
            key: option
            for key, option in index.dialect_options.items()
            if not key.endswith(STATEMENT_OPTION) or key in self._reverse._index.dialect_options  # noqa: SLF001 - the other half
        }
        if self.kw or len(kept) != len(index.dialect_options):
            index = replace(index, dialect_options={**kept, **self.kw})
        if self.index_name == self._named:
            return index
        return replace(index, name=str(self.index_name))

    @property
    def change(self) -> DropIndex:
        return DropIndex(self.index)

    def to_diff_tuple(self) -> Any:
        """Return `("remove_index", index)`."""
        table = qualified_name(self.table_name, self.schema)
        return DiffTuple(super().to_diff_tuple(), self.index, table=table)

    def to_index(self, migration_context: MigrationContext | None = None) -> sa.Index:
        """Return SQLAlchemy's index, on a table of its own with the columns that it needs."""
        from ...convert.single_items import thaw_single_index

        return thaw_single_index(str(self.table_name), self.schema, self.index, self.known_columns)
