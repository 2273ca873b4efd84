"""The effect of statements about named types and sequences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeAlias

from ...datatypes import Argument, DataType
from ...schema import Sequence, TableSchema
from ...schema.named_types import NATIVE, TypeKey, renamed
from ..catalogue.database import Catalogue, MissingError
from ..catalogue.owned_sequences import disown, own_sequence
from .columns import type_of
from .cursor import Cursor, Outcome
from .sequence_options import read_number, read_option


def create_type(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out CREATE TYPE; types other than enums are kept as text."""
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
    stated, owner = _options(cursor, catalogue)
    catalogue.sequences[key] = Sequence(name, key[0], **stated)
    if owner:
        own_sequence(catalogue, key, *owner)
    return Outcome.APPLIED


def alter_sequence(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out ALTER SEQUENCE; the cursor is after these words.

    Raises:
        UnreadableError: no script has created it.
    """
    cursor.accept("IF", "EXISTS")
    schema, name = cursor.qualified()
    key = (catalogue.schema(schema), name)
    at = catalogue.owned.owner(*key)
    current = catalogue.sequences.get(key) if at is None else catalogue.owned[at]
    named: dict[str, Any] = {}
    if cursor.accept("RENAME", "TO"):
        named = {"name": cursor.name()}
    elif cursor.accept("SET", "SCHEMA"):
        named = {"schema": catalogue.schema(cursor.name())}
    stated, owner = (named, None) if named else _options(cursor, catalogue)
    if owner:
        own_sequence(catalogue, key, *owner)
    elif owner is not None:
        disown(catalogue, key)
    if not stated or (named and current is None):  # that of a table that no script creates
        return Outcome.OF_ROWS if owner is None else Outcome.APPLIED
    if current is None:
        raise cursor.unreadable(f"no script creates the sequence {name!r}")
    catalogue.exchange_sequence(current, replace(current, **stated))
    return Outcome.APPLIED


Owner: TypeAlias = tuple[TableSchema, str] | tuple[()]
"""The column that owns a sequence; empty for none."""


def _options(cursor: Cursor, catalogue: Catalogue) -> tuple[dict[str, Any], Owner | None]:
    """Parse the options of a sequence, and OWNED BY; RESTART is ignored."""
    options: dict[str, Any] = {}
    owner: Owner | None = None
    while not cursor.done:
        stated = read_option(cursor)
        if stated:
            options |= {name: each for name, each in stated.items() if DEFAULTS.get(name) != each}
        elif cursor.accept("AS"):
            data_type = type_of(cursor.next().text, catalogue)
            options["data_type"] = None if data_type == "BIGINT" else data_type
        elif cursor.accept("OWNED", "BY"):
            owner = _owner(cursor, catalogue)
        elif cursor.accept("OWNER", "TO"):
            cursor.name()
        elif cursor.accept("RESTART"):
            _ = cursor.accept("WITH") or cursor.accept("=")
            if not cursor.done:
                read_number(cursor)
        else:
            raise cursor.unreadable(f"a sequence has {cursor.rest()[:30]!r}")
    return options, owner


DEFAULTS = {"start": 1, "increment": 1, "cache": 1, "nominvalue": True, "nomaxvalue": True}
"""The defaults of a sequence, which a value does not state."""


def _owner(cursor: Cursor, catalogue: Catalogue) -> Owner:
    names = [cursor.name()]
    while cursor.accept("."):
        names.append(cursor.name())
    if len(names) == 1:  # NONE
        return ()
    *schema, table, column = names
    return catalogue.table(table, schema[0] if schema else None), column


def drop_types(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out DROP TYPE and DROP DOMAIN; the cursor is after these words."""
    lenient = cursor.accept("IF", "EXISTS")
    while True:
        schema, name = cursor.qualified()
        key = (catalogue.schema(schema), name)
        if key in catalogue.types and (tables := _tables_with(key, catalogue)):
            raise cursor.unreadable(f"columns have the type {name!r}", tables)
        if key not in catalogue.types and not lenient:
            return Outcome.KEPT  # a composite type, or a range
        catalogue.types.pop(key, None)
        if not cursor.accept(","):
            return Outcome.APPLIED


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
        catalogue.rename_type(key, cursor.name())
    elif cursor.accept("SET", "SCHEMA"):
        catalogue.exchange_type(key, renamed(type_, (catalogue.schema(cursor.name()), name)))
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
        tables = _tables_with(key, catalogue)
        raise cursor.unreadable(f"a type is altered by {cursor.rest()[:30]!r}", tables)
    return Outcome.APPLIED


def alter_domain(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out ALTER DOMAIN; the cursor is after these words.

    Raises:
        UnreadableError: no script has created the domain as a value, or its checks change.
    """
    schema, name = cursor.qualified()
    key = (catalogue.schema(schema), name)
    if cursor.accept("OWNER", "TO") or cursor.accept("VALIDATE", "CONSTRAINT"):
        return Outcome.KEPT
    if key not in catalogue.types:
        raise cursor.unreadable(f"no script creates the domain {name!r} as a value")
    type_ = catalogue.types[key]
    if cursor.accept("RENAME", "TO"):
        catalogue.rename_type(key, cursor.name())
    elif cursor.accept("SET", "SCHEMA"):
        catalogue.exchange_type(key, renamed(type_, (catalogue.schema(cursor.name()), name)))
    elif cursor.accept("SET", "NOT", "NULL"):
        kwargs: dict[str, Argument] = {**type_.kwargs, "not_null": True}
        catalogue.exchange_type(key, DataType(type_.name, type_.args, kwargs))
    elif cursor.accept("DROP", "NOT", "NULL"):
        kwargs = {k: each for k, each in type_.kwargs.items() if k != "not_null"}
        catalogue.exchange_type(key, DataType(type_.name, type_.args, kwargs))
    else:
        tables = _tables_with(key, catalogue)
        raise cursor.unreadable(f"a domain is altered by {cursor.rest()[:30]!r}", tables)
    return Outcome.APPLIED


def _tables_with(key: TypeKey, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the keys of the tables whose columns have a type."""
    return tuple(each.key for each in catalogue.tables_with(key))


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
