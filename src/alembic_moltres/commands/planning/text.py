"""A plan as text, for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...messages import one_line
from .revisions import Plan, PlannedRevision
from .statements import sql_of
from .steps import Step
from .wording import words_of


def lines_of(plan: Plan) -> Iterator[str]:
    """Yield the lines of a plan."""
    if plan.name:
        yield one_line(f"Database {plan.name}")
    if not plan.revisions:
        yield "Nothing to do: there is no revision in this range."
    for number, revision in enumerate(plan.revisions):
        if number:
            yield ""
        yield from _of_revision(plan, revision)


def _of_revision(plan: Plan, revision: PlannedRevision) -> Iterator[str]:
    script = revision.script
    yield one_line(f"{script.revision}  {script.doc or ''}  ({Path(script.path).name})")
    undo = revision.undo
    yield one_line(f"  undo   {undo.way.value}{f': {undo.why}' if undo.why else ''}")
    for each in revision.uncertain:
        yield one_line(f"  not known  {each}")
    for number, step in enumerate(revision.steps, 1):
        yield ""
        yield from _of_step(plan, number, step)


def _of_step(plan: Plan, number: int, step: Step) -> Iterator[str]:
    first, *rest = words_of(step, plan.context.dialect)
    yield one_line(f"{number:>3}  {first}")
    for each in rest:
        yield one_line(f"     {each}")
    sql = sql_of(step, plan.context)
    if sql.unknown:
        yield one_line(f"         the SQL is not known: {sql.unknown}")
    if not sql.statements and not sql.unknown:
        yield f"         nothing is run on {plan.context.dialect.name}"
    for statement in sql.statements:
        for line in f"{statement};".splitlines():
            yield f"         {one_line(line.expandtabs(4)).rstrip()}"
