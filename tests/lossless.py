"""What "lossless" means, as one call: `assert_lossless(table)`.

A frozen table says the same DDL as the original in the words of each dialect, without a database.
"""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from pkgutil import resolve_name
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects.mssql.pyodbc import MSDialect_pyodbc
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable, SetConstraintComment
from sqlalchemy.sql.ddl import CreateSequence
from sqlalchemy_cockroachdb.psycopg import CockroachDBDialect_psycopg

from alembic_moltres import schema as values
from alembic_moltres.convert import DIALECT_CLASSES, model_to_schema, schema_to_table
from alembic_moltres.convert.dialects import ddl_compiler
from alembic_moltres.schema import TableSchema


def _new(dialect_class: Any) -> Dialect:
    dialect: Dialect = dialect_class()
    if dialect.name == "mssql":
        dialect.default_schema_name = "dbo"  # else it cannot write comments
    return dialect


DIALECTS = {
    name: _new(resolve_name(dialect_class)) for name, dialect_class in DIALECT_CLASSES.items()
}
"""Every dialect that SQLAlchemy ships, as it is without a driver; MySQL doubles percent signs."""

CONNECTED = {
    "psycopg": _new(PGDialect_psycopg),  # doubles percent signs as well
    "pyodbc": _new(MSDialect_pyodbc),
    "cockroachdb": _new(CockroachDBDialect_psycopg),
}
"""Drivers, and a third party's dialect: what they say by themselves is frozen for them first."""

FAILURES = (exc.SQLAlchemyError, NotImplementedError, AttributeError)
"""What SQLAlchemy raises for what a dialect cannot say."""

NAMES = {name: getattr(values, name) for name in values.__all__} | {"Decimal": Decimal}
"""What a script imports."""


def ddl(table: sa.Table, dialect: Dialect) -> list[str | None]:
    """Return every statement that makes a table, and `None` for what the dialect cannot say.

    First what `create_all` runs, events included and indexes in one order, then each part by
    itself, because `create_all` leaves out what this dialect does not support.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", exc.SAWarning)
        warnings.simplefilter("ignore", exc.SADeprecationWarning)
        return [_created(table, dialect), *(_text(part, dialect) for part in _parts(table))]


def _created(table: sa.Table, dialect: Dialect) -> str | None:
    made: list[str | None] = []

    def execute(element: Any, *_: Any, **__: Any) -> None:
        made.append(_text(element, dialect))

    connection: Any = MockConnection(dialect, execute)
    try:
        table.metadata.create_all(connection, [table], checkfirst=False)
    except FAILURES:
        return None
    texts = [text for text in made if text is not None]
    return ";\n".join(sorted(texts, key=_place)) if len(texts) == len(made) else None


def _place(text: str) -> tuple[int, str]:
    """Sort what `create_all` makes in any order: types, sequences, indexes, keys."""
    if text.startswith(("CREATE TYPE", "CREATE SEQUENCE", "CREATE DOMAIN")):
        return 0, text
    if text.startswith(("COMMENT ON CONSTRAINT", "ALTER TABLE")):
        return 3, text
    return (2, text) if " INDEX " in text.partition(" ON ")[0] else (1, "")


def _parts(table: sa.Table) -> Iterator[Any]:
    yield CreateTable(table)
    for index in sorted(table.indexes, key=lambda each: (str(each.name), _ddl_if(each))):
        yield CreateIndex(index)
    for constraint in sorted(table.constraints, key=lambda item: item._creation_order):
        if constraint.comment:
            yield SetConstraintComment(constraint)
        if isinstance(constraint, sa.ForeignKeyConstraint):
            rule = constraint._create_rule
            yield AddConstraint(constraint)
            constraint._create_rule = rule  # else CREATE TABLE would leave the key out from now on
    for column in table.columns:
        if isinstance(column.default, sa.Sequence):
            yield CreateSequence(column.default)


def _ddl_if(index: sa.Index) -> list[str]:
    """Return the dialects that an index is for, to tell apart two of one name."""
    condition = index._ddl_if
    if condition is None:
        return []
    create, found = CreateIndex(index), []
    for name, dialect in DIALECTS.items():
        if condition._should_execute(create, index, None, compiler=ddl_compiler(dialect)):
            found.append(name)
    return found


def _text(element: Any, dialect: Dialect) -> str | None:
    try:
        return str(element.compile(dialect=dialect))
    except FAILURES:
        return None


def attributes(table: sa.Table) -> dict[tuple[int, str], Any]:
    """Return every attribute of a table and its parts: a snapshot that tells of any change."""
    found: dict[tuple[int, str], Any] = {}
    for item in _reachable(table):
        for name, content in vars(item).items():
            if not _is_memoized(item, name):
                found[id(item), name] = _identity(content)
    for event in ("before_create", "after_create", "before_drop", "after_drop"):
        found[0, event] = [id(listener) for listener in getattr(table.dispatch, event)]
    return found


def _reachable(table: sa.Table) -> Iterator[Any]:
    yield table
    yield table.metadata
    for column in table.columns:
        yield column
        yield column.type
        yield from column.foreign_keys
        yield from column.constraints
        yield from (part for part in (column.default, column.server_default) if part is not None)
    yield from table.constraints
    yield from table.indexes


def _is_memoized(item: Any, name: str) -> bool:
    owner = getattr(type(item), name, None)
    return "memoized" in type(owner).__name__ or name in {"_static_cache_key", "_pending_colargs"}


def _identity(content: Any) -> Any:
    if isinstance(content, dict):
        return [(key, id(entry)) for key, entry in content.items()]
    if isinstance(content, (list, tuple, set, frozenset)):
        return sorted(map(id, content))
    return id(content)


def assert_says_the_same(original: sa.Table, thawed: sa.Table, dialect: Dialect) -> None:
    """Compare the DDL wherever the original has any."""
    expected, actual = ddl(original, dialect), ddl(thawed, dialect)
    pairs = [pair for pair in zip(expected, actual, strict=True) if pair[0] is not None]
    assert (dialect.name, [text for text, _ in pairs]) == (
        dialect.name,
        [text for _, text in pairs],
    )


def assert_copies(original: sa.Table, thawed: sa.Table, names: Iterable[str]) -> None:
    """Prove that `to_metadata` keeps what it keeps of the original, too.

    SQLAlchemy itself loses the constraints' order when it copies a table, and for some tables more.
    """
    try:
        copied = _copied(original)
    except FAILURES:
        return  # SQLAlchemy reads a dot in a column's name as the end of the table's
    thawed_copied = _copied(thawed)
    for dialect in (DIALECTS[name] for name in names):
        expected = _lines(ddl(original, dialect))
        if None not in ddl(original, dialect) and expected == _lines(ddl(copied, dialect)):
            assert expected == _lines(ddl(thawed_copied, dialect))


def _lines(said: list[str | None]) -> list[str]:
    return sorted(line.rstrip(", ") for text in said if text for line in text.splitlines())


def assert_lossless(table: sa.Table, without: Collection[str] = ()) -> TableSchema:
    """Freeze a table, prove that nothing was lost and nothing was touched; return the value.

    Args:
        without: dialects for which SQLAlchemy itself writes what no database takes.
    """
    before = attributes(table)
    frozen = model_to_schema(table)
    assert before == attributes(table)
    assert_is_a_value(frozen)
    thawed = schema_to_table(frozen, sa.MetaData())
    again = model_to_schema(thawed)  # before MariaDB's compiler changes columns
    assert frozen == again
    assert repr(frozen) == repr(again)
    for name in DIALECTS.keys() - set(without):
        assert_says_the_same(table, thawed, DIALECTS[name])
    for name in CONNECTED.keys() - set(without):
        known = model_to_schema(table, dialects=[CONNECTED[name]])
        assert_says_the_same(table, schema_to_table(known, sa.MetaData()), CONNECTED[name])
    assert_copies(table, thawed, DIALECTS.keys() - set(without))
    return frozen


def _copied(table: sa.Table) -> sa.Table:
    metadata = sa.MetaData()
    copies = {other: other.to_metadata(metadata) for other in table.metadata.tables.values()}
    return copies[table]


def assert_is_a_value(value: TableSchema) -> None:
    """Prove that a value is what it is written as, and survives what Python does to values."""
    written = eval(repr(value), dict(NAMES))
    assert value == written
    assert hash(value) == hash(written)
    assert repr(value) == repr(written)
    for other in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert value == other
        assert repr(value) == repr(other)
