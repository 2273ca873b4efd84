"""Keys like another one of their table, which a change of its own adds.

PostgreSQL's CREATE TABLE merges a UNIQUE into the primary key, or into another UNIQUE, of the same
columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ...diff import AddConstraint, AlterTable, Change, CreateTable, DropConstraint, DropTable
from ...schema import PrimaryKeyConstraint, TableSchema, UniqueConstraint


def with_repeated_keys(net: Iterable[Change]) -> Iterator[Change]:
    """Yield changes in which such keys are added after their table, and dropped before it."""
    for change in net:
        match change:
            case CreateTable(table=table) if keys := _repeated(table):
                yield replace(change, table=_without(table, keys))
                yield _block(table, keys, AddConstraint)
            case DropTable(table=table) if keys := _repeated(table):
                yield _block(table, keys[::-1], DropConstraint)
                yield replace(change, table=_without(table, keys))
            case _:
                yield change


def _repeated(table: TableSchema) -> list[UniqueConstraint]:
    """Return the UNIQUE constraints that differ from an earlier key only in their names."""
    earlier = [
        UniqueConstraint(
            each.columns, None, each.deferrable, each.initially, None, each.dialect_options
        )
        for each in table.constraints
        if isinstance(each, PrimaryKeyConstraint)
    ]
    repeated = []
    for each in table.constraints:
        if isinstance(each, UniqueConstraint):
            nameless = replace(each, name=None, comment=None)
            if nameless in earlier:
                repeated.append(each)
            earlier.append(nameless)
    return repeated


def _without(table: TableSchema, keys: list[UniqueConstraint]) -> TableSchema:
    rest = (each for each in table.constraints if all(each is not key for key in keys))
    return replace(table, constraints=tuple(rest))


def _block(
    table: TableSchema,
    keys: Iterable[UniqueConstraint],
    made: Callable[[UniqueConstraint], AddConstraint | DropConstraint],
) -> AlterTable:
    return AlterTable(table.name, table.schema, tuple(map(made, keys)))
