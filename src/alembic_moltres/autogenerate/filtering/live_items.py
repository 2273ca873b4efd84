"""The SQLAlchemy object of a frozen column, constraint or index, for filters and hooks.

Alembic passes the objects of the models and of a table reflected from the database, with the `info`
that an application has set.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from ...convert.constraints import freeze_check
from ...convert.dialects import lineage
from ...convert.names import freeze_constraint_name
from ...errors import FreezeError
from ...schema import (
    CheckConstraint,
    ColumnDef,
    Constraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)

LIVE: dict[type, type] = {
    CheckConstraint: sa.CheckConstraint,
    ForeignKeyConstraint: sa.ForeignKeyConstraint,
    UniqueConstraint: sa.UniqueConstraint,
}
"""SQLAlchemy's classes of the constraints that filters are called with."""


def live_item(
    table: sa.Table, item: ColumnDef | Constraint | Index, dialect: Dialect | None = None
) -> Any:
    """Return the object of a table that an item was frozen from; `None` if there is none.

    Args:
        table: of the models, or made from a reflected value.
        item: of that table's value.
        dialect: the connected one, to compile CHECKs without a name.

    >>> import sqlalchemy as sa
    >>> from alembic_moltres.schema import column
    >>> tags = sa.Table("tags", sa.MetaData(), sa.Column("name", sa.Text, info={"ours": True}))
    >>> live_item(tags, column("name", "TEXT")).info
    {'ours': True}
    """
    if isinstance(item, ColumnDef):
        return next((column for column in table.columns if column.name == item.name), None)
    if isinstance(item, Index):
        return next((index for index in table.indexes if _name(index) == item.name), None)
    live_class = LIVE.get(type(item), ())
    alike = [each for each in _constraints(table) if isinstance(each, live_class)]
    if item.name is not None:
        return next((each for each in alike if _name(each) == item.name), None)
    nameless = [each for each in alike if _name(each) is None]
    return next((each for each in nameless if _is_frozen_as(each, item, dialect)), None)


def _constraints(table: sa.Table) -> Iterator[Any]:
    """Return a table's constraints, including the CHECKs of its columns."""
    yield from table.constraints
    for column in table.columns:
        yield from column.constraints


def _name(item: Any) -> str | None:
    try:
        return freeze_constraint_name(item)
    except FreezeError:  # of another item, which this database does not have
        return None


def _is_frozen_as(live: Any, item: Constraint, dialect: Dialect | None) -> bool:
    """Tell whether it is the object of this unnamed item: keys by columns, CHECKs by text."""
    if not isinstance(item, CheckConstraint):
        return tuple(column.name for column in live.columns) == item.columns
    if dialect is None:
        return False
    frozen = freeze_check(live, (dialect,), "")
    wanted = item.expression.for_dialect(lineage(dialect))
    return frozen is not None and frozen.expression.text == wanted
