"""`AsyncDatabase`: Moltres' own, which takes models wherever it takes the names of tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import moltres.table.async_table as asynchronous
from moltres.config import MoltresConfig, create_config
from moltres.engine.async_execution import AsyncQueryExecutor
from moltres.table.async_mutations import insert_rows_async, merge_rows_async
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ..dialects.base.reflection import reflect_model
from ..schema import TableSchema
from .async_connections import AsyncConnectionManager
from .changing import Change, deletion, insertion, update
from .creating import AsyncCreateTableOperation, Creation, create_async
from .frames import AsyncDataFrame
from .handles import AsyncTableHandle, async_handle_of
from .model_database import ModelDatabase
from .reading import model_scan


class AsyncDatabase(ModelDatabase[AsyncCreateTableOperation], asynchronous.AsyncDatabase):
    """A database that is queried by models; it does all that Moltres' own does.

    >>> import asyncio
    >>> from alembic_moltres.dataframe import async_connect
    >>> from sqlalchemy import Column, Integer, MetaData, Table
    >>> tags = Table("tags", MetaData(), Column("id", Integer, primary_key=True))
    >>> async def rows() -> list[dict[str, object]]:
    ...     async with async_connect("sqlite+aiosqlite://") as db:
    ...         await db.create_table(tags).collect()
    ...         await db.insert(tags, [{"id": 1}])
    ...         return await (await db.table(tags)).select().where(tags.c.id > 0).collect()
    >>> asyncio.run(rows())
    [{'id': 1}]
    """

    _connections: AsyncConnectionManager

    def __init__(self, config: MoltresConfig) -> None:
        super().__init__(config)
        self._connections = AsyncConnectionManager(config.engine)
        self._executor = AsyncQueryExecutor(self._connections, config.engine)

    @classmethod
    def from_async_engine(cls, engine: AsyncEngine, **options: Any) -> Self:
        """Return a database on an engine, which stays the caller's."""
        return cls(create_config(engine=engine, **options))

    @classmethod
    def from_async_connection(cls, connection: AsyncConnection, **options: Any) -> Self:
        """Return a database in a connection and its transaction, which stay the caller's."""
        return cls(create_config(session=connection, **options))

    @classmethod
    def from_async_session(cls, session: Any, **options: Any) -> Self:
        """Return a database in an AsyncSession and its transaction, which stay the caller's."""
        return cls(create_config(session=session, **options))

    async def __aenter__(self) -> Self:
        return self

    @property
    def connection_manager(self) -> AsyncConnectionManager:
        """The connection manager."""
        return self._connections

    async def table(self, name_or_model: Any) -> AsyncTableHandle:
        """Return the handle of a table.

        Args:
            name_or_model: a name, a model, an `aliased(model)`, or a `Table`.

        Raises:
            NotAModelError: it is none of these.
        """
        if isinstance(name_or_model, str):
            return AsyncTableHandle((await super().table(name_or_model)).name, self)
        return async_handle_of(model_scan(name_or_model), self)

    async def reflect_model(self, model: Any) -> TableSchema:
        """Return the table of a model as the database has it now, as a value of ours.

        It equals `model_to_schema(model)` if, and only if, the table is up to date.

        Raises:
            NotAModelError: it is no model and no `Table`.
            OperationError: the database has no such table, or cannot be read.
        """
        async with self.connection_manager.connect() as connection:
            return await connection.run_sync(reflect_model, model)

    async def insert(self, table_name: Any, rows: Any) -> int:
        """Insert rows into a table, which may be named by its model; return how many.

        Args:
            table_name: a name, a model, or a `Table`.
            rows: mappings, or what Moltres takes: its Records, a DataFrame of pandas or Polars.
        """
        handle = await self.table(table_name)
        if handle.scan is None or not isinstance(rows, list | tuple):
            return await insert_rows_async(handle, rows)
        return await self._changed(insertion(handle.scan, rows))

    async def update(self, table_name: Any, *, where: Any, set: Mapping[Any, Any]) -> int:
        """Set columns of the rows that meet a condition; return how many."""
        return await self._changed(
            update((await self.table(table_name)).plan, where, set, self.dialect)
        )

    async def delete(self, table_name: Any, *, where: Any) -> int:
        """Delete the rows that meet a condition; return how many."""
        return await self._changed(
            deletion((await self.table(table_name)).plan, where, self.dialect)
        )

    async def merge(self, table_name: Any, rows: Any, **options: Any) -> int:
        """Insert rows, or update existing ones; return how many.

        Args:
            table_name: a name, a model, or a `Table`.
            rows: as in `insert`.
            options: Moltres' own: `on`, `when_matched`, `when_not_matched`.
        """
        return await merge_rows_async(await self.table(table_name), rows, **options)

    async def _changed(self, change: Change) -> int:
        async with self.connection_manager.connect() as connection:
            return await connection.run_sync(change.on)

    def _create(self, creation: Creation) -> AsyncCreateTableOperation:
        return create_async(self, creation)

    def sql(self, sql: str, **params: object) -> AsyncDataFrame:
        """Return a DataFrame of a query that is written in SQL."""
        return AsyncDataFrame.of(super().sql(sql, **params))

    async def createDataFrame(self, data: Any, *args: Any, **options: Any) -> AsyncDataFrame:
        """Return a DataFrame of rows that are given."""
        return AsyncDataFrame.of(await super().createDataFrame(data, *args, **options))
