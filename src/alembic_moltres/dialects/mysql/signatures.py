"""The signatures of rows, the same for the database's tables and the models'.

UNIQUE constraints and unique indexes are the same and have the same signature; the name of a
primary key is not stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple, Self

from ...schema.base import EMPTY
from ...sqltext import MYSQL, strip_parentheses
from ..base.signatures import ColumnSignature, ItemSignature, Text
from .rows import ATTRIBUTES, CheckRow, ColumnRow, ConstraintRow, ForeignKeyRow, IndexRow, PartRow

CHARSET = ("charset", "default_charset", "character_set", "default_character_set")
COLLATE = ("collate", "default_collate")
ARIA_REPORTS = {"transactional": "1", "page_checksum": "1"}
"""Defaults of the engine Aria that are reported, the second only of a table that was altered."""


BEYOND_UTF8MB3 = re.compile("[\U00010000-\U0010ffff]")


class TypeText(NamedTuple):
    """The parts of the signature of a column's type."""

    type: str
    collation: str | None = None
    attributes: tuple[str, ...] = ()

    def __str__(self) -> str:
        collate = "" if self.collation is None else f" collate {self.collation}"
        type_ = self.type if self.type == "json" else f"{self.type}{collate}"
        return "".join([type_, *(f" {each.lower()}" for each in self.attributes)])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the parts of a text.

        >>> TypeText.parse("varchar(9) collate latin1_bin compressed invisible")
        TypeText(type='varchar(9)', collation='latin1_bin', attributes=('COMPRESSED', 'INVISIBLE'))
        """
        attributes: list[str] = []
        for attribute in reversed(ATTRIBUTES):
            if text.endswith(f" {attribute.lower()}"):
                text = text[: -len(attribute) - 1]
                attributes.insert(0, attribute)
        type_, collate, collation = text.rpartition(" collate ")
        is_collated = bool(collate) and collation.isidentifier()
        return (
            cls(type_, collation, tuple(attributes))
            if is_collated
            else cls(text, None, tuple(attributes))
        )


@lru_cache(maxsize=16384)
def column_signature(row: ColumnRow) -> ColumnSignature:
    """Return the signature of a column."""
    generated = "auto_increment" if row.autoincrement else None
    if row.generated is not None:
        generated = f"({bare(row.generated)}) {'stored' if row.stored else 'virtual'}"
    default = row.default
    if row.on_update is not None:
        default = f"{default or ''} on update {row.on_update}"
    type_ = TypeText("json" if row.json else row.type, row.collation, row.attributes)
    return ColumnSignature(str(type_), row.nullable, default, generated, row.comment or None)


def bare(expression: str) -> str:
    """Return an expression without brackets around it.

    >>> bare("((`a` > 0))"), bare("(`a`) > (`b`)")
    ('`a` > 0', '(`a`) > (`b`)')
    """
    return strip_parentheses(expression, MYSQL)


def constraint_signature(row: ConstraintRow) -> ItemSignature:
    """Return the signature of a constraint or an index."""
    match row:
        case CheckRow():
            return ItemSignature(None if row.at_column else row.name, check_text(row.text))
        case ForeignKeyRow():
            return ItemSignature(row.name, _key_text(row))
        case IndexRow(name="PRIMARY"):
            text = f"primary key ({_parts(row.parts)})"
            return ItemSignature(None, text, options=_comment(row))
        case IndexRow():
            kind = f"{row.kind.lower()} " if row.kind in {"FULLTEXT", "SPATIAL"} else ""
            text = f"{'unique ' if row.unique else kind}index ({_parts(row.parts)})"
            return ItemSignature(row.name, text, options=_comment(row))


def _comment(row: IndexRow) -> Mapping[str, str]:
    """Return the signature of a comment, which a model need not state."""
    return {"comment": stored_comment(row.comment)} if row.comment else EMPTY


def stored_comment(comment: str) -> str:
    """Return a comment as the server stores it, which has only the letters of utf8mb3.

    >>> stored_comment("\U0001f4a5 x")
    '? x'
    """
    return BEYOND_UTF8MB3.sub("?", comment)


def check_text(expression: str) -> str:
    """Return the text of a CHECK's signature."""
    return f"check ({bare(expression)})"


def _key_text(row: ForeignKeyRow) -> str:
    """Return a foreign key's signature; InnoDB treats RESTRICT, NO ACTION and no rule alike."""
    table = f"{row.database}.{row.table}".lower()
    text = f"foreign key ({_names(row.columns)}) references {table} ({_names(row.references)})"
    for event, rule in (("delete", row.on_delete), ("update", row.on_update)):
        if rule.upper() not in {"", "RESTRICT", "NO ACTION"}:
            text += f" on {event} {rule.lower()}"
    return text


def _names(names: Iterable[str]) -> str:
    return ", ".join(name.lower() for name in names)


def _parts(parts: Iterable[PartRow]) -> str:
    return ", ".join(
        (f"({bare(part.expression)})" if part.expression else (part.column or "").lower())
        + ("" if part.length is None else f"({part.length})")
        + (" desc" if part.descending else "")
        for part in parts
    )


def option_signatures(
    prefix: str, engine: str, charset: Text, collation: Text, others: Mapping[str, str]
) -> dict[str, Text]:
    """Return the signatures of a table's options under every name that SQLAlchemy takes."""
    options: dict[str, Text] = {f"{prefix}_engine": engine.lower()}
    options |= {f"{prefix}_{name}": charset for name in CHARSET}
    options |= {f"{prefix}_{name}": collation for name in COLLATE}
    unsaid = ARIA_REPORTS if engine.lower() == "aria" else {}
    stated = {name: value for name, value in others.items() if unsaid.get(name) != value}
    return options | {f"{prefix}_{name}": value for name, value in stated.items()}
