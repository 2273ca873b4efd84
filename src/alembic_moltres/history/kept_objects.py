"""The object that an SQL statement creates or drops: a view, a function, an extension."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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

BEGINNING_TYPES = frozenset(
    {"bit", "char", "character", "double", "interval", "national", "time", "timestamp"}
)
"""Words that begin the name of a type with several words."""

ALIASES = {
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "bool": "boolean",
    "varchar": "character varying",
    "decimal": "numeric",
    "float8": "double precision",
    "timestamptz": "timestamp with time zone",
}
"""Types of arguments by their other names."""

ObjectKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class KeptObject:
    """An object other than a table, and what a statement does to it.

    Attributes:
        kind: `VIEW` and the like; empty if the statement does not say.
        name: its name, with its schema.
        action: `CREATE`, `DROP`, or another first word.
        owner: the view of an index that is created; what rights are granted on or revoked from.
        arguments: the types of a routine's arguments, if the statement has them: PostgreSQL has
            several routines of one name.
    """

    kind: str
    name: str
    action: str
    owner: str = ""
    arguments: str | None = None

    @property
    def key(self) -> ObjectKey:
        """The object's identity."""
        return self.kind, self.name if self.arguments is None else f"{self.name}({self.arguments})"

    def among(self, keys: Collection[ObjectKey]) -> ObjectKey | None:
        """Return the key of the same object; DROP may name a routine without its arguments."""
        if self.key in keys or self.kind not in ROUTINES or self.arguments is not None:
            return self.key if self.key in keys else None
        same = [key for key in keys if (key[0], key[1].partition("(")[0]) == self.key]
        return same[0] if len(same) == 1 else None


def object_of(sql: str, syntax: Syntax) -> KeptObject:
    """Return the object that a statement is about.

    >>> from alembic_moltres.sqltext import GENERIC
    >>> object_of("CREATE OR REPLACE VIEW v AS SELECT 1", GENERIC)
    KeptObject(kind='VIEW', name='v', action='CREATE', owner='', arguments=None)
    >>> object_of("DROP FUNCTION s.f(a int, varchar(9), OUT text)", GENERIC).key
    ('FUNCTION', 's.f(integer, character varying)')
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
    arguments = _arguments(stream[at:]) if kind in ROUTINES else None
    return KeptObject(kind, name, action, owner, arguments)


def _name(stream: list[Token], keywords: list[str], at: int) -> str:
    parts = []
    while at < len(keywords):
        parts.append(stream[at].value.lower())
        if at + 1 >= len(keywords) or keywords[at + 1] != ".":
            break
        at += 2
    return ".".join(parts)


def _arguments(stream: Sequence[Token]) -> str | None:
    """Return the types of a routine's arguments; the tokens begin with its name."""
    at = 1
    while at + 1 < len(stream) and stream[at].upper == ".":
        at += 2
    if at >= len(stream) or stream[at].upper != "(":
        return None
    arguments: list[list[Token]] = [[]]
    depth = 0
    for token in stream[at:]:
        depth -= token.upper == ")"
        if depth == 0 and token.upper == ")":
            break
        if depth == 1 and token.upper == ",":
            arguments.append([])
        elif depth == 1 and token.upper not in {"(", ")"}:
            arguments[-1].append(token)
        depth += token.upper == "("
    types = (_type_of(each) for each in arguments if each and each[0].upper != "OUT")
    return ", ".join(types)


def _type_of(argument: Sequence[Token]) -> str:
    """Return the type of an argument, without its name, mode and default."""
    upper = [each.upper for each in argument]
    end = next((n for n, word in enumerate(upper) if word in {"DEFAULT", "=", ":="}), len(upper))
    begin = int(upper[0] in {"IN", "INOUT", "VARIADIC"})
    tokens_of_type = argument[begin:end]
    names = [each.is_name for each in tokens_of_type[:2]] == [True, True]
    if names and tokens_of_type[0].value.lower() not in BEGINNING_TYPES:
        tokens_of_type = tokens_of_type[1:]
    text = " ".join(each.value.lower() for each in tokens_of_type)
    return ALIASES.get(text, text)
