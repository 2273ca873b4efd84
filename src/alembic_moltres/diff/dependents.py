"""Drops dependents of changed columns before the change, and adds them again after it.

PostgreSQL refuses to alter the type of a column that a generated column uses, and drops indexes and
constraints with a column (its manual, "ALTER TABLE", SET DATA TYPE and DROP COLUMN). Not here: the
foreign keys that block other changes, see `rebuilt_keys`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from ..schema import ColumnDef, Constraint, ForeignKeyConstraint, TableSchema
from .changes.alter_table import AlterTable
from .changes.base import Change, TableKey, Tables, by_key, table_key
from .changes.columns import AlterColumn, RenameColumn
from .changes.constraints import AddConstraint, DropConstraint
from .changes.indexes import CreateIndex, DropIndex
from .foreign_keys import target_of
from .rebuilt_keys import dropped_items, dropped_tables, without_keys
from .renames import names_any_column


def with_computed_rebuilt(
    changes: Iterable[Change], tables: Iterable[TableSchema], *, altered_in_place: bool = False
) -> tuple[Change, ...]:
    """Return the changes, with dependent computed columns dropped before and added again after.

    Keys and indexes over them are dropped and added with them.

    Args:
        changes: the result of `diff`.
        tables: the current tables, as the models write them.
        altered_in_place: whether the database alters a computed column, and the columns it uses,
            without dropping it, unlike PostgreSQL.

    >>> from alembic_moltres.schema import column, computed
    >>> total = column("total", "INTEGER", computed=computed("price * 2"))
    >>> table = TableSchema("items", [column("price", "INTEGER"), total])
    >>> longer = AlterColumn(table.columns[0], column("price", "BIGINT"))
    >>> (rebuilt,) = with_computed_rebuilt([AlterTable("items", None, (longer,))], [table])
    >>> [change.method for change in rebuilt.changes]
    ['drop_column', 'alter_column', 'add_column']
    """
    changes = tuple(changes)
    staying = _without_dropped(changes, tables)
    remade = [
        _in_the_way(change, staying, altered_in_place=altered_in_place)
        if isinstance(change, AlterTable)
        else []
        for change in changes
    ]
    keys = [
        (table, key)
        for change, remade_columns in zip(changes, remade, strict=True)
        if isinstance(change, AlterTable) and remade_columns
        for table, key in _keys_to(staying[change.key], staying.values())
        if {each.current.name for each in remade_columns} & {*key.references_columns}
    ]
    without = {(table_key(table), key) for table, key in keys}
    made = (
        _rebuilt(change, staying[change.key], remade_columns, without)
        if isinstance(change, AlterTable) and remade_columns
        else change
        for change, remade_columns in zip(changes, remade, strict=True)
    )
    return without_keys(made, keys)


def with_recreated_rebuilt(
    changes: Iterable[Change],
    tables: Iterable[TableSchema],
    recreates: Callable[[AlterColumn], bool],
) -> tuple[Change, ...]:
    """Return the changes; what is over a recreated column is dropped before it and added after it.

    Args:
        changes: the result of `diff`.
        tables: the current tables, as the models write them.
        recreates: tells whether the database drops a column and adds it again to change it.

    >>> from alembic_moltres.schema import check, column, computed
    >>> stored = column("b", "INTEGER", computed=computed("a * 2", persisted=True))
    >>> virtual = column("b", "INTEGER", computed=computed("a * 2", persisted=False))
    >>> columns = [column("a", "INTEGER"), stored]
    >>> table = TableSchema("t", columns, constraints=[check("b > 0", name="ck_b")])
    >>> changes = [AlterTable("t", None, (AlterColumn(stored, virtual),))]
    >>> (rebuilt,) = with_recreated_rebuilt(changes, [table], lambda change: True)
    >>> [change.method for change in rebuilt.changes]
    ['drop_constraint', 'alter_column', 'add_constraint']
    """
    changes = tuple(changes)
    staying = _without_dropped(changes, tables)
    return tuple(
        _with_recreated_apart(change, staying[change.key], recreates)
        if isinstance(change, AlterTable)
        else change
        for change in changes
    )


def _with_recreated_apart(
    change: AlterTable, table: TableSchema, recreates: Callable[[AlterColumn], bool]
) -> AlterTable:
    names = [each.desired.name for each in change.altered_columns if recreates(each)]
    over_them = _dropped_with(table, names)
    return _apart(change, over_them, [], []) if over_them else change


def _keys_to(
    table: TableSchema, tables: Iterable[TableSchema]
) -> list[tuple[TableSchema, ForeignKeyConstraint]]:
    """Return the keys of other tables that refer to a table."""
    return [
        (each, key)
        for each in tables
        if each is not table
        for key in each.constraints
        if isinstance(key, ForeignKeyConstraint) and target_of(key) == table_key(table)
    ]


def _without_dropped(changes: Iterable[Change], tables: Iterable[TableSchema]) -> Tables:
    """Return the remaining tables, without the constraints and indexes that are dropped anyway."""
    altered = [change for change in changes if isinstance(change, AlterTable)]
    items, dropped = dropped_items(altered), dropped_tables(changes)
    return {
        key: replace(
            table,
            constraints=tuple(each for each in table.constraints if (key, each) not in items),
            indexes=tuple(each for each in table.indexes if (key, each) not in items),
        )
        for key, table in by_key(tables).items()
        if key not in dropped
    }


def _rebuilt(
    change: AlterTable,
    table: TableSchema,
    remade: list[AlterColumn],
    without: Collection[tuple[TableKey, Constraint]],
) -> AlterTable:
    """Return the change with columns and their dependents dropped and added again.

    Dependents that the change drops anyway are left out.
    """
    names = [each.current.name for each in remade]
    over_them = [
        each for each in _dropped_with(table, names) if (change.key, each.sides()[0]) not in without
    ]
    drops, adds = zip(*(each.recreated() for each in remade), strict=True)
    rebuilt = {each.sides() for each in remade}
    others = replace(
        change, changes=tuple(each for each in change.changes if each.sides() not in rebuilt)
    )
    return _apart(others, over_them, drops, adds)


def _apart(
    change: AlterTable,
    over_them: Sequence[DropIndex | DropConstraint],
    drops: Iterable[Change],
    adds: Iterable[Change],
) -> AlterTable:
    """Return the change between the drops and the adds, and with their dependents around all.

    Dependents are added in their order in the table, since a server counts the names that it makes
    of nameless constraints, and are dropped in the reverse order, so that this holds for the
    reverse of the change too.
    """
    first = [
        *(each for each in change.changes if isinstance(each, DropConstraint | DropIndex)),
        *(each for each in change.changes if isinstance(each, RenameColumn)),
    ]
    others = [each for each in change.changes if each not in first]
    return replace(
        change,
        changes=(
            *first,
            *reversed(over_them),
            *drops,
            *(each for each in others if not _comes_last(each)),
            *adds,
            *(each.reverse() for each in over_them),
            *(each for each in others if _comes_last(each)),
        ),
    )


def _in_the_way(change: AlterTable, tables: Tables, *, altered_in_place: bool) -> list[AlterColumn]:
    """Return the computed columns to drop first and add again, unchanged ones included.

    They use a dropped, a new or a retyped column, or are altered by dropping them while an index or
    a constraint uses them or another table refers to them.
    """
    table, altered = tables[change.key], change.altered_columns
    if not any(each.computed for each in (*table.columns, *(each.desired for each in altered))):
        return []
    referred = {
        name for _, key in _keys_to(table, tables.values()) for name in key.references_columns
    }
    dropped = [column.name for column in change.dropped_columns]
    added = [column.name for column in change.added_columns]
    retyped = [each.desired.name for each in altered if each.retypes]
    touched = {each.desired.name for each in altered} | set(dropped)
    if altered_in_place:
        retyped = []
    return [
        *(
            AlterColumn(column, column)
            for column in table.columns
            if column.name not in touched and _uses(column, retyped)
        ),
        *(
            each
            for each in altered
            if each.desired.computed is not None
            and (
                _uses(each.current, [*dropped, *retyped])
                or _uses(each.desired, [*added, *retyped])
                or (not altered_in_place and _is_remade(each) and _has_more(table, each, referred))
            )
        ),
    ]


def _dropped_with(table: TableSchema, names: Collection[str]) -> list[DropIndex | DropConstraint]:
    """Return the constraints and indexes that are dropped with the columns."""
    return [
        *(DropIndex(index) for index in table.indexes if names_any_column(index, names)),
        *(
            DropConstraint(key)
            for key in table.constraints
            if names_any_column(key, names) or _refers_within(table, key, names)
        ),
    ]


def _refers_within(table: TableSchema, key: Constraint, names: Collection[str]) -> bool:
    """Tell whether a key refers to such a column of its own table."""
    return (
        isinstance(key, ForeignKeyConstraint)
        and target_of(key) == table_key(table)
        and not {*names}.isdisjoint(key.references_columns)
    )


def _is_remade(change: AlterColumn) -> bool:
    return change.current.computed != change.desired.computed or change.retypes


def _has_more(table: TableSchema, change: AlterColumn, referred: Collection[str]) -> bool:
    """Tell whether an index or a constraint is dropped with a dropped column."""
    name = change.current.name
    return name in referred or bool(_dropped_with(table, [name]))


def _comes_last(change: Change) -> bool:
    return isinstance(change, AddConstraint | CreateIndex)


def _uses(column: ColumnDef, names: Collection[str]) -> bool:
    return column.computed is not None and names_any_column(column.computed, names)
