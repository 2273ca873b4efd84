"""Finds a constraint in a table's text by its name, or by its content if it is unnamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ...convert.names import kept_name
from ...errors import OperationError
from ...messages import did_you_mean
from ...schema import Constraint, PrimaryKeyConstraint
from ...schema.constraints import content_of, description_of
from .parse import ConstraintText, KeyText
from .signatures import constraint_signature
from .table_text import TableParts, clauses, column_name, table_constraint, without
from .tokens import Scope
from .values import PrimaryKeyOf, constraint_value

if TYPE_CHECKING:
    from .ddl import SQLiteWriter


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The position of a constraint: a clause in a column, or an item after the columns.

    Renaming a column does not change it.
    """

    column: int | None
    at: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A constraint of the table."""

    place: Place
    parsed: ConstraintText


def candidates(parts: TableParts) -> Iterator[Candidate]:
    """Yield the constraints of a table, those in a column's definition first."""
    for number, column in enumerate(parts.columns):
        for at, clause in enumerate(clauses(column)):
            if clause.constraint is not None:
                yield Candidate(Place(number, at), clause.constraint)
    for at, text in enumerate(parts.constraints):
        parsed = table_constraint(text)
        if parsed is not None:
            yield Candidate(Place(None, at), parsed)


def find(
    parts: TableParts, constraint: Constraint, writer: SQLiteWriter, primary_key_of: PrimaryKeyOf
) -> Place:
    """Return the position of a constraint.

    A primary key matches under any name: with AUTOINCREMENT SQLAlchemy writes no name. Of several
    constraints with the same content an unnamed one is returned.

    Raises:
        OperationError: the table has no such constraint.
    """
    every = list(candidates(parts))
    if isinstance(constraint, PrimaryKeyConstraint):
        matches = [each for each in every if _is_primary_key(each.parsed)]
    elif constraint.name is not None:
        names = (constraint.name, kept_name(constraint.name, writer.dialect))
        wanted = {str(name).lower() for name in names}
        matches = [each for each in every if (each.parsed.name or "").lower() in wanted]
    else:
        matches = _by_content(every, parts, constraint, writer, primary_key_of)
        matches.sort(key=lambda each: each.parsed.name is not None)
    if not matches:
        raise _not_found(every, constraint, writer)
    return matches[0].place


def _by_content(
    every: list[Candidate],
    parts: TableParts,
    constraint: Constraint,
    writer: SQLiteWriter,
    primary_key_of: PrimaryKeyOf,
) -> list[Candidate]:
    columns = frozenset(column_name(text).lower() for text in parts.columns)
    scope = Scope(str(writer.name).lower(), columns)
    wanted = writer.signature(constraint, scope)
    matches = []
    for each in every:
        value = constraint_value(each.parsed, writer.schema, primary_key_of)
        ddl = constraint_signature(value, scope, writer.names)
        if wanted is not None and ddl is not None and ddl.text == wanted.text:
            matches.append(each)
    return matches


def _is_primary_key(parsed: ConstraintText) -> bool:
    return isinstance(parsed, KeyText) and parsed.kind == "primary key"


def _not_found(
    every: list[Candidate], constraint: Constraint, writer: SQLiteWriter
) -> OperationError:
    names = [each.parsed.name for each in every if each.parsed.name is not None]
    hint = did_you_mean(str(constraint.name), names) if constraint.name else ""
    known = f"it has {', '.join(sorted(names))}" if names else "it has none with a name"
    kind = constraint.function.replace("_", " ")
    content = content_of(constraint)
    return OperationError(
        f"there is no {description_of(f'{kind} constraint', constraint.name, content)} to drop "
        f"(at {writer.of_table}; {known}){hint or '; drop it as the database has it'}",
        constraint,
    )


def without_places(parts: TableParts, places: set[Place]) -> TableParts:
    """Return the table without the constraints at these places."""
    for number in sorted({place.column for place in places if place.column is not None}):
        text = parts.columns[number]
        existing = clauses(text)
        for at in sorted((p.at for p in places if p.column == number), reverse=True):
            text = without(text, existing[at])
        parts = parts.exchanged(number, text)
    kept = tuple(text for at, text in enumerate(parts.constraints) if Place(None, at) not in places)
    return replace(parts, constraints=kept)
