"""The contents of a plan, for each format: changes, SQL, locks, lost data, undoing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Dialect

from ...convert import lineage
from ...dialects.base.facts import Fact, Facts, LockMode, Size, Waits, Work
from ...dialects.base.failing_rows import Count
from ...dialects.base.registry import impl_of
from ...diff import TableKey
from ...diff.changes.base import called
from ...diff.summary import lines, summary
from ...schema.item_text import ItemText
from .counts import failing_steps
from .failing import Failing
from .impact import Impact, as_one, impacts_of
from .revisions import Plan, PlannedRevision
from .statements import StepSQL, sql_of
from .steps import Step
from .undo import Undo, Way

LONGEST = 60
"""The longest expression or list of names in a line, in characters."""

SAME_TABLES = "the tables, but not what is lost"


@dataclass(frozen=True, slots=True)
class TableFact:
    """What happens to one table.

    Attributes:
        table: its name, with its schema.
        fact: what happens to it.
        size: its size, if a database is connected.
    """

    table: str
    fact: Fact
    size: Size | None


@dataclass(frozen=True, slots=True)
class FailingRows:
    """The rows on which a step fails.

    Attributes:
        rows: the condition.
        count: the number in the database now; `None` if it is unknown.
    """

    rows: Failing
    count: Count | None


@dataclass(frozen=True, slots=True)
class StepReport:
    """The report of a step.

    Attributes:
        line: of the script.
        changes: what it changes, one line each.
        sql: its statements.
        facts: what happens to existing tables.
        raw: it is SQL of the script itself.
    """

    line: int
    changes: tuple[str, ...]
    sql: StepSQL
    facts: tuple[TableFact, ...]
    raw: bool


@dataclass(frozen=True, slots=True)
class RevisionReport:
    """The report of a revision.

    Attributes:
        revision: its id.
        message: of the script.
        file: the script's name.
        facts: what happens to existing tables, those that block most first.
        unknown: the numbers of the steps whose locks are unknown, from 1.
        losses: the data that is lost.
        unknown_losses: the numbers of the steps whose losses are unknown.
        fails: the rows on which it fails.
        undo: what `downgrade()` restores.
        uncertain: what replay cannot know.
        steps: in order.
    """

    revision: str
    message: str
    file: str
    facts: tuple[TableFact, ...]
    unknown: tuple[int, ...]
    losses: tuple[str, ...]
    unknown_losses: tuple[int, ...]
    fails: tuple[FailingRows, ...]
    undo: Undo
    uncertain: tuple[str, ...]
    steps: tuple[StepReport, ...]


def reports_of(plan: Plan) -> Iterator[RevisionReport]:
    """Yield the report of each revision of a plan."""
    failing = failing_steps(plan)
    return (
        _report(plan, revision, [each for step in steps for each in step])
        for revision, steps in zip(plan.revisions, failing, strict=True)
    )


def _report(plan: Plan, revision: PlannedRevision, failing: Iterable[Failing]) -> RevisionReport:
    script = revision.script
    impl = impl_of(plan.context.dialect)
    unclear = {each.place.line for each in revision.uncertain}
    impacts = impacts_of(revision.steps, revision.before.tables, impl, _sizes(plan), unclear)
    whole = as_one(impacts)
    steps = zip(revision.steps, impacts, strict=True)
    return RevisionReport(
        str(script.revision),
        str(script.doc or ""),
        file=Path(script.path).name,
        facts=_table_facts(plan, whole.facts),
        unknown=tuple(number for number, each in enumerate(impacts, 1) if each.unknown),
        losses=whole.losses,
        unknown_losses=tuple(
            n for n, each in enumerate(revision.steps, 1) if each.may_lose_rows(impl.syntax)
        ),
        fails=_failing_rows(plan, failing),
        undo=_undo(revision.undo, whole),
        uncertain=tuple(map(str, revision.uncertain)),
        steps=tuple(_step(plan, step, impact) for step, impact in steps),
    )


def _step(plan: Plan, step: Step, impact: Impact) -> StepReport:
    context = plan.context
    changes = tuple(step_lines(step, context.dialect))
    facts = _table_facts(plan, impact.facts)
    return StepReport(step.line, changes, sql=sql_of(step, context), facts=facts, raw=step.is_raw)


def _failing_rows(plan: Plan, failing: Iterable[Failing]) -> tuple[FailingRows, ...]:
    """Return the rows on which it fails: existing ones first, then the uncounted."""
    rows = (FailingRows(each, plan.counts.get(each)) for each in dict.fromkeys(failing))
    return tuple(sorted(rows, key=_urgency))


def _urgency(each: FailingRows) -> int:
    if each.count is None:
        return 1
    return 0 if each.count.rows else 2


def _table_facts(plan: Plan, facts: Facts) -> tuple[TableFact, ...]:
    sizes = _sizes(plan)
    heaviest_first = sorted(facts.items(), key=lambda each: _weight(each[1]), reverse=True)
    return tuple(TableFact(called(key), fact, sizes.get(key)) for key, fact in heaviest_first)


def _weight(fact: Fact) -> tuple[Waits, Work, LockMode]:
    return fact.lock.waits, fact.work, fact.lock


def _sizes(plan: Plan) -> Mapping[TableKey, Size]:
    return {} if plan.target is None else plan.target.sizes


def _undo(undo: Undo, whole: Impact) -> Undo:
    """Return what `downgrade()` restores; lost data does not come back."""
    if undo.way is Way.BACK and whole.losses:
        return Undo(Way.PARTLY, SAME_TABLES)
    return undo


def step_lines(step: Step, dialect: Dialect) -> list[str]:
    """Return what a step changes, one line for each change, with the dialect's types."""
    texts = ItemText(tuple(lineage(dialect)), LONGEST)
    texts_of_changes = [text for text, _ in lines(summary(step.changes(), texts))]
    if step.operation is None:
        texts_of_changes += _of_types(step)
    if texts_of_changes:
        return texts_of_changes
    if step.operation is not None:
        return ["nothing" if step.changes() else "an anchor: nothing is changed"]
    rows = max((each.rows for each in step.executed), default=1)
    return [f"SQL of the script, for {rows} rows" if rows > 1 else "SQL of the script"]


def _of_types(step: Step) -> Iterator[str]:
    """Yield lines for the types and sequences that Alembic's own operations make."""
    before, after = step.before, step.after
    for kind, old, new in (
        ("type", before.types, after.types),
        ("sequence", before.sequences, after.sequences),
    ):
        yield from (f"+ {kind} {called(key)}" for key in new if key not in old)
        yield from (f"- {kind} {called(key)}" for key in old if key not in new)
