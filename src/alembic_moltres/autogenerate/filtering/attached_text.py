"""The names in the DDL text of events, and what the text makes or changes under them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ...schema import (
    CheckConstraint,
    ExcludeConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from ...sqltext import Syntax, Token, tokens

DEFINING = re.compile(r"\b(CREATE|ALTER|COMMENT|ADD)\b", re.IGNORECASE)
"""The keywords of a statement or clause that makes something."""

GRAMMAR = frozenset(
    """ADD AFTER ALTER ALWAYS AND AS BEFORE BEGIN BY CHECK COLUMN COMMENT CONSTRAINT CREATE DEFAULT
    DELETE DO DROP EACH ELSE END EXCLUDE EXECUTE EXISTS FALSE FOR FOREIGN FROM FULLTEXT FUNCTION
    GENERATED GRANT IF IN INDEX INSERT INTO IS KEY LANGUAGE MODIFY NEW NOT NULL OLD ON OR PRIMARY
    PROCEDURE REFERENCES REPLACE RETURN RETURNS ROW SELECT SET SPATIAL STORED TABLE THEN TO TRIGGER
    TRUE TYPE UNIQUE UPDATE USING VALUES VIEW VIRTUAL WHEN WHERE WITH""".split()  # noqa: SIM905
)
"""Words that are names only if they are quoted."""

NAMELESS = {
    "CHECK": CheckConstraint,
    "UNIQUE": UniqueConstraint,
    "FOREIGN": ForeignKeyConstraint,
    "PRIMARY": PrimaryKeyConstraint,
    "EXCLUDE": ExcludeConstraint,
    "INDEX": Index,
    "KEY": Index,
}
"""What ADD makes without a name, by the following keyword."""

ASPECTS = {
    "DEFAULT": ("default",),
    "NULL": ("nullable",),
    "TYPE": ("type",),
    "MODIFY": ("type", "default", "nullable"),
    "COMMENT": ("comment",),
    "GENERATED": ("generated",),
    "IDENTITY": ("generated",),
}
"""The parts of a column that ALTER TABLE or COMMENT ON changes, by keyword."""

PARTS = {
    "type": ("type_name", "type_variants"),
    "default": ("default",),
    "nullable": ("nullable",),
    "comment": ("comment",),
    "generated": ("computed", "identity", "sequence", "autoincrement"),
}
"""The fields of a column for each part of its signature."""


@dataclass(slots=True)
class AttachedText:
    """DDL text.

    Attributes:
        names: all names in it, as the database folds them.
        parts: names, each with a part of a column that the same statement changes.
        nameless: the kinds of items it makes without a name.
    """

    names: set[str] = field(default_factory=set)
    parts: set[tuple[str, str]] = field(default_factory=set)
    nameless: set[type] = field(default_factory=set)

    @classmethod
    def of(cls, statements: Iterable[str], syntax: Syntax) -> AttachedText:
        """Read statements, including function bodies and statements in strings.

        >>> from ...sqltext import POSTGRESQL
        >>> text = AttachedText.of(["ALTER TABLE t ADD CHECK (a > 0)"], POSTGRESQL)
        >>> [each.__name__ for each in text.nameless], text.has("A"), text.has("check")
        (['CheckConstraint'], True, False)
        """
        made = cls()
        remaining = list(statements)
        while remaining:
            stream = tokens(remaining.pop(), syntax)
            for statement in _statements(stream):
                made._read(statement)
            inner = (token.value for token in stream if token.is_string)
            remaining += [each for each in inner if DEFINING.search(each)]
        return made

    def _read(self, statement: Sequence[Token]) -> None:
        keywords = [token.upper for token in statement]
        names = {_folded(each) for each in statement if each.is_name and each.upper not in GRAMMAR}
        self.names |= names
        pairs = set(pairwise(keywords))
        for part in PARTS if pairs & {("ALTER", "TABLE"), ("COMMENT", "ON")} else ():
            if any(part in ASPECTS[word] for word in ASPECTS if word in keywords):
                self.parts |= {(name, part) for name in names}
        for one, other, third in zip(keywords, keywords[1:], keywords[2:], strict=False):
            if one == "ADD" and other in NAMELESS and (other != "INDEX" or third == "("):
                self.nameless.add(NAMELESS[other])
            if one == "INDEX" and other in {"ON", "CONCURRENTLY"}:
                self.nameless.add(Index)

    def has(self, name: object) -> bool:
        """Tell whether it contains this name."""
        return str(name) in self.names or str(name).lower() in self.names

    def changes(self, column: object, part: str) -> bool:
        """Tell whether it changes this part of a column."""
        return (str(column), part) in self.parts or (str(column).lower(), part) in self.parts

    def joined(self, other: AttachedText) -> AttachedText:
        """Return both texts together."""
        return AttachedText(
            self.names | other.names, self.parts | other.parts, self.nameless | other.nameless
        )


def _statements(stream: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each statement."""
    statement: list[Token] = []
    for token in stream:
        if token.text == ";":
            yield statement
            statement = []
        else:
            statement.append(token)
    yield statement


def _folded(token: Token) -> str:
    return token.value.lower() if token.kind == "word" else token.value
