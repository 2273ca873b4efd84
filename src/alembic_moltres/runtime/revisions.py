"""Runs revisions, each in a transaction of its own, and again if it was refused for a lock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

from alembic.operations import Operations
from sqlalchemy.exc import DBAPIError

from ..alembic_compat import callers_transaction, run_only, transaction_for_each_revision
from ..dialects.base.dbapi_errors import TransientError, driver_code
from ..dialects.base.registry import execution_on, impl_of
from ..operations.toimpl import begin_revision
from .attempts import Attempts
from .connections import end_transaction
from .progress import Progress
from .report import report_done, report_failure
from .statements import Statements, Work

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from sqlalchemy.engine import Connection

    from .settings import Settings


class Revisions:
    """Runs the revisions of one upgrade.

    Args:
        context: of the run.
        settings: of the run.
        arguments: of the functions of the scripts.
        own: a connection beside the one that migrates, if there is one.
    """

    def __init__(
        self,
        context: MigrationContext,
        settings: Settings,
        arguments: dict[str, Any],
        own: Connection | None,
    ) -> None:
        assert context.connection is not None  # noqa: S101 - it is not run with --sql
        self.context = context
        self.connection = context.connection
        self.settings = settings
        self.arguments = arguments
        self.own = own
        self.database = impl_of(self.connection.dialect)
        self.locks = self.database.locks()
        self.is_callers = callers_transaction(context)

    def run(self, steps: Sequence[RevisionStep]) -> None:
        """Run revisions in their order."""
        transaction_for_each_revision(self.context)
        session = "" if self.own is None else self.locks.session(self.connection)
        names = [step.short_log for step in steps]
        with (
            self.locks.limited(self.connection, self.settings.lock_timeout),
            Progress() as progress,
        ):
            if not self.is_callers:
                end_transaction(self.connection)
            for number, step in enumerate(steps):
                statements = self._statements(names[number], session, progress)
                with self._reported(names, number, statements):
                    self._run_step(step, statements)

    def _statements(self, name: str, session: str, progress: Progress) -> Statements:
        def blockers(statement: str) -> Sequence[str]:
            return () if self.own is None else self.locks.blockers(self.own, session, statement)

        return Statements(
            self.connection,
            self.database,
            self.locks,
            self.settings.lock_timeout,
            Attempts(self.connection, name, self.settings.retry_for, blockers),
            progress,
            is_callers=self.is_callers,
        )

    @contextmanager
    def _reported(self, names: list[str], number: int, statements: Statements) -> Iterator[None]:
        begun, has_ended = time.monotonic(), False
        try:
            yield
            has_ended = True
        finally:
            if has_ended:
                report_done(names[number], statements.work, time.monotonic() - begun)
            else:
                report_failure(names, number, statements.work, is_callers=self.is_callers)

    def _run_step(self, step: RevisionStep, statements: Statements) -> None:
        migrate = step.migration_fn
        with statements.watched():
            while not self._succeeds(step, migrate, statements):
                statements.attempts.wait(statements.work.current, "the revision")

    def _succeeds(
        self, step: RevisionStep, migrate: Callable[..., None], statements: Statements
    ) -> bool:
        """Run a revision; return `False` if it is to be repeated."""
        work = statements.begin()
        step.migration_fn = self._begun(migrate, work)
        try:
            self._attempt(step)
        except (DBAPIError, TransientError) as err:
            if not self._may_repeat(err, work, statements.attempts):
                raise
            return False
        return True

    def _attempt(self, step: RevisionStep) -> None:
        run_only(self.context, step)
        with Operations.context(self.context), self.context.begin_transaction(), self._savepoint():
            self.context.run_migrations(**self.arguments)
        if not self.is_callers:
            end_transaction(self.connection)  # begun by itself behind a commit of the script's own

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """Let a revision be repeated inside a caller's transaction, where an error ends that."""
        if not (self.is_callers and self.database.features.errors_end_transactions):
            yield
            return
        with self.connection.begin_nested():
            yield

    def _begun(self, migrate: Callable[..., None], work: Work) -> Callable[..., None]:
        """Return the function of a script that begins the transaction that its driver would not."""

        @wraps(migrate)
        def begun(**arguments: Any) -> None:
            begin_revision(self.context, execution_on(self.context.impl))
            work.runs = True
            try:
                migrate(**arguments)
            finally:
                work.runs = False

        return begun

    def _may_repeat(self, err: DBAPIError, work: Work, attempts: Attempts) -> bool:
        """Has nothing of a revision been committed, and is a lock the reason of its failure?"""
        if work.is_committed or attempts.are_over:
            return False
        if self.is_callers and not self.database.features.errors_end_transactions:
            return False
        return driver_code(err.orig, self.database) in self.locks.errors
