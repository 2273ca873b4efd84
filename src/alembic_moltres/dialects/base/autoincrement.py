"""Which of the columns that a block adds count by themselves: SERIAL, AUTO_INCREMENT.

A column alone does not tell; the key that the same block adds does.
"""

from __future__ import annotations

from dataclasses import replace

from ...diff.autoincrement import autoincrement_column
from ...operations.alter import MoltresAddColumnOp, MoltresAddConstraintOp, MoltresAlterTableOp
from ...schema import ColumnDef, ForeignKeyConstraint, PrimaryKeyConstraint, TableSchema


def autoincrement_columns(block: MoltresAlterTableOp) -> frozenset[str]:
    """Return the names of the added columns that count, by the rule of `diff.counting_column`.

    >>> from alembic_moltres.schema import column, primary_key
    >>> added = [MoltresAddColumnOp("t", column(name, "INTEGER")) for name in ("a", "b")]
    >>> def block(*key: str) -> MoltresAlterTableOp:
    ...     return MoltresAlterTableOp("t", [*added, MoltresAddConstraintOp("t", primary_key(key))])
    >>> autoincrement_columns(block("a")), autoincrement_columns(block("a", "b"))
    (frozenset({'a'}), frozenset())
    """
    added = [op.definition for op in block.ops if isinstance(op, MoltresAddColumnOp)]
    # an identity counts where the database has none: MySQL has AUTO_INCREMENT instead
    columns = {column.name: replace(column, identity=None) for column in added}
    constraints = [op.constraint for op in block.ops if isinstance(op, MoltresAddConstraintOp)]
    referring = [
        ForeignKeyConstraint((name,), "other", ("id",))
        for key in constraints
        if isinstance(key, ForeignKeyConstraint)
        for name in key.columns
    ]
    counting = set()
    for key in constraints:
        if isinstance(key, PrimaryKeyConstraint):
            of_key = [columns.get(name) or ColumnDef(name, "TEXT") for name in key.columns]
            refers = [each for each in referring if each.columns[0] in key.columns]
            table = TableSchema(str(block.table_name), of_key, constraints=[key, *refers])
            counting.add(autoincrement_column(table))
    return frozenset(name for name in counting if name is not None)
