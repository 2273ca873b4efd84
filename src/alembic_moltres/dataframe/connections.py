"""Connections of a `Database`: Moltres' manager, which also works in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import moltres.engine.connection as synchronous
import sqlalchemy as sa
from moltres.config import EngineConfig

from ..schema.dialects import DIALECT_CLASSES, package_of
from .transactions import OwnTransactions, TransactionState, begun, refuse_options


class ConnectionManager(OwnTransactions, synchronous.ConnectionManager):
    """Gives the connections of a `Database`: the caller's, or new ones that commit when closed."""

    def _create_engine(self) -> sa.Engine:
        source: Any = self.config.session
        if source is None:
            return super()._create_engine()
        bind = source if isinstance(source, sa.Connection) else source.get_bind()
        engine: sa.Engine = bind.engine
        return engine

    @contextmanager
    def connect(self, transaction: sa.Connection | None = None) -> Iterator[sa.Connection]:
        """Yield the connection of the transaction, else the caller's, else a new one."""
        if transaction is None and self._active_transaction is None and self.config.session:
            yield self._callers()
            return
        with super().connect(transaction) as connection:
            yield connection

    def _callers(self) -> sa.Connection:
        source: Any = self.config.session
        connection: sa.Connection = (
            source if isinstance(source, sa.Connection) else source.connection()
        )
        return connection

    def begin_transaction(
        self,
        savepoint: bool = False,
        readonly: bool = False,
        isolation_level: str | None = None,
        timeout: float | None = None,
    ) -> sa.Connection:
        """Begin a transaction, inside the caller's if there is one."""
        options: dict[str, Any] = {
            "readonly": readonly,
            "isolation_level": isolation_level,
            "timeout": timeout,
        }
        source: Any = self.config.session
        if self._active_transaction is not None:
            return super().begin_transaction(savepoint, **options)
        if source is None:
            return self._begin(options)
        refuse_options(options)
        inside = source.in_transaction()
        if not inside:
            source.begin()
        begun(self._callers())
        within = source.begin_nested() if inside else source.get_transaction()
        connection = self._callers()  # a Session sends its SAVEPOINT on this access
        self._entered(connection, within)
        return connection

    def _begin(self, options: dict[str, Any]) -> sa.Connection:
        try:
            connection = super().begin_transaction(**options)
            begun(connection)
        except BaseException:  # an interruption too must not leave the connection behind
            self._abandon()
            raise
        return connection

    def commit_transaction(self, connection: sa.Connection) -> None:
        """Commit; the caller's transaction stays open."""
        state = self._checked(connection)
        try:
            (state.within or connection).commit()
        finally:
            self._release(state)

    def rollback_transaction(self, connection: sa.Connection) -> None:
        """Roll back; what was before in the caller's transaction stays."""
        state = self._checked(connection)
        try:
            (state.within or connection).rollback()
        finally:
            self._release(state)

    def _release(self, state: TransactionState) -> None:
        if state.owns_connection:
            state.active_transaction.close()
        self._ended()

    def _abort_failed_begin(self, connection: sa.Connection) -> None:
        self._abandon()

    def _abandon(self) -> None:
        """Close what is open without regard for what was done in it."""
        connection = self._active_transaction
        if connection is not None and self._owns_connection:
            connection.close()
        self._forget()

    def close(self) -> None:
        """Roll back what is open here, and close the engine if it is ours."""
        if self._active_transaction is not None:
            self.rollback_transaction(self._active_transaction)
        super().close()


def dialect_name(config: EngineConfig) -> str:
    """Return Moltres' name of a database's dialect: the configured one, or the connection's.

    `mariadb` is named `mysql` in Moltres.

    >>> dialect_name(EngineConfig("mariadb+pymysql://localhost/shop"))
    'mysql'
    """
    name = config.dialect or _backend(config)
    return package_of(name) if name in DIALECT_CLASSES else name


def _backend(config: EngineConfig) -> str:
    source: Any = config.engine or config.session
    if source is None:
        return sa.make_url(config.dsn or "").get_backend_name()
    bind = source if hasattr(source, "dialect") else source.get_bind()
    name: str = bind.dialect.name
    return name
