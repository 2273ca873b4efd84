"""The open transaction: one for each database, thread and task.

Moltres keeps one for all databases of a thread or task, which tasks may share.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy.engine import Connection

from ..dialects.base.registry import impl_of
from ..errors import QueryError

OPTIONS = ("readonly", "isolation_level", "timeout")
"""The options of a transaction."""


@dataclass(frozen=True)
class TransactionState:
    """A transaction that is open.

    Args:
        active_transaction: its connection.
        savepoint_stack: the names of the savepoints in it.
        transaction_metadata: its options.
        owns_connection: whether the connection is closed when it ends.
        within: the caller's transaction that it is inside, if any.
    """

    active_transaction: Any = None
    savepoint_stack: list[str] = field(default_factory=list)
    transaction_metadata: dict[str, object] | None = None
    owns_connection: bool = True
    within: Any = None


_OPEN: ContextVar[Mapping[object, TransactionState]] = ContextVar(
    "alembic_moltres_transactions", default=MappingProxyType({})
)
"""The open transactions of this thread or task, by their manager's key; replaced, never changed."""


def _kept(name: str) -> Any:
    """Return the property by which Moltres reads and sets a part of the state."""

    def read(self: OwnTransactions) -> Any:
        return getattr(self._open, name)

    def keep(self: OwnTransactions, value: Any) -> None:
        self._keep(replace(self._open, **{name: value}))

    return property(read, keep)


class OwnTransactions:
    """The base of both managers: keeps the open transaction."""

    _active_transaction = _kept("active_transaction")
    _savepoint_stack = _kept("savepoint_stack")
    _transaction_metadata = _kept("transaction_metadata")
    _owns_connection = _kept("owns_connection")
    _open_transaction_count: int

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._key = object()

    @property
    def _open(self) -> TransactionState:
        return _OPEN.get().get(self._key) or TransactionState()

    def _keep(self, state: TransactionState) -> None:
        _OPEN.set({**_OPEN.get(), self._key: state})

    def _forget(self) -> None:
        _OPEN.set({key: state for key, state in _OPEN.get().items() if key is not self._key})

    def _ended(self) -> None:
        self._forget()
        self._open_transaction_count = max(0, self._open_transaction_count - 1)

    def _checked(self, connection: object) -> TransactionState:
        if connection is not self._open.active_transaction:
            raise RuntimeError("Connection is not the active transaction")
        return self._open

    def _entered(self, connection: object, within: object) -> None:
        options: dict[str, object] = dict.fromkeys(OPTIONS)
        self._keep(TransactionState(connection, [], options, owns_connection=False, within=within))
        self._open_transaction_count += 1


def refuse_options(options: Mapping[str, Any]) -> None:
    """Refuse options that only the one who begins a transaction can set."""
    named = [name for name in OPTIONS if options.get(name)]
    if named:
        raise QueryError(
            f"{', '.join(named)} of a transaction inside a Session's or Connection's "
            "(at transaction); set it where that one begins",
            named,
        )


def begun(connection: Connection) -> None:
    """Begin a transaction in the database where one has begun in SQLAlchemy only.

    Python's driver for SQLite sends BEGIN before the first INSERT, UPDATE or DELETE, so what
    creates a table before one of them would stay when the transaction is rolled back.
    """
    if not impl_of(connection.dialect).features.begins_late:
        return
    driver: Any = connection.connection.driver_connection
    commits_itself = driver.isolation_level is None
    if not commits_itself and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN")
