"""Names in SQL text: those that are columns, renaming them, and taking off quotes and tables."""

from __future__ import annotations

from collections.abc import Mapping

from .expression import Expression
from .lexer import Token, after_name, tokens
from .syntax import Syntax

NO_TABLES: Mapping[str, str] = {}


def columns(text: str, syntax: Syntax) -> list[Token]:
    """Return the names in an expression that can be columns, without their qualifiers.

    >>> from .syntax import POSTGRESQL
    >>> text = "lower(t.mail) <> 'mail' AND CAST(created AS date) > date '2020-01-01'"
    >>> [token.value for token in columns(text, POSTGRESQL)]
    ['mail', 'created']
    """
    return Expression(text, syntax).columns


def mentioned(text: str, syntax: Syntax) -> frozenset[str]:
    """Return every name in a text, functions and keywords included, as the database folds it.

    >>> from .syntax import POSTGRESQL
    >>> sorted(mentioned('LOWER("Name") <> 1', POSTGRESQL))
    ['Name', 'lower']
    """
    return frozenset(_folded(token, syntax) for token in tokens(text, syntax) if token.is_name)


def rename_columns(
    text: str, names: Mapping[str, str], syntax: Syntax, *, tables: Mapping[str, str] = NO_TABLES
) -> str:
    """Return an expression with columns renamed.

    Calls, types, collations, strings and comments stay. A new name gets quotes if it needs them,
    and keeps those of the old name; PostgreSQL and SQLite, which write quotes only where needed,
    lose unneeded ones.

    Args:
        text: the expression, or a constraint.
        names: the new names by the old ones.
        syntax: of the database that the text is for.
        tables: the new names of tables, by the old ones; they are renamed after REFERENCES.

    >>> from .syntax import POSTGRESQL
    >>> rename_columns("CAST(created AS date) <> date", {"date": "day"}, POSTGRESQL)
    'CAST(created AS date) <> day'
    >>> rename_columns("lower(lower) <> 0", {"lower": "Low"}, POSTGRESQL)
    'lower("Low") <> 0'
    """
    expression = Expression(text, syntax)
    exchanged = [
        *((token, _renamed(token, names, syntax)) for token in expression.columns),
        *((token, _renamed(token, tables, syntax)) for token in expression.tables),
    ]
    for token, new in sorted(exchanged, reverse=True, key=lambda pair: pair[0].start):
        text = text if new is None else f"{text[: token.start]}{new}{text[token.end :]}"
    return text


def unqualified(text: str, table: str, syntax: Syntax) -> str:
    """Return an expression without a table's name before columns.

    >>> from .syntax import MYSQL
    >>> unqualified("`Users`.mail <> 'users.x' OR users.age > 0", "users", MYSQL)
    "mail <> 'users.x' OR age > 0"
    """
    stream = tokens(text, syntax)
    named = {_folded_name(table, syntax), table if syntax.folding == "either" else None}
    for at in range(len(stream) - 3, -1, -1):
        is_first = at == 0 or stream[at - 1].upper != "."
        qualifies = is_first and stream[at].is_name and after_name(stream, at) == at + 3
        if qualifies and _folded(stream[at], syntax) in named:
            text = text[: stream[at].start] + text[stream[at + 2].start :]
    return text


def _folded(token: Token, syntax: Syntax) -> str:
    value = token.value
    unquoted = token.kind == "word"
    return value.lower() if unquoted or syntax.folding == "caseless" else value


def _folded_name(name: str, syntax: Syntax) -> str:
    return name.lower() if syntax.folding == "caseless" else name


def _renamed(token: Token, names: Mapping[str, str], syntax: Syntax) -> str | None:
    """Return the new text of a name, `None` if it is not renamed."""
    old = _old_name(token, names, syntax)
    if old is None or names[old] == old:
        return None
    new = names[old]
    if token.kind == "word":
        return syntax.written_name(new)
    if syntax.canonical and syntax.needs_quotes(token.value):
        return syntax.written_name(new)
    if token.text[0] not in _CLOSING:  # U&"...": its escapes are not written again
        return syntax.quoted_name(new)
    closing = _CLOSING[token.text[0]]
    return f"{token.text[0]}{new.replace(closing, closing * 2)}{closing}"


_CLOSING = {'"': '"', "`": "`", "[": "]"}


def _old_name(token: Token, names: Mapping[str, str], syntax: Syntax) -> str | None:
    if syntax.folding == "caseless":
        lower = token.value.lower()
        return next((name for name in names if name.lower() == lower), None)
    if token.text in names and syntax.folding == "either":
        return token.text
    folded = _folded(token, syntax)
    return folded if folded in names else None


def is_name(text: str, syntax: Syntax) -> bool:
    """Tell whether a text is nothing but a name.

    >>> from .syntax import POSTGRESQL
    >>> is_name('"a b"', POSTGRESQL), is_name("a + b", POSTGRESQL)
    (True, False)
    """
    stream = tokens(text, syntax)
    return len(stream) == 1 and stream[0].is_name and stream[0].text == text


def unquoted(name: str, syntax: Syntax) -> str:
    """Return the name that a text is, without quotes; the text itself if it is not a name.

    >>> from .syntax import POSTGRESQL
    >>> unquoted('"a b"', POSTGRESQL)
    'a b'
    """
    stream = tokens(name, syntax)
    return stream[0].value if len(stream) == 1 else name
