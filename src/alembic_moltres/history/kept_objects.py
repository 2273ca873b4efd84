"""The object that an SQL statement creates or drops: a view, a function, an extension."""

from __future__ import annotations

from dataclasses import dataclass

from ..sqltext import Syntax, tokens
from ..sqltext.lexer import Token

OBJECT_KINDS = frozenset(
    {"VIEW", "FUNCTION", "PROCEDURE", "TRIGGER", "EXTENSION", "POLICY", "RULE", "SCHEMA"}
    | {"AGGREGATE", "EVENT", "ROLE", "COLLATION", "LANGUAGE", "OPERATOR", "INDEX"}
)
"""Kinds of objects; an index that is kept as text is one of a materialized view."""

FIRST = frozenset(
    {"FUNCTION", "PROCEDURE", "EXTENSION", "SCHEMA"}
    | {"AGGREGATE", "ROLE", "COLLATION", "LANGUAGE"}
)
"""Objects that tables may need; other objects read tables."""

ROUTINES = frozenset({"FUNCTION", "PROCEDURE", "AGGREGATE"})
"""Objects that may both serve tables and read them."""

ON_TABLE = frozenset({"TRIGGER", "POLICY", "RULE"})


@dataclass(frozen=True, slots=True)
class KeptObject:
    """An object other than a table, and what a statement does to it.

    Attributes:
        kind: `VIEW` and the like; empty if the statement does not say.
        name: its name, with its schema.
        action: `CREATE`, `DROP`, or another first word.
        owner: the view of an index that is created; what rights are granted on or revoked from.
    """

    kind: str
    name: str
    action: str
    owner: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The object's identity."""
        return self.kind, self.name


def object_of(sql: str, syntax: Syntax) -> KeptObject:
    """Return the object that a statement is about.

    >>> from alembic_moltres.sqltext import GENERIC
    >>> object_of("CREATE OR REPLACE VIEW v AS SELECT 1", GENERIC)
    KeptObject(kind='VIEW', name='v', action='CREATE', owner='')
    """
    stream = list(tokens(sql, syntax))
    keywords = [each.upper for each in stream]
    action = keywords[0] if keywords else ""
    at = next((n for n, word in enumerate(keywords[:12]) if word in OBJECT_KINDS), None)
    if at is None:
        on = keywords.index("ON") + 1 if action in {"GRANT", "REVOKE"} and "ON" in keywords else 0
        on += on > 0 and keywords[on : on + 1] == ["TABLE"]
        return KeptObject("", "", action, _name(stream, keywords, on) if on else "")
    kind = keywords[at]
    at += 1
    while at < len(keywords) and keywords[at] in {"IF", "NOT", "EXISTS", "CONCURRENTLY"}:
        at += 1
    name = _name(stream, keywords, at)
    if kind in ON_TABLE and "ON" in keywords:
        name += f" ON {_name(stream, keywords, keywords.index('ON') + 1)}"
    owner = ""
    if kind == "INDEX" and "ON" in keywords:
        owner = _name(stream, keywords, keywords.index("ON") + 1)
    return KeptObject(kind, name, action, owner)


def _name(stream: list[Token], keywords: list[str], at: int) -> str:
    parts = []
    while at < len(keywords):
        parts.append(stream[at].value.lower())
        if at + 1 >= len(keywords) or keywords[at + 1] != ".":
            break
        at += 2
    return ".".join(parts)
