"""Statements of text: what each does to the catalogue, and what can be known of it.

What is about tables, types and sequences is carried out; what is about rows does nothing; what is
about views, functions and the like is kept as text; anything else is uncertain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto

from .. import diff as changes
from ..datatypes import DataType
from ..schema import SQL, FrozenMapping, Index, Sequence
from .catalogue import Catalogue, MissingError
from .named_types import TypeKey, renamed
from .raw_tables import AlterTable, create_table, drop_table, rename_index
from .statements import drop_index
from .tokens import Cursor, UnreadableError, tokenize


class Outcome(Enum):
    """What a statement was."""

    CARRIED_OUT = auto()
    KEPT = auto()
    OF_ROWS = auto()


OF_ROWS = frozenset(
    """INSERT UPDATE DELETE MERGE REPLACE TRUNCATE COPY SET RESET SHOW BEGIN START COMMIT END
    SAVEPOINT RELEASE ROLLBACK LOCK UNLOCK ANALYZE ANALYSE VACUUM REINDEX CLUSTER REFRESH EXPLAIN
    USE DISCARD NOTIFY LISTEN UNLISTEN FLUSH OPTIMIZE VALUES DECLARE FETCH CLOSE CHECKPOINT LOAD
    DESCRIBE DESC PRAGMA ANALYZE ABORT""".split()  # noqa: SIM905
)
"""What begins a statement about rows, a session or a transaction."""

KEPT = frozenset(
    """FUNCTION PROCEDURE TRIGGER VIEW MATERIALIZED EXTENSION RULE POLICY ROLE USER SCHEMA AGGREGATE
    CAST OPERATOR COLLATION PUBLICATION SUBSCRIPTION STATISTICS EVENT DATABASE LANGUAGE TEXT SERVER
    FOREIGN DEFAULT GROUP CONVERSION TABLESPACE TRANSFORM ROUTINE SYSTEM CONSTRAINT ACCESS
    SPATIAL""".split()  # noqa: SIM905
)
"""What CREATE, ALTER and DROP name that is no table, index, type or sequence."""

_DDL = frozenset({"CREATE", "ALTER", "DROP", "EXECUTE", "PERFORM", "CALL", "RENAME", "COMMENT"})
_HARMLESS = frozenset(
    """setval nextval currval lastval now version count current_setting set_config coalesce
    current_database current_schema current_user current_timestamp pg_advisory_lock
    pg_advisory_unlock pg_advisory_xact_lock pg_try_advisory_lock pg_sleep generate_series
    gen_random_uuid uuid_generate_v4 pg_terminate_backend pg_cancel_backend pg_backend_pid max min
    sum database sleep exists pg_get_serial_sequence greatest least cast to_regclass pg_notify
    pg_export_snapshot pg_stat_reset""".split()  # noqa: SIM905
)
"""Functions of a SELECT without FROM that change no table."""


def carry_out_text(sql: str, catalogue: Catalogue) -> Outcome:
    """Carry out one statement.

    Raises:
        UnreadableError: it is not known what it does.
        MissingError: the database would refuse it.
    """
    cursor = Cursor(sql, lower=catalogue.impl.lowers_names)
    word = cursor.peek()
    if word in OF_ROWS:
        return Outcome.OF_ROWS
    if word in {"SELECT", "WITH", "TABLE", "("}:
        return _query(cursor)
    if word in {"GRANT", "REVOKE", "SECURITY"}:
        return Outcome.KEPT
    if word == "DO":
        return _block(cursor, catalogue)
    reader = READERS.get(word)
    if reader is None:
        raise cursor.unreadable(f"nobody knows what {word} does")
    cursor.next()
    return reader(cursor, catalogue)


def _query(cursor: Cursor) -> Outcome:
    words = [token.upper for token in cursor.tokens]
    if "INTO" in words and "INSERT" not in words and "MERGE" not in words:
        raise cursor.unreadable("it makes a table of a query")
    if "FROM" not in words:
        for at, token in enumerate(cursor.tokens[:-1]):
            called = token.kind == "word" and words[at + 1] == "("
            if called and token.text.lower() not in _HARMLESS:
                raise cursor.unreadable(f"{token.text}() may change tables")
    return Outcome.OF_ROWS


def _block(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Read a DO block: one about rows only, or the usual one around CREATE TYPE."""
    bodies = [token.text for token in cursor.tokens if token.kind == "dollar"]
    if len(bodies) != 1:
        raise cursor.unreadable("nobody knows what the block does")
    body = bodies[0].strip("$").removeprefix("plpgsql")
    words = {token.upper for token in tokenize(body)}
    if not words & _DDL:
        return Outcome.OF_ROWS
    raise cursor.unreadable("nobody knows what the block does")


def _create(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    cursor.accept("OR", "REPLACE")
    temporary = False
    while cursor.peek() in {"GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "UNIQUE"}:
        if cursor.peek() == "UNIQUE":
            break
        temporary = cursor.next().upper in {"TEMP", "TEMPORARY"} or temporary
    if cursor.accept("TABLE"):
        create_table(cursor, catalogue, temporary=temporary)
        return Outcome.CARRIED_OUT
    if cursor.peek() in {"INDEX", "UNIQUE", "FULLTEXT"}:
        _create_index(cursor, catalogue)
        return Outcome.CARRIED_OUT
    if cursor.accept("TYPE"):
        return _create_type(cursor, catalogue)
    if cursor.accept("DOMAIN"):
        raise cursor.unreadable("a domain is made by text")
    if cursor.accept("SEQUENCE"):
        return _create_sequence(cursor, catalogue)
    return _kept(cursor, catalogue, created=True)


def _kept(cursor: Cursor, catalogue: Catalogue, *, created: bool = False) -> Outcome:
    words = [cursor.peek(n) for n in range(4)]
    if not KEPT.intersection(words[:3]):
        raise cursor.unreadable(f"nobody knows what a {words[0]} is")
    if words[0] in {"VIEW", "MATERIALIZED", "RECURSIVE"}:
        _view(cursor, catalogue, created=created)
    return Outcome.KEPT


def _view(cursor: Cursor, catalogue: Catalogue, *, created: bool) -> None:
    while cursor.peek() in {"VIEW", "MATERIALIZED", "RECURSIVE", "IF", "NOT", "EXISTS"}:
        cursor.next()
    schema, name = cursor.qualified()
    key = (catalogue.schema(schema), name)
    if created:
        catalogue.views.add(key)
    else:
        catalogue.views.discard(key)


def _create_index(cursor: Cursor, catalogue: Catalogue) -> None:
    unique = cursor.accept("UNIQUE")
    prefix = "FULLTEXT" if cursor.accept("FULLTEXT") else None
    cursor.need("INDEX")
    cursor.accept("CONCURRENTLY")
    lenient = cursor.accept("IF", "NOT", "EXISTS")
    name = None if cursor.peek() == "ON" else cursor.qualified()[1]
    cursor.need("ON")
    cursor.accept("ONLY")
    schema, on = cursor.qualified()
    options: dict[str, object] = {}
    own = catalogue.impl.dialect.name
    if prefix:
        options[f"{own}_prefix"] = prefix
    if cursor.accept("USING"):
        options[f"{own}_using"] = cursor.name()
    elements, operators = _elements(cursor.brackets(), lower=cursor.lower)
    if operators:
        options[f"{own}_ops"] = operators
    _index_options(cursor, own, options)
    table = catalogue.table(on, schema)
    if name is None:
        raise cursor.unreadable("the index has no name")
    if lenient and catalogue.index(name, table.schema) is not None:
        return
    index = Index(name, tuple(elements), unique, FrozenMapping(options))
    catalogue.alter(table, changes.CreateIndex(index))


def _index_options(cursor: Cursor, own: str, options: dict[str, object]) -> None:
    while not cursor.done:
        if cursor.accept("INCLUDE"):
            options[f"{own}_include"] = cursor.names()
        elif cursor.accept("NULLS", "NOT", "DISTINCT"):
            options[f"{own}_nulls_not_distinct"] = True
        elif cursor.accept("WITH"):
            pairs = (each.partition("=") for each in cursor.brackets().split(","))
            options[f"{own}_with"] = {k.strip(): v.strip(" '") for k, _, v in pairs}
        elif cursor.accept("TABLESPACE"):
            options[f"{own}_tablespace"] = cursor.name()
        elif cursor.accept("WHERE"):
            options[f"{own}_where"] = SQL(cursor.rest())
            return
        else:
            raise cursor.unreadable(f"the index has {cursor.rest()[:30]!r}")


def _elements(text: str, *, lower: bool) -> tuple[list[str | SQL], dict[str, str]]:
    """Return the elements of an index, and the operator classes of its columns."""
    cursor = Cursor(text, lower=lower)
    elements: list[str | SQL] = []
    operators: dict[str, str] = {}
    while not cursor.done:
        start = cursor.at
        element = cursor.until({","})
        count = cursor.at - start
        cursor.accept(",")
        tokens = cursor.tokens[start : start + count]
        plain = Cursor(element, lower=lower)
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


def _create_type(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    schema, name = cursor.qualified()
    if not cursor.accept("AS", "ENUM"):
        return Outcome.KEPT
    cursor.need("(")
    labels = []
    while not cursor.accept(")"):
        labels.append(cursor.string())
        cursor.accept(",")
    key = (catalogue.schema(schema), name)
    catalogue.add_type(renamed(DataType("postgresql.ENUM", tuple(labels)), key))
    return Outcome.CARRIED_OUT


def _create_sequence(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    lenient = cursor.accept("IF", "NOT", "EXISTS")
    schema, name = cursor.qualified()
    key = (catalogue.schema(schema), name)
    if lenient and key in catalogue.sequences:
        return Outcome.CARRIED_OUT
    if not cursor.done and cursor.peek() != "OWNED":
        raise cursor.unreadable("a sequence has options")
    catalogue.sequences[key] = Sequence(name, key[0])
    return Outcome.CARRIED_OUT


def _drop(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    if cursor.accept("TABLE"):
        drop_table(cursor, catalogue)
        return Outcome.CARRIED_OUT
    if cursor.accept("INDEX"):
        cursor.accept("CONCURRENTLY")
        _drop_indexes(cursor, catalogue)
        return Outcome.CARRIED_OUT
    if cursor.peek() in {"TYPE", "DOMAIN"}:
        cursor.next()
        return _drop_types(cursor, catalogue)
    if cursor.accept("SEQUENCE"):
        cursor.accept("IF", "EXISTS")
        schema, name = cursor.qualified()
        catalogue.sequences.pop((catalogue.schema(schema), name), None)
        return Outcome.CARRIED_OUT
    return _kept(cursor, catalogue)


def _drop_indexes(cursor: Cursor, catalogue: Catalogue) -> None:
    lenient = cursor.accept("IF", "EXISTS")
    names = [cursor.qualified()]
    while cursor.accept(","):
        names.append(cursor.qualified())
    schema, on = cursor.qualified() if cursor.accept("ON") else (None, None)
    for own, name in names:
        drop_index(catalogue, name, schema=own or schema, on=on, if_exists=lenient)


def _drop_types(cursor: Cursor, catalogue: Catalogue) -> Outcome:
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
            return Outcome.CARRIED_OUT


def _alter(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    if cursor.accept("TABLE"):
        AlterTable(cursor, catalogue).carry_out()
        return Outcome.CARRIED_OUT
    if cursor.accept("INDEX"):
        lenient = cursor.accept("IF", "EXISTS")
        schema, name = cursor.qualified()
        if not cursor.accept("RENAME", "TO"):
            return Outcome.KEPT
        if not lenient or catalogue.index(name, schema) is not None:
            rename_index(catalogue, schema, name, cursor.name())
        return Outcome.CARRIED_OUT
    if cursor.accept("TYPE"):
        return _alter_type(cursor, catalogue)
    if cursor.accept("SEQUENCE"):
        return _alter_sequence(cursor)
    return _kept(cursor, catalogue)


def _alter_sequence(cursor: Cursor) -> Outcome:
    words = {token.upper for token in cursor.tokens}
    if words & {"INCREMENT", "MINVALUE", "MAXVALUE", "START", "CYCLE", "CACHE", "RENAME", "AS"}:
        raise cursor.unreadable("a sequence is altered")
    return Outcome.OF_ROWS


def _alter_type(cursor: Cursor, catalogue: Catalogue) -> Outcome:
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
        catalogue.exchange_type(key, DataType(type_.name, labels, type_.kwargs))
    elif cursor.accept("ADD", "VALUE"):
        _add_value(cursor, catalogue, key, type_)
    else:
        raise cursor.unreadable(f"a type is altered by {cursor.rest()[:30]!r}")
    return Outcome.CARRIED_OUT


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


def _comment(cursor: Cursor, catalogue: Catalogue) -> Outcome:
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
    return Outcome.CARRIED_OUT


def _set_comment(catalogue: Catalogue, kind: str, names: list[str], comment: str | None) -> None:
    if kind == "TABLE":
        table = catalogue.table(names[-1], names[-2] if len(names) > 1 else None)
        catalogue.alter(table, changes.SetComment(table.comment, comment))
        return
    table = catalogue.table(names[-2], names[-3] if len(names) > 2 else None)
    if kind == "COLUMN":
        catalogue.alter_column(table, names[-1], comment=comment)
        return
    found = catalogue.constraint(table, names[-1])
    if found is None:
        raise MissingError(f"there is no constraint {names[-1]!r}", names[-1])
    catalogue.alter(
        table, changes.DropConstraint(found), changes.AddConstraint(replace(found, comment=comment))
    )


def _rename(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """MySQL's RENAME TABLE."""
    cursor.need("TABLE")
    while True:
        schema, name = cursor.qualified()
        cursor.need("TO")
        catalogue.rename_table(catalogue.table(name, schema), cursor.qualified()[1])
        if not cursor.accept(","):
            return Outcome.CARRIED_OUT


READERS: dict[str, Callable[[Cursor, Catalogue], Outcome]] = {
    "CREATE": _create,
    "DROP": _drop,
    "ALTER": _alter,
    "COMMENT": _comment,
    "RENAME": _rename,
}

__all__ = ["Outcome", "UnreadableError", "carry_out_text"]
