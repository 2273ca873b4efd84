"""What a change locks on PostgreSQL, and what it does with the rows; `change_kinds` is the table.

Not here: the kinds of a changed column, see `column_facts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy.engine import Connection, Dialect

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
    RenameColumn,
    RenameGeneratedNames,
    RenameTable,
    SetComment,
    SetOptions,
    TableKey,
    Tables,
)
from ...diff.autoincrement import added_autoincrement_columns
from ...diff.changes.base import table_key
from ...diff.changes.columns import ColumnChange
from ...diff.changes.domains import domains_in, type_place
from ...diff.changes.enums_and_sequences import enum_identity, named_enum, type_with_enums
from ...diff.order import added_later
from ...errors import SchemaError
from ...schema import CheckConstraint, Constraint, ForeignKeyConstraint, TableSchema
from ...schema.tables import PREFIXES, inherits_of
from ...sqltext import POSTGRESQL, mentioned, tokens
from ..base.ddl import DDLWriter
from ..base.facts import Facts, Size, together
from .alter_domain import checks_rows, is_replaced
from .change_kinds import ChangeKind
from .column_facts import added, altered, keys_between
from .constraint_names import renamed_constraints

Affected: TypeAlias = tuple[ChangeKind, TableKey]
"""A kind of change, and the affected table."""

_GENTLE: Final[Mapping[ChangeKind, ChangeKind]] = {
    ChangeKind.ADD_CHECK: ChangeKind.ADD_CHECK_NOT_VALID,
    ChangeKind.ADD_FOREIGN_KEY: ChangeKind.ADD_FOREIGN_KEY_NOT_VALID,
    ChangeKind.CREATE_INDEX: ChangeKind.CREATE_INDEX_CONCURRENTLY,
    ChangeKind.DROP_INDEX: ChangeKind.DROP_INDEX_CONCURRENTLY,
}
"""The kinds with the option NOT VALID or CONCURRENTLY."""

SIZES = """
SELECT nullif(n.nspname, pg_catalog.current_schema()), c.relname, c.reltuples::bigint,
    pg_catalog.pg_total_relation_size(c.oid)
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
"""


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
    return together({key: kind.fact} for kind, key in kinds if key in tables)


def _outside_brackets(statement: str) -> str:
    """Return the keywords of a statement, without what is in brackets: columns and expressions."""
    keywords, depth = [], 0
    for token in tokens(statement, POSTGRESQL):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            keywords.append(token.upper)
    return " ".join(keywords)


def _as_stated(kind: ChangeKind, keywords: str) -> ChangeKind:
    """Return the kind with the option that only the statement has, not the index or constraint."""
    option = (
        " CONCURRENTLY"
        if kind in {ChangeKind.CREATE_INDEX, ChangeKind.DROP_INDEX}
        else " NOT VALID"
    )
    return _GENTLE.get(kind, kind) if option in keywords else kind


def _kinds(change: Change, tables: Tables, dialect: Dialect) -> Iterator[Affected]:
    match change:
        case CreateTable(table=table):
            yield from _referred(table.constraints, ChangeKind.REFERRED_TO_BY_NEW_KEY)
            parents = ((table.schema, name) for name in inherits_of(table))
            yield from ((ChangeKind.INHERITED_BY_NEW_TABLE, key) for key in parents)
        case DropTable(table=table):
            known = tables.get(table_key(table), table)
            yield ChangeKind.DROP_TABLE, table_key(table)
            yield from _referred(known.constraints, ChangeKind.REFERRED_TO_BY_DROPPED_KEY)
        case RenameTable():
            yield ChangeKind.RENAME_TABLE, (change.schema, change.current)
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


def _referred(constraints: Iterable[Any], kind: ChangeKind) -> Iterator[Affected]:
    for each in constraints:
        if isinstance(each, ForeignKeyConstraint):
            yield kind, (each.references_schema, each.references_table)


def _inside(change: AlterTable, tables: Tables, dialect: Dialect) -> Iterator[Affected]:
    ddl = DDLWriter(dialect, change.name, change.schema)
    former = renamed_constraints(change)
    renamed = {*former, *former.values()}
    counting = added_autoincrement_columns(change)
    children = list(_descendants(change.key, tables))
    now = tables
    for each in change.changes:
        if isinstance(each, AddConstraint | DropConstraint) and each.constraint in renamed:
            kinds: Iterable[Affected] = [(ChangeKind.RENAME_CONSTRAINT, change.key)]
        elif isinstance(each, AddColumn):
            counts = each.column.name in counting
            kinds_of_column = added(each.column, each.fill, counts=counts, dialect=dialect)
            kinds = [(kind, change.key) for kind in kinds_of_column]
        else:
            kinds = _of_table(each, change.key, now, ddl)
        for kind, key in kinds:
            yield kind, key
            if key == change.key and _is_passed_on(each):
                yield from ((kind, child) for child in children)
        now = _applied(each, now, change.key)


def _descendants(key: TableKey, tables: Tables) -> Iterator[TableKey]:
    schema, name = key
    for child, table in tables.items():
        if child[0] == schema and name in inherits_of(table):
            yield child
            yield from _descendants(child, tables)


def _is_passed_on(change: Change) -> bool:
    """Tell whether tables that inherit get a change with their parent (the manual, ALTER TABLE)."""
    if isinstance(change, AddConstraint | DropConstraint):
        return isinstance(change.constraint, CheckConstraint)
    return isinstance(change, ColumnChange | RenameColumn)


def _applied(change: Change, tables: Tables, key: TableKey) -> Tables:
    try:
        return change.apply(tables, key)
    except SchemaError:  # of a name that only the server knows
        return tables


def _of_table(change: Change, key: TableKey, tables: Tables, ddl: DDLWriter) -> Iterator[Affected]:
    table = tables.get(key)
    match change:
        case DropColumn(column=column):
            yield ChangeKind.DROP_COLUMN, key
            every = () if table is None else table.foreign_keys
            keys = [each for each in every if column.name in each.columns]
            yield from _referred(keys, ChangeKind.REFERRED_TO_BY_DROPPED_KEY)
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
            kind = (
                ChangeKind.CREATE_INDEX
                if isinstance(change, CreateIndex)
                else ChangeKind.DROP_INDEX
            )
            if ddl.index(index) is not None:
                yield _gentle(kind, index.dialect_options.get("postgresql_concurrently")), key
        case SetComment():
            yield ChangeKind.COMMENT, key
        case SetOptions():
            yield from ((kind, key) for kind in _options(change))
        case RenameGeneratedNames():
            if change.constraints:
                yield ChangeKind.RENAME_CONSTRAINT, key
        case RenameColumn():
            yield ChangeKind.RENAME_COLUMN, key
        case _:
            raise NotImplementedError(change.method)


def _add(constraint: Constraint, key: TableKey) -> Iterator[Affected]:
    not_valid = constraint.dialect_options.get("postgresql_not_valid")
    match constraint:
        case ForeignKeyConstraint():
            yield _gentle(ChangeKind.ADD_FOREIGN_KEY, not_valid), key
            yield from _referred([constraint], ChangeKind.REFERRED_TO_BY_NEW_KEY)
        case CheckConstraint():
            yield _gentle(ChangeKind.ADD_CHECK, not_valid), key
        case _:
            yield ChangeKind.ADD_KEY, key


def _drop(constraint: Constraint, key: TableKey) -> Iterator[Affected]:
    yield ChangeKind.DROP_CONSTRAINT, key
    yield from _referred([constraint], ChangeKind.REFERRED_TO_BY_DROPPED_KEY)


def _gentle(kind: ChangeKind, option: object) -> ChangeKind:
    return _GENTLE[kind] if option else kind


def _options(change: SetOptions) -> Iterator[ChangeKind]:
    for name in {*change.current, *change.desired}:
        match name.removeprefix("postgresql_"):
            case "with":
                yield ChangeKind.STORAGE_PARAMETERS
            case "tablespace" | "using":
                yield ChangeKind.OPTIONS_REWRITTEN
            case "inherits":
                yield ChangeKind.OPTIONS
            case _ if name == PREFIXES:
                yield ChangeKind.OPTIONS_REWRITTEN


def _labels(change: AlterEnum, tables: Tables) -> Iterator[Affected]:
    before, after = change.types()
    old = [change.renamed.get(str(label), label) for label in before.args]
    kept = [label for label in after.args if label in old]
    if old == list(after.args):
        return  # only renamed
    kind = ChangeKind.LABELS_ADDED if kept == old else ChangeKind.LABELS_SWAPPED
    having = {key: names for key, table in tables.items() if (names := _of_enum(table, after))}
    if kept == old and not change.used and any(_is_used(tables[k], n) for k, n in having.items()):
        return  # the type is kept, with ADD VALUE
    yield from ((kind, key) for key in having)


def _of_enum(table: TableSchema, enum: DataType) -> set[str]:
    """Return the columns of an enum type."""
    enums = ((str(column.name), named_enum(column)) for column in table.columns)
    return {name for name, each in enums if each and enum_identity(each) == enum_identity(enum)}


def _is_used(table: TableSchema, names: set[str]) -> bool:
    """Tell whether a generated column has the enum type, or uses a column of it."""
    return any(
        column.name in names or names & mentioned(column.computed.expression.text, POSTGRESQL)
        for column in table.columns
        if column.computed is not None
    )


def _domain(change: AlterDomain, tables: Tables) -> Iterator[Affected]:
    if not (is_replaced(change) or checks_rows(change)):
        return
    kind = ChangeKind.DOMAIN_REPLACED if is_replaced(change) else ChangeKind.DOMAIN_CHECKED
    _, domain = change.types()
    for key, table in tables.items():
        types = (DataType.parse(type_with_enums(column)) for column in table.columns)
        if any(type_place(e) == type_place(domain) for t in types for e in domains_in(t)):
            yield kind, key


def table_sizes(connection: Connection) -> dict[TableKey, Size]:
    """Return the sizes of all tables, as the last ANALYZE or VACUUM estimated them.

    The number of rows is unknown before the first one.
    """
    return {
        (schema, name): Size(rows if rows > 0 or not size else None, size)
        for schema, name, rows, size in connection.exec_driver_sql(SIZES)
    }
