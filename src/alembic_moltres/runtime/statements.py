"""Watches each statement of a connection while a revision runs: lock timeout, counts, retries.

All of them go through the dialect's `do_execute`: those of operations, of `op.get_bind()` and of
an ORM session. A single statement is retried only if the whole revision cannot be, because a part
of it is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import ExecutionContext

from .. import sqltext
from ..dialects.base.driver_messages import driver_code
from ..dialects.base.execution import PART
from .progress import Progress
from .retries import Retries

if TYPE_CHECKING:
    from ..dialects.base.impl import DialectImpl
    from ..dialects.base.locks import Locks

ENDING: Final = frozenset({"COMMIT", "END", "ROLLBACK", "ABORT", "BEGIN", "START"})
"""The first words of statements that end or begin a transaction without SQLAlchemy."""

EXECUTING: Final = ("do_execute", "do_executemany", "do_execute_no_params")
"""The methods of a dialect that execute statements, which are events as well."""

READING: Final = frozenset({"SELECT", "SHOW", "SET", "PRAGMA", "EXPLAIN", "VALUES", "DESCRIBE"})
SAVEPOINTS: Final = frozenset({"SAVEPOINT", "RELEASE"})
OURS: Final = "alembic_moltres_statement"
"""The savepoint before a statement that may be retried."""


@dataclass(slots=True)
class Attempt:
    """The statements of one attempt at a revision.

    Attributes:
        is_committed: a part is committed and cannot be undone.
        open: the statements since the last commit.
        statements: the number executed.
        current: the running statement, or the last one.
        is_limited: the lock_timeout of this transaction is set.
        runs: the script is running; a commit after it commits the whole revision.
    """

    is_committed: bool = False
    open: int = 0
    statements: int = 0
    current: str = ""
    is_limited: bool = False
    runs: bool = False


class Statements:
    """Watches a connection.

    Args:
        connection: the migrating connection.
        database: its impl.
        locks: of the database.
        lock_timeout: seconds; 0 for no limit.
        retries: decides when to retry, and logs it.
        progress: shows the running statement.
        is_callers: all runs in the caller's transaction.
    """

    def __init__(
        self,
        connection: Connection,
        database: DialectImpl,
        locks: Locks,
        lock_timeout: float,
        retries: Retries,
        progress: Progress,
        *,
        is_callers: bool,
    ) -> None:
        self.connection = connection
        self.database = database
        self.locks = locks
        self.lock_timeout = lock_timeout
        self.retries = retries
        self.progress = progress
        self.is_callers = is_callers
        self.attempt = Attempt()
        self._always_autocommits = locks.autocommits(connection)
        self._sent = ""

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch the connection while the block runs."""
        dialect = self.connection.dialect
        listened: list[tuple[Any, str, Callable[..., Any]]]
        listened = [(dialect, name, partial(self._execute, name)) for name in EXECUTING]
        listened += [
            (self.connection, "commit", self._commit),
            (self.connection, "rollback", self._rollback),
        ]
        for target, name, listener in listened:
            event.listen(target, name, listener)
        try:
            yield
        finally:
            for target, name, listener in listened:
                event.remove(target, name, listener)

    def begin(self) -> Attempt:
        """Begin an attempt at a revision."""
        self.attempt = Attempt()
        return self.attempt

    def _commit(self, _: Connection) -> None:
        self.attempt.is_limited = False
        if self.attempt.runs and self.attempt.open:
            self._committed()

    def _rollback(self, _: Connection) -> None:
        self.attempt.is_limited = False
        self.attempt.open = 0

    def _committed(self) -> None:
        self.attempt.is_committed = True
        self.attempt.open = 0

    def _execute(self, method: str, cursor: Any, statement: str, *rest: Any) -> bool:
        """Execute a statement with a method of the dialect; the last argument is the context."""
        context: ExecutionContext = rest[-1]
        execute = partial(getattr(context.dialect, method), cursor, statement, *rest)
        return self._run(execute, statement, context)

    def _run(self, execute: Callable[[], None], statement: str, context: Any) -> bool:
        """Execute a statement; `False` if it is not a revision's, and SQLAlchemy executes it."""
        if context.root_connection is not self.connection or not self.attempt.runs:
            return False
        tokens = [
            each.upper or each.text for each in sqltext.tokens(statement, self.database.syntax)
        ]
        autocommits = self.locks.autocommits(self.connection)
        self._limit(tokens, autocommits=autocommits)
        self.attempt.current = statement
        self.attempt.statements += 1
        ends = bool(tokens) and (tokens[0] in ENDING or self.locks.commits(tokens))
        if ends and self.attempt.open:
            self._committed()
        self._retry(execute, tokens, context, autocommits=autocommits)
        if ends or (autocommits and tokens and tokens[0] not in READING):
            self._committed()
        elif not autocommits:
            self.attempt.open += 1
        return True

    def _limit(self, tokens: list[str], *, autocommits: bool) -> None:
        """Set the lock timeout; not in an `autocommit_block()`, which is for long statements."""
        if self._always_autocommits:
            sql = self.locks.limit_session(tokens, self.lock_timeout)
            if sql and sql != self._sent:
                self._sent = sql
                self._send(sql)
            return
        sql = self.locks.limit_transaction(self.lock_timeout)
        if sql and not autocommits and not self.attempt.is_limited:
            self.attempt.is_limited = True
            self._send(sql)

    def _retry(
        self, execute: Callable[[], None], tokens: list[str], context: Any, *, autocommits: bool
    ) -> None:
        """Execute a statement, and retry it while it is refused for a lock."""
        needs_savepoint = self.database.features.errors_end_transactions and not autocommits
        is_plain = bool(tokens) and tokens[0] not in ENDING | SAVEPOINTS
        saves = needs_savepoint and self.attempt.is_committed and is_plain
        while True:
            if saves:
                self._send(f"SAVEPOINT {OURS}")
            self.progress.begin_statement(self.retries.name, self.attempt.current)
            try:
                execute()
            except BaseException as err:
                self.progress.end_statement()
                if not self._may_retry(err, tokens, saves=saves, autocommits=autocommits):
                    raise
                if saves:
                    self._send(f"ROLLBACK TO SAVEPOINT {OURS}")
                self.retries.wait(self.attempt.current, "the statement")
                continue
            self._shown(context)
            if saves:
                self._send(f"RELEASE SAVEPOINT {OURS}")
            return

    def _shown(self, context: Any) -> None:
        """Show that a statement has ended, or a part of it."""
        if PART in context.execution_options:
            self.progress.end_part(context.cursor.rowcount)
        else:
            self.progress.end_statement()

    def _may_retry(
        self, err: BaseException, tokens: list[str], *, saves: bool, autocommits: bool
    ) -> bool:
        if not isinstance(err, self.connection.dialect.loaded_dbapi.Error):
            return False
        code = driver_code(err, self.database)
        whole_revision = not (self.attempt.is_committed or autocommits or self.is_callers)
        if code not in self.locks.errors or whole_revision or self.retries.are_over:
            return False
        if self.locks.may_be_half_done(tokens):
            return False
        if autocommits or saves:
            return code in self.locks.statement_errors or autocommits
        if self.database.features.errors_end_transactions:
            return False
        return code in self.locks.statement_errors or not self.attempt.open

    def _send(self, sql: str) -> None:
        """Execute our own statement, unwatched."""
        with closing(self.connection.connection.cursor()) as cursor:
            cursor.execute(sql)
