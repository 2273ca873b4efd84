"""One script as plain Alembic: our calls and constants are replaced, the rest stays unchanged."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from alembic import op as alembic_op

from ...autogenerate.script.formatting import Written, literal
from ...diff import AlterTable
from ...errors import HistoryError
from ...history.replay import Replay
from ...history.state import State
from ...history.uncertainties import Uncertainties
from ...messages import one_line
from ...schema import TableSchema
from ...schema.named_types import TypeKey
from ..scripts.moltres_calls import Site, sites
from ..scripts.replays import shape
from ..scripts.runs import OperationRun, ScriptRun
from ..scripts.source import ScriptSource
from .calls import FAILURES, operations_of
from .plain.columns import plain_column
from .plain.constraints import schema_keyword
from .plain.copy_table import copy_table
from .plain.fallback import statements, with_generated_names
from .plain.operations import generated_names, plain_lines, raw_lines
from .plain.writer import NoEquivalentError, Writer, packages

WITHOUT_DDL = frozenset({"moltres_anchor", "moltres_state_only"})
"""The operations that change nothing in the database."""

_OURS = re.compile(r"# .* is NOT NULL without a default: this fails if there are rows$")


@dataclass(frozen=True, slots=True)
class Replacement:
    """The lines that replace a statement.

    Attributes:
        lines: of the new script.
        is_proven: whether a replay covers them.
    """

    lines: list[str]
    is_proven: bool = True


class Ejector:
    """Rewrites the calls of one script.

    Args:
        source: of the script; it is edited.
        module: the loaded script.
        replay: after the script.
        script_run: what the script does.
        earlier: types that existed before the script at any time.
    """

    def __init__(
        self,
        source: ScriptSource,
        module: ModuleType,
        replay: Replay,
        script_run: ScriptRun,
        earlier: set[TypeKey],
    ) -> None:
        self.earlier = earlier
        self.source, self.module = source, module
        self.replay, self.script_run = replay, script_run
        dialect: Any = replay.recorder.dialect
        self.dialect = dialect
        self.imports: set[str] = set()

    def maybe_created(self, site: Site) -> set[TypeKey]:
        """Return the types that a run may have created before: for the downgrade, all of them."""
        if site.function.name != "downgrade":
            return self.earlier
        return {key for each in self.script_run.operations for key in each.after.types}

    @cached_property
    def attempts(self) -> dict[Site, Replacement | HistoryError]:
        """The replacement of each statement that calls this package, or why there is none."""
        outermost = list(sites(self.source))
        for each in outermost:
            for other in outermost:
                if each is not other and each.lines.start in other.lines[1:]:
                    # in a state-only block
                    outermost = [one for one in outermost if one is not each]
        return {each: self._attempt(each) for each in outermost}

    def try_all(self) -> None:
        """Compute `attempts` now, while `env.py` is running."""
        self.attempts  # noqa: B018 - cached

    def _attempt(self, site: Site) -> Replacement | HistoryError:
        try:
            return self.replacement(site)
        except HistoryError as err:
            return err

    def has_run(self, site: Site) -> bool:
        """Tell whether a statement has run on this database."""
        return any(each.line in site.lines for each in self.script_run.operations)

    def replacement(self, site: Site) -> Replacement:
        """Return the lines that replace a statement."""
        if site.method in WITHOUT_DDL:
            return Replacement(["pass"], is_proven=False)
        operations = operations_of(site, self.source, self.module, self.dialect.name)
        if len(operations) > 1:
            raise self.source.error(
                site.call, f"op.{site.method}() runs several operations; write out its calls"
            )
        if not operations:
            return Replacement(["pass"])
        ran = self._ran(site)
        writer = Writer(
            self.dialect,
            self._name_of_sqlalchemy(),
            site.op,
            in_callers_transaction=self.replay.in_callers_transaction,
        )
        try:
            return self._written(writer, site, operations[0], ran)
        except NoEquivalentError as err:
            raise self.source.error(
                site.call, f"plain Alembic has no equivalent of op.{site.method}(): {err.args[0]}"
            ) from err
        finally:
            self.imports |= writer.imports

    def _written(
        self, writer: Writer, site: Site, operation: Any, ran: OperationRun | None
    ) -> Replacement:
        before, after = (None, None) if ran is None else (ran.before, ran.after)
        plain, fits = None, True
        try:
            plain = plain_lines(
                writer,
                operation,
                before,
                after,
                target=site.before,
                maybe_created=self.maybe_created(site),
            )
        except NoEquivalentError as err:
            if ran is None:
                raise
            plain, fits = err.otherwise, False
        if plain is not None and ran is None:
            return Replacement(plain)
        if plain is not None and ran is not None and fits and self._fits(writer, plain, ran):
            return Replacement(plain)
        if site.before or ran is None:
            raise NoEquivalentError(one_line(repr(operation.change)[:200]), operation)
        lines = self._own(writer, operation.change, plain or [], ran)
        return Replacement(lines, is_proven=self._fits(writer, lines, ran))

    def _own(self, writer: Writer, change: Any, plain: list[str], ran: OperationRun) -> list[str]:
        """Return our own SQL for a change, with the plain lines for other dialects."""
        if isinstance(change, AlterTable):
            change = with_generated_names(change, generated_names(ran.before, change.key))
        if statements(change, writer.dialect):
            own = raw_lines(writer, change)
            return own if plain == own else raw_lines(writer, change, plain)
        key = getattr(change, "key", None)
        copies = isinstance(change, AlterTable) and not writer.dialect.supports_alter
        if not copies or key not in ran.before.tables:
            raise NoEquivalentError(one_line(repr(change)[:200]), change)
        before, after = ran.before.tables[change.key], ran.after.tables[change.key]
        return copy_table(writer, change, before, after, plain)

    def _fits(self, writer: Writer, lines: Iterable[str], ran: OperationRun) -> bool:
        """Run the lines at the place of the operation; return whether they make the same change."""
        recorder = self.replay.recorder
        wanted = shape(ran.after)
        code = compile("\n".join(lines), f"{self.module.__file__}:plain", "exec")
        names = {writer.sa: sa, writer.op: alembic_op, **packages()}
        with recorder.restoring():
            recorder.catalogue.restore(ran.before)
            recorder.uncertain = Uncertainties()
            try:
                with self.replay.operations():
                    exec(code, names)  # noqa: S102 - written by us
            except FAILURES:
                return False
            return not recorder.uncertainties() and wanted == shape(recorder.catalogue)

    def _ran(self, site: Site) -> OperationRun | None:
        runs = [each for each in self.script_run.operations if each.line in site.lines]
        if len({id(each.operation) for each in runs}) > 1:
            raise self.source.error(
                site.call, f"op.{site.method}() runs {len(runs)} times; write out its calls"
            )
        return runs[0] if runs else None

    def _name_of_sqlalchemy(self) -> str:
        name = self.source.name_of_module("sqlalchemy")
        if name is None:
            self.imports.add("import sqlalchemy as sa")
        return name or "sa"

    def tables_at(self, node: ast.AST, keys: Iterable[str]) -> dict[str, Written]:
        """Return `sa.table(...)` for the tables that a line gets from `op.moltres_tables()`.

        Raises:
            HistoryError: the line did not run, or there is no such table.
        """
        state = self.script_run.requested.get(getattr(node, "lineno", 0))
        writer = Writer(self.dialect, self._name_of_sqlalchemy())
        tables: dict[str, Written] = {}
        for key in keys:
            table = None if state is None else state.tables.get(key)
            if table is None or not (state or State()).is_certain(key):
                raise self.source.error(node, f"the table {key!r} is unknown at this line")
            tables[key] = table_for_rows(writer, table)
        self.imports |= writer.imports
        return tables


class DatabaseEjectors:
    """Rewrites the calls of a script that runs on one or more databases.

    Args:
        ejectors: one for each database, with the same source.
    """

    def __init__(self, ejectors: Sequence[Ejector]) -> None:
        self._ejectors = ejectors
        self.source = ejectors[0].source

    @property
    def imports(self) -> set[str]:
        """The imports that the new lines need."""
        return set().union(*(each.imports for each in self._ejectors))

    @cached_property
    def replacements(self) -> dict[Site, Replacement]:
        """The lines that replace each statement that calls this package.

        Raises:
            HistoryError: a call cannot be rewritten.
        """
        return {site: self._replacement(site) for site in self._ejectors[0].attempts}

    def _replacement(self, site: Site) -> Replacement:
        ran = [each for each in self._ejectors if each.has_run(site)] or self._ejectors[:1]
        attempts = []
        for each in ran:
            attempt = each.attempts[site]
            if isinstance(attempt, HistoryError):
                raise attempt
            attempts.append(attempt)
        if any(each.lines != attempts[0].lines for each in attempts):
            raise self.source.error(
                site.call,
                f"op.{site.method}() needs different lines on different databases; write one call "
                "for each database",
            )
        return attempts[0]

    def tables_at(self, node: ast.AST, keys: Iterable[str]) -> dict[str, Written]:
        """See `Ejector.tables_at`."""
        line = getattr(node, "lineno", 0)
        reached = [each for each in self._ejectors if line in each.script_run.requested]
        return (reached or self._ejectors)[0].tables_at(node, keys)


def table_for_rows(writer: Writer, table: TableSchema) -> Written:
    """Return `sa.table(...)`, for statements about rows."""
    columns = [plain_column(writer, each) for each in table.columns]
    name = literal(str(table.name))
    return writer.of_sa("table", name, *columns, **schema_keyword(table.schema))


def comments_inside(source: ScriptSource, site: Site) -> list[str]:
    """Return the user's comments in the lines of a statement."""
    comments = source.comments()
    inside = (comments[line] for line in site.lines[:-1] if line in comments)
    return [each for each in inside if not _OURS.match(each)]
