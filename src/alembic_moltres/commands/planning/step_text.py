"""The lines of text for a step."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.engine import Dialect

from ...convert import lineage
from ...diff.changes.base import called
from ...diff.summary import lines, summary
from ...schema.item_text import ItemText
from .steps import Step

LONGEST = 60
"""The longest expression or list of names in a line, in characters."""


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
