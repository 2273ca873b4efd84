"""The effect of COMMENT ON."""

from __future__ import annotations

from dataclasses import replace

from ... import diff as changes
from ..catalogue.database import Catalogue, MissingError
from .cursor import Cursor, Outcome


def comment_on(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out COMMENT; the cursor is after that word."""
    cursor.need("ON")
    kind = cursor.peek()
    if kind not in {"TABLE", "COLUMN", "CONSTRAINT"}:
        return Outcome.KEPT
    cursor.next()
    names = [cursor.name()]
    while cursor.accept("."):
        names.append(cursor.name())
    if kind == "CONSTRAINT":
        cursor.need("ON")
        names = [*cursor.qualified(), *names]  # type: ignore[list-item]
    cursor.need("IS")
    comment = None if cursor.accept("NULL") else cursor.string()
    _set_comment(catalogue, kind, names, comment or None)
    return Outcome.APPLIED


def _set_comment(catalogue: Catalogue, kind: str, names: list[str], comment: str | None) -> None:
    if kind == "TABLE":
        table = catalogue.table(names[-1], names[-2] if len(names) > 1 else None)
        catalogue.alter(table, changes.SetComment(table.comment, comment))
        return
    table = catalogue.table(names[-2], names[-3] if len(names) > 2 else None)
    if kind == "COLUMN":
        catalogue.alter_column(table, names[-1], comment=comment)
        return
    constraint = catalogue.constraint(table, names[-1])
    if constraint is None:
        raise MissingError(f"there is no constraint {names[-1]!r}", names[-1])
    catalogue.alter(
        table,
        changes.DropConstraint(constraint),
        changes.AddConstraint(replace(constraint, comment=comment)),
    )
