"""Operations that add, drop, alter or rename a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AddColumnOp, AlterColumnOp, DropColumnOp
from sqlalchemy.engine import Dialect

from ...diff import AddColumn, AlterColumn, DropColumn, RenameColumn
from ...schema import ColumnDef, Default
from ...schema.base import distinct
from ...sqla_compat import attach_default
from ..diff_tuple import DiffTuple
from ..value_op import DropOp, TableOp, ThawedAttributes

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.runtime.migration import MigrationContext


class MoltresAddColumnOp(ThawedAttributes, TableOp, AddColumnOp, change=AddColumn):
    """Add a column; `definition` is its value, `column` the `sa.Column`.

    >>> from alembic_moltres.schema import column
    >>> op = MoltresAddColumnOp("users", column("age", "INTEGER"))
    >>> op.column.nullable = False
    >>> op.definition
    column('age', 'INTEGER', nullable=False)
    """

    thawed_names = frozenset({"column"})

    def __init__(
        self,
        table_name: str,
        definition: ColumnDef,
        *,
        fill: Default | None = None,
        schema: str | None = None,
        dialects: Sequence[Dialect] = (),
    ) -> None:
        self._definition, self.fill = definition, fill
        self._model_column: sa.Column[Any] | None = None
        self.dialects = tuple(dialects)
        self.table_name, self.schema = table_name, schema
        self.if_not_exists = self.inline_references = self.inline_primary_key = None
        self.kw = {}

    def _thaw(self) -> Mapping[str, Any]:
        from ...convert.single_items import thaw_single_column

        made = thaw_single_column(
            self.table_name, self.schema, self._definition, self._model_column
        )
        return {"column": made}

    def with_model_column(self, model_column: sa.Column[Any]) -> None:
        """Copy what a value does not have from the models' column: `info`, `doc`, `key`."""
        self._model_column = model_column

    @property
    def definition(self) -> ColumnDef:
        """The value, with the changes of rewriters."""
        if not self._is_thawed():
            return self._definition
        return derived_column(self._definition, self.column, self.dialects)

    @property
    def change(self) -> AddColumn:
        return AddColumn(self.definition, self.fill)

    def to_diff_tuple(self) -> Any:
        """Return `("add_column", schema, table, column)`."""
        return DiffTuple(super().to_diff_tuple(), self.definition)

    def reverse(self) -> MoltresDropColumnOp:
        """Return the operation that drops the column; later changes of this one affect it, too."""
        return MoltresDropColumnOp(self)


class MoltresDropColumnOp(DropOp, DropColumnOp, change=DropColumn):
    """Drop a column; it contains the operation that adds it, so it can be reversed.

    >>> from alembic_moltres.schema import column
    >>> op = MoltresDropColumnOp.from_value("users", column("age", "INTEGER"))
    >>> op.reverse().definition, op.reverse().reverse() == op
    (column('age', 'INTEGER'), True)
    """

    _reverse: MoltresAddColumnOp

    def __init__(self, add: MoltresAddColumnOp) -> None:
        name = add._definition.name  # noqa: SLF001 - the other half
        super().__init__(add.table_name, name, schema=add.schema)
        self._reverse = add

    @property
    def definition(self) -> ColumnDef:
        """The value, with the changes of rewriters."""
        definition = self._reverse.definition
        if self.column_name in {definition.name, self._reverse._definition.name}:  # noqa: SLF001 - the other half
            return definition
        return replace(definition, name=self.column_name)

    @property
    def change(self) -> DropColumn:
        return DropColumn(self.definition, self._reverse.fill)

    def to_diff_tuple(self) -> Any:
        """Return `("remove_column", schema, table, column)`."""
        return DiffTuple(super().to_diff_tuple(), self.definition)

    def to_column(self, migration_context: MigrationContext | None = None) -> sa.Column[Any]:
        """Return the `sa.Column`."""
        return self._reverse.column


ALTERED = ("type", "nullable", "server_default", "comment")
"""The parts of a column that Alembic's operation has as `existing_*` and `modify_*`."""


class MoltresAlterColumnOp(ThawedAttributes, TableOp, AlterColumnOp, change=AlterColumn):
    """Alter the column `current` to `desired`; both have the same name.

    >>> from alembic_moltres.schema import column
    >>> op = MoltresAlterColumnOp("users", column("age", "INTEGER"), column("age", "BIGINT"))
    >>> op.modify_type, op.modify_nullable
    (BigInteger(), None)
    >>> op.modify_nullable = False
    >>> op.desired
    column('age', 'BIGINT', nullable=False)
    """

    thawed_names = frozenset(
        f"{kind}_{part}" for kind in ("existing", "modify") for part in ALTERED
    )

    def __init__(
        self,
        table_name: str,
        current: ColumnDef,
        desired: ColumnDef,
        *,
        fill_null: bool = False,
        schema: str | None = None,
        dialects: Sequence[Dialect] = (),
    ) -> None:
        self._current, self._desired, self._fill_null = current, desired, fill_null
        self.dialects = tuple(dialects)
        self.table_name, self.schema, self.column_name = table_name, schema, current.name
        self.modify_name, self.kw = None, {}

    def _thaw(self) -> Mapping[str, Any]:
        return self._made

    @cached_property
    def _made(self) -> dict[str, Any]:
        """The attributes as made from the values, to find those that a rewriter has set."""
        from ...convert.columns import thaw_column

        before, after = thaw_column(self._current), thaw_column(self._desired)
        return {
            "existing_type": before.type,
            "existing_nullable": before.nullable,
            "existing_server_default": before.server_default or False,
            "existing_comment": before.comment,
            **_modified(self._current, self._desired, after),
        }

    @property
    def current(self) -> ColumnDef:
        """The column before, with the changes of rewriters."""
        return self._derived(self._current, "existing")

    @property
    def desired(self) -> ColumnDef:
        """The column afterwards, with the changes of rewriters."""
        return self._derived(self._desired, "modify")

    @property
    def change(self) -> AlterColumn:
        return AlterColumn(self.current, self.desired, self._fill_null)

    @property
    def fill_null(self) -> bool:
        """Whether the new default is written into NULLs before the column becomes NOT NULL."""
        return self.change.fills_null

    def has_changes(self) -> bool:
        """Tell whether anything is altered."""
        return self.current != self.desired

    def to_diff_tuple(self) -> Any:
        """Return Alembic's list of changes, with `modify_column` for parts that Alembic lacks."""
        changes = super().to_diff_tuple()
        where: tuple[Any, ...] = (self.schema, self.table_name, self.column_name, {})
        diffs = changes or [("modify_column", *where, self.current, self.desired)]
        return [DiffTuple(each) for each in diffs]

    def _derived(self, value: ColumnDef, kind: str) -> ColumnDef:
        """Return the value with the attributes of Alembic's operation that a rewriter has set."""
        if self.column_name != self._current.name:
            value = replace(value, name=self.column_name)
        names = {part: f"{kind}_{part}" for part in ALTERED}
        changed = {
            part: vars(self)[name]
            for part, name in names.items()
            if name in vars(self) and vars(self)[name] is not self._made[name]
        }
        return derived_column(value, _with(value, changed), self.dialects) if changed else value


def _modified(current: ColumnDef, desired: ColumnDef, after: sa.Column[Any]) -> dict[str, Any]:
    """Return the differences as attributes of Alembic's operation."""
    same_type, same_filling = (
        _type(current) == _type(desired),
        _filling(current) == _filling(desired),
    )
    return {
        "modify_type": None if same_type else after.type,
        "modify_nullable": None if current.nullable == desired.nullable else desired.nullable,
        "modify_server_default": False if same_filling else after.server_default,
        "modify_comment": False if current.comment == desired.comment else desired.comment or None,
    }


def _type(column: ColumnDef) -> object:
    return column.type_name, column.type_variants


def _filling(column: ColumnDef) -> object:
    return distinct(column.default), column.computed, column.identity


def _with(value: ColumnDef, changed: dict[str, Any]) -> sa.Column[Any]:
    """Return the `sa.Column` of `value` with the attributes that a rewriter has set."""
    import sqlalchemy as sa

    from ...convert.columns import thaw_column

    if "server_default" in changed:
        value = replace(value, default=None, computed=None, identity=None)
    column = thaw_column(value)
    default = changed.pop("server_default", None)
    if isinstance(default, (sa.Computed, sa.Identity)):
        attach_default(default, column)
    elif default not in {None, False}:
        column.server_default = (
            default if isinstance(default, sa.FetchedValue) else sa.DefaultClause(default)
        )
    for part, content in changed.items():
        if not (part in {"type", "nullable"} and content is None):
            setattr(column, part, content)
    return column


class MoltresRenameColumnOp(TableOp, AlterColumnOp, change=RenameColumn):
    """Rename a column, which keeps its rows.

    >>> op = MoltresRenameColumnOp("users", "mail", "email")
    >>> op.reverse().old_name, op.reverse().new_name
    ('email', 'mail')
    """

    def __init__(
        self, table_name: str, old_name: str, new_name: str, *, schema: str | None = None
    ) -> None:
        super().__init__(table_name, old_name, schema=schema, modify_name=new_name)

    @property
    def old_name(self) -> str:
        """The name before."""
        return self.column_name

    @property
    def new_name(self) -> str:
        """The name afterwards."""
        return self.modify_name or self.column_name

    @property
    def change(self) -> RenameColumn:
        return RenameColumn(self.old_name, self.new_name)

    def has_changes(self) -> bool:
        """Tell whether the two names differ."""
        return self.old_name != self.new_name

    def to_diff_tuple(self) -> Any:
        """Return `[("modify_name", schema, table, column, {}, old, new)]`."""
        where: tuple[Any, ...] = (self.schema, self.table_name, self.column_name, {})
        return [("modify_name", *where, self.old_name, self.new_name)]


def derived_column(
    value: ColumnDef, column: sa.Column[Any], dialects: Sequence[Dialect]
) -> ColumnDef:
    """Return the value of `column`; unchanged parts are taken from `value`.

    Args:
        value: the value that the column was made from.
        column: the same column, possibly changed by a rewriter.
        dialects: for the SQL of items that a rewriter has added.
    """
    from ...convert.columns import freeze_column, thaw_column
    from ...convert.dialects import dialects_for
    from ...convert.single_items import thaw_single_column

    known = dialects_for(dialects)
    attached: object = column.table  # `None` for one that a rewriter has made
    thawed = thaw_column(value) if attached is None else thaw_single_column("t", None, value)
    before, now = freeze_column(thawed, known), freeze_column(column, known)
    changed = {
        field.name: getattr(now, field.name)
        for field in fields(value)
        if getattr(now, field.name) != getattr(before, field.name)
    }
    return replace(value, **changed) if changed else value
