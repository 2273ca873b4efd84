"""ON CONFLICT of NOT NULL, which a model need not state; constraints have it as an option."""

from __future__ import annotations

from dataclasses import replace

from ..base.signatures import ReflectedColumn, ReflectedTable
from .signatures import ON_CONFLICT

OF_NOT_NULL = f"{ON_CONFLICT}_not_null"


def with_conflicts(current: ReflectedTable, desired: ReflectedTable) -> ReflectedTable:
    """Return the desired table with the ON CONFLICT of columns that only the current one states."""
    stating = {each.column.name: each for each in current.columns if each.signature.options}
    if not stating:
        return desired
    columns = tuple(_kept(stating.get(each.column.name), each) for each in desired.columns)
    table = replace(desired.table, columns=tuple(each.column for each in columns))
    return replace(desired, table=table, columns=columns)


def _kept(current: ReflectedColumn | None, desired: ReflectedColumn) -> ReflectedColumn:
    column, signature = desired.column, desired.signature
    if current is None or signature.nullable or signature.options is not None:
        return desired
    options = {**column.dialect_options, OF_NOT_NULL: current.column.dialect_options[OF_NOT_NULL]}
    return replace(
        desired,
        column=replace(column, dialect_options=options),
        signature=replace(signature, options=current.signature.options),
    )
