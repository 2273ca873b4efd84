"""The hooks of `DialectImpl` for a database in use, and for a scratch database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..dump import Dump
from .base import Hooks

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection

    from ....diff import Change, TableKey, Tables
    from ....diff.failures import Failure
    from ..facts import Facts, Size
    from ..locks import Locks
    from ..rejections import Rejection


class RunningHooks(Hooks):
    """Transactions, locks, errors, facts about a change; the objects of a scratch database."""

    def begin(self, connection: Connection, *, owned: bool) -> None:
        """Begin a transaction of the database, if its driver has not done so.

        Called before an operation if SQLAlchemy's transaction will be committed.

        Args:
            connection: of the migration.
            owned: whether Alembic commits it, not the caller of `context.configure()`.
        """

    def begin_reading(self, seconds: float) -> Sequence[str]:
        """Return the statements that begin a read-only transaction with a statement timeout.

        Args:
            seconds: the time limit of a statement.
        """
        return ()

    def when_connected(self, server: str | None) -> Mapping[str, bool]:
        """Return the attributes of SQLAlchemy's dialect that are set on connecting.

        Args:
            server: the version that the environment states.
        """
        return self.features.when_connected

    def locks(self) -> Locks:
        """Return the locks of upgrades; this base class has none."""
        from ..locks import Locks

        return Locks(self.dialect)

    def rejection(self, code: str | None, message: str) -> Rejection | None:
        """Return the kind of an error of the database; `None` if it is not known.

        Args:
            code: its number, SQLSTATE or name.
            message: the database's.
        """
        return None

    def cause(self, connection: Connection, code: str | None) -> str | None:
        """Return what the database can add about the last error, queried by its code."""
        return None

    def facts(self, change: Change, tables: Tables, statements: Sequence[str] = ()) -> Facts | None:
        """Return what a change locks and rewrites; `None` if this database has no facts.

        Args:
            change: of a whole database.
            tables: before it.
            statements: the SQL of the script, if the change is not an operation of this package.
        """
        return None

    def fails_on(self, failure: Failure) -> bool:
        """Tell whether a change fails on these rows, as it does on other databases."""
        return True

    def table_sizes(self, connection: Connection) -> Mapping[TableKey, Size]:
        """Return the sizes of tables, as the catalogue estimates them; empty without estimates."""
        return {}

    def contents(self, connection: Connection) -> list[str]:
        """Return the objects of a database, each with its kind, such as `"table users"`."""
        self.unsupported("serve as a scratch database")

    def clear(self, connection: Connection) -> None:
        """Drop the objects of a database; each statement commits."""
        self.unsupported("serve as a scratch database")

    def constant_default(self, text: str) -> str | None:
        """Return the literal of a column's default as SQL, without casts; `None` if it is none."""
        return None

    def dump(self, url: URL) -> Dump:
        """Return the statements that the database's own tool writes of it."""
        return Dump()
