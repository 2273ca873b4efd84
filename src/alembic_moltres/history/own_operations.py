"""The package's own operations: what each does to the catalogue, exactly as its value says."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch
from typing import Any

from .. import diff as changes
from ..datatypes import DataType
from ..operations import (
    MoltresAddColumnOp,
    MoltresAddConstraintOp,
    MoltresAddForeignKeysOp,
    MoltresAlterColumnOp,
    MoltresAlterEnumOp,
    MoltresAlterSequenceOp,
    MoltresAlterTableOp,
    MoltresCreateIndexOp,
    MoltresCreateTableOp,
    MoltresDropColumnOp,
    MoltresDropConstraintOp,
    MoltresDropForeignKeysOp,
    MoltresDropIndexOp,
    MoltresDropTableOp,
    MoltresRenameColumnOp,
    MoltresRenameTableOp,
    MoltresSetCommentOp,
    MoltresSetOptionsOp,
)
from ..schema import Constraint, TableSchema
from .catalogue import Catalogue, MissingError
from .named_types import place_of_type, renamed
from .statements import drop_index


@singledispatch
def record(operation: Any, catalogue: Catalogue) -> bool:
    """Do to the catalogue what an operation of this package does to a database.

    Returns:
        whether it is one of this package.

    Raises:
        MissingError: the database would refuse it.
    """
    return False


@record.register
def _(operation: MoltresCreateTableOp, catalogue: Catalogue) -> bool:
    table = operation.table_schema
    there = catalogue.key(table.name, table.schema) in catalogue.tables
    if not (there and operation.if_not_exists):
        for column in table.columns:
            catalogue.make_types(column)
        catalogue.create_table(table)
    return True


@record.register
def _(operation: MoltresDropTableOp, catalogue: Catalogue) -> bool:
    named = operation.table_name, operation.schema
    if operation.if_exists and catalogue.key(*named) not in catalogue.tables:
        return True
    table = catalogue.table(*named)
    catalogue.drop_table(table)
    for column in table.columns:
        catalogue.drop_types(column)
    return True


@record.register(MoltresAddForeignKeysOp)
@record.register(MoltresDropForeignKeysOp)
def _(operation: Any, catalogue: Catalogue) -> bool:
    return True  # they stand in the table's value all the time


@record.register
def _(operation: MoltresAlterTableOp, catalogue: Catalogue) -> bool:
    for each in operation.ops:
        if not record(each, catalogue):
            raise MissingError(f"{each!r} is in a block and cannot be replayed")
    return True


def _table(operation: Any, catalogue: Catalogue) -> TableSchema:
    return catalogue.table(operation.table_name, operation.schema)


@record.register
def _(operation: MoltresAddColumnOp, catalogue: Catalogue) -> bool:
    column = operation.definition
    catalogue.make_types(column)
    catalogue.alter(_table(operation, catalogue), changes.AddColumn(catalogue.known(column)))
    return True


@record.register
def _(operation: MoltresDropColumnOp, catalogue: Catalogue) -> bool:
    table = _table(operation, catalogue)
    column = catalogue.column(table, operation.column_name)
    catalogue.drop_column(table, operation.column_name)
    catalogue.drop_types(column)
    return True


@record.register
def _(operation: MoltresAlterColumnOp, catalogue: Catalogue) -> bool:
    table = _table(operation, catalogue)
    before, after = operation.current, operation.desired
    current = catalogue.column(table, before.name)
    catalogue.make_types(after)
    catalogue.alter(table, changes.AlterColumn(current, catalogue.known(after)))
    catalogue.drop_types(current)
    return True


@record.register
def _(operation: MoltresRenameColumnOp, catalogue: Catalogue) -> bool:
    catalogue.rename_column(
        _table(operation, catalogue), operation.column_name, str(operation.modify_name)
    )
    return True


@record.register
def _(operation: MoltresAddConstraintOp, catalogue: Catalogue) -> bool:
    catalogue.add_constraint(_table(operation, catalogue), operation.constraint)
    return True


@record.register
def _(operation: MoltresDropConstraintOp, catalogue: Catalogue) -> bool:
    table = _table(operation, catalogue)
    wanted = operation.reverse().constraint
    if catalogue.impl.unique_is_index:
        for each in table.indexes:
            if each.name == wanted.name:
                catalogue.alter(table, changes.DropIndex(each))
                return True
    catalogue.alter(table, changes.DropConstraint(_found(table, wanted, catalogue)))
    return True


def _found(table: TableSchema, wanted: Constraint, catalogue: Catalogue) -> Constraint:
    """Return the constraint of that name, or the one of that content where it has none.

    Raises:
        MissingError: there is none.
    """
    for each in table.constraints:
        if each == wanted:
            return each
    if wanted.name is not None:
        found = catalogue.constraint(table, wanted.name)
        if found is not None:
            return found
    alike = [each for each in table.constraints if _nameless(each) == _nameless(wanted)]
    if len(alike) == 1:
        return alike[0]
    raise MissingError(f"there is no {wanted!r} on the table {table.key!r}", table)


def _nameless(constraint: Constraint) -> object:
    return replace(constraint, name=None)


@record.register
def _(operation: MoltresCreateIndexOp, catalogue: Catalogue) -> bool:
    catalogue.alter(_table(operation, catalogue), changes.CreateIndex(operation.index))
    return True


@record.register
def _(operation: MoltresDropIndexOp, catalogue: Catalogue) -> bool:
    table = _table(operation, catalogue)
    wanted = operation.reverse().index
    for each in table.indexes:
        if each == wanted or each.name == wanted.name:
            catalogue.alter(table, changes.DropIndex(each))
            return True
    if catalogue.impl.unique_is_index:
        drop_index(catalogue, wanted.name, schema=table.schema, on=table.name, if_exists=False)
        return True
    raise MissingError(f"there is no index {wanted.name!r} on the table {table.key!r}", table)


@record.register
def _(operation: MoltresSetCommentOp, catalogue: Catalogue) -> bool:
    table = _table(operation, catalogue)
    catalogue.alter(table, changes.SetComment(table.comment, operation.comment))
    return True


@record.register
def _(operation: MoltresSetOptionsOp, catalogue: Catalogue) -> bool:
    table = _table(operation, catalogue)
    catalogue.alter(table, changes.SetOptions(operation.current, operation.desired))
    return True


@record.register
def _(operation: MoltresRenameTableOp, catalogue: Catalogue) -> bool:
    catalogue.rename_table(_table(operation, catalogue), operation.new_table_name)
    return True


@record.register
def _(operation: MoltresAlterEnumOp, catalogue: Catalogue) -> bool:
    if not catalogue.impl.has_named_types:
        return True
    desired = DataType.parse(operation.desired)
    schema, name = place_of_type(desired)
    key = (catalogue.schema(schema), name)
    if key not in catalogue.types:
        raise MissingError(f"there is no type {key[1]!r}")
    catalogue.exchange_type(key, renamed(desired, key))
    return True


@record.register
def _(operation: MoltresAlterSequenceOp, catalogue: Catalogue) -> bool:
    catalogue.exchange_sequence(operation.current, operation.desired)
    return True
