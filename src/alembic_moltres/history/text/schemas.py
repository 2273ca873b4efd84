"""Statements about schemas, functions and extensions on which tables depend."""

from __future__ import annotations

from collections.abc import Iterator

from ...sqltext import Token, tokens
from ..catalogue.database import Catalogue
from .cursor import Cursor

DEFAULT_SCHEMAS = frozenset({"public", "$user", "default", "", "pg_catalog"})
DROPPED_WITH = frozenset({"FUNCTION", "AGGREGATE", "OPERATOR", "CAST", "COLLATION", "LANGUAGE"})
"""Objects whose CASCADE drops the defaults, checks and columns that use them."""


def check_search_path(cursor: Cursor, catalogue: Catalogue) -> None:
    """Refuse a search path that creates tables in another schema.

    Raises:
        UnreadableError: it has another one.
    """
    words = [each for each in cursor.tokens if each.upper not in {"SET", "SESSION", "LOCAL"}]
    if not words or words[0].upper != "SEARCH_PATH":
        return
    first = next((each.value.lower() for each in words[2:]), "")
    if first not in DEFAULT_SCHEMAS | {catalogue.default_schema}:
        raise cursor.unreadable(f"what follows is in the schema {first!r}")


def check_dependents(cursor: Cursor, catalogue: Catalogue) -> None:
    """Refuse ALTER and DROP of another object that change tables with it.

    Raises:
        UnreadableError: a table depends on the object.
    """
    words = [each.upper for each in cursor.tokens]
    cascades = words[0] == "DROP" and "CASCADE" in words
    if words[1:2] == ["SCHEMA"]:
        renames = words[3:5] == ["RENAME", "TO"]
        names = {each.value for each in cursor.tokens[2:] if each.is_name}
        if (cascades or renames) and names & set(_schemas(catalogue)):
            raise cursor.unreadable("tables, types or sequences are in the schema")
    elif cascades and words[1] == "EXTENSION":
        raise cursor.unreadable("columns may depend on the extension")
    elif cascades and words[1] in DROPPED_WITH:
        names = {each.value.lower() for each in _of_object(cursor)}
        dependent = [
            str(each.name) for each in catalogue.tables.values() if names & _used(each, catalogue)
        ]
        if dependent:
            raise cursor.unreadable(f"the table {dependent[0]!r} depends on what is dropped")


def _of_object(cursor: Cursor) -> Iterator[Token]:
    """Yield the names before the arguments of what is dropped."""
    for at, token in enumerate(cursor.tokens[2:], 2):
        following = cursor.tokens[at + 1].upper if at + 1 < len(cursor.tokens) else ""
        if (
            token.is_name
            and token.upper not in {"IF", "EXISTS"}
            and following in {"(", "CASCADE", ","}
        ):
            yield token


def _schemas(catalogue: Catalogue) -> Iterator[str]:
    for schema, _ in (*catalogue.tables, *catalogue.types, *catalogue.sequence_keys):
        yield schema or catalogue.default_schema or ""


def _used(table: object, catalogue: Catalogue) -> set[str]:
    """Return the names in the expressions of a table, and all others in it."""
    inside = tokens(repr(table), catalogue.impl.syntax)
    strings = [each for each in inside if each.is_string or each.kind == "quoted"]
    nested = (name for each in strings for name in tokens(each.value, catalogue.impl.syntax))
    return {each.value.lower() for each in (*inside, *nested)}
