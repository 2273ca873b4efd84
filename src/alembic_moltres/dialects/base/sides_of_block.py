"""A table of the database with the items of one side of a block, to be compared with the database.

A constraint without a name is found by its content. So the table's own constraints of its kind give
way to it, except those that the other side of the block has under their names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy.engine import Connection

from ...diff import AlterTable
from ...schema import (
    ColumnDef,
    Constraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from .align import align, comparable
from .reflection import reflect_expected
from .signatures import ReflectedTable

Side: TypeAlias = tuple[TableSchema, TableSchema]
"""The table of the database aligned with that of one side, and the latter."""


def sides_of_block(
    connection: Connection, found: ReflectedTable, block: AlterTable
) -> tuple[Side, Side]:
    """Return the table before and after a block, each aligned with the database's table.

    Args:
        connection: to the database, which is only read.
        found: the table of the database.
        block: with the names that the columns have in the database.
    """
    items = tuple([each.sides()[at] for each in block.changes] for at in (0, 1))
    before, after = _compared(connection, found, [_with(found.table, each) for each in items])
    if not any(_is_nameless(each) for side in items for each in side):
        return before, after
    there = [
        {_kind_and_name(each) for each in side if each in pair[0].constraints}
        for side, pair in zip(items, (before, after), strict=True)
    ]
    tables = [
        _with(_without_like(found.table, side, other), side)
        for side, other in zip(items, reversed(there), strict=True)
    ]
    before, after = _compared(connection, found, tables)
    return before, after


def _compared(
    connection: Connection, found: ReflectedTable, tables: Sequence[TableSchema]
) -> tuple[Side, Side]:
    before, after = reflect_expected(connection, [comparable(each) for each in tables])
    return (align(found, before), before.table), (align(found, after), after.table)


def _is_nameless(item: object) -> bool:
    is_key = isinstance(item, PrimaryKeyConstraint)
    return isinstance(item, Constraint) and item.name is None and not is_key


def _kind_and_name(item: Any) -> tuple[type, str]:
    return type(item), str(item.name)


def _without_like(
    table: TableSchema, items: Sequence[Any], kept: Collection[tuple[type, str]]
) -> TableSchema:
    """Return a table without the constraints of a kind of which the items have nameless ones.

    Args:
        table: of the database.
        items: of one side.
        kept: kinds and names of the constraints that the other side has.
    """
    kinds = {type(each) for each in items if _is_nameless(each)}
    constraints = (
        each
        for each in table.constraints
        if type(each) not in kinds or (each.name is not None and _kind_and_name(each) in kept)
    )
    return replace(table, constraints=tuple(constraints))


def _with(table: TableSchema, items: Sequence[Any]) -> TableSchema:
    """Return a table with columns, constraints and indexes, each in the place of its name's.

    A UNIQUE takes the place of the table's over the same columns, of which it may be the new name.
    """
    columns = {column.name: column for column in table.columns}
    unique = {each.columns for each in items if isinstance(each, UniqueConstraint)}
    constraints = [each for each in table.constraints if not _is_unique(each, unique)]
    indexes = list(table.indexes)
    for item in items:
        match item:
            case ColumnDef():
                columns[item.name] = item
            case Index():
                indexes = [each for each in indexes if each.name != item.name] + [item]
            case None | str() | Mapping():
                continue
            case _:
                constraints = [each for each in constraints if not _gives_way(each, item)] + [item]
    return replace(
        table,
        columns=tuple(columns.values()),
        constraints=tuple(constraints),
        indexes=tuple(indexes),
    )


def _is_unique(constraint: Constraint, columns: Collection[tuple[str, ...]]) -> bool:
    return isinstance(constraint, UniqueConstraint) and constraint.columns in columns


def _gives_way(constraint: Constraint, to: Constraint) -> bool:
    if type(constraint) is not type(to):
        return False
    named = to.name is not None and constraint.name == to.name
    return named or isinstance(to, PrimaryKeyConstraint)
