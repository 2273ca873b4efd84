"""The indexes that InnoDB creates for foreign keys, and drops when another index supports the key.

MySQL's manual, "FOREIGN KEY Constraints": an index is needed whose first columns are those of the
key, in their order. InnoDB creates it with the name of the key, or of the first column if the key
has no name or a generated one (`t_ibfk_1`). `required_indexes` writes what a script must do about
them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, count

from ...schema import (
    SQL,
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ...schema.dialects import is_for_dialect
from ...sqltext import MYSQL
from .expected_rows import is_whole, parsed_part

Columns = tuple[str, ...]


def implicit_indexes(
    table: str,
    keys: Sequence[ForeignKeyConstraint],
    supporting: Collection[Columns],
    taken: Collection[str] = (),
) -> list[Index]:
    """Return the indexes that the server creates for foreign keys.

    Args:
        table: the name of the table.
        keys: its foreign keys.
        supporting: the columns of its other indexes and keys.
        taken: the names of these.

    >>> from alembic_moltres.schema import foreign_key
    >>> keys = [foreign_key("a", "p", "id", name="fk"), foreign_key("b", "p", "id")]
    >>> implicit_indexes("t", keys, [("b", "c")])
    [index('fk', 'a')]
    """
    made: list[Index] = []
    for at, key in enumerate(keys):
        later = [each.columns for each in keys[at + 1 :]]
        longer = [each.columns for each in keys if len(each.columns) > len(key.columns)]
        if key.columns in later or any(supports(each, key) for each in (*supporting, *longer)):
            continue
        name = key.name
        if name is None or has_generated_name(table, name):
            first, names = key.columns[0], {*taken, *(index.name for index in made)}
            numbered = (f"{first}_{n}" for n in count(2))
            name = next(each for each in chain([first], numbered) if each not in names)
        made.append(Index(str(name), key.columns))
    return made


def implicit_indexes_of(table: TableSchema, dialect: str) -> list[Index]:
    """Return the indexes that the server creates for the foreign keys of a table.

    Args:
        table: its value.
        dialect: the dialect's name; items of other dialects are not stored.
    """
    stored = [
        each
        for each in (*table.constraints, *table.indexes)
        if is_for_dialect(each.ddl_if, dialect)
    ]
    keys = [each for each in stored if isinstance(each, ForeignKeyConstraint)]
    supporting = [each for each in stored if not isinstance(each, ForeignKeyConstraint)]
    names = {str(each.name) for each in stored if each.name}
    return implicit_indexes(
        str(table.name), keys, columns_of(supporting, types_of(table, dialect), dialect), names
    )


def has_generated_name(table: str, name: str) -> bool:
    """Tell whether the name of a foreign key is a generated one.

    >>> (
    ...     has_generated_name("t", "t_ibfk_1"),
    ...     has_generated_name("t", "t_ibfk_"),
    ...     has_generated_name("t", "fk"),
    ... )
    (True, False, False)
    """
    start, _, number = name.rpartition("_")
    return start == f"{table}_ibfk" and number.isascii() and number.isdigit()


def supports(columns: Columns, key: ForeignKeyConstraint) -> bool:
    """Tell whether an index over these columns supports a foreign key."""
    start = [name.lower() for name in columns[: len(key.columns)]]
    return start == [name.lower() for name in key.columns]


def has_other_index(key: ForeignKeyConstraint, table: TableSchema, dialect: str) -> bool:
    """Tell whether a foreign key has an index other than the one that the server created for it."""
    others = [each for each in (*table.constraints, *table.indexes) if each.name != key.name]
    return any(
        supports(each, key) for each in columns_of(others, types_of(table, dialect), dialect)
    )


def may_be_implicit(index: Index, table: TableSchema) -> bool:
    """Tell whether an index looks like one that the server created for a foreign key."""
    if index.unique or index.dialect_options:
        return False
    return any(
        index.columns == key.columns
        and (
            index.name == key.name
            or re.fullmatch(rf"{re.escape(key.columns[0])}(_\d+)?", index.name)
            or has_generated_name(table.name, index.name)
        )
        for key in table.foreign_keys
    )


def columns_of(
    items: Iterable[Constraint | Index], types: Mapping[str, str], dialect: str
) -> list[Columns]:
    """Return the columns of the items that can support a foreign key.

    Args:
        items: constraints and indexes of a table.
        types: the columns' types as DDL, to tell a whole column from a prefix.
        dialect: the dialect's name; options of others are not stored.
    """
    return [
        _leading_columns(each, types, dialect) if isinstance(each, Index) else each.columns
        for each in items
        if isinstance(each, PrimaryKeyConstraint | UniqueConstraint | Index)
    ]


def _leading_columns(index: Index, types: Mapping[str, str], dialect: str) -> Columns:
    """Return the columns before the first expression, and before the first prefix of a column."""
    options = index.dialect_options
    if options.get(f"{dialect}_prefix"):
        return ()
    lengths = options.get(f"{dialect}_length")
    leading = []
    for element in index.elements:
        name, length = _column_and_length(element, lengths, dialect)
        if name is None or (length is not None and not is_whole(length, types.get(name, ""))):
            break
        leading.append(name)
    return tuple(leading)


def leading_columns(index: Index, table: TableSchema, dialect: str) -> Columns:
    """Return the columns of an index that can support a foreign key.

    >>> from alembic_moltres.schema import column, index, sql
    >>> table = TableSchema("t", [column("a", "VARCHAR(9)"), column("b", "INTEGER")])
    >>> leading_columns(index("i", [sql("a DESC"), "b"]), table, "mysql")
    ('a', 'b')
    >>> leading_columns(index("i", "a", dialect_options={"mysql_length": 3}), table, "mysql")
    ()
    """
    return _leading_columns(index, types_of(table, dialect), dialect)


def _column_and_length(
    element: str | SQL, lengths: object, dialect: str
) -> tuple[str | None, int | None]:
    """Return the column of an index's element, and the length of its prefix; `None` for none.

    An expression may be a column as well: `a DESC`, `a(10)`.
    """
    if isinstance(element, SQL):
        text = element.for_dialect((dialect,))
        part = None if text is None else parsed_part(text, MYSQL)
        return (None, None) if part is None else (part.column, part.length)
    length = lengths.get(element) if isinstance(lengths, Mapping) else lengths
    return element, None if length is None else int(str(length))


def types_of(table: TableSchema, dialect: str) -> dict[str, str]:
    """Return the types of a table's columns on a dialect, in lower case, by their names."""
    names = ((c.name, c.type_variants.get(dialect, c.type_name)) for c in table.columns)
    return {str(name): type_.removeprefix("mysql.").lower() for name, type_ in names}
