"""Texts for facts, sizes and undoing, the same in each format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...dialects.base.facts import Fact, Size, Waits, Work
from .report import TableFact
from .undo import Undo

WAITS: Final = {
    Waits.NOBODY: "nobody waits",
    Waits.WRITERS: "writers wait",
    Waits.EVERYBODY: "readers and writers wait",
}
WORK: Final = {
    Work.NOTHING: "no row is touched",
    Work.SCAN: "all rows are read",
    Work.INDEX: "an index is built",
    Work.UPDATE: "rows are written",
    Work.REWRITE: "the table is rewritten",
}
UNITS: Final = ("bytes", "kB", "MB", "GB", "TB")


def waiting(fact: Fact) -> str:
    """Return who has to wait."""
    return WAITS[fact.lock.waits]


def unknown_text(steps: Sequence[int]) -> str:
    """Return which steps have unknown locks; empty for none.

    >>> unknown_text([6]), unknown_text([1, 6])
    ('the locks of step 6 are unknown', 'the locks of steps 1, 6 are unknown')
    """
    if not steps:
        return ""
    if len(steps) == 1:
        return f"the locks of step {steps[0]} are unknown"
    return f"the locks of steps {', '.join(map(str, steps))} are unknown"


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


def size_text(size: Size | None) -> str:
    """Return the size of a table; empty if it is unknown.

    >>> size_text(Size(1_234_567, 310_000_000))
    'about 1,230,000 rows, 310 MB'
    >>> size_text(Size(3, None))
    'about 3 rows'
    """
    if size is None:
        return ""
    parts = [] if size.rows is None else [f"about {rounded(size.rows):,} rows"]
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
