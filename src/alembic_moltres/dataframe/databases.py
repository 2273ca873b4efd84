"""`Database`: Moltres' own, which takes models wherever it takes the names of tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import moltres.table.table as synchronous
import sqlalchemy as sa
from moltres.config import MoltresConfig, create_config
from moltres.engine.execution import QueryExecutor
from moltres.table.mutations import insert_rows, merge_rows

from ..dialects.base.reflection import reflect_model
from ..schema import TableSchema
from .changing import Change, deletion, insertion, update
from .connections import ConnectionManager
from .creating import CreateTableOperation, Creation, create
from .frames import DataFrame
from .handles import TableHandle, handle_of
from .model_database import ModelDatabase
from .reading import model_scan


class Database(ModelDatabase[CreateTableOperation], synchronous.Database):
    """A database that is queried by models; it does all that Moltres' own does.

    >>> from alembic_moltres.dataframe import connect
    >>> from sqlalchemy import Column, Integer, MetaData, Table
    >>> tags = Table("tags", MetaData(), Column("id", Integer, primary_key=True))
    >>> with connect("sqlite://") as db:
    ...     made = db.create_table(tags).collect()
    ...     db.insert(tags, [{"id": 1}])
    ...     db.table(tags).select().where(tags.c.id > 0).collect()
    1
    [{'id': 1}]
    """

    _connections: ConnectionManager

    def __init__(self, config: MoltresConfig) -> None:
        super().__init__(config)
        self._connections = ConnectionManager(config.engine)
        self._executor = QueryExecutor(self._connections, config.engine)

    @classmethod
    def from_engine(cls, engine: sa.Engine, **options: Any) -> Self:
        """Return a database on an engine, which stays the caller's."""
        return cls(create_config(engine=engine, **options))

    @classmethod
    def from_connection(cls, connection: sa.Connection, **options: Any) -> Self:
        """Return a database in a connection and its transaction, which stay the caller's."""
        return cls(create_config(session=connection, **options))

    @classmethod
    def from_session(cls, session: Any, **options: Any) -> Self:
        """Return a database in a Session and its transaction, which stay the caller's."""
        return cls(create_config(session=session, **options))

    def __enter__(self) -> Self:
        return self

    @property
    def connection_manager(self) -> ConnectionManager:
        """The connection manager."""
        return self._connections

    def table(self, name_or_model: Any) -> TableHandle:
        """Return the handle of a table.

        Args:
            name_or_model: a name, a model, an `aliased(model)`, or a `Table`.

        Raises:
            NotAModelError: it is none of these.
        """
        self._ensure_open()
        if isinstance(name_or_model, str):
            return TableHandle(super().table(name_or_model).name, self)
        return handle_of(model_scan(name_or_model), self)

    def reflect_model(self, model: Any) -> TableSchema:
        """Return the table of a model as the database has it now, as a value of ours.

        It equals `model_to_schema(model)` if, and only if, the table is up to date.

        Raises:
            NotAModelError: it is no model and no `Table`.
            OperationError: the database has no such table, or cannot be read.
        """
        with self.connection_manager.connect() as connection:
            return reflect_model(connection, model)

    def insert(self, table_name: Any, rows: Any) -> int:
        """Insert rows into a table, which may be named by its model; return how many.

        Args:
            table_name: a name, a model, or a `Table`.
            rows: mappings, or what Moltres takes: its Records, a DataFrame of pandas or Polars.
        """
        handle = self.table(table_name)
        if handle.scan is None or not isinstance(rows, list | tuple):
            return insert_rows(handle, rows)
        return self._changed(insertion(handle.scan, rows))

    def update(self, table_name: Any, *, where: Any, set: Mapping[Any, Any]) -> int:
        """Set columns of the rows that meet a condition; return how many."""
        return self._changed(update(self.table(table_name).plan, where, set, self.dialect))

    def delete(self, table_name: Any, *, where: Any) -> int:
        """Delete the rows that meet a condition; return how many."""
        return self._changed(deletion(self.table(table_name).plan, where, self.dialect))

    def merge(self, table_name: Any, rows: Any, **options: Any) -> int:
        """Insert rows, or update existing ones; return how many.

        Args:
            table_name: a name, a model, or a `Table`.
            rows: as in `insert`.
            options: Moltres' own: `on`, `when_matched`, `when_not_matched`.
        """
        return merge_rows(self.table(table_name), rows, **options)

    def _changed(self, change: Change) -> int:
        with self.connection_manager.connect() as connection:
            return change.on(connection)

    def _create(self, creation: Creation) -> CreateTableOperation:
        return create(self, creation)

    def sql(self, sql: str, **params: object) -> DataFrame:
        """Return a DataFrame of a query that is written in SQL."""
        return DataFrame.of(super().sql(sql, **params))

    def createDataFrame(self, data: Any, *args: Any, **options: Any) -> DataFrame:
        """Return a DataFrame of rows that are given."""
        return DataFrame.of(super().createDataFrame(data, *args, **options))
