"""What the altering operations have in common: they are equal when what they carry is.

The values are frozen, the operations are mutable as Alembic's are. What a rewriter has changed in
the attributes that Alembic knows is derived into the value again when the value is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from ...schema import ColumnDef, Constraint, Index, TableSchema


class ValueOp:
    """The base of operations that carry values; `key` says which."""

    def key(self) -> tuple[object, ...]:
        """Return what `==` compares."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self is other or self.key() == other.key()

    def __hash__(self) -> int:
        return hash(type(self))  # all else may change

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.key()!r}"


def derived_column(
    value: ColumnDef, column: sa.Column[Any], dialects: Sequence[Dialect]
) -> ColumnDef:
    """Return the value of `column`; what nobody has touched is taken from `value` as it stands.

    Args:
        value: what the column was made of.
        column: the same, perhaps changed since.
        dialects: for the SQL of what a rewriter has added.
    """
    from ...convert.columns import freeze_column, thaw_column
    from ...convert.dialects import dialects_for

    known = dialects_for(dialects)
    before, now = freeze_column(thaw_column(value), known), freeze_column(column, known)
    changed = {
        field.name: getattr(now, field.name)
        for field in fields(value)
        if getattr(now, field.name) != getattr(before, field.name)
    }
    return replace(value, **changed) if changed else value


def table_with(
    name: str,
    schema: str | None,
    *,
    constraint: Constraint | None = None,
    index: Index | None = None,
) -> sa.Table:
    """Return a table of that name which has the constraint or index and the columns that it names.

    The types of its columns mean nothing; only what names the columns is compiled.
    """
    from ...convert import schema_to_table

    return schema_to_table(_around(name, schema, constraint, index), sa.MetaData())


def _around(
    name: str, schema: str | None, constraint: Constraint | None, index: Index | None
) -> TableSchema:
    from ...schema import ColumnDef, ForeignKeyConstraint, TableSchema

    names: list[str] = []
    for item in (constraint, index):
        names += getattr(item, "columns", ())
        options = {} if item is None else item.dialect_options
        names += [name for key in options if key.endswith("_include") for name in options[key]]
    if isinstance(constraint, ForeignKeyConstraint):
        referred = (constraint.references_schema, constraint.references_table)
        names += constraint.references_columns if referred == (schema, name) else ()
    return TableSchema(
        name,
        [ColumnDef(column, "INTEGER") for column in dict.fromkeys(names)],
        constraints=() if constraint is None else (constraint,),
        indexes=() if index is None else (index,),
        schema=schema,
    )
