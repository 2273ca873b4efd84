"""A plan as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...messages import one_line
from .fact_text import (
    fact_text,
    failures_text,
    losses_text,
    name_with_size,
    undo_text,
    unknown_text,
)
from .report import RevisionReport, StepReport, reports_of
from .revisions import Plan

NOTHING_TO_DO = "Nothing to do: there are no revisions in this range."


def lines_of(plan: Plan) -> Iterator[str]:
    """Yield the lines of a plan; names and SQL are made printable."""
    if plan.name:
        yield one_line(f"Database {plan.name}")
    if not plan.revisions:
        yield NOTHING_TO_DO
    for number, report in enumerate(reports_of(plan)):
        if number:
            yield ""
        yield from _of_revision(plan, report)


def _of_revision(plan: Plan, report: RevisionReport) -> Iterator[str]:
    title = f"{report.revision}  {report.message}" if report.message else report.revision
    yield one_line(f"{title}  ({report.file})")
    locks = [f"{name_with_size(each)}: {fact_text(each.fact)}" for each in report.facts]
    locks += unknown_text(report.unknown)
    yield from _under("locks", locks or ["no existing table"])
    yield from _under("loses", losses_text(report))
    yield from _under("fails on", failures_text(report))
    yield from _under("undo", [undo_text(report.undo)])
    yield from _under("unclear", report.uncertain)
    for number, step in enumerate(report.steps, 1):
        yield ""
        yield from _of_step(plan, number, step)


def _under(title: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield one_line(f"  {'' if number else title:<8} {line}")


def _of_step(plan: Plan, number: int, step: StepReport) -> Iterator[str]:
    first, *rest = step.changes
    yield one_line(f"{number:>3}  {first}")
    for each in rest:
        yield one_line(f"     {each}")
    if step.sql.unknown:
        yield one_line(f"         the SQL is unknown: {step.sql.unknown}")
    elif not step.sql.statements:
        yield f"         nothing is run on {plan.context.dialect.name}"
    for statement in step.sql.statements:
        for line in f"{statement};".splitlines():
            yield f"         {one_line(line.expandtabs(4)).rstrip()}"
    for fact in step.facts:
        yield one_line(f"       > {fact.table}: {fact_text(fact.fact)}")
