"""Renames of tables, columns and types, and tables under their new names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .. import sqltext
from ..datatypes import DataType
from ..schema import (
    SQL,
    CheckConstraint,
    ColumnDef,
    Computed,
    Constraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    FrozenMapping,
    Index,
    TableSchema,
)
from ..schema.base import Pair
from ..schema.named_types import TypeKey, place_of_type, with_types
from ..schema.named_types import renamed as renamed_type
from ..schema.tables import INHERITS, inherits_of
from ..sqltext import GENERIC, Syntax, syntax_of


@dataclass(frozen=True, slots=True)
class TableRename:
    """A rename of a table from `current` to `desired`, in the same schema."""

    current: str
    desired: str
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnRename:
    """A rename of a column of `table` (its desired name) from `current` to `desired`."""

    table: str
    current: str
    desired: str
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class TypeRename:
    """A rename of an enum type or a domain from `current` to `desired`, in the same schema."""

    current: str
    desired: str
    schema: str | None = None


Rename = TableRename | ColumnRename
AnyRename = Rename | TypeRename
NewNames = Mapping[tuple[str | None, str], Mapping[str, str]]
"""The new names of columns by the old ones, for each table."""

OF_COLUMNS = ("_include", "_ops", "_length")
"""The suffixes of options that contain names of columns: INCLUDE, operator classes, lengths."""


def rename_identifiers(text: str, names: Mapping[str, str], syntax: Syntax = GENERIC) -> str:
    """Return SQL text with its columns renamed; calls, types and strings do not change.

    >>> rename_identifiers("mail <> 'mail'", {"mail": "email"})
    "email <> 'mail'"
    """
    return sqltext.rename_columns(text, names, syntax)


def as_renamed(
    tables: Iterable[TableSchema], renames: Iterable[AnyRename], syntax: Syntax = GENERIC
) -> list[TableSchema]:
    """Return the database's tables under their names after the renames.

    Keys, indexes, expressions and the foreign keys of other tables change, too, as they do in the
    database.

    Args:
        syntax: the syntax of the database.
    """
    renames = tuple(renames)
    if not renames:
        return list(tables)
    table_names = {(r.schema, r.current): r.desired for r in renames if isinstance(r, TableRename)}
    columns = new_names(renames)
    types = {(r.schema, r.current): r.desired for r in renames if isinstance(r, TypeRename)}
    renamed = []
    for table in _types_renamed(tables, types):
        name = table_names.get((table.schema, table.name), table.name)
        own = columns.get((table.schema, name), {})
        named = _renamed_table(table, own, table_names, columns, syntax)
        renamed.append(replace_name(inherits_renamed(named, table_names), name))
    return renamed


def _types_renamed(
    tables: Iterable[TableSchema], types: Mapping[TypeKey, str]
) -> Iterable[TableSchema]:
    """Return tables whose columns have their types under the new names."""
    if not types:
        return tables

    def change(type_: DataType) -> DataType:
        key = place_of_type(type_)
        return renamed_type(type_, (key[0], types[key])) if key in types else type_

    return (
        replace(each, columns=tuple(with_types(column, change) for column in each.columns))
        for each in tables
    )


def inherits_renamed(
    table: TableSchema, tables: Mapping[tuple[str | None, str], str]
) -> TableSchema:
    """Return a table with those that it inherits from or depends on under their new names."""
    table = _dependencies_renamed(table, tables)
    inherited = inherits_of(table)
    renamed = tuple(tables.get((table.schema, name), name) for name in inherited)
    if renamed == inherited:
        return table
    options = {
        key: renamed if key.endswith(INHERITS) else content
        for key, content in table.dialect_options.items()
    }
    return replace(table, dialect_options=FrozenMapping(options))


def _dependencies_renamed(
    table: TableSchema, tables: Mapping[tuple[str | None, str], str]
) -> TableSchema:
    if not table.depends_on:
        return table
    named = [
        tables.get((None, each), each)
        if isinstance(each, str)
        else Pair((each[0], tables.get((each[0], each[1]), each[1])))
        for each in table.depends_on
    ]
    return replace(table, depends_on=tuple(named))


def replace_name(table: TableSchema, name: str) -> TableSchema:
    """Return the same table under another name."""
    return table if name == table.name else replace(table, name=name)


def _renamed_table(
    table: TableSchema,
    own: Mapping[str, str],
    tables: Mapping[tuple[str | None, str], str],
    columns: NewNames,
    syntax: Syntax,
) -> TableSchema:
    constraints = tuple(
        renamed_key(constraint, tables, columns)
        if isinstance(constraint, ForeignKeyConstraint)
        else constraint
        for constraint in table.constraints
    )
    if not own:
        same = constraints == table.constraints
        return table if same else replace(table, constraints=constraints)
    return replace(
        table,  # all at once: a key may refer to its own table
        columns=tuple(renamed_column(column, own, syntax) for column in table.columns),
        constraints=tuple(renamed_constraint(each, own, syntax) for each in constraints),
        indexes=tuple(renamed_index(index, own, syntax) for index in table.indexes),
    )


def afterwards_named(
    constraint: Constraint, own: Mapping[str, str], names: NewNames, syntax: Syntax = GENERIC
) -> Constraint:
    """Return a constraint with its columns renamed; see `formerly_named`."""
    if isinstance(constraint, ForeignKeyConstraint):
        constraint = renamed_key(constraint, {}, names)
    return renamed_constraint(constraint, own, syntax)


def formerly_named(constraint: Constraint, own: Mapping[str, str], names: NewNames) -> Constraint:
    """Return a constraint with the columns' names before the renames.

    Args:
        constraint: one with the new names.
        own: the new names of its table's columns.
        names: the new names of all tables' columns, for the columns that a key refers to.
    """
    back = {table: inverted(renamed) for table, renamed in names.items()}
    return afterwards_named(constraint, inverted(own), back)


def formerly_referring(table: TableSchema, names: NewNames) -> TableSchema:
    """Return a table whose keys refer to columns by their names before the renames."""
    constraints = tuple(formerly_named(each, {}, names) for each in table.constraints)
    return replace(table, constraints=constraints)


def reversed_renames(renames: Iterable[Rename]) -> list[Rename]:
    """Return the renames that undo these.

    >>> reversed_renames([TableRename("person", "people"), ColumnRename("people", "mail", "email")])
    ... # doctest: +NORMALIZE_WHITESPACE
    [TableRename(current='people', desired='person', schema=None),
     ColumnRename(table='person', current='email', desired='mail', schema=None)]
    """
    renames = list(renames)
    tables = {(r.schema, r.desired): r.current for r in renames if isinstance(r, TableRename)}
    return [
        TableRename(each.desired, each.current, each.schema)
        if isinstance(each, TableRename)
        else ColumnRename(
            tables.get((each.schema, each.table), each.table),
            each.desired,
            each.current,
            each.schema,
        )
        for each in renames
    ]


def new_names(renames: Iterable[AnyRename]) -> dict[tuple[str | None, str], dict[str, str]]:
    """Return the new names of columns by the old ones, of each table by its desired name."""
    names: dict[tuple[str | None, str], dict[str, str]] = {}
    for rename in renames:
        if isinstance(rename, ColumnRename):
            table = names.setdefault((rename.schema, rename.table), {})
            table[rename.current] = rename.desired
    return names


def in_sequence(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return pairs of old and new name, ordered such that each new name is free in its turn.

    Two columns that exchange their names need a third step, with a name that neither side has.

    >>> in_sequence({"a": "b", "b": "c"}), in_sequence({"a": "b", "b": "a"})
    ([('b', 'c'), ('a', 'b')], [('a', 'a_'), ('b', 'a'), ('a_', 'b')])
    """
    remaining, made = dict(names), []
    while remaining:
        free = next((old for old, new in remaining.items() if new not in remaining), None)
        if free is not None:
            made.append((free, remaining.pop(free)))
            continue
        old = next(iter(remaining))
        aside = f"{old}_"
        while aside in remaining or aside in names.values():
            aside += "_"
        made.append((old, aside))
        remaining = {aside if each == old else each: wanted for each, wanted in remaining.items()}
    return made


def inverted(names: Mapping[str, str]) -> dict[str, str]:
    """Return the old names by the new ones."""
    return {new: old for old, new in names.items()}


def renamed_key(
    key: ForeignKeyConstraint,
    tables: Mapping[tuple[str | None, str], str],
    columns: NewNames,
) -> ForeignKeyConstraint:
    """Return a foreign key with its target renamed."""
    referred = (key.references_schema, key.references_table)
    name = tables.get(referred, key.references_table)
    names = columns.get((key.references_schema, name), {})
    referred_columns = tuple(names.get(column, column) for column in key.references_columns)
    return replace(key, references_table=name, references_columns=referred_columns)


def renamed_column(
    column: ColumnDef, names: Mapping[str, str], syntax: Syntax = GENERIC
) -> ColumnDef:
    """Return a column with its name and the columns in its expressions renamed."""
    computed = column.computed
    if computed is not None:
        computed = Computed(_renamed_sql(computed.expression, names, syntax), computed.persisted)
    checks = tuple(
        replace(check, expression=_renamed_sql(check.expression, names, syntax))
        for check in column.constraints
    )
    name = names.get(column.name, column.name)
    return replace(column, name=name, computed=computed, constraints=checks)


def renamed_constraint(
    constraint: Constraint, names: Mapping[str, str], syntax: Syntax = GENERIC
) -> Constraint:
    """Return a constraint with its columns renamed."""
    match constraint:
        case CheckConstraint():
            return replace(
                constraint, expression=_renamed_sql(constraint.expression, names, syntax)
            )
        case ExcludeConstraint():
            elements = tuple(
                (_renamed(item, names, syntax), op) for item, op in constraint.elements
            )
            where = constraint.where
            where = None if where is None else _renamed_sql(where, names, syntax)
            return replace(constraint, elements=elements, where=where)
        case _:
            columns = tuple(names.get(column, column) for column in constraint.columns)
            options = _renamed_options(constraint.dialect_options, names, syntax)
            return replace(constraint, columns=columns, dialect_options=options)


def renamed_index(index: Index, names: Mapping[str, str], syntax: Syntax = GENERIC) -> Index:
    """Return an index with its columns renamed.

    >>> from alembic_moltres.schema import index
    >>> renamed_index(index("ix", "a", dialect_options={"postgresql_include": ["b"]}), {"b": "c"})
    index('ix', 'a', dialect_options={'postgresql_include': ('c',)})
    """
    elements = tuple(_renamed(item, names, syntax) for item in index.elements)
    options = _renamed_options(index.dialect_options, names, syntax)
    return replace(index, elements=elements, dialect_options=options)


def names_any_column(item: Constraint | Index | Computed, names: Iterable[str]) -> bool:
    """Tell whether a constraint, an index or a column's expression uses one of the columns.

    >>> from alembic_moltres.schema import check
    >>> (
    ...     names_any_column(check("total > 0"), ["total"]),
    ...     names_any_column(check("'total' <> note"), ["total"]),
    ... )
    (True, False)
    """
    others = {name: f"not {name}" for name in names}
    match item:
        case Computed():
            return _renamed_sql(item.expression, others, GENERIC) != item.expression
        case Index():
            return renamed_index(item, others) != item
        case _:
            return renamed_constraint(item, others) != item


def _renamed_options(
    options: Mapping[str, Any], names: Mapping[str, str], syntax: Syntax
) -> Mapping[str, Any]:
    return FrozenMapping(
        {key: _option(key, value, names, syntax) for key, value in options.items()}
    )


def _option(key: str, value: Any, names: Mapping[str, str], syntax: Syntax) -> Any:
    if isinstance(value, SQL):
        return _renamed_sql(value, names, syntax)
    if not key.endswith(OF_COLUMNS) or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return FrozenMapping({names.get(key, key): content for key, content in value.items()})
    return tuple(names.get(column, column) for column in value)


def _renamed(item: str | SQL, names: Mapping[str, str], syntax: Syntax) -> str | SQL:
    return _renamed_sql(item, names, syntax) if isinstance(item, SQL) else names.get(item, item)


def _renamed_sql(expression: SQL, names: Mapping[str, str], syntax: Syntax) -> SQL:
    variants = {
        dialect: None if text is None else rename_identifiers(text, names, syntax_of([dialect]))
        for dialect, text in expression.variants.items()
    }
    return SQL(rename_identifiers(expression.text, names, syntax), FrozenMapping(variants))
