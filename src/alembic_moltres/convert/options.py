"""Dialects' own arguments (`postgresql_where`, `mysql_engine`, ...), both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import ClauseElement

from ..schema import SQL, FrozenMapping
from .dialects import lineage, shipped
from .expressions import freeze_expression, thaw_expression
from .names import freeze_name


def freeze_options(
    item: Any, dialects: Sequence[Dialect], where: str, columns: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the dialect arguments of a table, column, constraint or index.

    Args:
        columns: the table's column names by key; keys of columns inside an argument become names.
    """
    given = item.dialect_kwargs
    if not given:
        return {}
    return {
        key: _freeze(given[key], _dialect_of(key, dialects), f"{where}, {key}", columns or {})
        for key in given
        if given[key] is not None
    }


def _dialect_of(key: str, dialects: Sequence[Dialect]) -> Dialect:
    prefix = key.partition("_")[0]
    for dialect in dialects:
        if prefix == dialect.name:
            return dialect
    return next((d for d in dialects if prefix in lineage(d)), shipped("sqlite"))


def _freeze(value: Any, dialect: Dialect, where: str, columns: Mapping[str, str]) -> Any:
    if isinstance(value, Column):
        return freeze_name(value.name)
    if isinstance(value, ClauseElement):
        return freeze_expression(value, (dialect,), where)
    if hasattr(value, "__clause_element__"):
        return _freeze(value.__clause_element__(), dialect, where, columns)
    if isinstance(value, str):
        return columns.get(value, value) if where.endswith(_BY_COLUMN) else str(value)
    if isinstance(value, Mapping):
        names = columns if where.endswith(_BY_COLUMN) else {}
        return {
            names.get(key, str(key)): _freeze(entry, dialect, where, {})
            for key, entry in value.items()
        }
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [_freeze(entry, dialect, where, columns) for entry in value]
    return value


_BY_COLUMN = ("_ops", "_include", "_length", "_prefix_length", "_columnstore")
"""The endings of arguments that name columns, which SQLAlchemy takes by key."""


def thaw_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments that a table, column, constraint or index takes."""
    return {key: _thaw(value) for key, value in options.items()}


def _thaw(value: Any) -> Any:
    if isinstance(value, SQL):
        return thaw_expression(value)
    if isinstance(value, FrozenMapping):
        return {key: _thaw(entry) for key, entry in value.items()}
    if isinstance(value, tuple):
        return [_thaw(entry) for entry in value]
    return value
