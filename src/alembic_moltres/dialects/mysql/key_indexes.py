"""The indexes that InnoDB creates for foreign keys, and drops when another index can serve.

MySQL's manual, "FOREIGN KEY Constraints": an index is needed whose first columns are those of the
key, in their order. InnoDB creates it with the name of the key, or of the first column if the key
has no name or a generated one (`t_ibfk_1`). A script drops or creates such an index only if its key
stays; otherwise it needs no statement.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count

from ...diff import (
    AddConstraint,
    AlterColumn,
    AlterTable,
    Change,
    CreateIndex,
    DropConstraint,
    DropIndex,
    RenameColumn,
)
from ...diff.changes.base import Removal, TableKey
from ...diff.renames import renamed_constraint, renamed_index
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
    serving: Collection[Columns],
    taken: Collection[str] = (),
) -> list[Index]:
    """Return the indexes that the server creates for foreign keys.

    Args:
        table: the name of the table.
        keys: its foreign keys.
        serving: the columns of its other indexes and keys.
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
        if key.columns in later or any(serves(each, key) for each in (*serving, *longer)):
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
    serving = [each for each in stored if not isinstance(each, ForeignKeyConstraint)]
    names = {str(each.name) for each in stored if each.name}
    return implicit_indexes(
        str(table.name), keys, columns_of(serving, _types(table, dialect), dialect), names
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


def serves(columns: Columns, key: ForeignKeyConstraint) -> bool:
    """Tell whether an index over these columns can serve a foreign key."""
    start = [name.lower() for name in columns[: len(key.columns)]]
    return start == [name.lower() for name in key.columns]


def has_other_index(key: ForeignKeyConstraint, table: TableSchema, dialect: str) -> bool:
    """Tell whether a foreign key has an index other than the one that the server created for it."""
    others = [each for each in (*table.constraints, *table.indexes) if each.name != key.name]
    return any(serves(each, key) for each in columns_of(others, _types(table, dialect), dialect))


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
        for key in foreign_keys(table)
    )


def foreign_keys(table: TableSchema) -> list[ForeignKeyConstraint]:
    """Return the foreign keys of a table."""
    return [each for each in table.constraints if isinstance(each, ForeignKeyConstraint)]


def columns_of(
    items: Iterable[Constraint | Index], types: Mapping[str, str], dialect: str
) -> list[Columns]:
    """Return the columns of the items that can serve a foreign key.

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
    """Return the columns of an index that can serve a foreign key.

    >>> from alembic_moltres.schema import column, index, sql
    >>> table = TableSchema("t", [column("a", "VARCHAR(9)"), column("b", "INTEGER")])
    >>> leading_columns(index("i", [sql("a DESC"), "b"]), table, "mysql")
    ('a', 'b')
    >>> leading_columns(index("i", "a", dialect_options={"mysql_length": 3}), table, "mysql")
    ()
    """
    return _leading_columns(index, _types(table, dialect), dialect)


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


def _types(table: TableSchema, dialect: str) -> dict[str, str]:
    names = ((c.name, c.type_variants.get(dialect, c.type_name)) for c in table.columns)
    return {str(name): type_.removeprefix("mysql.").lower() for name, type_ in names}


def with_key_indexes(
    changes: Iterable[Change], tables: Mapping[TableKey, TableSchema], dialect: str
) -> tuple[Change, ...]:
    """Return the changes such that every remaining foreign key has an index.

    An index that is created or dropped with its key is left out. An index stays if a filter has
    kept a key that needs it.

    Args:
        changes: of the whole database.
        tables: the current tables by schema and name.
        dialect: the dialect's name.
    """
    now = dict(tables)
    altered: list[Change] = []
    for each in changes:
        if not isinstance(each, AlterTable) or each.key not in now:
            altered.append(each)
            continue
        block = _with_required_indexes(each, now[each.key], dialect)
        altered += [block] if block.changes else []
        now[each.key] = _without_keys(now[each.key], each.dropped_constraints)
    return tuple(altered)


def _without_keys(table: TableSchema, dropped: Collection[Constraint]) -> TableSchema:
    """Return a table without the foreign keys that a preceding block drops.

    Their columns may have other names there; the database has a name for each key.
    """
    names = {each.name for each in dropped if isinstance(each, ForeignKeyConstraint)}
    kept = tuple(
        each
        for each in table.constraints
        if not isinstance(each, ForeignKeyConstraint)
        or (each not in dropped and (each.name is None or each.name not in names))
    )
    return replace(table, constraints=kept)


def _with_required_indexes(change: AlterTable, table: TableSchema, dialect: str) -> AlterTable:
    changes = [each for each in change.changes if not _is_implied_by_key(each, change)]
    changes = [_with_auto_increment(each, change, table) for each in changes]
    dropped = {
        (type(each.item), str(each.item.name))
        for each in changes
        if isinstance(each, DropConstraint | DropIndex)
    }
    if not dropped:
        return replace(change, changes=tuple(changes))
    kept_items = [
        *(each for each in table.constraints if (type(each), str(each.name)) not in dropped),
        *(each for each in table.indexes if (Index, str(each.name)) not in dropped),
    ]
    types = _types(table, dialect)
    added = [each.item for each in changes if isinstance(each, AddConstraint | CreateIndex)]
    keys = _keys_that_lose_an_index(change, table, kept_items, dialect)
    serving = columns_of([*kept_items, *added], types, dialect)
    for made in implicit_indexes(
        table.name, keys, serving, {str(each.name) for each in kept_items}
    ):
        kept = {
            index.name
            for index in table.indexes
            if index.columns == made.columns and may_be_implicit(index, table)
        }
        others = [
            each
            for each in changes
            if not (isinstance(each, DropIndex) and each.index.name in kept)
        ]
        changes = others if len(others) < len(changes) else [*changes, CreateIndex(made)]
    return replace(change, changes=tuple(_after_renames(changes, keys, types, dialect)))


def _keys_that_lose_an_index(
    change: AlterTable, table: TableSchema, kept_items: Sequence[Constraint | Index], dialect: str
) -> list[ForeignKeyConstraint]:
    dropped_items = (
        each for each in (*table.constraints, *table.indexes) if each not in kept_items
    )
    lost = columns_of(dropped_items, _types(table, dialect), dialect)
    dropped = {str(column.name) for column in change.dropped_columns}
    return [
        each
        for each in kept_items
        if isinstance(each, ForeignKeyConstraint)
        and any(serves(columns, each) for columns in lost)
        and dropped.isdisjoint(each.columns)
    ]


def _after_renames(
    changes: list[Change],
    keys: Collection[ForeignKeyConstraint],
    types: Mapping[str, str],
    dialect: str,
) -> list[Change]:
    """Return the changes with dropped indexes of keys after the renames of their columns.

    Within one statement InnoDB does not find the new index of a renamed column.
    """
    names = {each.current: each.desired for each in changes if isinstance(each, RenameColumn)}
    types = {names.get(name, name): type_ for name, type_ in types.items()}
    keyed = {name for key in keys for name in key.columns}
    if keyed.isdisjoint(names.values()):
        return changes
    moved: dict[int, Change] = {}
    for at, each in enumerate(changes):
        match each:
            case DropIndex(index=index):
                renamed: Removal = DropIndex(renamed_index(index, names, MYSQL))
            case DropConstraint(constraint=UniqueConstraint() as unique):
                renamed = DropConstraint(renamed_constraint(unique, names, MYSQL))
            case _:
                continue
        index_columns = columns_of([renamed.item], types, dialect)
        if any(serves(columns, key) for columns in index_columns for key in keys):
            moved[at] = renamed
    last = max(at for at, each in enumerate(changes) if isinstance(each, RenameColumn))
    return [
        *(each for at, each in enumerate(changes[: last + 1]) if at not in moved),
        *moved.values(),
        *(each for at, each in enumerate(changes) if at > last and at not in moved),
    ]


def _with_auto_increment(change: Change, block: AlterTable, table: TableSchema) -> Change:
    """Return the change of a column to an identity with AUTO_INCREMENT, for the table's key.

    The server has no identities, and SQLAlchemy writes AUTO_INCREMENT for such a key.
    """
    if not isinstance(change, AlterColumn) or change.desired.identity is None:
        return change
    added = [each for each in block.added_constraints if isinstance(each, PrimaryKeyConstraint)]
    key = added[0] if added else table.primary_key
    if key is None or key.columns != (change.desired.name,):
        return change
    return replace(change, desired=replace(change.desired, autoincrement=True))


def _is_implied_by_key(change: Change, block: AlterTable) -> bool:
    """Tell whether an index is created or dropped with a foreign key of its name."""
    match change:
        case CreateIndex(index=index):
            keys = block.added_constraints
        case DropIndex(index=index):
            keys = block.dropped_constraints
        case _:
            return False
    return not index.unique and any(
        isinstance(key, ForeignKeyConstraint)
        and (key.name, key.columns) == (index.name, index.columns)
        for key in keys
    )
