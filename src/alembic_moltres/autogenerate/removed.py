"""Removed tables as the database still has them, so that a downgrade makes them again.

Alembic's `DropTableOp` has no indexes, and its comparators add to the `Table` that it was made of;
so the table is read again, from what the inspector has kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import NoSuchTableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import DropTableOp

MYSQL = ("mysql", "mariadb")


def reflected_tables(
    autogen_context: AutogenContext, removed: Iterable[DropTableOp]
) -> Iterator[sa.Table]:
    """Return the tables that operations drop, without the indexes that foreign keys bring along.

    What another extension wants to drop and the database does not have is taken as it is said.
    """
    metadata = sa.MetaData()
    impl = autogen_context.migration_context.impl
    event.listen(metadata, "column_reflect", impl.autogen_column_reflect)
    for op in removed:
        try:
            table = sa.Table(
                op.table_name, metadata, schema=op.schema, autoload_with=autogen_context.inspector
            )
        except NoSuchTableError:
            yield op.to_table()
        else:
            if autogen_context.dialect.name in MYSQL:
                table.indexes -= set(filter(_comes_with_a_foreign_key, table.indexes))
            yield table


def _comes_with_a_foreign_key(index: sa.Index) -> bool:
    """Is it what MySQL makes for a foreign key by itself, under the key's or its column's name?

    See the manual's "FOREIGN KEY Constraints", "Conditions and Restrictions".
    """
    columns = [column.name for column in index.columns]
    return (
        index.table is not None
        and not index.unique
        and any(
            key.column_keys == columns and index.name in {key.name, columns[0]}
            for key in index.table.foreign_key_constraints
        )
    )
