"""The effect on the catalogue of a statement of text.

Statements about tables, types and sequences are carried out, those about rows have no effect, those
about views, functions and the like are kept as text, and any other is uncertain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...sqltext import Syntax, Token, tokens
from ..catalogue.by_name import rename_index
from ..catalogue.database import Catalogue
from ..catalogue.owned_sequences import drop as drop_sequence
from ..stand_in.functions import AGGREGATES, KEYWORDS, LOCKS, OF_EACH_ROW, RETURNING_ROWS
from .alter_table import AlterTableStatement
from .blocks import Block
from .comments import comment_on
from .create_table import UNLOGGED, create_table, create_temporary, drop_table
from .cursor import AnyTableError, Cursor, Outcome, UnreadableError
from .dynamic import UNKNOWN, executed_text, is_dynamic
from .indexes import create_index, drop_indexes
from .routines import changing_call, note_routine
from .schemas import check_dependents, check_search_path
from .types import (
    alter_domain,
    alter_sequence,
    alter_type,
    create_sequence,
    create_type,
    drop_types,
)

WITHOUT_DDL = frozenset(
    """INSERT UPDATE DELETE MERGE REPLACE TRUNCATE COPY SET RESET SHOW BEGIN START COMMIT END
    SAVEPOINT RELEASE ROLLBACK LOCK UNLOCK ANALYZE ANALYSE VACUUM REINDEX CLUSTER REFRESH EXPLAIN
    USE DISCARD NOTIFY LISTEN UNLISTEN FLUSH OPTIMIZE VALUES DECLARE FETCH CLOSE CHECKPOINT LOAD
    DESCRIBE DESC PRAGMA ABORT""".split()  # noqa: SIM905
)
"""The first words of statements about rows, a session or a transaction."""

OF_BEGIN = frozenset(
    """TRANSACTION WORK ISOLATION READ DEFERRABLE DEFERRED IMMEDIATE EXCLUSIVE TRAN
    CONCURRENT""".split()  # noqa: SIM905
) | {""}
"""The words behind BEGIN of a transaction; with others it is a block of statements."""

KEPT = frozenset(
    """FUNCTION PROCEDURE TRIGGER VIEW MATERIALIZED EXTENSION RULE POLICY ROLE USER SCHEMA AGGREGATE
    CAST OPERATOR COLLATION PUBLICATION SUBSCRIPTION STATISTICS EVENT DATABASE LANGUAGE TEXT SERVER
    FOREIGN DEFAULT GROUP CONVERSION TABLESPACE TRANSFORM ROUTINE SYSTEM CONSTRAINT ACCESS
    SPATIAL""".split()  # noqa: SIM905
)
"""The objects of CREATE, ALTER and DROP other than tables, indexes, types and sequences."""

_OF_TABLES = frozenset({"CONSTRAINT", "DEFAULT", "FOREIGN"})
"""Those that ALTER TABLE has, too."""

_DDL = frozenset({"CREATE", "ALTER", "DROP", "EXECUTE", "PERFORM", "CALL", "RENAME", "COMMENT"})
_HARMLESS = (
    AGGREGATES
    | KEYWORDS
    | LOCKS
    | OF_EACH_ROW
    | frozenset(
        """setval lastval version current_setting set_config current_database current_schema
    current_user pg_advisory_lock pg_advisory_lock_shared pg_advisory_xact_lock
    pg_advisory_xact_lock_shared pg_advisory_unlock_all release_all_locks pg_is_in_recovery
    pg_sleep generate_series pg_terminate_backend pg_cancel_backend pg_backend_pid database
    sleep pg_get_serial_sequence to_regclass pg_notify pg_export_snapshot
    pg_stat_reset""".split()  # noqa: SIM905
    )
)
"""Functions of a SELECT without FROM that change no table."""


def carry_out_text(sql: str, catalogue: Catalogue) -> Outcome:
    """Carry out one statement.

    Raises:
        UnreadableError: its effect is unknown.
        MissingError: the database would reject it.
    """
    cursor = Cursor(sql, catalogue.impl.syntax)
    word = cursor.peek()
    changing = changing_call(sql, catalogue)
    if changing is not None:
        reason = f"the statement cannot be read: {changing} may change tables"
        raise AnyTableError(reason, sql)
    if word == "BEGIN" and cursor.peek(1) not in OF_BEGIN:
        raise cursor.unreadable("the effect of the block is unknown")
    if word == "SET" and cursor.peek(1) in {"SEARCH_PATH", "SESSION", "LOCAL"}:
        check_search_path(cursor, catalogue)
    if word in WITHOUT_DDL:
        return Outcome.OF_ROWS
    if word in {"SELECT", "WITH", "TABLE", "("}:
        return _query(cursor, catalogue)
    if word in {"GRANT", "REVOKE", "SECURITY"}:
        return Outcome.KEPT
    if word == "DO":
        return _block(cursor, catalogue)
    reader = READERS.get(word)
    if reader is None:
        raise cursor.unreadable(f"the effect of {word} is unknown")
    cursor.next()
    return reader(cursor, catalogue)


def _query(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    keywords = [token.upper for token in cursor.tokens]
    if "INTO" in keywords and "INSERT" not in keywords and "MERGE" not in keywords:
        cursor.until("INTO")
        cursor.next()
        if cursor.peek() not in {"TEMP", "TEMPORARY"}:
            raise cursor.unreadable("it creates a table from a query")
        cursor.next()
        cursor.accept("TABLE")
        create_temporary(catalogue, cursor.name())
        return Outcome.APPLIED
    for at, token in enumerate(cursor.tokens[:-1]):
        called = token.kind == "word" and keywords[at + 1] == "("
        if called and not _is_harmless(token.text.lower(), keywords[:at], keywords):
            raise cursor.unreadable(f"{token.text}() may change tables")
    return Outcome.OF_ROWS


def _is_harmless(function: str, before: Sequence[str], keywords: Sequence[str]) -> bool:
    """Tell whether a function of a query changes no table.

    In a query with FROM, one that computes a value of its rows is taken for one of the server's.
    """
    if function in _HARMLESS:
        return True
    while before[-1:] == ["."]:
        before = before[:-2]
    is_source = before[-1:] in (["FROM"], ["JOIN"], ["LATERAL"])
    if not is_source:
        return "FROM" in keywords
    return function in RETURNING_ROWS or function.startswith("pg_")


def _block(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """Carry out a DO block, unless it is about rows or kept objects only.

    Raises:
        AnyTableError: it executes a text that is not known.
        UnreadableError: it has another form.
    """
    bodies = [token.value for token in cursor.tokens if token.is_string]
    if len(bodies) != 1:
        raise cursor.unreadable("the effect of the block is unknown")
    stream = tokens(bodies[0], cursor.syntax)
    positions = [n for n, token in enumerate(stream) if token.upper in _DDL]
    positions = [n for n in positions if not _performs_harmless(stream[n : n + 3])]
    if not positions:
        return Outcome.OF_ROWS
    others = [n for n in positions if not _keeps(stream[n:], cursor.syntax)]
    if not others:
        return Outcome.KEPT
    executed = (executed_text(stream[n + 1 :]) for n in others if is_dynamic(stream[n:]))
    if any(text is None or UNKNOWN in text for text in executed):
        raise AnyTableError("the statement cannot be read: the block may change tables", cursor.sql)
    try:
        return Block(bodies[0], catalogue, carry_out_text).carry_out()
    except UnreadableError as err:
        raise cursor.unreadable("the effect of the block is unknown", err.tables) from err


def _performs_harmless(stream: Sequence[Token]) -> bool:
    keywords = [token.upper for token in stream]
    return keywords[::2] == ["PERFORM", "("] and keywords[1].lower() in _HARMLESS


def _keeps(stream: Sequence[Token], syntax: Syntax) -> bool:
    """Tell whether a statement in a block is about other objects, also one that it executes."""
    keywords = [token.upper for token in stream[:4]]
    if keywords[0] != "EXECUTE":
        return keywords[0] in {"CREATE", "ALTER", "DROP"} and _is_kept(keywords[1:])
    text = executed_text(stream[1:]) or ""
    words = [token.upper for token in tokens(text, syntax)]
    if ";" in words[:-1]:
        return False
    return words[:1] in (["GRANT"], ["REVOKE"]) or (
        words[:1] in (["CREATE"], ["ALTER"], ["DROP"]) and _is_kept(words[1:])
    )


def _is_kept(keywords: list[str]) -> bool:
    behind = keywords[2:] if keywords[:2] == ["OR", "REPLACE"] else keywords
    return bool(KEPT.difference(_OF_TABLES).intersection(behind[:1]))


def _create(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    cursor.accept("OR", "REPLACE")
    temporary = False
    prefixes: tuple[str, ...] = ()
    if cursor.peek() == UNLOGGED:
        prefixes = (cursor.next().upper,)
    while cursor.peek() in {"GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNIQUE"}:
        if cursor.peek() == "UNIQUE":
            break
        temporary = cursor.next().upper in {"TEMP", "TEMPORARY"} or temporary
    if cursor.accept("TABLE"):
        create_table(cursor, catalogue, temporary=temporary, prefixes=prefixes)
        return Outcome.APPLIED
    if cursor.peek() in {"INDEX", "UNIQUE", "FULLTEXT"}:
        return create_index(cursor, catalogue)
    if cursor.accept("TYPE"):
        return create_type(cursor, catalogue)
    if cursor.accept("DOMAIN"):
        raise cursor.unreadable("a domain is created by SQL text")
    if cursor.accept("SEQUENCE"):
        return create_sequence(cursor, catalogue)
    return _kept(cursor, catalogue, _create_view)


def _kept(
    cursor: Cursor, catalogue: Catalogue, view: Callable[[Cursor, Catalogue], None]
) -> Outcome:
    """Keep a statement about another object; `view` carries out one about a view."""
    keywords = [cursor.peek(n) for n in range(4)]
    if not KEPT.intersection(keywords[:3]):
        raise cursor.unreadable(f"{keywords[0]} is unknown")
    if cursor.tokens[0].upper == "CREATE":
        note_routine(cursor.sql, catalogue)
    else:
        check_dependents(cursor, catalogue)
    if keywords[0] in {"VIEW", "MATERIALIZED", "RECURSIVE"}:
        while cursor.peek() in {"VIEW", "MATERIALIZED", "RECURSIVE", "IF", "NOT", "EXISTS"}:
            cursor.next()
        view(cursor, catalogue)
    return Outcome.KEPT


def _create_view(cursor: Cursor, catalogue: Catalogue) -> None:
    catalogue.views.setdefault(_view_key(cursor, catalogue), frozenset())


def _drop_views(cursor: Cursor, catalogue: Catalogue) -> None:
    catalogue.views.pop(_view_key(cursor, catalogue), None)
    while cursor.accept(","):
        catalogue.views.pop(_view_key(cursor, catalogue), None)


def _alter_view(cursor: Cursor, catalogue: Catalogue) -> None:
    key = _view_key(cursor, catalogue)
    indexes = catalogue.views.get(key)
    if indexes is None:
        return
    if cursor.accept("RENAME", "TO"):
        del catalogue.views[key]
        catalogue.views[key[0], cursor.name()] = indexes
    elif cursor.accept("SET", "SCHEMA"):
        del catalogue.views[key]
        catalogue.views[catalogue.schema(cursor.name()), key[1]] = indexes


def _view_key(cursor: Cursor, catalogue: Catalogue) -> tuple[str | None, str]:
    schema, name = cursor.qualified()
    return catalogue.key(name, schema)


def _drop(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    if cursor.accept("TABLE"):
        drop_table(cursor, catalogue)
        return Outcome.APPLIED
    if cursor.accept("INDEX"):
        cursor.accept("CONCURRENTLY")
        return drop_indexes(cursor, catalogue)
    if cursor.peek() in {"TYPE", "DOMAIN"}:
        cursor.next()
        return drop_types(cursor, catalogue)
    if cursor.accept("SEQUENCE"):
        cursor.accept("IF", "EXISTS")
        schema, name = cursor.qualified()
        drop_sequence(catalogue, (catalogue.schema(schema), name))
        return Outcome.APPLIED
    return _kept(cursor, catalogue, _drop_views)


def _alter(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    if cursor.accept("TABLE"):
        AlterTableStatement(cursor, catalogue).carry_out()
        return Outcome.APPLIED
    if cursor.accept("INDEX"):
        lenient = cursor.accept("IF", "EXISTS")
        schema, name = cursor.qualified()
        if not cursor.accept("RENAME", "TO"):
            return Outcome.KEPT
        if not lenient or catalogue.index(name, schema) is not None:
            rename_index(catalogue, schema, name, cursor.name())
        return Outcome.APPLIED
    if cursor.accept("TYPE"):
        return alter_type(cursor, catalogue)
    if cursor.accept("DOMAIN"):
        return alter_domain(cursor, catalogue)
    if cursor.accept("SEQUENCE"):
        return alter_sequence(cursor, catalogue)
    return _kept(cursor, catalogue, _alter_view)


def _rename(cursor: Cursor, catalogue: Catalogue) -> Outcome:
    """MySQL's RENAME TABLE."""
    cursor.need("TABLE")
    while True:
        schema, name = cursor.qualified()
        cursor.need("TO")
        new_schema, new = cursor.qualified()
        catalogue.rename_table(catalogue.table(name, schema), new)
        if new_schema is not None and catalogue.schema(new_schema) != catalogue.schema(schema):
            catalogue.move_table(catalogue.table(new, schema), new_schema)
        if not cursor.accept(","):
            return Outcome.APPLIED


READERS: dict[str, Callable[[Cursor, Catalogue], Outcome]] = {
    "CREATE": _create,
    "DROP": _drop,
    "ALTER": _alter,
    "COMMENT": comment_on,
    "RENAME": _rename,
}
