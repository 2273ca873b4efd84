"""The steps of a script, recorded during its replay: what each changes and executes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from alembic.script import Script

from ...diff import Change, Tables, diff
from ...errors import SchemaError
from ...history.catalogue.database import Catalogue
from ...history.observer import Observer
from ...history.recording import Recorder
from ...history.statements import built_ddl
from ...sqltext import Syntax, tokens
from ..scripts.effects import line_of
from ..scripts.renamed_items import RenamedItem, RenameObserver
from ..squashing.net_renames import renames_of

LITERAL = {"literal_binds": True}

READING = frozenset({"SHOW", "EXPLAIN", "DESCRIBE", "DESC"})
"""The first words of statements that only read."""

LOSSLESS = frozenset(
    {
        "INSERT",
        "CREATE",
        "COMMENT",
        "GRANT",
        "REVOKE",
        "ANALYZE",
        "VACUUM",
        "REINDEX",
        "SET",
        "LOCK",
    }
)
"""The first words of statements that lose no values of rows."""


@dataclass(frozen=True, slots=True)
class ExecutedStatement:
    """A statement that a script executes itself, or an operation of Alembic's.

    Attributes:
        text: its SQL.
        raw: it is SQL text of the script, or about rows; its locks are unknown.
        rows: how often it is executed.
    """

    text: str
    raw: bool
    rows: int = 1


@dataclass(slots=True)
class Step:
    """What one line of a script does, or one operation of this package.

    Attributes:
        line: of the script.
        before: the tables before it.
        after: the tables after it.
        operation: of this package; `None` for executed statements.
        executed: the statements, without an operation.
        renamed: what it renames.
    """

    line: int
    before: Catalogue
    after: Catalogue
    operation: Any = None
    executed: list[ExecutedStatement] = field(default_factory=list)
    renamed: list[RenamedItem] = field(default_factory=list)

    @property
    def tables(self) -> Tables:
        """The tables before it."""
        return self.before.tables

    @property
    def is_raw(self) -> bool:
        """Whether it is SQL of the script itself, or about rows."""
        return bool(self.executed) and all(each.raw for each in self.executed)

    def may_lose_rows(self, syntax: Syntax) -> bool:
        """Tell whether it has the script's own SQL, which may lose more than its changes do.

        Args:
            syntax: of the database.
        """
        if not self.is_raw or self.changes():
            return False
        first = ({each.upper for each in tokens(e.text, syntax)[:1]} for e in self.executed)
        return any(not keywords & LOSSLESS for keywords in first)

    def changes(self) -> tuple[Change, ...]:
        """Return its changes."""
        if self.operation is not None:
            change = getattr(self.operation, "change", None)
            return () if change is None else (change,)
        old, new = self.before.tables, self.after.tables
        if old == new:
            return ()
        renames = renames_of(self.before, self.renamed, self.after)
        return tuple(diff(_alone(old), _alone(new), renames))

    def with_tables(self) -> Iterator[tuple[Change, Tables]]:
        """Yield its changes, each with the tables before it."""
        tables = self.tables
        for change in self.changes():
            yield change, tables
            try:
                tables = change.apply(tables)
            except SchemaError:  # of a name that only the server knows
                tables = self.after.tables


def _alone(tables: Tables) -> list[Any]:
    return [each for each in tables.values() if not each.temporary]


@contextmanager
def recording_steps(recorder: Recorder, script: Script, steps: list[Step]) -> Iterator[None]:
    """Record the steps of a script while it runs in the block."""
    renamed: list[RenamedItem] = []
    steps_of = _StepObserver(recorder, script, steps, renamed)
    with recorder.observed_by(RenameObserver(recorder, renamed), steps_of):
        yield


class _StepObserver(Observer):
    """Adds a step for each operation and each statement."""

    def __init__(
        self,
        recorder: Recorder,
        script: Script,
        steps: list[Step],
        renamed: list[RenamedItem],
    ) -> None:
        self._recorder, self._script, self._steps = recorder, script, steps
        self._renamed = renamed

    def before(self) -> None:
        self._before = self._recorder.catalogue.copy()
        self._renamed.clear()

    def after_operation(self, operation: Any, *, own: bool) -> None:
        if own:
            self._steps.append(replace(self._step(), operation=operation))

    def after_statement(self, sql: str, context: Any) -> None:
        done = _executed(sql, context, self._recorder)
        if done is not None:
            step = replace(self._step(), executed=[done], renamed=[*self._renamed])
            _append(self._steps, step)

    def _step(self) -> Step:
        return Step(line_of(self._script), self._before, self._recorder.catalogue.copy())


def _append(steps: list[Step], step: Step) -> None:
    """Append a step; or merge it into the last step, if both are of one operation."""
    last = steps[-1] if steps else None
    if last is None or not _is_of_one(last, step):
        steps.append(step)
    else:
        last.after = step.after
        last.executed += step.executed
        last.renamed += step.renamed


def _is_of_one(last: Step, step: Step) -> bool:
    same_line = last.operation is None and last.line == step.line
    return same_line and not (last.is_raw and step.is_raw)


def _executed(sql: str, context: Any, recorder: Recorder) -> ExecutedStatement | None:
    """Return a statement to report; `None` if it only reads."""
    if built_ddl(context) is not None:
        return ExecutedStatement(sql, raw=False)
    statement = getattr(getattr(context, "compiled", None), "statement", None)
    if getattr(statement, "is_select", False) and not hasattr(statement, "text"):
        return None
    first = {token.upper for token in tokens(sql, recorder.syntax)[:1]}
    if first & READING or " ".join(sql.lower().split()) in recorder.session_queries:
        return None
    rows = len(getattr(context, "compiled_parameters", None) or (1,))
    return ExecutedStatement(_with_values(sql, context) if rows == 1 else sql, raw=True, rows=rows)


def _with_values(sql: str, context: Any) -> str:
    """Return a statement about rows with its values, as `--sql` writes it, where possible."""
    from sqlalchemy.exc import CompileError, StatementError

    compiled = getattr(context, "compiled", None)
    rows = list(getattr(context, "compiled_parameters", None) or ())
    if compiled is None or not any(rows):
        return sql
    try:
        statement = compiled.statement
        values = {name: each for name, each in rows[0].items() if each is not None}
        if getattr(statement, "is_insert", False):
            statement = statement.values(values)
        else:
            statement = statement.params(values)
        return str(statement.compile(dialect=context.dialect, compile_kwargs=LITERAL))
    except (CompileError, StatementError, NotImplementedError):
        return sql
