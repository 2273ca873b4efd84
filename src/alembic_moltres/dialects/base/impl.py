"""`DialectImpl`: the interface of one database for the rest of the package.

Each database has a subclass. Its methods import other modules when they are called, so that only
those of the connected database are loaded. Not here: how an impl is found, see `registry`.
"""

from __future__ import annotations

from .hooks.comparison import ComparisonHooks
from .hooks.replay import ReplayHooks
from .hooks.running import RunningHooks
from .hooks.statements import StatementHooks


class DialectImpl(ComparisonHooks, StatementHooks, RunningHooks, ReplayHooks):
    """The interface of one database. A hook without a default raises `OperationError`.

    Attributes:
        names: the dialects of this database. A dialect that extends one of them (Redshift) gets
            this impl, too, but only for DDL: it is not read.
        features: its capabilities.
        syntax: its syntax of quotes, escapes and comments.
        dialect: the `Dialect` of the connection.
    """

    @property
    def reads(self) -> bool:
        """Whether the tables of this database can be read."""
        return self.features.reads and self.dialect.name in self.names

    @classmethod
    def load_alembic_impl(cls) -> None:
        """Import our Alembic impl of this dialect, if Alembic ships none."""

    def server(self) -> str | None:
        """Return the connected server, such as `"mariadb 10.11"`; `None` if it is unknown."""
        return None
