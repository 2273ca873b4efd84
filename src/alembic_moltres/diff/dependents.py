"""What stands in the way of a change of columns, and is dropped before and added again afterwards.

PostgreSQL refuses to alter the type of a column that a generated column uses, and drops indexes and
constraints with a column (its manual, "ALTER TABLE", SET DATA TYPE and DROP COLUMN). MySQL and
MariaDB refuse a new type for a column that a foreign key uses or refers to (the manual's "FOREIGN
KEY Constraints").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from ..schema import ColumnDef, Constraint, ForeignKeyConstraint, Index, TableSchema
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
    DropTable,
    RenameColumn,
    RenameTable,
    TableKey,
    Tables,
)
from .changes.base import by_key, key_of
from .renames import afterwards_named, formerly_named, over, renamed_index


def with_computed_rebuilt(
    changes: Iterable[Change], tables: Iterable[TableSchema], *, altered_in_place: bool = False
) -> tuple[Change, ...]:
    """Return the changes with the computed columns of tables out of their way, and back again.

    Keys and indexes over them go and come with them.

    Args:
        changes: what `diff` has found.
        tables: the tables as they are, spelt as the models spell them.
        altered_in_place: the database alters a computed column, and what it uses, without dropping
            it; PostgreSQL does not.

    >>> from alembic_moltres.schema import column, computed
    >>> total = column("total", "INTEGER", computed=computed("price * 2"))
    >>> table = TableSchema("items", [column("price", "INTEGER"), total])
    >>> longer = AlterColumn(table.columns[0], column("price", "BIGINT"))
    >>> (rebuilt,) = with_computed_rebuilt([AlterTable("items", None, (longer,))], [table])
    >>> [change.method for change in rebuilt.changes]
    ['drop_column', 'alter_column', 'add_column']
    """
    changes = tuple(changes)
    staying = _without_gone(changes, tables)
    return tuple(
        _rebuilt(change, staying[change.key], altered_in_place=altered_in_place)
        if isinstance(change, AlterTable)
        else change
        for change in changes
    )


def _without_gone(changes: Iterable[Change], tables: Iterable[TableSchema]) -> Tables:
    """Return the tables without the constraints and indexes that are dropped anyway."""
    altered = [change for change in changes if isinstance(change, AlterTable)]
    gone = _gone(altered)
    return {
        key: replace(
            table,
            constraints=tuple(each for each in table.constraints if (key, each) not in gone),
            indexes=tuple(each for each in table.indexes if (key, each) not in gone),
        )
        for key, table in by_key(tables).items()
    }


def _rebuilt(change: AlterTable, table: TableSchema, *, altered_in_place: bool) -> AlterTable:
    pairs = _in_the_way(change, table, altered_in_place)
    if not pairs:
        return change
    names = [before.name for before, _ in pairs]
    gone = [each for each in change.changes if isinstance(each, DropConstraint | DropIndex)]
    renamed = [each for each in change.changes if isinstance(each, RenameColumn)]
    over_them = _dropped_with(table, names)
    replaced = {*gone, *renamed}
    rebuilt = {(before, after) for before, after in pairs}
    others = [
        each for each in change.changes if each not in replaced and each.sides() not in rebuilt
    ]
    return replace(
        change,
        changes=(
            *gone,
            *renamed,
            *over_them,
            *(DropColumn(before) for before, _ in pairs),
            *(each for each in others if not _comes_last(each)),
            *(AddColumn(after) for _, after in pairs),
            *(each.reverse() for each in reversed(over_them)),
            *(each for each in others if _comes_last(each)),
        ),
    )


def _in_the_way(
    change: AlterTable, table: TableSchema, altered_in_place: bool
) -> list[tuple[ColumnDef, ColumnDef]]:
    """Return the computed columns to be dropped before everything, and what comes back for each.

    They use a dropped, a new or a retyped column, or are altered by dropping them and in an index
    or a constraint.
    """
    altered = change.altered_columns
    dropped = [column.name for column in change.dropped_columns]
    added = [column.name for column in change.added_columns]
    retyped = [each.desired.name for each in altered if each.retypes]
    touched = {each.desired.name for each in altered} | set(dropped)
    if altered_in_place:
        retyped = []
    return [
        *(
            (column, column)
            for column in table.columns
            if column.name not in touched and _uses(column, retyped)
        ),
        *(
            (each.current, each.desired)
            for each in altered
            if each.desired.computed is not None
            and (
                _uses(each.current, [*dropped, *retyped])
                or _uses(each.desired, [*added, *retyped])
                or (not altered_in_place and _is_remade(each) and _has_more(table, each))
            )
        ),
    ]


def _dropped_with(table: TableSchema, names: Collection[str]) -> list[DropIndex | DropConstraint]:
    """Return what goes with the columns."""
    return [
        *(DropIndex(index) for index in table.indexes if over(index, names)),
        *(DropConstraint(key) for key in table.constraints if over(key, names)),
    ]


def _gone(altered: Iterable[AlterTable]) -> set[tuple[TableKey, Constraint | Index]]:
    """Return what is dropped from tables, called as it would be after all renames."""
    altered, gone = list(altered), set[tuple[TableKey, Constraint | Index]]()
    names = _new_names(altered)
    for change in altered:
        own = names[change.key]
        gone |= {(change.key, renamed_index(each, own)) for each in change.dropped_indexes}
        gone |= {
            (change.key, afterwards_named(each, own, names)) for each in change.dropped_constraints
        }
    return gone


def _new_names(altered: Iterable[AlterTable]) -> dict[TableKey, dict[str, str]]:
    names: dict[TableKey, dict[str, str]] = defaultdict(dict)
    for change in altered:  # a table may be in several
        names[change.key] |= change.renamed_columns
    return names


def _is_remade(change: AlterColumn) -> bool:
    return change.current.computed != change.desired.computed or change.retypes


def _has_more(table: TableSchema, change: AlterColumn) -> bool:
    """Tell whether an index or a constraint would go with a column that is dropped."""
    return bool(_dropped_with(table, [change.current.name]))


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
    >>> [change.changes[0].method for change in changes]
    ['drop_constraint', 'alter_column', 'add_constraint']
    """
    changes = tuple(changes)
    altered = [change for change in changes if isinstance(change, AlterTable)]
    names = _new_names(altered)
    dropped = {key_of(change.table) for change in changes if isinstance(change, DropTable)}
    staying = [table for table in tables if key_of(table) not in dropped]
    keys = _keys_in_the_way(altered, staying)
    renames = [change for change in changes if isinstance(change, RenameTable)]
    return (
        *renames,
        *(
            AlterTable(
                table.name,
                table.schema,
                (DropConstraint(formerly_named(key, names.get(key_of(table), {}), names)),),
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
    altered: Iterable[AlterTable], tables: Iterable[TableSchema]
) -> list[tuple[TableSchema, ForeignKeyConstraint]]:
    """Return the foreign keys over retyped columns that no change drops, with their tables."""
    altered = list(altered)
    retyped = {
        (*change.key, each.desired.name)
        for change in altered
        for each in change.altered_columns
        if each.retypes
    }
    gone = _gone(altered)
    return [
        (table, key)
        for table in tables
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint)
        and (key_of(table), key) not in gone
        and retyped & set(_columns_of(table, key))
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
    return column.computed is not None and over(column.computed, names)
