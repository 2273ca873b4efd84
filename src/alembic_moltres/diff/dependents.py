"""What stands in the way of a change of columns, and is dropped before and added again afterwards.

PostgreSQL refuses to alter the type of a column that a generated column uses, and drops indexes and
constraints with a column (its manual, "ALTER TABLE", SET DATA TYPE and DROP COLUMN). MySQL and
MariaDB refuse a new type for a column that a foreign key uses or refers to (the manual's "FOREIGN
KEY Constraints").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from ..schema import ColumnDef, ForeignKeyConstraint, TableSchema
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
    RenameColumn,
    RenameTable,
)
from .renames import over, renamed_constraint, renamed_index

NewNames = defaultdict[tuple[str | None, str], dict[str, str]]
"""The new names of columns by the old ones, of each table."""


def with_computed_rebuilt(
    change: AlterTable, table: TableSchema, *, altered_in_place: bool = False
) -> AlterTable:
    """Return the change with the computed columns of `table` out of its way, and back again.

    Keys and indexes over them go and come with them.

    Args:
        change: what is altered.
        table: the table as it is, spelt as the models spell it.
        altered_in_place: the database alters a computed column, and what it uses, without dropping
            it; PostgreSQL does not.

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
    pairs = _in_the_way(change, table, altered_in_place)
    if not pairs:
        return change
    names = [before.name for before, _ in pairs]
    gone = [each for each in change.changes if isinstance(each, DropConstraint | DropIndex)]
    renamed = [each for each in change.changes if isinstance(each, RenameColumn)]
    gone_already = _as_renamed(change, change.renamed_columns)
    over_them = [each for each in _dropped_with(table, names) if each not in gone_already]
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
    retyped = [each.desired.name for each in altered if _is_retyped(each)]
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


def _as_renamed(change: AlterTable, names: Mapping[str, str]) -> set[Change]:
    """Return what a change drops, with the columns called as they will be."""
    return {
        *(DropIndex(renamed_index(each, names)) for each in change.dropped_indexes),
        *(DropConstraint(renamed_constraint(each, names)) for each in change.dropped_constraints),
    }


def _is_remade(change: AlterColumn) -> bool:
    return change.current.computed != change.desired.computed or _is_retyped(change)


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
    >>> [type(change.changes[0]).__name__ for change in changes]
    ['DropConstraint', 'AlterColumn', 'AddConstraint']
    """
    changes = tuple(changes)
    altered = [change for change in changes if isinstance(change, AlterTable)]
    renamed: NewNames = defaultdict(dict)
    for change in altered:  # a table may be in two of them
        renamed[change.schema, change.name] |= change.renamed_columns
    keys = _keys_in_the_way(altered, tables, renamed)
    renames = [change for change in changes if isinstance(change, RenameTable)]
    return (
        *renames,
        *(
            AlterTable(table.name, table.schema, (DropConstraint(_former(table, key, renamed)),))
            for table, key in keys
        ),
        *(change for change in changes if not isinstance(change, RenameTable)),
        *(
            AlterTable(table.name, table.schema, (AddConstraint(key),))
            for table, key in reversed(keys)
        ),
    )


def _keys_in_the_way(
    altered: Iterable[AlterTable], tables: Iterable[TableSchema], renamed: NewNames
) -> list[tuple[TableSchema, ForeignKeyConstraint]]:
    """Return the foreign keys over retyped columns that no change drops, with their tables."""
    retyped = {
        (change.schema, change.name, each.desired.name)
        for change in altered
        for each in change.altered_columns
        if _is_retyped(each)
    }
    gone = {
        (change.schema, change.name, each)
        for change in altered
        for each in _as_renamed(change, renamed[change.schema, change.name])
    }
    return [
        (table, key)
        for table in tables
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint)
        and (table.schema, table.name, DropConstraint(key)) not in gone
        and retyped & set(_columns_of(table, key))
    ]


def _former(
    table: TableSchema, key: ForeignKeyConstraint, renamed: NewNames
) -> ForeignKeyConstraint:
    """Return a key with its columns as they were called on both sides."""
    own, theirs = (
        {new: old for old, new in renamed.get(place, {}).items()}
        for place in (
            (table.schema, table.name),
            (key.references_schema, key.references_table),
        )
    )
    return replace(
        key,
        columns=tuple(own.get(each, each) for each in key.columns),
        references_columns=tuple(theirs.get(each, each) for each in key.references_columns),
    )


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


def _uses(column: ColumnDef, names: Collection[str]) -> bool:
    return column.computed is not None and over(column.computed, names)
