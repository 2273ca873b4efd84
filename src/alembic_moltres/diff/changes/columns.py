"""Adds, drops, alters or renames a column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from ...errors import SchemaError, UnknownColumnError
from ...messages import did_you_mean
from ...schema import ColumnDef, Default, TableSchema
from ...schema.base import EMPTY
from ...schema.tables import place_of
from ..losses import lost_by_conversion
from .base import (
    Addition,
    Change,
    Line,
    Removal,
    TableChange,
    TableKey,
    Tables,
    by_key,
    existing_key,
)
from .column_text import altered_text, differing_parts

if TYPE_CHECKING:
    from ...schema.item_text import ItemText


class ColumnChange(TableChange):
    """A change that contains a column."""

    __slots__ = ()

    def filled(self, value: Default) -> tuple[Change, ...]:
        """Return changes with the same result that fill existing rows with a value."""
        raise NotImplementedError

    def mapped(self, function: Callable[[ColumnDef], ColumnDef]) -> Self:
        """Return the change with a function applied to each column."""
        made = {
            field.name: function(content)
            for field in fields(cast(Any, self))
            if isinstance(content := getattr(self, field.name), ColumnDef)
        }
        return cast(Self, replace(cast(Any, self), **made))


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AddColumn(Addition, ColumnChange):
    """Adds a column that the database does not have.

    Attributes:
        column: the column.
        fill: its value in existing rows, `None` for its default.

    >>> from alembic_moltres.schema import column
    >>> change = AddColumn(column("age", "INTEGER"))
    >>> change.method, change.message("users"), change.reverse()
    ('add_column', "added column 'users.age'", DropColumn(column('age', 'INTEGER')))
    """

    column: ColumnDef
    fill: Default | None = None
    method: ClassVar[str] = "add_column"

    @property
    def needs_fill(self) -> bool:
        return self.fill is None and _takes_a_value(self.column)

    def filled(self, value: Default) -> tuple[Change, ...]:
        return (AddColumn(self.column, value),)

    def keywords(self) -> Mapping[str, Any]:
        return EMPTY if self.fill is None else {"fill": self.fill}

    def message(self, table: str = "") -> str:
        return f"added column '{table}.{self.column.name}'"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        filled = "" if self.fill is None else f", {texts.value(self.fill)} in existing rows"
        for line in Addition.lines(self, texts):
            yield line._replace(text=f"{line.text}{filled}")

    def reverse(self) -> DropColumn:
        return DropColumn(self.column, self.fill)

    def applied(self, table: TableSchema) -> TableSchema:
        _check_free(table, self.column.name, self.method)
        return replace(table, columns=(*table.columns, self.column))


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class DropColumn(Removal, ColumnChange):
    """Drops a column that the models do not have.

    Attributes:
        column: the column.
        fill: its value in existing rows when the reverse adds it again.
    """

    column: ColumnDef
    fill: Default | None = None
    method: ClassVar[str] = "drop_column"

    def message(self, table: str = "") -> str:
        return f"removed column '{table}.{self.column.name}'"

    def losses(self, table: str = "") -> Iterator[str]:
        if self.column.computed is None:
            yield f"the values of {table}.{self.column.name}"

    def reverse(self) -> AddColumn:
        return AddColumn(self.column, self.fill)

    def applied(self, table: TableSchema) -> TableSchema:
        position = _position(table, self.column.name, self.method)
        for user in _users(table, self.column.name):
            raise SchemaError(
                f"{user} of the table {table.key!r} uses the column {self.column.name!r}, which is "
                "dropped (at drop_column); drop it before",
                self,
            )
        return replace(table, columns=(*table.columns[:position], *table.columns[position + 1 :]))


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class AlterColumn(ColumnChange):
    """Alters a column; both values have the same name.

    Attributes:
        current: the column before.
        desired: the column afterwards.
        fill_null: whether NULLs become the new default before the column becomes NOT NULL. It
            applies to the reverse too; `fills_null` tells whether it has an effect.
    """

    current: ColumnDef
    desired: ColumnDef
    fill_null: bool = False
    method: ClassVar[str] = "alter_column"

    @property
    def fills_null(self) -> bool:
        """Whether NULLs are filled: the column becomes NOT NULL and has a default."""
        return self.fill_null and can_fill_null(self.current, self.desired)

    @property
    def retypes(self) -> bool:
        """Whether the column gets another type, on some database."""
        current, desired = self.current, self.desired
        before = (current.type_name, current.type_variants)
        return before != (desired.type_name, desired.type_variants)

    @property
    def needs_fill(self) -> bool:
        return self.current.nullable and _takes_a_value(self.desired)

    def filled(self, value: Default) -> tuple[Change, ...]:
        """Return two changes: with the value as a default, which fills NULLs, and without it."""
        between = replace(self.desired, default=value)
        return (
            AlterColumn(self.current, between, fill_null=True),
            AlterColumn(between, self.desired),
        )

    def replaced(self, name: str, value: Default) -> tuple[Change, ...]:
        """Return the changes that replace the column by a new one, filled with a value.

        Args:
            name: the name of the new column until the old one is dropped.
            value: its value in existing rows.
        """
        added = AddColumn(replace(self.desired, name=name), value)
        return added, DropColumn(self.current), RenameColumn(name, str(self.desired.name))

    def recreated(self) -> tuple[DropColumn, AddColumn]:
        """Return the changes that drop the column and add it again, without its values."""
        return DropColumn(self.current), AddColumn(self.desired)

    def keywords(self) -> Mapping[str, Any]:
        return {"fill_null": True} if self.fills_null else EMPTY

    def sides(self) -> tuple[Any, Any]:
        return self.current, self.desired

    def message(self, table: str = "") -> str:
        changed = ", ".join(differing_parts(self.current, self.desired))
        if not changed:
            return f"column '{table}.{self.desired.name}' keeps its definition"
        return f"{changed} changed on column '{table}.{self.desired.name}'"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        if self.current == self.desired:
            return
        filled = self.desired.default if self.fills_null else None
        text = altered_text(self.current, self.desired, filled, texts)
        yield Line("alter", "column", str(self.desired.name), text)

    def losses(self, table: str = "") -> Iterator[str]:
        lost = lost_by_conversion(self.current, self.desired) if self.retypes else ""
        if lost:
            yield f"{lost} of {table}.{self.desired.name}"
        if self.fills_null:
            yield f"which values of {table}.{self.desired.name} were NULL"

    def reverse(self) -> AlterColumn:
        return AlterColumn(self.desired, self.current, self.fill_null)

    def applied(self, table: TableSchema) -> TableSchema:
        if self.current.name != self.desired.name:
            raise SchemaError(
                f"alter_column got the columns {self.current.name!r} and {self.desired.name!r} "
                f"(at the table {table.key!r}); rename the column first, then use the new name in "
                "both",
                self,
            )
        at = _position(table, self.desired.name, self.method)
        columns = (*table.columns[:at], self.desired, *table.columns[at + 1 :])
        return replace(table, columns=columns)


def _takes_a_value(column: ColumnDef) -> bool:
    """Tell whether a column is NOT NULL and has neither a default nor generated values."""
    made = column.computed or column.identity or column.sequence or column.autoincrement is True
    return not column.nullable and column.default is None and not made


def can_fill_null(current: ColumnDef, desired: ColumnDef) -> bool:
    """Tell whether a column becomes NOT NULL and has a default to write into NULLs."""
    return current.nullable and not desired.nullable and desired.default is not None


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class RenameColumn(TableChange):
    """Renames a column, which keeps its data.

    >>> RenameColumn("mail", "email").arguments()
    ('mail', 'email')
    """

    current: str
    desired: str
    method: ClassVar[str] = "rename_column"

    def arguments(self) -> tuple[Any, ...]:
        return str(self.current), str(self.desired)

    def message(self, table: str = "") -> str:
        return f"column '{table}.{self.current}' renamed to {self.desired!r}"

    def lines(self, texts: ItemText) -> Iterator[Line]:
        yield Line("rename", "column", str(self.current), texts.name(self.desired))

    def reverse(self) -> RenameColumn:
        return RenameColumn(self.desired, self.current)

    def apply(self, tables: Tables, table: TableKey | None = None) -> Tables:
        from ..renames import ColumnRename, as_renamed

        key = existing_key(tables, table, self.method)
        _position(tables[key], self.current, self.method)
        _check_free(tables[key], self.desired, self.method)
        schema, name = key
        rename = ColumnRename(name, self.current, self.desired, schema)
        return by_key(as_renamed(tables.values(), [rename]))


def _position(table: TableSchema, name: str, method: str) -> int:
    names = [column.name for column in table.columns]
    if name not in names:
        hint = did_you_mean(name, names) or "; correct the name"
        raise UnknownColumnError(
            f"there is no column {name!r} in the table {table.key!r} (at {method}){hint}", table
        )
    return names.index(name)


def _check_free(table: TableSchema, name: str, method: str) -> None:
    if any(column.name == name for column in table.columns):
        raise SchemaError(
            f"the column {name!r} already exists in the table {table.key!r} (at {method}); "
            "drop or rename it first",
            table,
        )


def _users(table: TableSchema, column: str) -> list[str]:
    """Return the items over the column; expressions are not searched."""
    keys = [each for each in table.constraints if column in each.columns]
    indexes = [each for each in table.indexes if column in each.columns]
    return [*map(place_of, keys), *(f"the index {each.name!r}" for each in indexes)]
