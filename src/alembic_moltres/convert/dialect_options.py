"""Dialects' own arguments (`postgresql_where`, `mysql_engine`, ...), both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, exc
from sqlalchemy.dialects.postgresql import ExcludeConstraint as PGExcludeConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import ClauseElement

from .. import sqla_compat
from ..errors import ThawError
from ..messages import did_you_mean
from ..schema import (
    SQL,
    CheckConstraint,
    ColumnDef,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    FrozenMapping,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ..schema.dialects import DIALECT_CLASSES
from ..schema.tables import place_of
from .dialects import lineage, shipped
from .expressions import freeze_expression, thaw_expression
from .names import thaw_name

BY_KEY = ("_ops", "_include")
"""The endings of arguments in which SQLAlchemy takes a column by its key; `_length` takes names."""


def freeze_options(
    item: Any, dialects: Sequence[Dialect], where: str, keys: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the dialect arguments of a table, column, constraint or index.

    Args:
        keys: the table's column names by their keys; keys inside an argument become names.
    """
    if not sqla_compat.has_dialect_arguments(item):
        return {}
    return {
        key: _freeze(
            value,
            partial(_dialect_of, key, dialects),
            f"{where}, {key}",
            (keys or {}) if key.endswith(BY_KEY) else {},
        )
        for key, value in item.dialect_kwargs.items()
        if value is not None
    }


def _dialect_of(key: str, dialects: Sequence[Dialect]) -> Dialect:
    """Return the dialect that compiles an option's expression: the one that the key names."""
    prefix = key.partition("_")[0]
    for dialect in dialects:
        if prefix == dialect.name:
            return dialect
    if prefix in DIALECT_CLASSES:
        return shipped(prefix)
    return next((d for d in dialects if prefix in lineage(d)), shipped(next(iter(DIALECT_CLASSES))))


def _freeze(value: Any, dialect: Callable[[], Dialect], where: str, keys: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return str(keys.get(value, value))
    if isinstance(value, Column) and not where.endswith("_where"):  # a predicate is an expression
        return str(value.name)
    if isinstance(value, ClauseElement):
        return freeze_expression(value, (dialect(),), where)
    if hasattr(value, "__clause_element__"):
        return _freeze(value.__clause_element__(), dialect, where, keys)
    if isinstance(value, Mapping):
        return {
            str(keys.get(key, key)): _freeze(entry, dialect, where, {})
            for key, entry in value.items()
        }
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return [_freeze(entry, dialect, where, keys) for entry in value]
    return value


TAKING: Mapping[type, Any] = {
    PrimaryKeyConstraint: sa.PrimaryKeyConstraint,
    UniqueConstraint: sa.UniqueConstraint,
    CheckConstraint: sa.CheckConstraint,
    ForeignKeyConstraint: sa.ForeignKeyConstraint,
    ExcludeConstraint: PGExcludeConstraint,
}
"""SQLAlchemy's class that takes the options of each constraint."""


def check_options(schema: TableSchema) -> None:
    """Check that SQLAlchemy takes every dialect argument in a table.

    Arguments of a dialect that is not installed pass, as in SQLAlchemy.

    Raises:
        ThawError: a dialect has no such argument.
    """
    of_table = f"the table {schema.key!r}"
    _check(schema.dialect_options, sa.Table, of_table)
    for column in schema.columns:
        check_column_options(column, f"{schema.key}.{column.name}")
    for constraint in schema.constraints:
        check_constraint_options(constraint, of_table)
    for index in schema.indexes:
        check_index_options(index, of_table)


def check_constraint_options(constraint: Constraint, of_table: str) -> None:
    """Prove that SQLAlchemy takes every dialect argument of a constraint.

    Raises:
        ThawError: a dialect has no such argument.
    """
    if constraint.dialect_options:
        where = f"{place_of(constraint)} of {of_table}"
        _check(constraint.dialect_options, TAKING[type(constraint)], where)


def check_index_options(index: Index, of_table: str) -> None:
    """Prove that SQLAlchemy takes every dialect argument of an index.

    Raises:
        ThawError: a dialect has no such argument.
    """
    if index.dialect_options:
        _check(index.dialect_options, sa.Index, f"the index {index.name!r} of {of_table}")


def check_column_options(column: ColumnDef, where: str) -> None:
    """Check that SQLAlchemy takes every dialect argument of a column.

    Raises:
        ThawError: a dialect has no such argument.
    """
    _check(column.dialect_options, sa.Column, where)


def _check(options: Mapping[str, Any], taking: Any, where: str) -> None:
    for key in options:
        dialect, _, name = key.partition("_")
        try:
            known, reflected = sqla_compat.dialect_arguments(taking, dialect)
        except exc.NoSuchModuleError:
            continue
        if not {"*", name}.intersection((*known, *reflected)):
            hint = did_you_mean(key, [f"{dialect}_{each}" for each in known]) or "; leave it out"
            raise ThawError(f"{dialect} has no option {key!r} (at {where}){hint}", options)


def thaw_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments that a table, column, constraint or index takes."""
    return {key: _thaw(value) for key, value in options.items()} if options else {}


def thaw_shared(constraint: Constraint) -> dict[str, Any]:
    """Return the keyword arguments that every kind of constraint takes, empty ones left out."""
    shared: dict[str, Any] = {}
    if constraint.name is not None:
        shared["name"] = thaw_name(constraint.name)
    if constraint.deferrable is not None:
        shared["deferrable"] = constraint.deferrable
    if constraint.initially is not None:
        shared["initially"] = constraint.initially
    if constraint.comment is not None:
        shared["comment"] = constraint.comment
    if constraint.dialect_options:
        shared.update(thaw_options(constraint.dialect_options))
    return shared


def _thaw(value: Any) -> Any:
    if isinstance(value, SQL):
        return thaw_expression(value)
    if isinstance(value, FrozenMapping):
        return {key: _thaw(entry) for key, entry in value.items()}
    if isinstance(value, tuple):
        return [_thaw(entry) for entry in value]
    return value
