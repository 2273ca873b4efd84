"""Derives the value of an operation again after a rewriter has changed it.

Alembic's operations are mutable, and a `Rewriter` or a `process_revision_directives` hook may
change their columns, constraints and options.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import sqlalchemy as sa
from alembic.operations.ops import CreateTableOp
from sqlalchemy.engine import Dialect

from .. import sqla_compat
from ..convert import model_to_schema
from ..schema import TableSchema

T = TypeVar("T")

CONDITION = "alembic_moltres.ddl_if"
"""The key in `info` for attributes that a copy of a constraint would lose."""


def stated_table(op: CreateTableOp) -> sa.Table:
    """Return a table with an operation's columns and constraints, without the value's indexes."""
    constraints = [item for item in op.columns if isinstance(item, sa.Constraint)]
    for item in constraints:
        item.info[CONDITION] = sqla_compat.ddl_condition(item)
    table = CreateTableOp.to_table(op)
    for item in (*constraints, *table.constraints):
        if CONDITION in item.info:
            sqla_compat.set_ddl_condition(item, item.info.pop(CONDITION))
    return table


def rewritten(
    schema: TableSchema, before: sa.Table, after: sa.Table, dialects: Sequence[Dialect]
) -> TableSchema:
    """Return the value of `after`; an item that equals that of `before` is taken from `schema`.

    Args:
        schema: the value that the operation was made from.
        before: the table of the operation's original columns and constraints, without indexes,
            which stay in `schema`.
        after: the table of its present ones, with the indexes that columns have added.
        dialects: for the SQL of items that a rewriter has added.

    Raises:
        UnknownColumnError: an index of `schema` is on a column that was removed.
        FreezeError: a changed item cannot be frozen.
    """
    old = model_to_schema(before, dialects=dialects)
    new = model_to_schema(after, dialects=dialects)
    if new == old:
        return schema
    return replace(
        new,
        columns=_kept(old.columns, schema.columns, new.columns),
        constraints=_kept(old.constraints, schema.constraints, new.constraints),
        indexes=(*schema.indexes, *new.indexes),
        dialect_options=(
            schema.dialect_options
            if new.dialect_options == old.dialect_options
            else new.dialect_options
        ),
        ddl=schema.ddl,
        if_not_exists=schema.if_not_exists,
    )


def _kept(old: Sequence[T], originals: Sequence[T], new: Sequence[T]) -> tuple[T, ...]:
    """Return `new`, with the original of each unchanged item."""
    unchanged = dict(zip(old, originals, strict=True))
    return tuple(unchanged.get(item, item) for item in new)
