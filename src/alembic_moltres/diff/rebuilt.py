"""Computed columns that stand in the way of a column that they are made of.

PostgreSQL refuses to alter the type of a column that a generated column uses (its manual, "ALTER
TABLE", SET DATA TYPE); the generated one is dropped before and added again afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..schema import SQL, ColumnDef, TableSchema
from .changes import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    AlterTable,
    Change,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
)
from .renames import identifiers


def with_computed_rebuilt(change: AlterTable, table: TableSchema) -> AlterTable:
    """Return the change with the computed columns of `table` out of its way, and back again.

    Keys and indexes over them go and come with them.

    Args:
        change: what is altered.
        table: the table as it is, spelt as the models spell it.

    >>> from alembic_moltres.schema import column, computed
    >>> total = column("total", "INTEGER", computed=computed("price * 2"))
    >>> table = TableSchema("items", [column("price", "INTEGER"), total])
    >>> longer = AlterColumn(table.columns[0], column("price", "BIGINT"))
    >>> [
    ...     type(c).__name__
    ...     for c in with_computed_rebuilt(AlterTable("items", None, (longer,)), table).changes
    ... ]
    ['DropColumn', 'AlterColumn', 'AddColumn']
    """
    altered = [each for each in change.changes if isinstance(each, AlterColumn)]
    retyped = {each.desired.name for each in altered if _is_retyped(each)}
    touched = {each.desired.name for each in altered}
    touched |= {each.column.name for each in change.changes if isinstance(each, DropColumn)}
    computed = [column for column in table.columns if _uses(column, retyped)]
    computed = [column for column in computed if column.name not in touched]
    if not computed:
        return change
    names = {column.name for column in computed}
    gone = [each for each in change.changes if isinstance(each, DropConstraint | DropIndex)]
    keys = [
        DropConstraint(key) for key in table.constraints if names & set(getattr(key, "columns", ()))
    ]
    indexes = [DropIndex(index) for index in table.indexes if _over(index.elements, names)]
    dropped: list[Change] = [each for each in (*indexes, *keys) if each not in gone]
    return replace(
        change,
        changes=(
            *dropped,
            *gone,
            *(DropColumn(column) for column in computed),
            *(each for each in change.changes if each not in gone and not _comes_last(each)),
            *(AddColumn(column) for column in computed),
            *(each.reverse() for each in reversed(dropped)),
            *(each for each in change.changes if _comes_last(each)),
        ),
    )


def _is_retyped(change: AlterColumn) -> bool:
    current, desired = change.current, change.desired
    before = (current.type_name, current.type_variants)
    return before != (desired.type_name, desired.type_variants)


def _comes_last(change: Change) -> bool:
    return isinstance(change, AddConstraint | CreateIndex)


def _uses(column: ColumnDef, names: Iterable[str]) -> bool:
    return column.computed is not None and bool(
        set(identifiers(column.computed.expression.text)) & set(names)
    )


def _over(elements: Iterable[str | SQL], names: set[str]) -> bool:
    return bool(names & set(_named(elements)))


def _named(elements: Iterable[str | SQL]) -> Iterator[str]:
    for element in elements:
        if isinstance(element, SQL):
            yield from identifiers(element.text)
        else:
            yield element
