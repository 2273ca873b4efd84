"""What MySQL and MariaDB do with indexes, and with the names that they gave to foreign keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ...dialects.base.impl import DialectImpl
from ...diff.renames import names_any_column
from ...schema import CheckConstraint, Constraint, ForeignKeyConstraint, Index, TableSchema

GENERATED_KEY: Final = re.compile(r"_ibfk_\d+$")


def has_index(table: TableSchema, name: str) -> bool:
    """Tell whether a table has an index of this name."""
    return any(each.name == name for each in table.indexes)


def is_redundant(table: TableSchema, index: Index, impl: DialectImpl) -> bool:
    """Tell whether another index or key begins with the columns of an index."""
    count = len(index.columns)
    supporting = [
        *(impl.leading_columns(e, table) for e in table.indexes if e.name != index.name),
        *(each.columns for each in table.constraints if not isinstance(each, CheckConstraint)),
    ]
    return any(columns[:count] == index.columns for columns in supporting)


def has_other_index(table: TableSchema, index: Index, impl: DialectImpl) -> bool:
    """Tell whether another index supports the foreign key that an index was created for."""
    others = (
        each
        for each in table.constraints
        if not (isinstance(each, ForeignKeyConstraint) and each.columns == index.columns)
    )
    return is_redundant(replace(table, constraints=tuple(others)), index, impl)


def replaces(keys: Iterable[Sequence[str]], index: Index) -> bool:
    """Tell whether the index of one of these new foreign keys replaces the index of an old one.

    Args:
        keys: the columns of each new key.
        index: of the old one.

    >>> replaces([("a", "b")], Index("ix", ("a",)))
    True
    """
    return any(tuple(each[: len(index.columns)]) == index.columns for each in keys)


def without_column(name: str, indexes: Iterable[Index]) -> Iterator[Index]:
    """Yield indexes without a column that is dropped; one over nothing else is dropped too.

    >>> from alembic_moltres.schema import index
    >>> list(without_column("a", [index("i", "a"), index("j", ["a", "b"])]))
    [index('j', 'b')]
    """
    for index in indexes:
        elements = [e for e in index.elements if not names_any_column(Index("i", (e,)), [name])]
        if elements:
            options = {
                key: {n: each for n, each in value.items() if n != name}
                if isinstance(value, Mapping)
                else value
                for key, value in index.dialect_options.items()
            }
            yield replace(index, elements=tuple(elements), dialect_options=options)


def named_like(column: str, table: TableSchema, impl: DialectImpl) -> Iterable[Index]:
    """Return the indexes that the server created for foreign keys and named like this column."""
    keys = {each.name for each in table.constraints if isinstance(each, ForeignKeyConstraint)}
    made = impl.implicit_indexes(table)
    return [each for each in made if each.columns[0] == column and each.name not in keys]


def named_like_key(key: Constraint, table: TableSchema, impl: DialectImpl) -> Iterator[Index]:
    """Yield the index that the server created for a new foreign key, if the value does not tell.

    The server calls it by a stated name of the key, also by one like those that it generates.
    """
    if isinstance(key, ForeignKeyConstraint) and key.name and is_generated(key.name, table):
        made = [each.columns for each in impl.implicit_indexes(table)]
        if key.columns in made:
            yield Index(key.name, key.columns)


def with_named_indexes(table: TableSchema, impl: DialectImpl) -> TableSchema:
    """Return a new table with the indexes that the server would give another name.

    The name of a key that a server generated is stated in a value where it is not the one that it
    would generate for the value, and the server calls the key's index by a stated name.
    """
    named = {each.columns: each.name for each in table.foreign_keys if each.name is not None}
    made = [
        each
        for each in impl.implicit_indexes(table)
        if named.get(each.columns, each.name) != each.name
    ]
    return replace(table, indexes=(*table.indexes, *made)) if made else table


def follows_table(impl: DialectImpl, constraint: Constraint) -> bool:
    """Tell whether the generated name of a constraint changes with the name of its table."""
    return impl.features.keys_create_indexes and isinstance(constraint, ForeignKeyConstraint)


def renamed_key(name: str | None, before: TableSchema, after: TableSchema) -> str | None:
    """Return the name of a foreign key after its table is renamed: a generated one follows.

    >>> renamed_key("a_ibfk_2", TableSchema("a", []), TableSchema("b", []))
    'b_ibfk_2'
    """
    if name is None or not is_generated(name, before):
        return name
    return f"{after.name}_{name.removeprefix(f'{before.name}_')}"


def is_generated(name: str, table: TableSchema) -> bool:
    """Tell whether the name of a foreign key of a table is a generated one.

    >>> is_generated("a_ibfk_2", TableSchema("a", [])), is_generated("fk", TableSchema("a", []))
    (True, False)
    """
    return name.startswith(f"{table.name}_") and GENERATED_KEY.search(name) is not None
