"""The effect of CREATE TABLE and DROP TABLE; the character set that MySQL's statements state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...datatypes import DataType
from ...diff import TableKey
from ...schema import ColumnDef, Constraint, PrimaryKeyConstraint, TableSchema
from ..catalogue.database import Catalogue
from ..catalogue.owned_sequences import own_serial
from .columns import CONSTRAINTS, ColumnDefinition, read_column, read_constraint
from .cursor import Cursor

UNLOGGED = "UNLOGGED"
"""PostgreSQL's keyword for a table without a write-ahead log."""


def create_table(
    cursor: Cursor, catalogue: Catalogue, *, temporary: bool, prefixes: tuple[str, ...] = ()
) -> None:
    """Carry out CREATE TABLE; the cursor is after these words.

    Raises:
        UnreadableError: it is made of a query or another table, or a clause is unknown.
    """
    lenient = cursor.accept("IF", "NOT", "EXISTS")
    schema, name = cursor.qualified()
    if lenient and catalogue.key(name, schema) in catalogue.tables:
        return
    if cursor.accept("PARTITION", "OF"):
        _create_partition(cursor, catalogue, catalogue.key(name, schema))
        return
    if temporary and (cursor.peek() != "(" or cursor.peek(2) in {",", ")"}):
        create_temporary(catalogue, name)
        return
    defined, constraints = _elements(cursor, catalogue, name)
    keys = (each for each in constraints if isinstance(each, PrimaryKeyConstraint))
    keyed = {column for each in keys for column in each.columns}
    columns = [keyed_column(each, keyed, catalogue) for each in defined]
    parents: list[TableKey] = []
    options = _options(cursor, catalogue, parents)
    catalogue.will_inherit(catalogue.key(name, schema), parents)
    table = TableSchema(
        name,
        columns,
        temporary=temporary,
        schema=catalogue.schema(schema),
        comment=options.pop("comment", None),
        dialect_options=options,
        prefixes=prefixes,
    )
    names = {each.column.name for each in defined}
    own = tuple(each for each in constraints if names.issuperset(each.columns))
    catalogue.create_table(replace(table, constraints=own))
    for constraint in constraints:
        if constraint not in own:  # over an inherited column
            catalogue.add_constraint(catalogue.table(name, schema), constraint)
    for each in defined:
        if each.is_serial and each.column.name not in keyed:
            own_serial(catalogue, name, schema, str(each.column.name))


def _create_partition(cursor: Cursor, catalogue: Catalogue, key: TableKey) -> None:
    """Carry out CREATE TABLE ... PARTITION OF; the cursor is after these words."""
    schema, parent = cursor.qualified()
    constraints: list[Constraint] = []
    if cursor.accept("("):
        while not cursor.accept(")"):
            if cursor.peek() not in CONSTRAINTS:
                raise cursor.unreadable("a column of a partition has options")
            constraints.append(read_constraint(cursor, catalogue))
            if cursor.peek() != ")":
                cursor.need(",")
    _skip_bounds(cursor)
    options = _options(cursor, catalogue, [])
    catalogue.add_partition(key, catalogue.key(parent, schema))
    if options:
        catalogue.list_partition(key, options)
    for each in constraints:
        catalogue.add_constraint(catalogue.table(key[1], key[0]), each)


def _skip_bounds(cursor: Cursor) -> None:
    """Take the rows that a partition has: FOR VALUES ... or DEFAULT."""
    if cursor.accept("DEFAULT"):
        return
    cursor.need("FOR", "VALUES")
    bounds = cursor.next().upper
    cursor.brackets()
    if bounds == "FROM":
        cursor.need("TO")
        cursor.brackets()


def _elements(
    cursor: Cursor, catalogue: Catalogue, table: str
) -> tuple[list[ColumnDefinition], list[Constraint]]:
    """Read the columns and the constraints between the brackets."""
    cursor.need("(")
    defined: list[ColumnDefinition] = []
    constraints: list[Constraint] = []
    while not cursor.accept(")"):
        if cursor.peek() in CONSTRAINTS:
            constraints.append(read_constraint(cursor, catalogue))
        elif cursor.peek() == "LIKE":
            raise cursor.unreadable("it copies another table")
        else:
            defined.append(read_column(cursor, catalogue, table))
        if cursor.peek() != ")":
            cursor.need(",")
    return defined, [*constraints, *(key for each in defined for key in each.constraints)]


def create_temporary(catalogue: Catalogue, name: str) -> None:
    """Create a temporary table; its columns are not recorded: it is dropped with the session."""
    catalogue.create_table(TableSchema(name, (), temporary=True))


def keyed_column(defined: ColumnDefinition, keyed: set[str], catalogue: Catalogue) -> ColumnDef:
    """Return a column, given the primary key: NOT NULL in it, and counted only if it is a SERIAL.

    SQLite takes NULL in a key, but for the INTEGER PRIMARY KEY, which is the row's number (its
    manual, CREATE TABLE, section 3.5).
    """
    column = defined.column
    if column.name not in keyed:
        return column
    is_row_number = len(keyed) == 1 and DataType.parse(column.type_name).name == "INTEGER"
    if is_row_number or not catalogue.impl.features.null_in_primary_keys:
        column = replace(column, nullable=False)
    if len(keyed) == 1 and column.autoincrement == "auto" and column.identity is None:
        column = replace(column, autoincrement=False)
    return column


def _options(cursor: Cursor, catalogue: Catalogue, parents: list[TableKey]) -> dict[str, Any]:
    """Read what follows the brackets: dialect options, a comment, and the parents."""
    options: dict[str, Any] = {}
    prefix = catalogue.impl.dialect.name
    while not cursor.done:
        if cursor.accept("WITH"):
            options[f"{prefix}_with"] = cursor.settings()
        elif cursor.accept("INHERITS"):
            parents += _parents(cursor, catalogue)
            options[f"{prefix}_inherits"] = tuple(name for _, name in parents)
        elif cursor.accept("PARTITION", "BY"):
            options[f"{prefix}_partition_by"] = cursor.rest()
            cursor.at = len(cursor.tokens)
        elif cursor.accept("ENGINE"):
            cursor.accept("=")
            options[f"{prefix}_engine"] = cursor.name()
        elif states_charset(cursor):
            stated = zip(("charset", "collate"), read_charset(cursor), strict=True)
            options |= {f"{prefix}_{name}": each for name, each in stated if each is not None}
        elif cursor.accept("AUTO_INCREMENT"):
            cursor.accept("=")
            cursor.next()
        elif cursor.accept("COMMENT"):
            cursor.accept("=")
            options["comment"] = cursor.string()
        elif cursor.accept("TABLESPACE"):
            options[f"{prefix}_tablespace"] = cursor.name()
        else:
            raise cursor.unreadable(f"the table has {cursor.rest()[:30]!r}")
    return options


def _parents(cursor: Cursor, catalogue: Catalogue) -> Iterator[TableKey]:
    cursor.need("(")
    while not cursor.accept(")"):
        schema, name = cursor.qualified()
        yield catalogue.key(name, schema)
        if cursor.peek() != ")":
            cursor.need(",")


def drop_table(cursor: Cursor, catalogue: Catalogue) -> None:
    """Carry out DROP TABLE; the cursor is after these words."""
    lenient = cursor.accept("IF", "EXISTS")
    names = [cursor.qualified()]
    while cursor.accept(","):
        names.append(cursor.qualified())
    cascade = cursor.accept("CASCADE")
    for schema, name in names:
        key = catalogue.key(name, schema)
        if key not in catalogue.tables and (lenient or key in catalogue.partitions):
            catalogue.drop_partitions(key)
            continue
        catalogue.drop_table(catalogue.table(name, schema), cascade=cascade)


STATING = frozenset({"CHARACTER", "CHARSET", "COLLATE"})


def states_charset(cursor: Cursor) -> bool:
    """Tell whether the cursor is before a character set or a collation."""
    return cursor.peek(int(cursor.peek() == "DEFAULT")) in STATING


def read_charset(cursor: Cursor) -> tuple[str | None, str | None]:
    """Take a character set, a collation, or both; `None` for what is not stated."""
    charset = collation = None
    while states_charset(cursor):
        cursor.accept("DEFAULT")
        word = cursor.next().upper
        if word == "CHARACTER":
            cursor.need("SET")
        cursor.accept("=")
        named = cursor.next().value.lower()
        if word == "COLLATE":
            collation = named
        else:
            charset = named
    return charset, collation
