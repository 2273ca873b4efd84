"""The effect of this package's operations on the catalogue."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch
from typing import Any

from .. import diff as changes
from ..datatypes import DataType
from ..diff import TableKey
from ..diff.changes.base import table_key
from ..diff.tables import unmatched
from ..operations import MoltresCreateTableOp, MoltresDropTableOp
from ..operations.value_op import ValueOp
from ..schema import ColumnDef, ForeignKeyConstraint, TableSchema, UniqueConstraint
from ..schema.named_types import TypeKey, place_of_type, renamed
from .anchors.operation import MoltresAnchorOp
from .catalogue.autoincrement import numbers_of
from .catalogue.by_name import drop_index, without_creation_options
from .catalogue.database import Catalogue, MissingError


def record(operation: Any, catalogue: Catalogue) -> bool:
    """Carry out an operation of this package on the catalogue.

    Returns:
        Whether it is one of this package.

    Raises:
        MissingError: the database would reject it.
    """
    match operation:
        case MoltresCreateTableOp(if_not_exists=True) if _is_there(operation, catalogue):
            return True
        case MoltresDropTableOp(if_exists=True) if not _is_there(operation, catalogue):
            return True
        case MoltresAnchorOp():
            for table in operation.tables:
                _set_table(table, catalogue)
            return True
        case ValueOp():
            carry_out(operation.change, catalogue, None)
            return True
        case _:
            return False


def _set_table(table: TableSchema, catalogue: Catalogue) -> None:
    """Set a table to an anchor's value, replacing one with its name."""
    key = catalogue.key(table.name, table.schema)
    catalogue.tables = {each: kept for each, kept in catalogue.tables.items() if each != key}
    carry_out(changes.CreateTable(table), catalogue, None)


def _is_there(operation: Any, catalogue: Catalogue) -> bool:
    return catalogue.key(operation.table_name, operation.schema) in catalogue.tables


@singledispatch
def carry_out(change: Any, catalogue: Catalogue, table: TableKey | None) -> None:
    """Carry out a change on the catalogue, with its side effects in the database.

    Args:
        change: the change.
        catalogue: the replayed database.
        table: the schema and name of the changed table, for a change inside a table.

    Raises:
        MissingError: the database would reject it.
    """
    if table is None:
        catalogue.apply(change)
    else:
        catalogue.alter(catalogue.table(table[1], table[0]), change)


@carry_out.register
def _(change: changes.AlterTable, catalogue: Catalogue, _: TableKey | None) -> None:
    created = {index.name for index in change.created_indexes}
    for at, each in enumerate(change.changes):
        carry_out(each, catalogue, change.key)
        key = each.sides()[0]
        if not isinstance(key, ForeignKeyConstraint) or not key.name or key.name in created:
            continue
        behind = change.changes[at + 1 :]
        if not any(isinstance(i, changes.DropIndex) and i.index.name == key.name for i in behind):
            catalogue.drop_orphaned_index(catalogue.table(change.name, change.schema), key.name)


@carry_out.register
def _(change: changes.CreateTable, catalogue: Catalogue, _: TableKey | None) -> None:
    for column in change.table.columns:
        catalogue.make_types(column)
    catalogue.create_table(change.table)


@carry_out.register
def _(change: changes.DropTable, catalogue: Catalogue, _: TableKey | None) -> None:
    table = catalogue.table(change.table.name, change.table.schema)
    catalogue.drop_table(table)
    for column in table.columns:
        catalogue.drop_types(column)


@carry_out.register(changes.AddForeignKeys)
@carry_out.register(changes.DropForeignKeys)
def _(change: Any, catalogue: Catalogue, _: TableKey | None) -> None:
    """Do nothing: the table's value already has these keys."""


@carry_out.register
def _(change: changes.RenameTable, catalogue: Catalogue, _: TableKey | None) -> None:
    table = catalogue.table(change.current, change.schema)
    catalogue.rename_table(table, change.desired)


def _key_of_existing(place: TypeKey, catalogue: Catalogue) -> TypeKey:
    schema, name = place
    key = (catalogue.schema(schema), name)
    if key not in catalogue.types:
        raise MissingError(f"there is no type {name!r}")
    return key


@carry_out.register
def _(change: changes.AlterEnum, catalogue: Catalogue, _: TableKey | None) -> None:
    if not catalogue.impl.features.named_types:
        return
    desired = DataType.parse(change.desired)
    key = _key_of_existing(place_of_type(desired), catalogue)
    for old, new in change.renamed.items():
        catalogue.rename_default(key, old, new)
    catalogue.exchange_type(key, renamed(desired, key))


@carry_out.register
def _(change: changes.AlterDomain, catalogue: Catalogue, _: TableKey | None) -> None:
    if not catalogue.impl.features.named_types:
        return
    desired = DataType.parse(change.desired)
    key = _key_of_existing(place_of_type(desired), catalogue)
    catalogue.exchange_type(key, renamed(desired, key))


@carry_out.register
def _(change: changes.RenameType, catalogue: Catalogue, _: TableKey | None) -> None:
    if catalogue.impl.features.named_types:
        key = _key_of_existing((change.schema, change.current), catalogue)
        catalogue.rename_type(key, change.desired)


@carry_out.register
def _(change: changes.CreateType, catalogue: Catalogue, _: TableKey | None) -> None:
    catalogue.make_types(ColumnDef("c", change.type))


@carry_out.register
def _(change: changes.DropType, catalogue: Catalogue, _: TableKey | None) -> None:
    catalogue.drop_types(ColumnDef("c", change.type))


@carry_out.register
def _(change: changes.CreateSequence, catalogue: Catalogue, _: TableKey | None) -> None:
    made = change.sequence
    catalogue.sequences.setdefault((catalogue.schema(made.schema), str(made.name)), made)


@carry_out.register
def _(change: changes.DropSequence, catalogue: Catalogue, _: TableKey | None) -> None:
    sequence = change.sequence
    catalogue.sequences.pop((catalogue.schema(sequence.schema), str(sequence.name)), None)


@carry_out.register
def _(change: changes.AlterSequence, catalogue: Catalogue, _: TableKey | None) -> None:
    catalogue.exchange_sequence(change.current, change.desired)


def _inside(catalogue: Catalogue, table: TableKey | None) -> Any:
    schema, name = table or (None, "")
    return catalogue.table(name, schema)


@carry_out.register
def _(change: changes.AddColumn, catalogue: Catalogue, table: TableKey | None) -> None:
    catalogue.make_types(change.column)
    column, checks = catalogue.without_checks(catalogue.known(change.column))
    catalogue.add_column(_inside(catalogue, table), column)
    for check in checks:
        catalogue.add_constraint(_inside(catalogue, table), check)


@carry_out.register
def _(change: changes.DropColumn, catalogue: Catalogue, table: TableKey | None) -> None:
    inside = _inside(catalogue, table)
    column = catalogue.column(inside, change.column.name)
    catalogue.drop_column(inside, column.name)
    catalogue.drop_types(column)


@carry_out.register
def _(change: changes.AlterColumn, catalogue: Catalogue, table: TableKey | None) -> None:
    inside = _inside(catalogue, table)
    current = catalogue.column(inside, change.current.name)
    catalogue.make_types(change.desired)
    desired, checks = catalogue.without_checks(catalogue.known(change.desired))
    dropped, added = unmatched(catalogue.without_checks(change.current)[1], checks)
    for check in dropped:
        carry_out(changes.DropConstraint(check), catalogue, table)
    catalogue.alter(_inside(catalogue, table), changes.AlterColumn(current, desired))
    for check in added:
        catalogue.add_constraint(_inside(catalogue, table), check)
    catalogue.drop_types(current)
    _number(change, catalogue, table)


def _number(change: changes.AlterColumn, catalogue: Catalogue, table: TableKey | None) -> None:
    """Drop, create or alter the sequence of a column, as an operation of this package does."""
    inside = _inside(catalogue, table)
    at = (table_key(inside), str(change.desired.name))
    before, after = numbers_of(change.current), numbers_of(change.desired)
    if before != after:
        catalogue.owned.pop(at, None)
        if after is not None:
            catalogue.create_sequences(inside)
    elif at in catalogue.owned and change.current.type_name != change.desired.type_name:
        made = catalogue.owned.new(inside, catalogue.column(inside, change.desired.name), ())
        if made is not None:
            catalogue.owned[at] = replace(catalogue.owned[at], data_type=made.data_type)


@carry_out.register
def _(change: changes.RenameColumn, catalogue: Catalogue, table: TableKey | None) -> None:
    catalogue.rename_column(_inside(catalogue, table), change.current, change.desired)


@carry_out.register
def _(change: changes.RenameGeneratedNames, catalogue: Catalogue, table: TableKey | None) -> None:
    inside = _inside(catalogue, table)
    catalogue.alter(inside, change)
    for current, desired in change.sequences.items():
        catalogue.owned.rename(inside.schema, current, desired)


@carry_out.register
def _(change: changes.AddConstraint, catalogue: Catalogue, table: TableKey | None) -> None:
    catalogue.add_constraint(_inside(catalogue, table), change.constraint)


@carry_out.register
def _(change: changes.DropConstraint, catalogue: Catalogue, table: TableKey | None) -> None:
    inside, kind = _inside(catalogue, table), type(change.constraint)
    name = change.constraint.name
    if kind is UniqueConstraint and catalogue.impl.features.unique_is_index:
        for index in inside.indexes:
            if index.name == name:
                catalogue.alter(inside, changes.DropIndex(index))
                return
    constraint = None if name is None else catalogue.constraint(inside, name)
    if type(constraint) is not kind:  # a foreign key may be called as a UNIQUE there
        constraint = _of_content(inside, change)
    catalogue.drop_constraint(inside, constraint)


def _of_content(table: Any, change: changes.DropConstraint) -> Any:
    """Return the constraint with this content if it is unique; else the argument."""
    wanted = replace(change.constraint, name=None)
    alike = [each for each in table.constraints if replace(each, name=None) == wanted]
    return alike[0] if len(alike) == 1 else change.constraint


@carry_out.register
def _(change: changes.CreateIndex, catalogue: Catalogue, table: TableKey | None) -> None:
    catalogue.alter(
        _inside(catalogue, table), changes.CreateIndex(without_creation_options(change.index))
    )


@carry_out.register
def _(change: changes.DropIndex, catalogue: Catalogue, table: TableKey | None) -> None:
    inside = _inside(catalogue, table)
    if catalogue.impl.features.unique_is_index:
        drop_index(
            catalogue, change.index.name, schema=inside.schema, on=inside.name, if_exists=False
        )
    else:
        catalogue.alter(inside, change)


@carry_out.register
def _(change: changes.SetComment, catalogue: Catalogue, table: TableKey | None) -> None:
    inside = _inside(catalogue, table)
    catalogue.alter(inside, changes.SetComment(inside.comment, change.desired))
