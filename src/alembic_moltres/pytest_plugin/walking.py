"""The walk through a history with rows in the tables: up, down, and up again at each revision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ..alembic_compat import transaction_of_script
from ..dialects.base.driver_messages import database_message
from ..dialects.base.registry import impl_of
from ..errors import HistoryError, OptionError
from ..history.directory import scripts_until
from ..history.environment import run_env
from ..history.scratch import scratch_database
from ..history.state import State
from ..history.states import project_scripts
from ..messages import did_you_mean, one_line
from .losses import Loss, RowsByTable, losses, rows_by_table
from .made_rows import MadeRows
from .steps import WalkStep, described, steps_of


@dataclass(frozen=True, slots=True)
class WalkFailure:
    """What is wrong with a revision, on one line.

    Attributes:
        revision: its id and its message.
        text: what is wrong.
    """

    revision: str
    text: str

    def __str__(self) -> str:
        return f"{self.revision}: {self.text}"


UNCHANGED: tuple[Any, Any] = (lambda key: key, lambda *place: place)
"""The identity mapping of names of tables and columns, after a downgrade."""


class StoppedError(Exception):
    """A script fails; later scripts are not run."""


def walk(
    config: Config,
    url: str,
    rows: Mapping[str, Iterable[Mapping[str, Any]]],
    expected: Mapping[str, Iterable[str]],
) -> list[WalkFailure]:
    """Walk a history on a database, and return what is wrong with it.

    Args:
        config: the project's.
        url: of an empty database, which is emptied again.
        rows: see `MigrationHistory`.
        expected: see `MigrationHistory.walk`.

    Raises:
        HistoryError: the scripts cannot be loaded, `env.py` migrates several databases, or the
            database is not empty or of another kind.
        OptionError: a key of `expected` is not a revision.
    """
    failures: list[WalkFailure] = []
    with project_scripts(config) as (directory, script_tables), scratch_database(url) as connection:
        scripts = scripts_until(directory)
        expected_places = {key: frozenset(names) for key, names in expected.items()}
        _check_revisions(expected_places, [each.revision for each in scripts])
        server = impl_of(connection.dialect).server()

        def work(context: MigrationContext, arguments: dict[str, Any]) -> None:
            walked = Walk(context, arguments, MadeRows(connection, rows), expected_places)
            _end(connection)
            failures.extend(walked.through(steps))

        steps = steps_of(config, directory, script_tables, scripts, server)
        run_env(config, directory, script_tables, work, scratch=connection)
        _end(connection)
    return failures


def _check_revisions(expected: Mapping[str, object], revisions: list[str]) -> None:
    for name in expected:
        if name not in revisions:
            near = did_you_mean(name, revisions)
            raise OptionError(
                f"expected_losses names {name!r}, which is not a revision{near}", name
            )


def _end(connection: Connection) -> None:
    """Commit an open transaction."""
    if connection.in_transaction():
        connection.commit()


class Walk:
    """The walk on one database.

    Args:
        context: on the database.
        arguments: those of `upgrade()`.
        rows: what fills the tables.
        expected: what each revision loses on purpose.
    """

    def __init__(
        self,
        context: MigrationContext,
        arguments: Mapping[str, Any],
        rows: MadeRows,
        expected: Mapping[str, frozenset[str]],
    ) -> None:
        if context.connection is None:
            raise HistoryError("env.py configures no connection", context)
        self._context = context
        self._connection: Connection = context.connection
        self._arguments = dict(arguments)
        self._rows = rows
        self._expected = expected
        self._unfilled: set[str] = set()

    def through(self, steps: list[WalkStep]) -> Iterator[WalkFailure]:
        """Run each revision; yield the failures."""
        for step in steps:
            revision = described(step.script)
            yield from (WalkFailure(revision, each) for each in self._fill(step))
            try:
                yield from (WalkFailure(revision, each) for each in self._at(step))
            except StoppedError as err:
                yield WalkFailure(revision, str(err))
                return

    def _fill(self, step: WalkStep) -> Iterator[str]:
        for key, reason in self._rows.fill(step.before).items():
            if key not in self._unfilled:
                self._unfilled.add(key)
                yield (
                    f"before it, no row could be made for {key}: {reason}; give rows with the "
                    "fixture moltres_rows, or an empty list"
                )

    def _at(self, step: WalkStep) -> Iterator[str]:
        """Upgrade, downgrade, and upgrade again; yield what is wrong."""
        expected = self._expected.get(step.script.revision, frozenset())
        before = self._rows_by_table(step.before)
        self._run(step, "upgrade")
        after = self._rows_by_table(step.after)
        lost = list(losses(step.before, before, after, step.table, step.column))
        yield from _unexpected_losses(lost, expected, "upgrade")
        back: list[Loss] = []
        if self._downgrade(step):
            after_both = losses(step.before, before, self._rows_by_table(step.before), *UNCHANGED)
            places = {each.place for each in lost}
            back = [each for each in after_both if not {each.place, each.table} & places]
            yield from _unexpected_losses(back, expected, "downgrade")
            self._run(step, "upgrade")
        unneeded = expected - {part for each in (*lost, *back) for part in (each.place, each.table)}
        if unneeded:
            listed = ", ".join(sorted(unneeded))
            yield f"it does not lose {listed}; take it out of expected_losses"

    def _rows_by_table(self, state: State) -> RowsByTable:
        try:
            return rows_by_table(self._connection, state.tables)
        finally:
            _end(self._connection)

    def _downgrade(self, step: WalkStep) -> bool:
        """Run `downgrade()`; return False if there is none."""
        if not hasattr(step.script.module, "downgrade"):
            return False
        try:
            self._run(step, "downgrade")
        except NotImplementedError:
            return False
        return True

    def _run(self, step: WalkStep, function: str) -> None:
        try:
            with Operations.context(self._context), transaction_of_script(self._context):
                getattr(step.script.module, function)(**self._arguments)
        except (SQLAlchemyError, CommandError) as err:
            raise StoppedError(f"{function} fails on rows: {_message(err)}") from err
        finally:
            _end(self._connection)


def _unexpected_losses(lost: list[Loss], expected: frozenset[str], function: str) -> Iterator[str]:
    for each in lost:
        if not {each.place, each.table} & expected:
            yield f"{function} loses {each.place}: {one_line(each.text)}"


def _message(err: Exception) -> str:
    return one_line(database_message(err) if isinstance(err, DBAPIError) else str(err))
