"""A plan as Markdown, for a pull request: a table for each revision, with folded details.

Text from outside is escaped: a name cannot make a link, a mention or HTML. Code fences are longer
than any in the SQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ...messages import one_line
from .fact_text import WORK, failures_text, losses_text, size_text, undo_text, unknown_text, waiting
from .report import RevisionReport, StepReport, reports_of
from .revisions import Plan
from .text import NOTHING_TO_DO

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()<>#+!|~&@:.\-])")


def markdown_of(plan: Plan) -> Iterator[str]:
    """Yield the lines of a plan."""
    if plan.name:
        yield f"## Database {escaped(plan.name)}"
        yield ""
    if not plan.revisions:
        yield NOTHING_TO_DO
    for report in reports_of(plan):
        yield from _of_revision(report)


def escaped(text: object) -> str:
    r"""Return a text as Markdown that displays as the text.

    >>> print(escaped("a|b <img> [x](y) @me"))
    a\|b \<img\> \[x\]\(y\) \@me
    """
    return _SPECIAL.sub(r"\\\1", one_line(text))


def code(text: object) -> str:
    r"""Return a text as inline code inside a table.

    >>> print(code("a`b|c"))
    ``a`b\|c``
    """
    return code_span(one_line(text).replace("|", "\\|"))


def code_span(text: object) -> str:
    r"""Return a text as inline code.

    >>> print(code_span("a`b|c"))
    ``a`b|c``
    """
    written = one_line(text)
    fence = "`" * (_longest_run(written) + 1)
    space = " " if not written or written.startswith("`") or written.endswith("`") else ""
    return f"{fence}{space}{written}{space}{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _of_revision(report: RevisionReport) -> Iterator[str]:
    yield f"### {code(report.revision)} {escaped(report.message)}".rstrip()
    yield ""
    if report.facts:
        yield "| table | size | who waits | lock | rows |"
        yield "|---|---|---|---|---|"
    for each in report.facts:
        fact = each.fact
        note = f" ({escaped(fact.note)})" if fact.note else ""
        size = escaped(size_text(each.size))
        cells = code(each.table), size, waiting(fact), fact.lock.name, f"{WORK[fact.work]}{note}"
        yield f"| {' | '.join(cells)} |"
    if report.facts:
        yield ""
    locks = unknown_text(report.unknown)
    yield from _item("Locks", locks or ([] if report.facts else ["no existing table"]))
    yield from _item("Loses", map(escaped, losses_text(report)))
    yield from _item("Fails on", map(escaped, failures_text(report)))
    yield from _item("Undo", [escaped(undo_text(report.undo))])
    yield from _item("Unclear", map(escaped, report.uncertain))
    yield ""
    count = len(report.steps)
    yield f"<details><summary>{count} {'step' if count == 1 else 'steps'}, SQL</summary>"
    yield ""
    for number, step in enumerate(report.steps, 1):
        yield from _of_step(number, step)
    yield "</details>"
    yield ""


def _item(title: str, lines: Iterable[str]) -> Iterator[str]:
    items = list(lines)
    if len(items) == 1:
        yield f"- **{title}:** {items[0]}"
    elif items:
        yield f"- **{title}:**"
        yield from (f"  - {each}" for each in items)


def _of_step(number: int, step: StepReport) -> Iterator[str]:
    first, *others = (escaped(each.strip()) for each in step.changes)
    yield f"{number}. {first}"
    yield from (f"   - {each}" for each in others)
    yield ""
    if step.sql.unknown:
        yield f"   The SQL is unknown: {escaped(step.sql.unknown)}"
        yield ""
    if step.sql.statements:
        lines = [line for each in step.sql.statements for line in f"{each};".splitlines()]
        written = [one_line(line.expandtabs(4)).rstrip() for line in lines]
        fence = "`" * max(3, max(map(_longest_run, written)) + 1)
        yield f"   {fence}sql"
        yield from (f"   {line}" for line in written)
        yield f"   {fence}"
        yield ""
