"""What a change locks on MariaDB, and what it does with the rows; `FACTS` is the table.

Source: MariaDB's manual, "InnoDB Online DDL Operations". Tests state ALGORITHM and LOCK, which the
server accepts or refuses. MySQL has other rules and no facts here. Every statement waits for the
transactions that use the table, and new ones wait for it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

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
from ..base.facts import Fact, Facts, Lock, Waits, Work, together, worst
from .column_facts import altered, is_long, is_stored, is_text
from .key_indexes import has_other_index

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_INSTANT: Final = Lock(Waits.NOBODY, 1, "ALGORITHM=INSTANT, LOCK=NONE")
_NOCOPY: Final = Lock(Waits.NOBODY, 2, "ALGORITHM=NOCOPY, LOCK=NONE")
_INPLACE: Final = Lock(Waits.NOBODY, 3, "ALGORITHM=INPLACE, LOCK=NONE")
_INPLACE_SHARED: Final = Lock(Waits.WRITERS, 1, "ALGORITHM=INPLACE, LOCK=SHARED")
_COPY: Final = Lock(Waits.WRITERS, 2, "ALGORITHM=COPY, LOCK=SHARED")
_METADATA: Final = Lock(Waits.NOBODY, 0, "of the table's metadata")

FACTS: Final[Mapping[str, Fact]] = {
    "drop table": Fact(_METADATA, Work.DELETE),
    "rename table": Fact(_METADATA),
    "add column": Fact(_INSTANT),
    "add column, stored": Fact(_COPY, Work.REWRITE),
    "add column, numbered": Fact(_INPLACE_SHARED, Work.REWRITE),
    "add column, filled": Fact(_INSTANT, Work.UPDATE),
    "drop column": Fact(_INSTANT),
    "rename column": Fact(_INSTANT),
    "column": Fact(_INSTANT),
    "column, a longer one with an index": Fact(_NOCOPY, Work.INDEX),
    "column, NULL or NOT NULL": Fact(_INPLACE, Work.REWRITE),
    "column, NOT NULL, one added, beside one that is stored": Fact(_COPY, Work.REWRITE),
    "column, filled": Fact(_INPLACE, Work.UPDATE, "rows with NULL"),
    "column, another type": Fact(_COPY, Work.REWRITE),
    "column, computed": Fact(_COPY, Work.REWRITE),
    "add primary key": Fact(_INPLACE, Work.REWRITE),
    "drop primary key": Fact(_COPY, Work.REWRITE),
    "change primary key": Fact(_INPLACE, Work.REWRITE),
    "add unique": Fact(_NOCOPY, Work.INDEX),
    "add unique, of a long column": Fact(_COPY, Work.REWRITE),
    "add check": Fact(_COPY, Work.REWRITE),
    "drop check": Fact(_INSTANT),
    "add foreign key": Fact(_COPY, Work.REWRITE),
    "drop foreign key": Fact(_INSTANT),
    "drop foreign key, with its index": Fact(_NOCOPY),
    "create index": Fact(_NOCOPY, Work.INDEX),
    "create index, FULLTEXT or SPATIAL": Fact(_INPLACE_SHARED, Work.INDEX),
    "create index, with a column added or dropped": Fact(_INPLACE, Work.REWRITE),
    "drop index": Fact(_NOCOPY),
    "rename index": Fact(_INSTANT),
    "rename index, of a foreign key": Fact(
        _NOCOPY, Work.INDEX, "ALGORITHM=INSTANT, LOCK=NONE where the server has not made it"
    ),
    "comment": Fact(_INSTANT),
    "row format": Fact(_INPLACE, Work.REWRITE),
    "character set, no column of text": Fact(_INSTANT),
    "options": Fact(_COPY, Work.REWRITE),
    "another engine than InnoDB": Fact(_COPY, Work.REWRITE),
}
"""What MariaDB does with InnoDB's tables for each kind of change."""

BUILT: Final = frozenset({"add unique", "create index"})
"""The kinds that build an index; as the only change they need no copy."""


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
    found: list[Facts] = []
    match change:
        case DropTable(table=table):
            found.append({table_key(table): FACTS["drop table"]})
        case RenameTable():
            found.append({(change.schema, change.current): FACTS["rename table"]})
        case AddForeignKeys(table=table) | DropForeignKeys(table=table) if added_later(table):
            adds = isinstance(change, AddForeignKeys)
            found.append(
                {table_key(table): FACTS["add foreign key" if adds else "drop foreign key"]}
            )
        case AlterTable():
            facts = [FACTS[kind] for kind in _inside(change, tables.get(change.key), dialect)]
            if facts:
                found.append({change.key: worst(*facts)})
    return {key: fact for key, fact in together(found).items() if key in tables}


def _inside(change: AlterTable, table: TableSchema | None, dialect: Dialect) -> Iterator[str]:
    """Yield the kinds of the changes of a table, most of which are one statement."""
    ddl = DDLWriter(dialect, change.name, change.schema)
    kept = _renamed(change)
    kinds: list[str] = []
    for each in change.changes:
        item = each.sides()[0] or each.sides()[1]
        if any(item is other for other in kept):
            kinds.append(_rename(item, table, change))
        else:
            kinds += _of(each, table, added_autoincrement_columns(change), ddl)
    if {"add primary key", "drop primary key"}.issubset(kinds):
        kinds = ["change primary key" if "primary key" in kind else kind for kind in kinds]
    yield from kinds
    added = bool(change.added_columns)
    if BUILT.intersection(kinds) and (added or "drop column" in kinds):
        yield "create index, with a column added or dropped"
    stored = table is not None and any(map(is_stored, table.columns))
    if added and stored and "column, filled" in kinds:
        yield "column, NOT NULL, one added, beside one that is stored"
    if _is_elsewhere(table) and any(FACTS[kind].lock != _INSTANT for kind in kinds):
        yield "another engine than InnoDB"


def _is_elsewhere(table: TableSchema | None) -> bool:
    options = {} if table is None else table.dialect_options
    engine = options.get("mariadb_engine") or options.get("mysql_engine") or "InnoDB"
    return str(engine).lower() != "innodb"


def _rename(item: Any, table: TableSchema | None, block: AlterTable) -> str:
    """Return the kind of a renamed index; one that serves a foreign key may be rebuilt."""
    names = block.renamed_columns
    keys = [] if table is None else [each.columns for each in _foreign_keys(table)]
    keys += [tuple(names.get(name, name) for name in key) for key in keys]
    of_key = any(key == item.columns[: len(key)] for key in keys)
    return "rename index, of a foreign key" if of_key else "rename index"


def _foreign_keys(table: TableSchema) -> list[ForeignKeyConstraint]:
    return [each for each in table.constraints if isinstance(each, ForeignKeyConstraint)]


def _renamed(change: AlterTable) -> list[object]:
    """Return the indexes that are dropped and created under another name: they are renamed."""
    found: list[object] = []
    dropped = [each.sides()[0] for each in change.changes if each.sides()[1] is None]
    added = [each.sides()[1] for each in change.changes if each.sides()[0] is None]
    for old in dropped:
        for new in added:
            alike = _content(old) is not None and _content(old) == _content(new)
            if alike and old.name != new.name and not any(new is each for each in found):
                found += [old, new]
                break
    return found


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
) -> Iterator[str]:
    match change:
        case AddColumn():
            yield from _added(change, counting)
        case DropColumn(column=column):
            yield "drop column"
            if table is not None and any(column.name in each.columns for each in table.indexes):
                yield "drop index"
        case AlterColumn():
            yield from altered(change, table, ddl)
        case RenameColumn():
            yield "rename column"
        case AddConstraint(constraint=constraint):
            if ddl.thawed_constraint(constraint) is not None:
                yield _add(constraint, table, ddl)
        case DropConstraint(constraint=constraint):
            if ddl.thawed_constraint(constraint) is not None:
                yield _drop(constraint, table, ddl)
        case CreateIndex(index=index):
            yield _create(index, table, ddl)
        case DropIndex():
            yield "drop index"
        case SetComment():
            yield "comment"
        case SetOptions():
            names = {name.partition("_")[2] for name in (*change.current, *change.desired)}
            if names == {"row_format"}:
                yield "row format"
            else:
                of_text = table is None or any(map(is_text, table.columns))
                plain = names <= {"charset", "collate"} and not of_text
                yield "character set, no column of text" if plain else "options"


def _added(change: AddColumn, counting: frozenset[str]) -> Iterator[str]:
    column = change.column
    if column.computed is not None:
        yield "add column, stored" if is_stored(column) else "add column"
    elif column.name in counting:
        yield "add column, numbered"
    else:
        yield "add column" if change.fill is None else "add column, filled"
        if change.fill is not None and not column.nullable:
            yield "column, NULL or NOT NULL"
    if column.constraints:
        yield "add check"


def _add(constraint: Constraint, table: TableSchema | None, ddl: DDLWriter) -> str:
    match constraint:
        case PrimaryKeyConstraint():
            return "add primary key"
        case ForeignKeyConstraint():
            return "add foreign key"
        case UniqueConstraint(columns=columns):
            return "add unique, of a long column" if is_long(columns, table, ddl) else "add unique"
        case _:
            return "add check"


def _drop(constraint: Constraint, table: TableSchema | None, ddl: DDLWriter) -> str:
    match constraint:
        case PrimaryKeyConstraint():
            return "drop primary key"
        case ForeignKeyConstraint():
            own = table is not None and has_other_index(constraint, table, ddl.dialect.name)
            return "drop foreign key" if own else "drop foreign key, with its index"
        case CheckConstraint():
            return "drop check"
        case _:
            return "drop index"


def _create(index: Index, table: TableSchema | None, ddl: DDLWriter) -> str:
    options = index.dialect_options
    if options.get("mariadb_prefix") or options.get("mysql_prefix"):
        return "create index, FULLTEXT or SPATIAL"
    columns = tuple(each for each in index.elements if not isinstance(each, SQL))
    lengths = options.get("mariadb_length") or options.get("mysql_length")
    if index.unique and not lengths and is_long(columns, table, ddl):
        return "add unique, of a long column"
    return "create index"
