"""What a change locks on PostgreSQL, and what it does with the rows; `FACTS` is the table.

Sources: the manual, "Explicit Locking" and ALTER TABLE, "Notes". Tests compare it with `pg_locks`,
changed file nodes and counted scans. Not here: the kinds of a changed column, see `column_facts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ...datatypes import DataType
from ...diff import (
    AddColumn,
    AddConstraint,
    AddForeignKeys,
    AlterColumn,
    AlterDomain,
    AlterEnum,
    AlterTable,
    Change,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropForeignKeys,
    DropIndex,
    DropTable,
    RenameGeneratedNames,
    RenameTable,
    SetComment,
    SetOptions,
    TableKey,
    Tables,
)
from ...diff.autoincrement import added_autoincrement_columns
from ...diff.changes.alter_table import PREFIXES
from ...diff.changes.base import table_key
from ...diff.changes.domains import domains_in, place_of_domain
from ...diff.changes.enums_and_sequences import enum_identity, named_enum, type_with_enums
from ...diff.order import added_later
from ...errors import SchemaError
from ...schema import CheckConstraint, Constraint, ForeignKeyConstraint, Index, TableSchema
from ...schema.tables import inherits_of
from ...sqltext import POSTGRESQL, mentioned, tokens
from ..base.ddl import DDLWriter
from ..base.facts import Fact, Facts, Lock, Waits, Work, together
from .alter_domain import checks_rows, is_replaced
from .alter_enum import SMALL
from .column_facts import added, altered, keys_between
from .constraint_names import renamed_constraints

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_SHARE_UPDATE: Final = Lock(Waits.NOBODY, 1, "SHARE UPDATE EXCLUSIVE")
_SHARE: Final = Lock(Waits.WRITERS, 1, "SHARE")
_SHARE_ROW: Final = Lock(Waits.WRITERS, 2, "SHARE ROW EXCLUSIVE")
_ALL: Final = Lock(Waits.EVERYBODY, 1, "ACCESS EXCLUSIVE")

FACTS: Final[Mapping[str, Fact]] = {
    "drop table": Fact(_ALL, Work.DELETE),
    "rename table": Fact(_ALL),
    "add column": Fact(_ALL),
    "add column, NOT NULL without a default": Fact(_ALL, Work.SCAN),
    "add column, with a check": Fact(_ALL, Work.SCAN),
    "add column, a value for each row": Fact(_ALL, Work.REWRITE),
    "add column, filled": Fact(_ALL, Work.UPDATE),
    "drop column": Fact(_ALL),
    "rename column": Fact(_ALL),
    "type, the same bytes": Fact(_ALL),
    "type, the same bytes, a check": Fact(_ALL, Work.SCAN),
    "type, the same bytes, an index": Fact(_ALL, Work.INDEX),
    "type, rewritten": Fact(_ALL, Work.REWRITE),
    "type, time zone": Fact(
        _ALL, Work.REWRITE, "not rewritten where the session's TimeZone is UTC"
    ),
    "type of a column that is referred to": Fact(_ALL, Work.SCAN),
    "type of a foreign key": Fact(_ALL),
    "default": Fact(_ALL),
    "set NOT NULL": Fact(_ALL, Work.SCAN),
    "set NOT NULL, filled": Fact(_ALL, Work.UPDATE, "rows with NULL"),
    "drop NOT NULL": Fact(_ALL),
    "numbers": Fact(_ALL),
    "numbers, from the greatest": Fact(_ALL, Work.SCAN),
    "computed": Fact(_ALL, Work.REWRITE),
    "no longer computed": Fact(_ALL),
    "add check": Fact(_ALL, Work.SCAN),
    "add check NOT VALID": Fact(_ALL),
    "add key": Fact(_ALL, Work.INDEX),
    "add foreign key": Fact(_SHARE_ROW, Work.SCAN),
    "add foreign key NOT VALID": Fact(_SHARE_ROW),
    "referred to by a new foreign key": Fact(_SHARE_ROW),
    "inherited by a new table": Fact(_SHARE_UPDATE),
    "rename constraint": Fact(_ALL),
    "drop constraint": Fact(_ALL),
    "referred to by a dropped foreign key": Fact(_ALL),
    "create index": Fact(_SHARE, Work.INDEX),
    "create index CONCURRENTLY": Fact(_SHARE_UPDATE, Work.INDEX),
    "drop index": Fact(_ALL),
    "drop index CONCURRENTLY": Fact(_SHARE_UPDATE),
    "comment": Fact(_SHARE_UPDATE),
    "storage parameters": Fact(_SHARE_UPDATE),
    "options": Fact(_ALL),
    "options, rewritten": Fact(_ALL, Work.REWRITE),
    "labels, added": Fact(
        _ALL, Work.REWRITE, "up to 8 MB; a larger table is neither locked nor rewritten", SMALL
    ),
    "labels, swapped": Fact(_ALL, Work.REWRITE),
    "domain, checked": Fact(_SHARE, Work.SCAN),
    "domain, made anew": Fact(_ALL, Work.REWRITE),
}
"""What PostgreSQL does for each kind of change."""

Kind: TypeAlias = tuple[str, TableKey]
"""A kind of change, and the affected table."""


def facts_of(
    change: Change, tables: Tables, dialect: Dialect, statements: Sequence[str] = ()
) -> Facts:
    """Return what a change does to existing tables.

    Args:
        change: of a whole database.
        tables: before it.
        dialect: with the version of the server.
        statements: the SQL of the script, if the change is not an operation of this package.

    >>> from sqlalchemy.dialects import postgresql
    >>> from ...schema import column
    >>> users = TableSchema("users", [column("n", "INTEGER")])
    >>> change = AlterTable("users", None, (DropColumn(users.columns[0]),))
    >>> facts_of(change, {(None, "users"): users}, postgresql.dialect())[None, "users"].lock.name
    'ACCESS EXCLUSIVE'
    """
    keywords = " ".join(map(_outside_brackets, statements))
    kinds = [(_as_stated(kind, keywords), key) for kind, key in _kinds(change, tables, dialect)]
    return together({key: FACTS[kind]} for kind, key in kinds if key in tables)


def _outside_brackets(statement: str) -> str:
    """Return the keywords of a statement, without what is in brackets: columns and expressions."""
    keywords, depth = [], 0
    for token in tokens(statement, POSTGRESQL):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            keywords.append(token.upper)
    return " ".join(keywords)


def _as_stated(kind: str, keywords: str) -> str:
    """Return the kind with the option that only the statement has, not the index or constraint."""
    for option in ("CONCURRENTLY", "NOT VALID"):
        if f"{kind} {option}" in FACTS and f" {option}" in keywords:
            return f"{kind} {option}"
    return kind


def _kinds(change: Change, tables: Tables, dialect: Dialect) -> Iterator[Kind]:
    match change:
        case CreateTable(table=table):
            yield from _referred(table.constraints, "referred to by a new foreign key")
            parents = ((table.schema, name) for name in inherits_of(table))
            yield from (("inherited by a new table", key) for key in parents)
        case DropTable(table=table):
            known = tables.get(table_key(table), table)
            yield "drop table", table_key(table)
            yield from _referred(known.constraints, "referred to by a dropped foreign key")
        case RenameTable():
            yield "rename table", (change.schema, change.current)
        case AddForeignKeys(table=table) | DropForeignKeys(table=table):
            adds = isinstance(change, AddForeignKeys)
            for key in added_later(table):
                yield from _add(key, table_key(table)) if adds else _drop(key, table_key(table))
        case AlterEnum():
            yield from _labels(change, tables)
        case AlterDomain():
            yield from _domain(change, tables)
        case AlterTable():
            yield from _inside(change, tables, dialect)


def _referred(constraints: Iterable[Any], kind: str) -> Iterator[Kind]:
    for each in constraints:
        if isinstance(each, ForeignKeyConstraint):
            yield kind, (each.references_schema, each.references_table)


def _inside(change: AlterTable, tables: Tables, dialect: Dialect) -> Iterator[Kind]:
    ddl = DDLWriter(dialect, change.name, change.schema)
    former = renamed_constraints(change)
    renamed = {*former, *former.values()}
    counting = added_autoincrement_columns(change)
    now = tables
    for each in change.changes:
        if isinstance(each, AddConstraint | DropConstraint) and each.constraint in renamed:
            yield "rename constraint", change.key
        elif isinstance(each, AddColumn):
            counts = each.column.name in counting
            kinds = added(each.column, each.fill, counts=counts, dialect=dialect)
            yield from ((kind, change.key) for kind in kinds)
        else:
            yield from _of_table(each, change.key, now, ddl)
        now = _applied(each, now, change.key)


def _applied(change: Change, tables: Tables, key: TableKey) -> Tables:
    try:
        return change.apply(tables, key)
    except SchemaError:  # of a name that only the server knows
        return tables


def _of_table(change: Change, key: TableKey, tables: Tables, ddl: DDLWriter) -> Iterator[Kind]:
    table = tables.get(key)
    match change:
        case DropColumn(column=column):
            yield "drop column", key
            keys = [each for each in _keys(table) if column.name in each.columns]
            yield from _referred(keys, "referred to by a dropped foreign key")
        case AlterColumn():
            yield from ((kind, key) for kind in altered(change, table, ddl))
            yield from keys_between(change, key, tables, ddl)
        case AddConstraint(constraint=constraint):
            if ddl.thawed_constraint(constraint) is not None:
                yield from _add(constraint, key)
        case DropConstraint(constraint=constraint):
            if ddl.thawed_constraint(constraint) is not None:
                yield from _drop(constraint, key)
        case CreateIndex(index=index) | DropIndex(index=index):
            verb = "create" if isinstance(change, CreateIndex) else "drop"
            if ddl.index(index) is not None:
                yield f"{verb} index{_concurrently(index)}", key
        case SetComment():
            yield "comment", key
        case SetOptions():
            yield from ((kind, key) for kind in _options(change))
        case RenameGeneratedNames():
            if change.constraints:
                yield "rename constraint", key
        case _:
            yield "rename column", key


def _keys(table: TableSchema | None) -> list[ForeignKeyConstraint]:
    constraints = () if table is None else table.constraints
    return [each for each in constraints if isinstance(each, ForeignKeyConstraint)]


def _add(constraint: Constraint, key: TableKey) -> Iterator[Kind]:
    unchecked = " NOT VALID" if constraint.dialect_options.get("postgresql_not_valid") else ""
    match constraint:
        case ForeignKeyConstraint():
            yield f"add foreign key{unchecked}", key
            yield from _referred([constraint], "referred to by a new foreign key")
        case CheckConstraint():
            yield f"add check{unchecked}", key
        case _:
            yield "add key", key


def _drop(constraint: Constraint, key: TableKey) -> Iterator[Kind]:
    yield "drop constraint", key
    yield from _referred([constraint], "referred to by a dropped foreign key")


def _concurrently(index: Index) -> str:
    return " CONCURRENTLY" if index.dialect_options.get("postgresql_concurrently") else ""


def _options(change: SetOptions) -> Iterator[str]:
    for name in {*change.current, *change.desired}:
        match name.removeprefix("postgresql_"):
            case "with":
                yield "storage parameters"
            case "tablespace" | "using":
                yield "options, rewritten"
            case "inherits":
                yield "options"
            case _ if name == PREFIXES:
                yield "options, rewritten"


def _labels(change: AlterEnum, tables: Tables) -> Iterator[Kind]:
    before, after = change.types()
    old = [change.renamed.get(str(label), label) for label in before.args]
    kept = [label for label in after.args if label in old]
    if old == list(after.args):
        return  # only renamed
    kind = "labels, added" if kept == old else "labels, swapped"
    having = {key: names for key, table in tables.items() if (names := _of_enum(table, after))}
    if kept == old and not change.used and any(_is_used(tables[k], n) for k, n in having.items()):
        return  # the type is kept, with ADD VALUE
    yield from ((kind, key) for key in having)


def _of_enum(table: TableSchema, enum: DataType) -> set[str]:
    """Return the columns of an enum type."""
    found = ((str(column.name), named_enum(column)) for column in table.columns)
    return {name for name, each in found if each and enum_identity(each) == enum_identity(enum)}


def _is_used(table: TableSchema, names: set[str]) -> bool:
    """Tell whether a generated column has the enum type, or uses a column of it."""
    return any(
        column.name in names or names & mentioned(column.computed.expression.text, POSTGRESQL)
        for column in table.columns
        if column.computed is not None
    )


def _domain(change: AlterDomain, tables: Tables) -> Iterator[Kind]:
    if not (is_replaced(change) or checks_rows(change)):
        return
    kind = "domain, made anew" if is_replaced(change) else "domain, checked"
    _, domain = change.types()
    for key, table in tables.items():
        types = (DataType.parse(type_with_enums(column)) for column in table.columns)
        if any(place_of_domain(e) == place_of_domain(domain) for t in types for e in domains_in(t)):
            yield kind, key
