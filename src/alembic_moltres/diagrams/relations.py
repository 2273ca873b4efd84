"""Foreign keys as relations: how many rows are at each end."""

from __future__ import annotations

from collections.abc import Iterator

from ..schema import ForeignKeyConstraint, PrimaryKeyConstraint, TableSchema, UniqueConstraint
from .elements import Mark, Relation


def relations_of(table: TableSchema, mark: Mark = Mark.SAME) -> Iterator[Relation]:
    """Yield a relation for each foreign key of a table.

    At the parent's end there is one row, or none where a column of the key is nullable. At the
    child's end there are many, or one where the columns of the key contain a unique key.

    >>> from alembic_moltres.schema import column, foreign_key, primary_key
    >>> profile = TableSchema(
    ...     "profiles",
    ...     [column("user_id", "INTEGER", nullable=False)],
    ...     constraints=[primary_key("user_id"), foreign_key("user_id", "users", "id")],
    ... )
    >>> [(each.parent, each.is_unique, each.is_optional) for each in relations_of(profile)]
    [('users', True, False)]
    """
    keys = unique_keys(table)
    nullable = {column.name for column in table.columns if is_nullable(table, column.name)}
    for each in table.foreign_keys:
        columns = set(each.columns)
        yield Relation(
            referred_key(each),
            table.key,
            each.columns,
            is_unique=any(key <= columns for key in keys),
            is_optional=bool(columns & nullable),
            mark=mark,
        )


def referred_key(key: ForeignKeyConstraint) -> str:
    """Return the key of the table that a foreign key refers to."""
    schema = f"{key.references_schema}." if key.references_schema else ""
    return f"{schema}{key.references_table}"


def unique_keys(table: TableSchema) -> list[frozenset[str]]:
    """Return the sets of columns that are unique, apart from NULLs.

    >>> from alembic_moltres.schema import column, index
    >>> named = TableSchema("t", [column("a", "TEXT")], indexes=[index("u", "a", unique=True)])
    >>> unique_keys(named)
    [frozenset({'a'})]
    """
    keys = [
        frozenset(item.columns)
        for item in table.constraints
        if isinstance(item, PrimaryKeyConstraint | UniqueConstraint)
    ]
    keys += [
        frozenset(index.columns)
        for index in table.indexes
        if index.unique
        and len(index.columns) == len(index.elements)
        and not any(option.endswith("_where") for option in index.dialect_options)
    ]
    return [key for key in keys if key]


def is_nullable(table: TableSchema, name: str) -> bool:
    """Tell whether a column can be NULL; one of the primary key cannot, despite `nullable`."""
    key = table.primary_key
    return table.column(name).nullable and not (key is not None and name in key.columns)
