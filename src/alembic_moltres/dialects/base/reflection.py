"""Reflection: the tables of a database, and the models' tables as the database would return them.

Each dialect implements both; see `DialectImpl`. Nothing here depends on a dialect's catalogue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from sqlalchemy.engine import Connection

from ...convert.models import model_to_schema, table_of
from ...errors import OperationError, ReflectError
from ...messages import did_you_mean
from ...schema import TableSchema
from .align import align, comparable
from .impl import DialectImpl
from .registry import impl_of
from .signatures import ReflectedTable, is_own
from .unstated import with_unstated

Key = tuple[str | None, str]
"""A table's schema, `None` for the default one, and its name."""


def reflect_table(connection: Connection, name: str, schema: str | None = None) -> TableSchema:
    """Return a table of the database as a value.

    Args:
        connection: to the database.
        name: the table's name.
        schema: the schema that it is in, `None` for the default one.

    Raises:
        OperationError: there is no such table, or the dialect cannot be read.

    >>> from sqlalchemy import create_engine
    >>> engine = create_engine("sqlite://")
    >>> with engine.connect() as connection:
    ...     _ = connection.exec_driver_sql("CREATE TABLE tags (name VARCHAR(20) PRIMARY KEY)")
    ...     reflect_table(connection, "tags").columns[0].name
    'name'
    """
    tables = reader(connection).read(connection, schema, [name])
    if not tables:
        hint = did_you_mean(name, reader(connection).table_names(connection, schema))
        where = f"the schema {schema!r}" if schema else "the default schema"
        raise OperationError(f"there is no table {name!r} (at {where}){hint}", name)
    return _own(tables[0])


def reflect_model(connection: Connection, model: object) -> TableSchema:
    """Return the table of a model as the database has it now.

    Items that do not differ have the model's form, so the result equals `model_to_schema(model)`
    if, and only if, the table is up to date.

    Raises:
        NotAModelError: it is neither a mapped class nor a `Table`.
        OperationError: there is no such table, or the dialect cannot be read.
    """
    from ...diff import diff

    table, desired = table_of(model), model_to_schema(model)
    tables = reader(connection).read(connection, table.schema, [table.name])
    if not tables:
        return reflect_table(connection, table.name, table.schema)  # raises for the missing table
    (expected,) = reflect_expected(connection, [desired])
    expected = with_unstated(tables[0], expected)
    current = align(tables[0], expected)
    return current if diff([current], [expected.table]) else desired


def reflect_tables(
    connection: Connection, *, schema: str | None = None, names: Iterable[str] | None = None
) -> list[TableSchema]:
    """Return tables of the database as values, in the order of their names.

    Args:
        connection: to the database.
        schema: the schema that they are in, `None` for the default one.
        names: which ones; missing ones are left out. By default all, without views, partitions and
            tables of extensions.

    Raises:
        OperationError: the dialect cannot be read.

    >>> from sqlalchemy import create_engine
    >>> engine = create_engine("sqlite://")
    >>> with engine.connect() as connection:
    ...     reflect_tables(connection)
    []
    """
    reads = reader(connection)
    wanted = reads.table_names(connection, schema) if names is None else list(names)
    reflected = reads.read(connection, schema, wanted) if wanted else []
    return sorted(map(_own, reflected), key=lambda table: table.name)


def _own(reflected: ReflectedTable) -> TableSchema:
    """Return a table without the items that it inherits from its parents."""
    if not reflected.parents:
        return reflected.table
    return replace(
        reflected.table,
        columns=tuple(each.column for each in reflected.columns if is_own(each)),
        constraints=tuple(each.item for each in reflected.constraints if is_own(each)),
    )


def table_keys(connection: Connection, schemas: Iterable[str | None]) -> list[Key]:
    """Return the schemas and names of the tables of schemas; `None` is the default one."""
    reads = reader(connection)
    return [(schema, name) for schema in schemas for name in reads.table_names(connection, schema)]


def reflect_database(connection: Connection, tables: Collection[Key]) -> dict[Key, ReflectedTable]:
    """Return those of these tables that the database has, in the order of schemas and names.

    Raises:
        ReflectError: the connection translates names of schemas.
    """
    _refuse_translated(connection)
    reads, reflected = reader(connection), dict[Key, ReflectedTable]()
    by_name = sorted(tables, key=lambda key: (key[0] or "", key[1]))
    for schema, keys in groupby(by_name, lambda key: key[0]):
        for each in reads.read(connection, schema, [name for _, name in keys]):
            reflected[schema, str(each.table.name)] = each
    return {key: reflected[key] for key in by_name if key in reflected}


def _refuse_translated(connection: Connection) -> None:
    """Refuse a map of schemas, which queries of the catalogue do not follow."""
    given = connection.get_execution_options().get("schema_translate_map") or {}
    names = {schema: real for schema, real in given.items() if schema != "_none"}  # SQLAlchemy's
    if any(schema != real for schema, real in names.items()):
        raise ReflectError(
            f"schema_translate_map={names!r} is not followed where a database is read, so "
            "tables would be missing or taken for others; set search_path on the connection, or "
            "read it without the map",
            names,
        )


def reflect_expected(connection: Connection, tables: Sequence[TableSchema]) -> list[ReflectedTable]:
    """Return these tables as reflection would return them, in order.

    Args:
        connection: to the database, in which nothing remains.
        tables: of the models; the result is `comparable`.
    """
    wanted = [comparable(table) for table in tables]
    return reader(connection).reflect_expected(connection, wanted) if wanted else []


def reader(connection: Connection) -> DialectImpl:
    """Return the impl that reads a connection's database.

    Raises:
        OperationError: the database cannot be read.
    """
    impl = impl_of(connection.dialect)
    if not impl.reads:
        raise OperationError(
            f"cannot read tables from {connection.dialect.name}; use PostgreSQL, MySQL, "
            "MariaDB, SQLite or DuckDB",
            connection.dialect.name,
        )
    return impl
