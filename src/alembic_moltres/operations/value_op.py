"""The base of our operations: each wraps a change of `diff`, and is equal if the change is.

The changes are frozen, the operations are mutable as Alembic's are. `change` is computed on access
and includes a rewriter's changes of Alembic's attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from ..schema import ColumnDef
from ..schema.base import EMPTY

if TYPE_CHECKING:
    from alembic.operations.ops import MigrateOperation
    from sqlalchemy.engine import Dialect

    from ..diff import Change

OPERATIONS: dict[type[Change], Any] = {}
"""The operation class of each change."""


class ValueOp:
    """The base of operations that wrap a change.

    Attributes:
        change_class: the class of the change; declared as `class Op(ValueOp, change=...)`.
        remarks: comments for the script; the reverse has none.
        questions: open questions, answered before a script is written; the reverse has none.
    """

    change_class: ClassVar[type[Change]]
    dialects: tuple[Dialect, ...] = ()
    remarks: Sequence[str] = ()
    questions: Sequence[object] = ()

    def __init_subclass__(cls, *, change: type[Change] | None = None, **stated: Any) -> None:
        super().__init_subclass__(**stated)
        if change is not None:
            cls.change_class = change
            if OPERATIONS.setdefault(change, cls) is not cls:
                raise TypeError(
                    f"{change.__name__} already has the operation {OPERATIONS[change]!r}"
                )

    @property
    def change(self) -> Change:
        """The change, with the changes of rewriters."""
        raise NotImplementedError

    def key(self) -> tuple[object, ...]:
        """Return what `==` compares."""
        return (self.change,)

    def reverse(self) -> Any:
        """Return the operation that undoes this one."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self is other or self.key() == other.key()

    def __hash__(self) -> int:
        return hash(type(self))  # everything else is mutable

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.key()!r}"


class DatabaseOp(ValueOp):
    """The base of operations on a whole table, an enum type or a sequence."""

    @classmethod
    def from_change(cls, change: Any, *, dialects: Sequence[Dialect] = ()) -> Self:
        """Return the operation that carries out `change`.

        Args:
            change: one of `diff`.
            dialects: for the SQL of items that a rewriter adds; the connected one first.
        """
        call, make = change.call(), cast(Any, cls)
        made: Self = make(*call.args, **dict(call.kwargs))
        made.dialects = tuple(dialects)
        return made

    def reverse(self) -> Any:
        change = self.change.reverse()
        return OPERATIONS[type(change)].from_change(change, dialects=self.dialects)


class TableOp(ValueOp):
    """The base of operations inside one table; their change does not contain its name."""

    table_name: Any  # a `str`, which Alembic's classes declare in three ways
    schema: str | None
    known_columns: Mapping[str, ColumnDef] = EMPTY
    """Columns of the table, for the types in what `to_diff_tuple` returns."""

    @classmethod
    def from_change(
        cls,
        table_name: str,
        change: Any,
        *,
        schema: str | None = None,
        dialects: Sequence[Dialect] = (),
    ) -> Self:
        """Return the operation that carries out `change`.

        Args:
            table_name: the name of the table.
            change: one of `diff`.
            schema: the schema of the table.
            dialects: for the SQL of items that a rewriter adds; the connected one first.
        """
        call, make = change.call(), cast(Any, cls)
        made: Self = make(table_name, *call.args, **dict(call.kwargs), schema=schema)
        made.dialects = tuple(dialects)
        return made

    def key(self) -> tuple[object, ...]:
        return self.table_name, self.change, self.schema

    def reverse(self) -> Any:
        change = self.change.reverse()
        return OPERATIONS[type(change)].from_change(
            self.table_name, change, schema=self.schema, dialects=self.dialects
        )


class DropOp(TableOp):
    """The base of operations that drop: each contains the one that adds, so it can be reversed."""

    _reverse: Any

    @classmethod
    def from_change(
        cls,
        table_name: str,
        change: Any,
        *,
        schema: str | None = None,
        dialects: Sequence[Dialect] = (),
    ) -> Self:
        adding, make = change.reverse(), cast(Any, cls)
        add = OPERATIONS[type(adding)]
        made: Self = make(add.from_change(table_name, adding, schema=schema, dialects=dialects))
        return made

    @classmethod
    def from_value(cls, table_name: str, value: Any, **stated: Any) -> Self:
        """Return the operation that drops a column, a constraint or an index; see `from_change`."""
        change: Any = cls.change_class
        return cls.from_change(table_name, change(value), **stated)

    def reverse(self) -> Any:
        """Return the operation that adds it again: the contained one, if that is equal."""
        add, adding = self._reverse, self.change.reverse()
        if add.key() == (self.table_name, adding, self.schema):
            return add
        return type(add).from_change(
            self.table_name, adding, schema=self.schema, dialects=add.dialects
        )


class ThawedAttributes:
    """Attributes of Alembic's operation that are made from the value on first access.

    Attributes:
        thawed_names: the names of these attributes.
    """

    thawed_names: ClassVar[frozenset[str]]

    def __getattr__(self, name: str) -> Any:
        if name not in self.thawed_names:
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}", name=name)
        for attribute, content in self._thaw().items():
            self.__dict__.setdefault(attribute, content)
        return self.__dict__[name]

    def _thaw(self) -> Mapping[str, Any]:
        """Return the attributes by their names."""
        raise NotImplementedError

    def _is_thawed(self) -> bool:
        """Tell whether the attributes were accessed, so that a rewriter may have changed them."""
        return not self.thawed_names.isdisjoint(self.__dict__)


def operation_of(change: Change, dialects: Sequence[Dialect] = ()) -> MigrateOperation:
    """Return the operation that carries out a change of a whole database.

    Args:
        change: one of `diff`.
        dialects: for the SQL of items that a rewriter adds; the connected one first.

    >>> from alembic_moltres.diff import AlterTable, RenameColumn
    >>> operation_of(AlterTable("users", None, (RenameColumn("mail", "email"),))).ops[0].change
    RenameColumn('mail', 'email')
    """
    made: MigrateOperation = OPERATIONS[type(change)].from_change(change, dialects=dialects)
    return made
