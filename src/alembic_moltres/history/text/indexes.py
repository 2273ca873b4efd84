"""The effect of CREATE INDEX and DROP INDEX."""

from __future__ import annotations

from ... import diff as changes
from ...schema import SQL, Index
from ...sqltext import Syntax
from ..catalogue.by_name import drop_index
from ..catalogue.database import Catalogue
from .cursor import Cursor, Outcome


def create_index(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out CREATE INDEX; the cursor is after CREATE. One of a view is kept as text."""
    unique = cursor.accept("UNIQUE")
    prefix = "FULLTEXT" if cursor.accept("FULLTEXT") else None
    cursor.need("INDEX")
    cursor.accept("CONCURRENTLY")
    lenient = cursor.accept("IF", "NOT", "EXISTS")
    name = None if cursor.peek() == "ON" else cursor.qualified()[1]
    cursor.need("ON")
    cursor.accept("ONLY")
    schema, on = cursor.qualified()
    view = catalogue.key(on, schema)
    if view in catalogue.views:
        catalogue.views[view] |= {name or ""}
        return Outcome.KEPT
    options: dict[str, object] = {}
    own = catalogue.impl.dialect.name
    if prefix:
        options[f"{own}_prefix"] = prefix
    if cursor.accept("USING"):
        options[f"{own}_using"] = cursor.name()
    elements, operators = _elements(cursor.brackets(), cursor.syntax)
    if operators:
        options[f"{own}_ops"] = operators
    _index_options(cursor, own, options)
    table = catalogue.table(on, schema)
    if name is None:
        raise cursor.unreadable("the index has no name")
    if lenient and catalogue.index(name, table.schema, table.name) is not None:
        return Outcome.APPLIED
    index = Index(name, tuple(elements), unique, options)
    catalogue.alter(table, changes.CreateIndex(index))
    return Outcome.APPLIED


def _index_options(cursor: Cursor, own: str, options: dict[str, object]) -> None:
    while not cursor.done:
        if cursor.accept("INCLUDE"):
            options[f"{own}_include"] = cursor.names()
        elif cursor.accept("NULLS", "NOT", "DISTINCT"):
            options[f"{own}_nulls_not_distinct"] = True
        elif cursor.accept("WITH"):
            options[f"{own}_with"] = cursor.settings()
        elif cursor.accept("TABLESPACE"):
            options[f"{own}_tablespace"] = cursor.name()
        elif cursor.accept("WHERE"):
            options[f"{own}_where"] = SQL(cursor.rest())
            return
        else:
            raise cursor.unreadable(f"the index has {cursor.rest()[:30]!r}")


def _elements(text: str, syntax: Syntax) -> tuple[list[str | SQL], dict[str, str]]:
    """Return the elements of an index, and the operator classes of its columns."""
    cursor = Cursor(text, syntax)
    elements: list[str | SQL] = []
    operators: dict[str, str] = {}
    while not cursor.done:
        start = cursor.at
        element = cursor.until(",")
        count = cursor.at - start
        cursor.accept(",")
        tokens = cursor.tokens[start : start + count]
        plain = Cursor(element, syntax)
        if tokens[0].is_name and count == 1:
            elements.append(plain.name())
        elif (
            count == 2
            and tokens[0].is_name
            and tokens[1].kind == "word"
            and tokens[1].upper not in {"ASC", "DESC"}
        ):
            name = plain.name()
            elements.append(name)
            operators[name] = plain.name()
        else:
            elements.append(SQL(element))
    return elements, operators


def drop_indexes(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out DROP INDEX; the cursor is after these words. One of a view is kept as text."""
    lenient = cursor.accept("IF", "EXISTS")
    names = [cursor.qualified()]
    while cursor.accept(","):
        names.append(cursor.qualified())
    schema, on = cursor.qualified() if cursor.accept("ON") else (None, None)
    outcome = Outcome.APPLIED
    for own, name in names:
        view = catalogue.view_of_index(name)
        if view is None:
            drop_index(catalogue, name, schema=own or schema, on=on, if_exists=lenient)
        else:
            catalogue.views[view] -= {name}
            outcome = Outcome.KEPT
    return outcome
