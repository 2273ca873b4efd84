"""The object that an SQL statement creates or drops: a view, a function, an extension."""

from __future__ import annotations

from dataclasses import dataclass

from ..sqltext import Syntax, tokens
from ..sqltext.lexer import Token

KINDS = frozenset(
    {"VIEW", "FUNCTION", "PROCEDURE", "TRIGGER", "EXTENSION", "POLICY", "RULE", "SCHEMA"}
    | {"AGGREGATE", "EVENT", "ROLE", "COLLATION", "LANGUAGE", "OPERATOR"}
)
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
    """

    kind: str
    name: str
    action: str

    @property
    def key(self) -> tuple[str, str]:
        """The object's identity."""
        return self.kind, self.name


def object_of(sql: str, syntax: Syntax) -> KeptObject:
    """Return the object that a statement is about.

    >>> from alembic_moltres.sqltext import GENERIC
    >>> object_of("CREATE OR REPLACE VIEW v AS SELECT 1", GENERIC)
    KeptObject(kind='VIEW', name='v', action='CREATE')
    """
    found = list(tokens(sql, syntax))
    words = [each.upper for each in found]
    action = words[0] if words else ""
    at = next((n for n, word in enumerate(words[:12]) if word in KINDS), None)
    if at is None:
        return KeptObject("", "", action)
    kind = words[at]
    at += 1
    while at < len(words) and words[at] in {"IF", "NOT", "EXISTS", "CONCURRENTLY"}:
        at += 1
    name = _name(found, words, at)
    if kind in ON_TABLE and "ON" in words:
        name += f" ON {_name(found, words, words.index('ON') + 1)}"
    return KeptObject(kind, name, action)


def _name(found: list[Token], words: list[str], at: int) -> str:
    parts = []
    while at < len(words):
        parts.append(found[at].value.lower())
        if at + 1 >= len(words) or words[at + 1] != ".":
            break
        at += 2
    return ".".join(parts)
