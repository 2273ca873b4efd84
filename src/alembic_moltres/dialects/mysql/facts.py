"""What a change locks on MariaDB, and what it does with the rows; `change_kinds` is the table.

MySQL has other rules and no facts here. Every statement waits for the
transactions that use the table, and new ones wait for it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy.engine import Connection, Dialect

from ...diff import (
    AddColumn,
    AddConstraint,
    AddForeignKeys,
    AlterColumn,
    AlterTable,
    Change,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropForeignKeys,
    DropIndex,
    DropTable,
    RenameColumn,
    RenameTable,
    SetComment,
    SetOptions,
    TableKey,
    Tables,
)
from ...diff.autoincrement import added_autoincrement_columns
from ...diff.changes.base import table_key
from ...diff.order import added_later
from ...schema import (
    SQL,
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    TableSchema,
    UniqueConstraint,
)
from ..base.ddl import DDLWriter
from ..base.facts import Fact, Facts, Size, worst
from .alter_columns import is_recreated
from .change_kinds import INSTANT, ChangeKind
from .column_facts import altered, is_long, is_stored, is_text, is_virtual
from .foreign_key_indexes import has_other_index

OF_PRIMARY_KEY: Final = frozenset({ChangeKind.ADD_PRIMARY_KEY, ChangeKind.DROP_PRIMARY_KEY})

BUILT: Final = frozenset({ChangeKind.ADD_UNIQUE, ChangeKind.CREATE_INDEX})
"""The kinds that build an index; as the only change they need no copy."""

SIZES = """
SELECT table_name, table_rows, data_length + index_length FROM information_schema.tables
WHERE table_schema = database() AND table_type = 'BASE TABLE'
"""


def facts_of(change: Change, tables: Tables, dialect: Dialect) -> Facts:
    """Return what a change does to existing tables.

    Args:
        change: of a whole database.
        tables: before it.
        dialect: of MariaDB.

    >>> from sqlalchemy.dialects import mysql
    >>> from ...schema import column
    >>> users = TableSchema("users", [column("n", "INTEGER")])
    >>> change = AlterTable("users", None, (DropColumn(users.columns[0]),))
    >>> facts_of(change, {(None, "users"): users}, mysql.dialect())[None, "users"].lock.name
    'ALGORITHM=INSTANT, LOCK=NONE'
    """
    by_table: dict[TableKey, list[Fact]] = {}
    for kind, key in _kinds(change, tables, dialect):
        if key in tables:
            by_table.setdefault(key, []).append(kind.fact)
    return {key: worst(*facts) for key, facts in by_table.items()}


def _kinds(
    change: Change, tables: Tables, dialect: Dialect
) -> Iterator[tuple[ChangeKind, TableKey]]:
    """Yield the kinds of a change, each with the affected table."""
    match change:
        case DropTable(table=table):
            yield ChangeKind.DROP_TABLE, table_key(table)
        case RenameTable():
            yield ChangeKind.RENAME_TABLE, (change.schema, change.current)
        case AddForeignKeys(table=table) if added_later(table):
            yield ChangeKind.ADD_FOREIGN_KEY, table_key(table)
        case DropForeignKeys(table=table) if added_later(table):
            yield ChangeKind.DROP_FOREIGN_KEY, table_key(table)
        case AlterTable():
            for kind in _inside(change, tables.get(change.key), dialect):
                yield kind, change.key


def _inside(
    change: AlterTable, table: TableSchema | None, dialect: Dialect
) -> Iterator[ChangeKind]:
    """Yield the kinds of the changes of a table, most of which are one statement."""
    ddl = DDLWriter(dialect, change.name, change.schema)
    kept = _renamed(change)
    kinds: list[ChangeKind] = []
    for each in change.changes:
        item = each.sides()[0] or each.sides()[1]
        if any(item is other for other in kept):
            kinds.append(_rename(item, table, change))
        else:
            kinds += _of(each, table, added_autoincrement_columns(change), ddl)
    if OF_PRIMARY_KEY.issubset(kinds):
        kinds = [
            ChangeKind.CHANGE_PRIMARY_KEY if kind in OF_PRIMARY_KEY else kind for kind in kinds
        ]
    yield from kinds
    added = bool(change.added_columns)
    beside_virtual = _beside_virtual(change, table, kinds)
    if beside_virtual is not None:
        yield beside_virtual
    elif BUILT.intersection(kinds):
        if any(map(is_recreated, change.altered_columns)):
            yield ChangeKind.CREATE_INDEX_BESIDE_RECREATED_COLUMN
        elif added or ChangeKind.DROP_COLUMN in kinds:
            yield ChangeKind.CREATE_INDEX_BESIDE_COLUMN
    stored = table is not None and any(map(is_stored, table.columns))
    if added and stored and ChangeKind.COLUMN_FILLED in kinds:
        yield ChangeKind.FILLED_BESIDE_ADDED_AND_STORED
    if _is_elsewhere(table) and any(kind.fact.lock != INSTANT for kind in kinds):
        yield ChangeKind.ANOTHER_ENGINE


def _beside_virtual(
    change: AlterTable, table: TableSchema | None, kinds: list[ChangeKind]
) -> ChangeKind | None:
    """Return the kind of a virtual column that comes, or a dropped one of a table that has one.

    Beside it, only other dropped columns, virtual columns that come, and indexes that are not
    unique need no copy, and indexes that come only if no other column goes; measured on MariaDB
    10.11, its manual does not say it.
    """
    dropped = [each.column for each in change.changes if isinstance(each, DropColumn)]
    has_virtual = table is not None and any(map(is_virtual, table.columns))
    if not (dropped and has_virtual) and not any(map(is_virtual, change.added_columns)):
        return None
    others = set(kinds) - {ChangeKind.DROP_COLUMN}
    if not any(map(_drops_unique, change.changes)):
        others -= {ChangeKind.DROP_INDEX}
    if all(map(is_virtual, change.added_columns)):
        others -= {ChangeKind.ADD_COLUMN}
    if not others:
        return None
    if others == {ChangeKind.CREATE_INDEX} and all(map(is_virtual, dropped)):
        return ChangeKind.CREATE_INDEX
    return ChangeKind.COPIED_BESIDE_VIRTUAL


def _drops_unique(change: Change) -> bool:
    match change:
        case DropIndex(index=index):
            return index.unique
        case DropConstraint(constraint=constraint):
            return isinstance(constraint, UniqueConstraint)
        case _:
            return False


def _is_elsewhere(table: TableSchema | None) -> bool:
    options = {} if table is None else table.dialect_options
    engine = options.get("mariadb_engine") or options.get("mysql_engine") or "InnoDB"
    return str(engine).lower() != "innodb"


def _rename(item: Any, table: TableSchema | None, block: AlterTable) -> ChangeKind:
    """Return the kind of a renamed index; one that supports a foreign key may be rebuilt."""
    names = block.renamed_columns
    keys = [] if table is None else [each.columns for each in table.foreign_keys]
    keys += [tuple(names.get(name, name) for name in key) for key in keys]
    of_key = any(key == item.columns[: len(key)] for key in keys)
    return ChangeKind.RENAME_INDEX_OF_FOREIGN_KEY if of_key else ChangeKind.RENAME_INDEX


def _renamed(change: AlterTable) -> list[object]:
    """Return the indexes that are dropped and created under another name: they are renamed."""
    renamed: list[object] = []
    dropped = [each.sides()[0] for each in change.changes if each.sides()[1] is None]
    added = [each.sides()[1] for each in change.changes if each.sides()[0] is None]
    for old in dropped:
        for new in added:
            alike = _content(old) is not None and _content(old) == _content(new)
            if alike and old.name != new.name and not any(new is each for each in renamed):
                renamed += [old, new]
                break
    return renamed


def _content(item: object) -> tuple[object, ...] | None:
    match item:
        case UniqueConstraint():
            return (True, item.columns)
        case Index() if all(isinstance(each, str) for each in item.elements):
            return (item.unique, item.columns)
        case _:
            return None


def _of(
    change: Change, table: TableSchema | None, counting: frozenset[str], ddl: DDLWriter
) -> Iterator[ChangeKind]:
    match change:
        case AddColumn():
            yield from _added(change, counting)
        case DropColumn(column=column):
            yield ChangeKind.DROP_COLUMN
            if table is not None and any(column.name in each.columns for each in table.indexes):
                yield ChangeKind.DROP_INDEX
        case AlterColumn():
            yield from altered(change, table, ddl)
        case RenameColumn():
            yield ChangeKind.RENAME_COLUMN
        case AddConstraint(constraint=constraint):
            if ddl.thawed_constraint(constraint) is not None:
                yield _add(constraint, table, ddl)
        case DropConstraint(constraint=constraint):
            if ddl.thawed_constraint(constraint) is not None:
                yield _drop(constraint, table, ddl)
        case CreateIndex(index=index):
            yield _create(index, table, ddl)
        case DropIndex():
            yield ChangeKind.DROP_INDEX
        case SetComment():
            yield ChangeKind.COMMENT
        case SetOptions():
            names = {name.partition("_")[2] for name in (*change.current, *change.desired)}
            if names == {"row_format"}:
                yield ChangeKind.ROW_FORMAT
            else:
                of_text = table is None or any(map(is_text, table.columns))
                plain = names <= {"charset", "collate"} and not of_text
                yield ChangeKind.CHARACTER_SET_WITHOUT_TEXT if plain else ChangeKind.OPTIONS


def _added(change: AddColumn, counting: frozenset[str]) -> Iterator[ChangeKind]:
    column = change.column
    if column.computed is not None:
        yield ChangeKind.ADD_COLUMN_STORED if is_stored(column) else ChangeKind.ADD_COLUMN
    elif column.name in counting:
        yield ChangeKind.ADD_COLUMN_NUMBERED
    else:
        yield ChangeKind.ADD_COLUMN if change.fill is None else ChangeKind.ADD_COLUMN_FILLED
        if change.fill is not None and not column.nullable:
            yield ChangeKind.NULL_OR_NOT_NULL
    if column.constraints:
        yield ChangeKind.ADD_CHECK


def _add(constraint: Constraint, table: TableSchema | None, ddl: DDLWriter) -> ChangeKind:
    match constraint:
        case PrimaryKeyConstraint():
            return ChangeKind.ADD_PRIMARY_KEY
        case ForeignKeyConstraint():
            return ChangeKind.ADD_FOREIGN_KEY
        case UniqueConstraint(columns=columns):
            return (
                ChangeKind.ADD_UNIQUE_OF_LONG_COLUMN
                if is_long(columns, table, ddl)
                else ChangeKind.ADD_UNIQUE
            )
        case _:
            return ChangeKind.ADD_CHECK


def _drop(constraint: Constraint, table: TableSchema | None, ddl: DDLWriter) -> ChangeKind:
    match constraint:
        case PrimaryKeyConstraint():
            return ChangeKind.DROP_PRIMARY_KEY
        case ForeignKeyConstraint():
            own = table is not None and has_other_index(constraint, table, ddl.dialect.name)
            return ChangeKind.DROP_FOREIGN_KEY if own else ChangeKind.DROP_FOREIGN_KEY_WITH_INDEX
        case CheckConstraint():
            return ChangeKind.DROP_CHECK
        case _:
            return ChangeKind.DROP_INDEX


def _create(index: Index, table: TableSchema | None, ddl: DDLWriter) -> ChangeKind:
    options = index.dialect_options
    if options.get("mariadb_prefix") or options.get("mysql_prefix"):
        return ChangeKind.CREATE_INDEX_FULLTEXT_OR_SPATIAL
    columns = tuple(each for each in index.elements if not isinstance(each, SQL))
    lengths = options.get("mariadb_length") or options.get("mysql_length")
    if index.unique and not lengths and is_long(columns, table, ddl):
        return ChangeKind.ADD_UNIQUE_OF_LONG_COLUMN
    return ChangeKind.CREATE_INDEX


def table_sizes(connection: Connection) -> dict[TableKey, Size]:
    """Return the sizes of the tables of the connected database, as InnoDB estimates them."""
    rows = connection.exec_driver_sql(SIZES).all()
    return {
        (None, name): Size(count, None if size is None else int(size)) for name, count, size in rows
    }
