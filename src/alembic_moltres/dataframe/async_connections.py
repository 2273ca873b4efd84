"""Connections of an `AsyncDatabase`; see `connections`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import moltres.engine.async_connection as asynchronous
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from .transactions import OwnTransactions, TransactionState, begun, refuse_options

POOL = ("pool_size", "max_overflow", "pool_timeout", "pool_recycle", "pool_pre_ping")
"""The options of a pool, by the same names in Moltres and in SQLAlchemy."""


class AsyncConnectionManager(OwnTransactions, asynchronous.AsyncConnectionManager):
    """Gives the connections of an `AsyncDatabase`; see `ConnectionManager`."""

    def _create_engine(self) -> AsyncEngine:
        source: Any = self.config.session
        if source is not None:
            if isinstance(source, AsyncConnection):
                return source.engine
            engine = source.get_bind().engine
            if not engine.dialect.is_async:
                raise TypeError(
                    f"Session's bind must be an AsyncEngine, not one of {engine.dialect.driver}; "
                    "give connect() the session, or async_connect() an AsyncSession"
                )
            return AsyncEngine(engine)
        dsn = self.config.dsn
        if dsn is None or not sa.make_url(dsn).get_dialect(_is_async=True).is_async or _knows(dsn):
            return super()._create_engine()
        pool = {name: getattr(self.config, name) for name in POOL}
        given = {name: value for name, value in pool.items() if value}
        return create_async_engine(dsn, echo=self.config.echo, **given)

    @asynccontextmanager
    async def connect(
        self, transaction: AsyncConnection | None = None
    ) -> AsyncIterator[AsyncConnection]:
        """Yield the connection of the transaction, else the caller's, else a new one."""
        if transaction is None and self._active_transaction is None and self.config.session:
            yield await self._callers()
            return
        async with super().connect(transaction) as connection:
            yield connection

    async def _callers(self) -> AsyncConnection:
        source: Any = self.config.session
        if isinstance(source, AsyncConnection):
            return source
        connection: AsyncConnection = await source.connection()
        return connection

    async def begin_transaction(
        self,
        savepoint: bool = False,
        readonly: bool = False,
        isolation_level: str | None = None,
        timeout: float | None = None,
    ) -> AsyncConnection:
        """Begin a transaction, inside the caller's if there is one."""
        options: dict[str, Any] = {
            "readonly": readonly,
            "isolation_level": isolation_level,
            "timeout": timeout,
        }
        source: Any = self.config.session
        if self._active_transaction is not None:
            return await super().begin_transaction(savepoint, **options)
        if source is None:
            return await self._begin(options)
        refuse_options(options)
        inside = source.in_transaction()
        if not inside:
            await source.begin()
        await (await self._callers()).run_sync(begun)
        within = await source.begin_nested() if inside else source.get_transaction()
        connection = await self._callers()  # a Session sends its SAVEPOINT on this access
        self._entered(connection, within)
        return connection

    async def _begin(self, options: dict[str, Any]) -> AsyncConnection:
        try:
            connection = await super().begin_transaction(**options)
            await connection.run_sync(begun)
        except BaseException:  # a cancelled task too must not leave the connection behind
            await self._abandon()
            raise
        return connection

    async def commit_transaction(self, connection: AsyncConnection) -> None:
        """Commit; the caller's transaction stays open."""
        state = self._checked(connection)
        try:
            await (state.within or connection).commit()
        finally:
            await self._release(state)

    async def rollback_transaction(self, connection: AsyncConnection) -> None:
        """Roll back; what was before in the caller's transaction stays."""
        state = self._checked(connection)
        try:
            await (state.within or connection).rollback()
        finally:
            await self._release(state)

    async def _release(self, state: TransactionState) -> None:
        if state.owns_connection:
            await state.active_transaction.close()
        self._ended()

    async def _abort_failed_begin(self, connection: AsyncConnection) -> None:
        await self._abandon()

    async def _abandon(self) -> None:
        """Close what is open without regard for what was done in it."""
        connection = self._active_transaction
        if connection is not None and self._owns_connection:
            await connection.close()
        self._forget()

    async def close(self) -> None:
        """Roll back what is open here, and close the engine if it is ours."""
        if self._active_transaction is not None:
            await self.rollback_transaction(self._active_transaction)
        await super().close()


def _knows(dsn: str) -> bool:
    """Whether Moltres keeps this driver in the URL."""
    return sa.make_url(dsn).get_driver_name() in {"asyncpg", "aiomysql", "aiosqlite"}
