"""Drops dependents of changed columns before the change, and adds them again after it.

PostgreSQL refuses to alter the type of a column that a generated column uses, and drops indexes and
constraints with a column (its manual, "ALTER TABLE", SET DATA TYPE and DROP COLUMN). MySQL and
MariaDB refuse a new type for a column that a foreign key uses or refers to (the manual's "FOREIGN
KEY Constraints").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from ..schema import (
    ColumnDef,
    Constraint,
    ForeignKeyConstraint,
    Index,
    TableSchema,
)
from .changes.alter_table import AlterTable
from .changes.base import Change, TableKey, Tables, by_key, table_key
from .changes.columns import AlterColumn, RenameColumn
from .changes.constraints import AddConstraint, DropConstraint
from .changes.indexes import CreateIndex, DropIndex
from .changes.tables import DropTable, RenameTable
from .foreign_keys import target_of, unique_columns
from .renames import afterwards_named, formerly_named, names_any_column, renamed_index


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
    return _without_keys(made, keys)


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
    dropped_items, dropped = _dropped_items(altered), _dropped_tables(changes)
    return {
        key: replace(
            table,
            constraints=tuple(
                each for each in table.constraints if (key, each) not in dropped_items
            ),
            indexes=tuple(each for each in table.indexes if (key, each) not in dropped_items),
        )
        for key, table in by_key(tables).items()
        if key not in dropped
    }


def _dropped_tables(changes: Iterable[Change]) -> set[TableKey]:
    return {table_key(change.table) for change in changes if isinstance(change, DropTable)}


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
    """Return the change between the drops and the adds, and with their dependents around all."""
    first = [
        *(each for each in change.changes if isinstance(each, DropConstraint | DropIndex)),
        *(each for each in change.changes if isinstance(each, RenameColumn)),
    ]
    others = [each for each in change.changes if each not in first]
    return replace(
        change,
        changes=(
            *first,
            *over_them,
            *drops,
            *(each for each in others if not _comes_last(each)),
            *adds,
            *(each.reverse() for each in reversed(over_them)),
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


def _dropped_items(altered: Iterable[AlterTable]) -> set[tuple[TableKey, Constraint | Index]]:
    """Return the items dropped from tables, under their names after all renames."""
    altered, dropped = list(altered), set[tuple[TableKey, Constraint | Index]]()
    names = _new_names(altered)
    for change in altered:
        own = names[change.key]
        dropped |= {(change.key, renamed_index(each, own)) for each in change.dropped_indexes}
        dropped |= {
            (change.key, afterwards_named(each, own, names)) for each in change.dropped_constraints
        }
    return dropped


def _new_names(altered: Iterable[AlterTable]) -> dict[TableKey, dict[str, str]]:
    names: dict[TableKey, dict[str, str]] = defaultdict(dict)
    for change in altered:  # a table may be in several
        names[change.key] |= change.renamed_columns
    return names


def _is_remade(change: AlterColumn) -> bool:
    return change.current.computed != change.desired.computed or change.retypes


def _has_more(table: TableSchema, change: AlterColumn, referred: Collection[str]) -> bool:
    """Tell whether an index or a constraint is dropped with a dropped column."""
    name = change.current.name
    return name in referred or bool(_dropped_with(table, [name]))


def with_keys_rebuilt(
    changes: Iterable[Change],
    tables: Iterable[TableSchema],
    *,
    blocks: Callable[[AlterColumn], bool] = lambda change: change.retypes,
    replaced: Callable[[AlterTable], Iterable[Constraint | Index]] = lambda _: (),
) -> tuple[Change, ...]:
    """Return the changes; foreign keys that block them are dropped before and added after.

    Args:
        changes: the result of `diff`.
        tables: the current tables, as the models write them.
        blocks: tells whether a foreign key over the column blocks its change.
        replaced: returns the dropped keys and unique indexes that cannot be dropped while a foreign
            key refers to their columns.

    >>> from alembic_moltres.schema import column, foreign_key
    >>> key = foreign_key("boss_id", "staff", "id", name="fk_boss")
    >>> columns = [column("boss_id", "INTEGER"), column("id", "INTEGER")]
    >>> table = TableSchema("staff", columns, constraints=[key])
    >>> longer = AlterColumn(columns[0], column("boss_id", "BIGINT"))
    >>> changes = with_keys_rebuilt([AlterTable("staff", None, (longer,))], [table])
    >>> [change.changes[0].method for change in changes]
    ['drop_constraint', 'alter_column', 'add_constraint']
    """
    changes = tuple(changes)
    altered = [change for change in changes if isinstance(change, AlterTable)]
    dropped = _dropped_tables(changes)
    staying = [table for table in tables if table_key(table) not in dropped]
    return _without_keys(changes, _keys_in_the_way(altered, staying, blocks, replaced))


def _without_keys(
    changes: Iterable[Change], keys: list[tuple[TableSchema, ForeignKeyConstraint]]
) -> tuple[Change, ...]:
    """Return the changes with foreign keys dropped before them and added again afterwards."""
    changes = tuple(changes)
    if not keys:
        return changes
    names = _new_names(change for change in changes if isinstance(change, AlterTable))
    renames = [change for change in changes if isinstance(change, RenameTable)]
    return (
        *renames,
        *(
            AlterTable(
                table.name,
                table.schema,
                (DropConstraint(formerly_named(key, names.get(table_key(table), {}), names)),),
            )
            for table, key in keys
        ),
        *(change for change in changes if not isinstance(change, RenameTable)),
        *(
            AlterTable(table.name, table.schema, (AddConstraint(key),))
            for table, key in reversed(keys)
        ),
    )


def _keys_in_the_way(
    altered: Iterable[AlterTable],
    tables: Iterable[TableSchema],
    blocks: Callable[[AlterColumn], bool],
    replaced: Callable[[AlterTable], Iterable[Constraint | Index]],
) -> list[tuple[TableSchema, ForeignKeyConstraint]]:
    """Return the foreign keys that block changes and that no change drops, with their tables."""
    altered = list(altered)
    retyped = {
        (*change.key, each.desired.name)
        for change in altered
        for each in change.altered_columns
        if blocks(each)
    }
    unreferable = {
        (change.key, columns)
        for change in altered
        for columns in unique_columns(replaced(change), change.renamed_columns)
    }
    dropped = _dropped_items(altered)
    return [
        (table, key)
        for table in tables
        for key in table.foreign_keys
        if (table_key(table), key) not in dropped
        and (
            retyped & set(_columns_of(table, key))
            or (target_of(key), frozenset(key.references_columns)) in unreferable
        )
    ]


def _columns_of(
    table: TableSchema, key: ForeignKeyConstraint
) -> Iterator[tuple[str | None, str, str]]:
    for name in key.columns:
        yield table.schema, table.name, name
    for name in key.references_columns:
        yield key.references_schema, key.references_table, name


def _comes_last(change: Change) -> bool:
    return isinstance(change, AddConstraint | CreateIndex)


def _uses(column: ColumnDef, names: Collection[str]) -> bool:
    return column.computed is not None and names_any_column(column.computed, names)
