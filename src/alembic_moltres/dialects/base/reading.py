"""Errors of the driver while we read the database, as errors with cause and remedy."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from ...errors import MoltresError
from ...translation import Translation
from .registry import impl_of

SUBJECT = "a query of the catalogue"


class reading(Translation):
    """Turn errors of queries of the catalogue inside a `with` block into ours.

    Args:
        connection: to the database; offline there is none, and nothing is read.

    Raises:
        OperationError: the database rejects a query.
    """

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection | None) -> None:
        self._connection = connection

    def translated(self, error: BaseException) -> Exception | None:
        connection = self._connection
        if connection is None or isinstance(error, MoltresError):
            return None
        if not isinstance(error, DBAPIError):
            return None
        from .dbapi_errors import Rejected, rejected_error

        rejected = Rejected(subject=SUBJECT)
        return rejected_error(error, impl_of(connection.dialect), rejected, connection)
