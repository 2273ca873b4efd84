"""Texts for facts, sizes and undoing, the same in each format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...dialects.base.facts import Fact, Size, Waits, Work
from .report import FailingRows, RevisionReport, TableFact
from .undo import Undo

WAITS: Final = {
    Waits.NOBODY: "nobody waits",
    Waits.WRITERS: "writers wait",
    Waits.EVERYBODY: "readers and writers wait",
}
WORK: Final = {
    Work.NOTHING: "no row is touched",
    Work.SCAN: "the table is scanned",
    Work.INDEX: "an index is built",
    Work.UPDATE: "rows are updated",
    Work.REWRITE: "the table is rewritten",
    Work.DELETE: "all rows are deleted",
}
UNITS: Final = ("bytes", "kB", "MB", "GB", "TB")


def waiting(fact: Fact) -> str:
    """Return who has to wait."""
    return WAITS[fact.lock.waits]


def unknown_text(steps: Sequence[int], what: str = "locks") -> list[str]:
    """Return what is unknown, with its steps; empty if all is known.

    >>> unknown_text([6]), unknown_text([1, 6], "losses")
    (['the locks of step 6 are unknown'], ['the losses of steps 1, 6 are unknown'])
    """
    if not steps:
        return []
    of = "step" if len(steps) == 1 else "steps"
    return [f"the {what} of {of} {', '.join(map(str, steps))} are unknown"]


def losses_text(report: RevisionReport) -> list[str]:
    """Return the data that is lost."""
    return [*report.losses, *unknown_text(report.unknown_losses, "losses")] or ["nothing"]


def failures_text(report: RevisionReport) -> list[str]:
    """Return the rows on which a revision fails."""
    return list(map(failing_text, report.fails)) or ["no row"]


def fact_text(fact: Fact) -> str:
    """Return a fact as text."""
    note = f" ({fact.note})" if fact.note else ""
    return f"{waiting(fact)} ({fact.lock}); {WORK[fact.work]}{note}"


def name_with_size(each: TableFact) -> str:
    """Return a table's name with its size."""
    size = size_text(each.size)
    return f"{each.table} ({size})" if size else each.table


def undo_text(undo: Undo) -> str:
    """Return whether a revision can be undone, and why not."""
    return f"{undo.way.value}: {undo.why}" if undo.why else undo.way.value


def failing_text(each: FailingRows) -> str:
    """Return the rows on which it fails, with their number now."""
    count = each.count
    if count is None:
        return each.rows.text
    if not count.rows:
        return f"{each.rows.text}: none now"
    unit = "value" if each.rows.is_of_values else "row"
    plural = "" if count.rows == 1 else "s"
    return (
        f"{each.rows.text}: {'more than ' if count.more else ''}{count.rows:,} {unit}{plural} now"
    )


def size_text(size: Size | None) -> str:
    """Return the size of a table; empty if it is unknown.

    >>> size_text(Size(1_234_567, 310_000_000))
    'about 1,230,000 rows, 310 MB'
    >>> size_text(Size(3, None)), size_text(Size(1, None))
    ('about 3 rows', 'about 1 row')
    """
    if size is None:
        return ""
    unit = "row" if size.rows == 1 else "rows"
    parts = [] if size.rows is None else [f"about {rounded(size.rows):,} {unit}"]
    parts += [] if size.bytes is None else [_bytes(size.bytes)]
    return ", ".join(parts)


def rounded(number: int) -> int:
    """Return an estimate rounded to three digits.

    >>> rounded(1_234_567), rounded(12)
    (1230000, 12)
    """
    less = max(len(str(number)) - 3, 0)
    return round(number, -less)


def _bytes(number: int) -> str:
    amount = float(number)
    for unit in UNITS:
        if amount < 1000 or unit == UNITS[-1]:
            break
        amount /= 1000
    return f"{amount:.3g} {unit}"
