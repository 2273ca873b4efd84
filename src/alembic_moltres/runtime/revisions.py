"""Runs each revision in its own transaction, and retries it if it was refused for a lock.

The log gets a line for a revision that has ended, and some for a run that has failed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

from alembic.operations import Operations
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from ..alembic_compat import callers_transaction, run_only, transaction_for_each_revision
from ..dialects.base.dbapi_errors import TransientError
from ..dialects.base.driver_messages import driver_code
from ..dialects.base.registry import execution_on, impl_of
from ..errors import RunnerError
from ..history.scripts import unrun_result
from ..messages import RUN_LOGGER, get_logger, project_line, short_statement
from ..operations.toimpl import begin_revision
from .connections import end_transaction
from .progress import Progress
from .retries import Retries
from .statements import Attempt, Statements

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep

    from .settings import Settings

log = get_logger(RUN_LOGGER)


class Revisions:
    """Runs the revisions of one upgrade.

    Args:
        context: of the run.
        settings: of the run.
        arguments: of the functions of the scripts.
        own: the second connection, if there is one.
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
        """Run revisions in order."""
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
            locks=self.locks,
            lock_timeout=self.settings.lock_timeout,
            retries=Retries(self.connection, name, self.settings.retry_for, blockers),
            progress=progress,
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
                report_done(names[number], statements.attempt, time.monotonic() - begun)
            else:
                report_failure(names, number, statements.attempt, is_callers=self.is_callers)

    def _run_step(self, step: RevisionStep, statements: Statements) -> None:
        migrate = step.migration_fn
        with statements.watched():
            while not self._succeeds(step, migrate, statements):
                statements.retries.wait(statements.attempt.current, "the revision")

    def _succeeds(
        self, step: RevisionStep, migrate: Callable[..., None], statements: Statements
    ) -> bool:
        """Run a revision; return `False` if it must be retried."""
        attempt = statements.begin()
        step.migration_fn = self._begun(step, migrate, attempt)
        try:
            self._attempt(step)
        except (DBAPIError, TransientError) as err:
            if not self._may_retry(err, attempt, statements.retries):
                raise
            return False
        return True

    def _attempt(self, step: RevisionStep) -> None:
        run_only(self.context, step)
        with Operations.context(self.context), self.context.begin_transaction(), self._savepoint():
            self.context.run_migrations(**self.arguments)
        if not self.is_callers:
            end_transaction(self.connection)  # begun by SQLAlchemy after the script's own COMMIT

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """Set a savepoint in a caller's transaction, to retry a revision, if errors end it."""
        if not (self.is_callers and self.database.features.errors_end_transactions):
            yield
            return
        with self.connection.begin_nested():
            yield

    def _begun(
        self, step: RevisionStep, migrate: Callable[..., object], attempt: Attempt
    ) -> Callable[..., None]:
        """Return the script's function, which first begins a transaction if the driver does not."""

        @wraps(migrate)
        def begun(**arguments: Any) -> None:
            begin_revision(self.context, execution_on(self.context.impl))
            attempt.runs = True
            try:
                not_run = unrun_result(migrate(**arguments))
            except SystemExit as err:  # Alembic's command would end with its status
                text = f"{project_line(err)}: it exits; raise an error to stop the upgrade"
                raise RunnerError(text, migrate) from err
            finally:
                attempt.runs = False
            if not_run is not None:
                script: Any = step
                called = "upgrade" if step.is_upgrade else "downgrade"
                raise RunnerError(f"{script.revision.path}: {called}() {not_run}", migrate)

        return begun

    def _may_retry(self, err: DBAPIError, attempt: Attempt, retries: Retries) -> bool:
        """Tell whether the revision failed for a lock, with nothing committed."""
        if attempt.is_committed or retries.are_over:
            return False
        if self.is_callers and not self.database.features.errors_end_transactions:
            return False
        return driver_code(err.orig, self.database) in self.locks.errors


def report_done(name: str, attempt: Attempt, seconds: float) -> None:
    """Log the number of statements and the time of a revision."""
    plural = "" if attempt.statements == 1 else "s"
    log.info("%s: %d statement%s in %.1f s", name, attempt.statements, plural, seconds)


def report_failure(
    names: Sequence[str], number: int, attempt: Attempt, *, is_callers: bool
) -> None:
    """Log which revisions were run and which were not; Alembic reports the error itself.

    Args:
        names: of all revisions to run.
        number: index of the failed one.
        attempt: the statements of the failed one.
        is_callers: the caller's transaction decides what is kept.
    """
    if is_callers:
        kept = "env.py began the transaction, and decides whether anything is kept"
    elif attempt.is_committed:
        kept = "some of its statements are committed and stay"
    else:
        kept = "nothing of it is kept"
    at = f" at: {short_statement(attempt.current)}" if attempt.current else ""
    log.error("%s failed%s; %s", names[number], at, kept)
    if number:
        log.error("Done before it: %s", ", ".join(names[:number]))
    if names[number + 1 :]:
        log.error("Not begun: %s", ", ".join(names[number + 1 :]))
