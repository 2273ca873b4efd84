"""The changes that a foreign key blocks.

A foreign key compares its columns with an operator and depends on an index. So PostgreSQL refuses a
type for one side that has no operator with the other's, and refuses to drop the primary key or
unique constraint that a foreign key refers to.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...datatypes import DataType
from ...diff import AlterColumn, AlterTable
from ...schema import ColumnDef, Constraint, Index
from .constraint_names import renamed_constraints

FAMILIES = {
    **dict.fromkeys(("SMALLINT", "INTEGER", "BIGINT"), "integer"),
    **dict.fromkeys(("VARCHAR", "TEXT", "NVARCHAR", "NTEXT"), "text"),
}
"""Groups of types that can be compared with each other, by SQLAlchemy's names."""


def blocks_foreign_keys(change: AlterColumn) -> bool:
    """Tell whether a foreign key over the column blocks its change."""
    return change.retypes and _family(change.current) != _family(change.desired)


def replaced_keys(change: AlterTable) -> Iterable[Constraint | Index]:
    """Return the keys and unique indexes that are dropped, not only renamed."""
    renamed = list(renamed_constraints(change).values())
    yield from (each for each in change.dropped_constraints if each not in renamed)
    yield from change.dropped_indexes


def _family(column: ColumnDef) -> str:
    name = DataType.parse(column.type_variants.get("postgresql", column.type_name)).name
    bare = name.removeprefix("sql.").removeprefix("postgresql.")
    return FAMILIES.get(bare, bare)
