"""Removed tables, reflected so that a downgrade can create them again.

Alembic's `DropTableOp` has no indexes, and its comparators add to the `Table` that it was made of;
so the table is reflected again, from the inspector's cache.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import NoSuchTableError

from ..dialects.base.registry import impl_of
from ..schema import ColumnDef, FrozenMapping, TableSchema

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import DropTableOp


def reflected_tables(
    autogen_context: AutogenContext, removed: Iterable[DropTableOp]
) -> Iterator[sa.Table]:
    """Return the tables that operations drop, without the indexes of their foreign keys.

    A table that the database does not have (another extension drops it) is the operation's.
    """
    metadata = sa.MetaData()
    features = impl_of(autogen_context.dialect).features
    impl = autogen_context.migration_context.impl
    event.listen(metadata, "column_reflect", impl.autogen_column_reflect)
    for op in removed:
        try:
            inspector: Any = autogen_context.inspector
            table = sa.Table(op.table_name, metadata, schema=op.schema, autoload_with=inspector)
        except NoSuchTableError:
            yield op.to_table()
        else:
            if features.keys_create_indexes:
                table.indexes -= {each for each in table.indexes if _is_implied(each)}
            yield table


def _is_implied(index: sa.Index) -> bool:
    """Tell whether the database made the index for a foreign key with a name.

    For an unnamed key it makes an index with the column's name and names the key as well; a key
    created again with that name does not make that index. See MySQL's manual, "FOREIGN KEY
    Constraints".
    """
    columns = [column.name for column in index.columns]
    return (
        index.table is not None
        and not index.unique
        and any(
            key.column_keys == columns and key.name == index.name
            for key in index.table.foreign_key_constraints
        )
    )


def without_defaults(schema: TableSchema) -> TableSchema:
    """Remove what reflection states and the database implies.

    >>> from alembic_moltres.schema import TableSchema, column, primary_key
    >>> id = column("id", "INTEGER", nullable=False, autoincrement=True)
    >>> without_defaults(TableSchema("users", [id], constraints=[primary_key("id")])).columns
    (column('id', 'INTEGER', nullable=False),)
    """
    key = () if schema.primary_key is None else schema.primary_key.columns
    referring = {name for each in schema.foreign_keys for name in each.columns}
    stated = replace(
        schema,
        columns=tuple(_plain_autoincrement(each, key, referring) for each in schema.columns),
        constraints=tuple(_without_empty_options(each) for each in schema.constraints),
        indexes=tuple(_without_empty_options(each) for each in schema.indexes),
    )
    table: TableSchema = _without_empty_options(stated)
    return table


def _plain_autoincrement(
    column: ColumnDef, key: tuple[str, ...], referring: Container[str]
) -> ColumnDef:
    """Return the column with `autoincrement="auto"` if that gives the same column."""
    alone = key == (column.name,) and column.name not in referring
    automatic = column.autoincrement is True if alone else column.name not in key
    return replace(column, autoincrement="auto") if automatic else column


def _without_empty_options(item: Any) -> Any:
    """Return a table, a constraint or an index without empty dialect options."""
    kept = {name: option for name, option in item.dialect_options.items() if not _is_empty(option)}
    if len(kept) == len(item.dialect_options):
        return item
    return replace(item, dialect_options=FrozenMapping(kept))


def _is_empty(option: object) -> bool:
    return option is None or option is False or option == ()
