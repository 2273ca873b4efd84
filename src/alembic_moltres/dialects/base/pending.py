"""The part of a change that a database does not have yet.

Both sides of the change are compared with the database as autogenerate does, so the spelling does
not matter. An item that equals neither side is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from sqlalchemy import inspect
from sqlalchemy.engine import Connection

from ...diff import (
    AddForeignKeys,
    AlterColumn,
    AlterEnum,
    AlterTable,
    Change,
    CreateTable,
    DropForeignKeys,
    DropTable,
    RenameColumn,
    RenameType,
    SetComment,
    SetOptions,
)
from ...diff.changes.base import Addition, Removal, TableKey, called
from ...diff.tables import unmatched
from ...errors import MoltresError, OperationError
from ...schema import (
    ColumnDef,
    Constraint,
    Index,
    TableSchema,
)
from .align import align
from .present_names import renamed_columns, with_present_names
from .reflection import reader, reflect_expected
from .registry import impl_of
from .sides_of_block import sides_of_block
from .signatures import ReflectedTable


class Replacements:
    """Dropped constraints and indexes that other ones of their names have replaced already.

    A later block creates these: a foreign key is created after all tables have changed.
    """

    def __init__(self) -> None:
        self._open: dict[tuple[TableKey, type, str], tuple[str, Change]] = {}

    def drop(self, table: TableSchema, change: Change, item: Constraint | Index) -> None:
        """Await the change that creates another item of this name."""
        subject = f"{item.name!r} of the table {table.key!r}"
        self._open[_key_of(table), type(item), str(item.name)] = (subject, change)

    def create(self, table: TableSchema, item: Constraint | Index) -> None:
        """Note that an item is in the database, as a change creates it."""
        self._open.pop((_key_of(table), type(item), str(item.name)), None)

    def check(self) -> None:
        """Check that each one was created.

        Raises:
            OperationError: another item has the name of a dropped one.
        """
        for subject, change in self._open.values():
            _refuse(subject, change)


def _key_of(table: TableSchema) -> TableKey:
    return table.schema, str(table.name)


def pending(
    connection: Connection, change: Change, replacements: Replacements | None = None
) -> Change | None:
    """Return the part of a change that is still missing; `None` if there is none.

    Args:
        connection: to the database, which is only read.
        change: of one table, or of an enum type or a sequence.
        replacements: of a group of changes; without it a change stands alone.

    Raises:
        OperationError: the database is neither as before nor as after the change.
    """
    match change:
        case CreateTable(table=table):
            return _created(connection, change, table)
        case DropTable(table=table):
            return change if read_table(connection, table.schema, table.name) else None
        case AddForeignKeys() | DropForeignKeys():
            return _altered(connection, change.block, replacements)
        case AlterTable():
            return _altered(connection, change, replacements)
        case AlterEnum():
            return _relabelled(connection, change)
        case RenameType():
            return _renamed_type(connection, change)
        case _:
            return change


def _created(connection: Connection, change: Change, table: TableSchema) -> Change | None:
    compared = compared_with(connection, table)
    if compared is None:
        return change
    current, desired = compared
    if current is not desired:
        _refuse(f"the table {table.key!r}", change)
    return None


def compared_with(
    connection: Connection, table: TableSchema
) -> tuple[TableSchema, TableSchema] | None:
    """Return the database's table aligned with this one, and this one as the database has it.

    `None` if there is no such table. Both are one object if they are equal.
    """
    found = read_table(connection, table.schema, table.name)
    if found is None:
        return None
    (expected,) = reflect_expected(connection, [table])
    return align(found, expected), expected.table


def _relabelled(connection: Connection, change: AlterEnum) -> Change | None:
    if not impl_of(connection.dialect).features.named_types:
        return change
    _, desired = change.types()
    schema, name = desired.kwargs.get("schema"), desired.kwargs.get("name")
    inspector: Any = inspect(connection)
    enums = inspector.get_enums(schema=schema)
    labels = next((each["labels"] for each in enums if each["name"] == name), None)
    return None if labels == list(desired.args) else change


def _renamed_type(connection: Connection, change: RenameType) -> Change | None:
    if not impl_of(connection.dialect).features.named_types:
        return change
    inspector: Any = inspect(connection)
    every = (*inspector.get_enums(change.schema), *inspector.get_domains(change.schema))
    names = {each["name"] for each in every}
    return None if change.desired in names and change.current not in names else change


def _altered(
    connection: Connection, change: AlterTable, replacements: Replacements | None
) -> AlterTable | None:
    found = read_table(connection, change.schema, change.name)
    if found is None:
        raise OperationError(
            f"there is no table {called(change.key)!r} to alter; upgrade the database to the "
            "revision before this one",
            change,
        )
    sides = Sides.of(connection, found, change, replacements)
    return pending_of_block(change, sides, sides.is_pending)


def pending_of_block(
    change: AlterTable, sides: Sides, is_pending: Callable[[Change], bool]
) -> AlterTable | None:
    """Return a block with its pending changes; `None` if there is none.

    Args:
        change: the block.
        sides: the table of the database, compared with it.
        is_pending: tells it of a change, with the names that the columns have at present.
    """
    present = zip(change.changes, sides.block.changes, strict=True)
    left = tuple(each for each, as_named in present if is_pending(as_named))
    if len(left) == len(change.changes):
        return change
    return replace(change, changes=left) if left else None


def read_table(connection: Connection, schema: str | None, name: str) -> ReflectedTable | None:
    """Return a table of the database; `None` if there is none of this name."""
    return next(iter(reader(connection).read(connection, schema, [str(name)])), None)


def _refuse(subject: str, change: Change) -> NoReturn:
    raise OperationError(
        f"{subject} is neither as before this revision nor as after it (at "
        f"op.moltres_idempotent(), {change.method}); bring it to one of the two by hand, "
        "alembic-moltres drift tells what differs",
        change,
    )


def finding(err: MoltresError) -> str:
    """Return what an error raised here says of the database, without where and what to do."""
    return str(err).partition(" (at ")[0]


@dataclass(frozen=True, slots=True)
class Sides:
    """A table of the database, in the form of both sides of a change.

    Attributes:
        real: the table of the database.
        before: the table before the change, as far as the change tells, and the database's table
            aligned with it.
        after: the same after the change.
        block: the change, with the names that the columns have at present.
        renamed: the renames that are done already.
        replacements: see `pending`.
    """

    real: TableSchema
    before: tuple[TableSchema, TableSchema]
    after: tuple[TableSchema, TableSchema]
    block: AlterTable
    renamed: tuple[RenameColumn, ...] = ()
    replacements: Replacements | None = None

    @classmethod
    def of(
        cls,
        connection: Connection,
        found: ReflectedTable,
        change: AlterTable,
        replacements: Replacements | None = None,
    ) -> Sides:
        """Compare a table with both sides of a change.

        Raises:
            OperationError: columns exchange names, so it is unknown which ones are renamed already.
        """
        renamed = renamed_columns(found.table, change)
        block = with_present_names(change, renamed, impl_of(connection.dialect).syntax)
        before, after = sides_of_block(connection, found, block)
        return cls(found.table, before, after, block, renamed, replacements)

    def is_pending(self, change: Change) -> bool:
        """Tell whether a change of the block is still to be made.

        Raises:
            OperationError: the database is neither as before nor as after it.
        """
        match change:
            case Addition(item=ColumnDef() as column) | Removal(item=ColumnDef() as column):
                return self._column(change, column.name)
            case AlterColumn():
                return self._altered(change)
            case RenameColumn():
                return change not in self.renamed
            case SetComment() | SetOptions():
                return self._table(change)
            case Addition(item=Index()) | Removal(item=Index()):
                return self._item(change, lambda table: table.indexes)
            case Addition() | Removal():
                return self._item(change, lambda table: table.constraints)
            case _:
                return True

    def _column(self, change: Change, name: str) -> bool:
        there = any(column.name == name for column in self.real.columns)
        if isinstance(change, Removal):
            return there
        if there and not _same_column(self.after, name):
            _refuse(f"the column '{self.real.key}.{name}'", change)
        return not there

    def _altered(self, change: AlterColumn) -> bool:
        name = change.desired.name
        if all(column.name != name for column in self.real.columns):
            _refuse(f"the column '{self.real.key}.{name}'", change)
        dropped, added = unmatched(change.current.constraints, change.desired.constraints)
        if any(each in self.before[0].constraints for each in dropped):
            return True
        if any(each not in self.after[0].constraints for each in added):
            return True
        if _same_column(self.after, name):
            return False
        if not _same_column(self.before, name):
            _refuse(f"the column '{self.real.key}.{name}'", change)
        return True

    def _table(self, change: SetComment | SetOptions) -> bool:
        """Tell whether a comment or options are still to be set; setting them twice is harmless."""
        if isinstance(change, SetComment):
            return self.real.comment != change.desired
        options = self.real.dialect_options
        names = {*change.current, *change.desired}
        return any(options.get(name) != change.desired.get(name) for name in names)

    def _item(self, change: Change, items: Callable[[TableSchema], Sequence[Any]]) -> bool:
        current, desired = change.sides()
        wanted = desired if current is None else current
        there = self._has(change, items)
        if not there and any(_has_name(each, wanted) for each in items(self.real)):
            self._check_replaced(change, wanted, items)
        if there and current is None and self.replacements is not None:
            self.replacements.create(self.real, wanted)
        return not there if current is None else there

    def _has(self, change: Change, items: Callable[[TableSchema], Sequence[Any]]) -> bool:
        """Tell whether the item that a change creates or drops is in the database."""
        current, desired = change.sides()
        wanted = desired if current is None else current
        aligned = (self.after if current is None else self.before)[0]
        return any(each is wanted or each == wanted for each in items(aligned))

    def _check_replaced(
        self, change: Change, item: Any, items: Callable[[TableSchema], Sequence[Any]]
    ) -> None:
        """Check that the block changes an item, which has its other form in the database.

        Raises:
            OperationError: the item has neither form.
        """
        opposite = Removal if isinstance(change, Addition) else Addition
        opposites = [each for each in self.block.changes if isinstance(each, opposite)]
        others = [each for each in opposites if _has_name(each.item, item)]
        nameless = [each for each in opposites if _is_nameless(each.item, item)]
        if any(self._has(each, items) for each in (*others, *nameless)):
            return
        if others or self.replacements is None or isinstance(change, Addition):
            _refuse(f"{item.name!r} of the table {self.real.key!r}", change)
        self.replacements.drop(self.real, change, item)


def _has_name(item: Any, other: Any) -> bool:
    """Tell whether an item has the name of another one of its kind."""
    return other.name is not None and item.name == other.name and type(item) is type(other)


def _is_nameless(item: Any, other: Any) -> bool:
    """Tell whether an item has no name, so that its generated one may be that of another one."""
    return item.name is None and type(item) is type(other)


def _same_column(pair: tuple[TableSchema, TableSchema], name: str) -> bool:
    aligned, wanted = (table.column(name) for table in pair)
    return aligned is wanted or aligned == wanted
