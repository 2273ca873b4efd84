"""The effect of statements about named types and sequences."""

from __future__ import annotations

from ...datatypes import DataType
from ...diff.changes.enums_and_sequences import NATIVE
from ...schema import Sequence
from ..catalogue import Catalogue, MissingError
from ..named_types import TypeKey, renamed
from .cursor import Cursor
from .outcome import Outcome


def create_type(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out CREATE TYPE; any other type than an enum is kept as text."""
    schema, name = cursor.qualified()
    if not cursor.accept("AS", "ENUM"):
        return Outcome.KEPT
    cursor.need("(")
    labels = []
    while not cursor.accept(")"):
        labels.append(cursor.string())
        cursor.accept(",")
    key = (catalogue.schema(schema), name)
    catalogue.add_type(renamed(DataType(NATIVE, tuple(labels)), key))
    return Outcome.APPLIED


def create_sequence(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out CREATE SEQUENCE; the cursor is after these words."""
    lenient = cursor.accept("IF", "NOT", "EXISTS")
    schema, name = cursor.qualified()
    key = (catalogue.schema(schema), name)
    if lenient and key in catalogue.sequences:
        return Outcome.APPLIED
    if not cursor.done and cursor.peek() != "OWNED":
        raise cursor.unreadable("a sequence has options")
    catalogue.sequences[key] = Sequence(name, key[0])
    return Outcome.APPLIED


def drop_types(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out DROP TYPE and DROP DOMAIN; the cursor is after these words."""
    lenient = cursor.accept("IF", "EXISTS")
    while True:
        schema, name = cursor.qualified()
        key = (catalogue.schema(schema), name)
        if key in catalogue.types and any(catalogue.tables_with(key)):
            raise cursor.unreadable(f"columns have the type {name!r}")
        if key not in catalogue.types and not lenient:
            return Outcome.KEPT  # a composite type, or a range
        catalogue.types.pop(key, None)
        if not cursor.accept(","):
            return Outcome.APPLIED


def alter_sequence(cursor: Cursor) -> Outcome:
    """Read ALTER SEQUENCE; a change of options is uncertain."""
    words = {token.upper for token in cursor.tokens}
    if words & {"INCREMENT", "MINVALUE", "MAXVALUE", "START", "CYCLE", "CACHE", "RENAME", "AS"}:
        raise cursor.unreadable("a sequence is altered")
    return Outcome.OF_ROWS


def alter_type(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out ALTER TYPE; the cursor is after these words."""
    schema, name = cursor.qualified()
    key = (catalogue.schema(schema), name)
    if cursor.accept("OWNER"):
        return Outcome.KEPT
    if key not in catalogue.types:
        raise MissingError(f"there is no type {name!r}", name)
    type_ = catalogue.types[key]
    if cursor.accept("RENAME", "TO"):
        catalogue.exchange_type(key, renamed(type_, (key[0], cursor.name())))
    elif cursor.accept("RENAME", "VALUE"):
        old = cursor.string()
        cursor.need("TO")
        new = cursor.string()
        labels = tuple(new if each == old else each for each in type_.args)
        catalogue.rename_default(key, old, new)
        catalogue.exchange_type(key, DataType(type_.name, labels, type_.kwargs))
    elif cursor.accept("ADD", "VALUE"):
        _add_value(cursor, catalogue, key, type_)
    else:
        raise cursor.unreadable(f"a type is altered by {cursor.rest()[:30]!r}")
    return Outcome.APPLIED


def _add_value(cursor: Cursor, catalogue: Catalogue, key: TypeKey, type_: DataType) -> None:
    lenient = cursor.accept("IF", "NOT", "EXISTS")
    label = cursor.string()
    labels = list(type_.args)
    if label in labels:
        if lenient:
            return
        raise MissingError(f"the type {key[1]!r} has the label {label!r} already", label)
    position = len(labels)
    if cursor.peek() in {"BEFORE", "AFTER"}:
        behind = cursor.next().upper == "AFTER"
        position = labels.index(cursor.string()) + behind
    labels.insert(position, label)
    catalogue.exchange_type(key, DataType(type_.name, tuple(labels), type_.kwargs))
