"""Keys without a name in the scripts that were renamed by hand.

A key without a name matches one of any name, because generated names differ by server version. But
some names are never generated.
"""

from __future__ import annotations

from dataclasses import replace

from ...dialects.base.impl import DialectImpl
from ...schema import (
    Constraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ..gather import CurrentTable, DesiredTable, HistoryTable

KEYS = (PrimaryKeyConstraint, UniqueConstraint, ForeignKeyConstraint)


def with_renamed_keys(
    model: DesiredTable, existing: CurrentTable, impl: DialectImpl
) -> DesiredTable:
    """Return a table of the state with the database's name for each key renamed by hand.

    Args:
        model: the table of the state.
        existing: the table of the database.
        impl: the database's.
    """
    real = existing.reflected.table
    table = _without_numbers(model.written, impl)
    constraints = tuple(
        _named(each, table, impl) if _is_renamed(each, table, real, impl) else each
        for each in table.constraints
    )
    if constraints == model.written.constraints:
        return model
    return HistoryTable(replace(table, constraints=constraints), model.freezer)


def _without_numbers(table: TableSchema, impl: DialectImpl) -> TableSchema:
    """Return a table whose foreign keys have no name where the server numbered them.

    A state has the numbers of an upgrade from nothing; they differ after a downgrade.
    """
    generated = impl.features.generated_checks
    constraints = tuple(
        replace(each, name=None)
        if isinstance(each, ForeignKeyConstraint) and generated.search(str(each.name))
        else each
        for each in table.constraints
    )
    return replace(table, constraints=constraints)


def _is_renamed(
    constraint: Constraint, table: TableSchema, real: TableSchema, impl: DialectImpl
) -> bool:
    if constraint.name is not None or not isinstance(constraint, KEYS):
        return False
    ours, theirs = (
        [each for each in side.constraints if _alike(each, constraint)] for side in (table, real)
    )
    if len(ours) != 1 or len(theirs) != 1:
        return False
    name = theirs[0].name
    return name is not None and not impl.may_generate(str(name))


def _alike(one: Constraint, other: Constraint) -> bool:
    return type(one) is type(other) and one.columns == other.columns


def _named(constraint: Constraint, table: TableSchema, impl: DialectImpl) -> Constraint:
    return replace(constraint, name=impl.generated_name(table, constraint, ()))
