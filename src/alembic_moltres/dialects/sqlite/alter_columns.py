"""Alters a column's definition: the parts that differ are replaced in the stored text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import OperationError
from ...schema import ColumnDef
from .parse import CheckText
from .table_text import Clause, clauses, with_added, with_clause, without
from .tokens import normalised

if TYPE_CHECKING:
    from .ddl import SQLiteWriter

PARTS = ("type", "collate", "default", "not null", "generated")
"""The parts that a column has at most once, unlike checks."""


def alteration(current: ColumnDef, desired: ColumnDef, writer: SQLiteWriter) -> dict[str, str]:
    """Return the new texts of the parts that differ, by kind; an empty text removes a part.

    `checks` is not empty if a CHECK in the column's definition differs.
    """
    definitions = [writer.column(each).definition for each in (current, desired)]
    before, after = map(_parts, definitions)
    differing = {
        part: after.get(part, "")
        for part in PARTS
        if _normalised(before.get(part, "")) != _normalised(after.get(part, ""))
    }
    checks_before, checks_after = map(_checks, definitions)
    if sorted(checks_before) != sorted(checks_after):
        differing["checks"] = "differ"
    return differing


def altered(text: str, current: ColumnDef, desired: ColumnDef, writer: SQLiteWriter) -> str:
    """Return a column's definition in which the differing parts are replaced.

    Raises:
        OperationError: a CHECK that is dropped does not exist.
    """
    differing = alteration(current, desired, writer)
    for part, new in differing.items():
        if part in PARTS:
            text = with_clause(text, part, new)
    if "not null" in differing:
        text = with_clause(text, "nothing", "")  # NULL beside NOT NULL
    if "checks" not in differing:
        return text
    written = writer.column(desired).definition
    before, after = _checks(writer.column(current).definition), _checks(written)
    for key in before.keys() - after.keys():
        text = without(text, _find_check(text, key, current, writer))
    for key, clause in after.items():
        if key not in before:
            text = with_added(text, clause.of(written))
    return text


def _parts(text: str) -> dict[str, str]:
    return {clause.kind: clause.of(text) for clause in reversed(clauses(text))}


def _normalised(text: str) -> str:
    return normalised(text) if text else ""


def _checks(text: str) -> dict[tuple[str, str], Clause]:
    """Return the CHECKs of a definition, by name and expression."""
    return {
        ((check.name or "").lower(), normalised(check.text)): clause
        for clause in clauses(text)
        if isinstance(check := clause.constraint, CheckText)
    }


def _find_check(text: str, key: tuple[str, str], column: ColumnDef, writer: SQLiteWriter) -> Clause:
    name, expression = key
    for (check_name, content), clause in _checks(text).items():
        if check_name == name if name else content == expression:
            return clause
    raise OperationError(
        f"the column {column.name!r} has no CHECK ({expression}) to drop (at {writer.of_table}); "
        "give the column as the database has it",
        column,
    )
