"""What is compared where the server was not or could not be asked.

As Alembic does: types and defaults in a simple form, expressions not at all, for a difference that
the database did not confirm is not believed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from ...schema import CheckConstraint, ColumnDef, TableSchema
from ..words import ColumnWords, Described, ItemWords
from .reading import read
from .words import check_words

Key = tuple[str | None, str]

_SYNONYMS = (
    (r"\binteger\b", "int"),
    (r"\bnumeric\b|\bdec\b", "decimal"),
    (r"\bbool(ean)?\b", "tinyint(1)"),
    (r"\bdouble precision\b", "double"),
    (r"\b(character set|charset) \w+|\bcollate \w+", ""),
    (r"\b((?:small|medium|big)?int)\(\d+\)", r"\1"),
    (r"\bdecimal\((\d+)\)", r"decimal(\1,0)"),
)


def simple_type(text: str) -> str:
    """Return a type in a simple form.

    >>> simple_type("INTEGER UNSIGNED") == simple_type("int(10) unsigned")
    True
    """
    text = text.lower()
    for pattern, simple in _SYNONYMS:
        text = re.sub(pattern, simple, text)
    return re.sub(r"\s*,\s*", ",", text).strip()


def simple_default(text: str | None) -> str | None:
    """Return a default in a simple form.

    >>> simple_default("CURRENT_TIMESTAMP") == simple_default("(now())")
    True
    """
    if text is None:
        return None
    text = re.sub(r"^now\(", "current_timestamp(", text.strip("() ").lower() + "()")
    return re.sub(r"[()'\s]", "", text)


class Fallback:
    """Takes the words of the table that the database has, where nothing speaks against them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._current: dict[Key, Described] = {}

    def read(self, tables: Sequence[TableSchema]) -> None:
        """Read what the database has of `tables`."""
        for schema in dict.fromkeys(table.schema for table in tables):
            names = [str(table.name) for table in tables if table.schema == schema]
            for each in read(self._connection, schema, names):
                self._current[schema, str(each.table.name)] = each

    def charset(self, table: TableSchema) -> tuple[str, str]:
        """Return the character set and the collation that the table has now."""
        current = self._current.get((table.schema, str(table.name)))
        options = {} if current is None else current.words.options
        collation = next((v for k, v in options.items() if k.endswith("_collate")), "")
        return collation.partition("_")[0], collation

    def column(
        self, table: TableSchema, column: ColumnDef, type_: str, spec: str, automatic: bool
    ) -> ColumnWords:
        """Return the words of a column whose definition was not answered."""
        found = re.search(r" DEFAULT (.*)$", spec)
        default = found[1] if found else None
        words = ColumnWords(
            type_.lower(),
            column.nullable,
            default,
            "auto_increment" if automatic else None,
            column.comment or None,
        )
        current = self._current.get((table.schema, str(table.name)))
        known = None if current is None else current.words.columns.get(column.name)
        if known is None:
            return words
        agreed: dict[str, str | None] = {}
        if known.type == "json" or simple_type(known.type) == simple_type(type_):
            agreed["type"] = known.type
        if simple_default(known.default) == simple_default(default):
            agreed["default"] = known.default
        if column.computed is not None and known.generated is not None:
            agreed["generated"] = known.generated
        return replace(words, **agreed)  # type: ignore[arg-type]

    def check(self, table: TableSchema, check: CheckConstraint, text: str) -> ItemWords:
        """Return the words of a CHECK: those of the one of its name that the database has."""
        name = None if check.name is None else str(check.name)
        current = self._current.get((table.schema, str(table.name)))
        for words in () if current is None else current.words.constraints:
            if words is not None and words.text.startswith("check ") and words.name == name:
                return words
        return check_words(name, text)
