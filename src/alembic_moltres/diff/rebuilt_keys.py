"""Drops foreign keys that block changes before all of them, and adds them again afterwards.

MySQL and MariaDB refuse a new type for a column that a foreign key uses or refers to (the manual's
"FOREIGN KEY Constraints").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from ..schema import Constraint, ForeignKeyConstraint, Index, TableSchema
from .changes.alter_table import AlterTable
from .changes.base import Change, TableKey, table_key
from .changes.columns import AlterColumn
from .changes.constraints import AddConstraint, DropConstraint
from .changes.tables import DropTable, RenameTable
from .foreign_keys import target_of, unique_columns
from .renames import afterwards_named, formerly_named, renamed_index


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
    dropped = dropped_tables(changes)
    staying = [table for table in tables if table_key(table) not in dropped]
    return without_keys(changes, _keys_in_the_way(altered, staying, blocks, replaced))


def without_keys(
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
    dropped = dropped_items(altered)
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


def dropped_items(altered: Iterable[AlterTable]) -> set[tuple[TableKey, Constraint | Index]]:
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


def dropped_tables(changes: Iterable[Change]) -> set[TableKey]:
    """Return the schemas and names of the dropped tables."""
    return {table_key(change.table) for change in changes if isinstance(change, DropTable)}


def _new_names(altered: Iterable[AlterTable]) -> dict[TableKey, dict[str, str]]:
    names: dict[TableKey, dict[str, str]] = defaultdict(dict)
    for change in altered:  # a table may be in several
        names[change.key] |= change.renamed_columns
    return names
