"""Which column of a table autoincrements: SERIAL, AUTO_INCREMENT.

This depends on the table's key, not only on the column. So an altered column has an explicit
`autoincrement` if it matters.
"""

from __future__ import annotations

from dataclasses import replace

from ..datatypes import DataType
from ..schema import ColumnDef, ForeignKeyConstraint, PrimaryKeyConstraint, TableSchema
from .changes.alter_table import AlterTable

WHOLE_NUMBERS = frozenset({"INTEGER", "BIGINT", "SMALLINT", "MEDIUMINT", "TINYINT"})
"""The types, without their dialects, of columns that can autoincrement."""


def autoincrement_column(table: TableSchema) -> str | None:
    """Return the name of the column that autoincrements, by SQLAlchemy's rule.

    It is the only column of the primary key, an integer without a default or a foreign key; or the
    column with `autoincrement=True`.

    >>> from alembic_moltres.schema import column
    >>> autoincrement_column(TableSchema("a", [column("id", "INTEGER", primary_key=True)]))
    'id'
    """
    key = table.primary_key
    if key is None:
        return None
    for name in key.columns:
        column = table.column(name)
        if not _can_count(column):
            continue
        if column.autoincrement is True:
            return name
        alone = len(key.columns) == 1
        if alone and column.autoincrement == "ignore_fk":
            return name
        if alone and column.autoincrement == "auto" and not _refers(table, name):
            return name
    return None


def _can_count(column: ColumnDef) -> bool:
    if column.default is not None or column.computed is not None or column.identity is not None:
        return False
    own_sequence = column.sequence is not None and not column.sequence.optional
    type_name = DataType.parse(column.type_name).name.rpartition(".")[2]
    return not own_sequence and type_name in WHOLE_NUMBERS


def _refers(table: TableSchema, name: str) -> bool:
    return any(
        isinstance(constraint, ForeignKeyConstraint) and name in constraint.columns
        for constraint in table.constraints
    )


def with_explicit_autoincrement(
    current: ColumnDef, desired: ColumnDef, before: bool, after: bool
) -> tuple[ColumnDef, ColumnDef]:
    """Return both columns with an explicit `autoincrement`, if one of them autoincrements.

    Args:
        current: the column before.
        desired: the column afterwards.
        before: whether `current` autoincrements in its table.
        after: whether `desired` does.
    """
    if not before and not after:
        return current, desired
    return (
        with_autoincrement(current, autoincrements=before),
        with_autoincrement(desired, autoincrements=after),
    )


def with_autoincrement(column: ColumnDef, *, autoincrements: bool) -> ColumnDef:
    """Return the column with an explicit `autoincrement`, unless it has one, or an identity."""
    unsaid = column.autoincrement in {"auto", "ignore_fk"} and column.identity is None
    return replace(column, autoincrement=autoincrements) if unsaid else column


def added_autoincrement_columns(change: AlterTable) -> frozenset[str]:
    """Return the names of the added columns that autoincrement.

    This depends on the key that the same change adds, not only on the column.

    >>> from alembic_moltres.diff import diff
    >>> from alembic_moltres.schema import column
    >>> before = TableSchema("t", [column("name", "TEXT")])
    >>> id = column("id", "INTEGER", primary_key=True)
    >>> (change,) = diff([before], [TableSchema("t", [*before.columns, id])])
    >>> added_autoincrement_columns(change)
    frozenset({'id'})
    """
    constraints = change.added_constraints
    if not any(isinstance(key, PrimaryKeyConstraint) for key in constraints):
        return frozenset()
    # an identity autoincrements if the database has none: MySQL has AUTO_INCREMENT instead
    columns = {column.name: replace(column, identity=None) for column in change.added_columns}
    referring = [
        ForeignKeyConstraint((name,), "other", ("id",))
        for key in constraints
        if isinstance(key, ForeignKeyConstraint)
        for name in key.columns
    ]
    autoincrementing = set()
    for key in constraints:
        if isinstance(key, PrimaryKeyConstraint):
            of_key = [columns.get(name) or ColumnDef(name, "TEXT") for name in key.columns]
            refers = [each for each in referring if each.columns[0] in key.columns]
            table = TableSchema(str(change.name), of_key, constraints=[key, *refers])
            autoincrementing.add(autoincrement_column(table))
    return frozenset(name for name in autoincrementing if name is not None)
