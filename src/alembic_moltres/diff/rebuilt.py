"""What stands in the way of a column's new type, and is dropped before and added again afterwards.

PostgreSQL refuses to alter the type of a column that a generated column uses (its manual, "ALTER
TABLE", SET DATA TYPE). MySQL and MariaDB refuse it for a column that a foreign key uses or refers
to (the manual's "FOREIGN KEY Constraints").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..schema import SQL, ColumnDef, ForeignKeyConstraint, TableSchema
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
    RenameTable,
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


def with_keys_rebuilt(
    changes: Iterable[Change], tables: Iterable[TableSchema]
) -> tuple[Change, ...]:
    """Return the changes with the foreign keys over retyped columns out of their way.

    Args:
        changes: what `diff` has found.
        tables: the tables as they are, spelt as the models spell them.

    >>> from alembic_moltres.schema import column, foreign_key
    >>> key = foreign_key("boss_id", "staff", "id", name="fk_boss")
    >>> columns = [column("boss_id", "INTEGER"), column("id", "INTEGER")]
    >>> table = TableSchema("staff", columns, constraints=[key])
    >>> longer = AlterColumn(columns[0], column("boss_id", "BIGINT"))
    >>> changes = with_keys_rebuilt([AlterTable("staff", None, (longer,))], [table])
    >>> [type(change.changes[0]).__name__ for change in changes]
    ['DropConstraint', 'AlterColumn', 'AddConstraint']
    """
    changes = tuple(changes)
    altered = [change for change in changes if isinstance(change, AlterTable)]
    retyped = {
        (change.schema, change.name, each.desired.name)
        for change in altered
        for each in change.changes
        if isinstance(each, AlterColumn) and _is_retyped(each)
    }
    gone = {
        (change.schema, change.name, each.constraint)
        for change in altered
        for each in change.changes
        if isinstance(each, DropConstraint)
    }
    dropped = [
        AlterTable(table.name, table.schema, (DropConstraint(key),))
        for table in tables
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint)
        and (table.schema, table.name, key) not in gone
        and retyped & set(_columns_of(table, key))
    ]
    renames = [change for change in changes if isinstance(change, RenameTable)]
    others = [change for change in changes if not isinstance(change, RenameTable)]
    return (*renames, *dropped, *others, *(change.reverse() for change in reversed(dropped)))


def _columns_of(
    table: TableSchema, key: ForeignKeyConstraint
) -> Iterator[tuple[str | None, str, str]]:
    for name in key.columns:
        yield table.schema, table.name, name
    for name in key.references_columns:
        yield key.references_schema, key.references_table, name


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
